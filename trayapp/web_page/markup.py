"""Writes HTML that no text can break out of: everything that is not markup already is escaped."""

from __future__ import annotations

from html import escape
from typing import Final

_VOID_TAGS: Final = frozenset({"meta", "link", "path", "circle", "line", "polyline", "polygon"})


class Markup(str):
    """A text that is HTML already. Only this module and constants create one."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Markup:
    """Writes an element. Children are escaped unless they are markup; attributes that are None are left out.

    An underscore at the end of an attribute's name avoids Python's keywords; elsewhere it stands for a hyphen.
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
    """Joins texts, and escapes those that are not markup."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))
