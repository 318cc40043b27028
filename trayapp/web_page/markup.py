"""HTML that cannot be broken out of: whatever is not already markup is escaped."""

from __future__ import annotations

from html import escape
from typing import Final

_VOID_TAGS: Final = frozenset({"meta", "link", "path", "circle", "line", "polyline", "polygon"})


class Markup(str):
    """A text that is HTML already. Only this file and constants make one."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Markup:
    """An element. Children are escaped unless they are markup; an attribute that is None is left out.

    An underscore at an attribute's end keeps it off Python's own words; within, it stands for a hyphen.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = join_markup(*children)
    if name in _VOID_TAGS and not inner:
        return Markup(f"<{name}{given}/>" if name not in {"meta", "link"} else f"<{name}{given}>")
    return Markup(f"<{name}{given}>{inner}</{name}>")


def join_markup(*children: str) -> Markup:
    """One after the other, escaped where they are not markup."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))
