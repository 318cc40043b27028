"""Finds the components that a name stands for, and which count for their group (law 4 of `docs/law.md`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from trayapp.model import Component, Feature, Limits

_MAX_COMPARED_LENGTH = 60
"""Characters of a name that are compared, because comparing takes quadratic time."""


def find_components(name: str, components: Iterable[Component]) -> tuple[tuple[Component, ...], bool]:
    """Returns a followed name's components and whether the name is that of a group.

    Of a group it returns only those that count for it. "ChatGPT/Login" stands for one of two Logins.
    """
    listed = tuple(components)
    if group := _find_group_components(name, listed):
        return tuple(c for c in group if not c.apart), True
    return _find_single_components(name, listed), False


def find_all_components(name: str, components: tuple[Component, ...]) -> tuple[Component, ...]:
    """Returns a name's components, also those that do not count for their group; none for an unknown name."""
    return _find_group_components(name, components) or _find_single_components(name, components)


def nearest_component_name(name: str, components: tuple[Component, ...]) -> str:
    """Returns the name of the component most similar to a mistyped name; empty if there are no components."""
    from difflib import SequenceMatcher  # imported here, because only a mistyped name needs it

    matcher = SequenceMatcher(None, "", _fold_name(name)[:_MAX_COMPARED_LENGTH])

    def likeness(component: Component) -> float:
        matcher.set_seq1(_fold_name(component.name)[:_MAX_COMPARED_LENGTH])
        return matcher.ratio()

    return max(components, key=likeness).name if components else ""


def mark_apart(components: tuple[Component, ...], limits: Limits) -> tuple[Component, ...]:
    """Marks the components that do not count for their group: those ignored, or followed beside the group.

    A core component counts for its group even if it is followed by itself too.
    """
    followed = {_fold_name(name) for name in limits.follow}
    own = {c.id for c in _find_separate_components(limits.follow, components)}
    beside = {
        c.id for c in components if c.id in own and not c.core and _fold_name(c.group or "") in followed
    }
    apart = beside | {c.id for c in ignored_components(components, limits)}
    return tuple(c if c.apart is (c.id in apart) else replace(c, apart=c.id in apart) for c in components)


def ignored_components(components: tuple[Component, ...], limits: Limits) -> tuple[Component, ...]:
    """Returns the components that the person ignores and does not follow by their own name."""
    own = {c.id for c in _find_separate_components(limits.follow, components)}
    return tuple(c for c in _find_separate_components(limits.ignore, components) if c.id not in own)


def list_features(components: tuple[Component, ...], limits: Limits) -> tuple[Feature, ...]:
    """Lists the components within groups that a person can follow; ignored ones are not offered."""
    often = Counter(_fold_name(c.name) for c in components)
    groups = {_fold_name(c.group or "") for c in components}
    ignored = {c.id for c in ignored_components(components, limits)}
    found = [
        Feature(c.group, c.name, f"{c.group}/{c.name}" if _is_ambiguous_name(c, often, groups) else c.name)
        for c in components
        if c.group is not None and _fold_name(c.group) != _fold_name(c.name) and c.id not in ignored
    ]
    return tuple(sorted(set(found), key=lambda f: (f.group.casefold(), f.name.casefold(), f.name)))


def _is_ambiguous_name(component: Component, often: Counter[str], groups: set[str]) -> bool:
    """Decides whether a component shares its name with another component or with a group."""
    name = _fold_name(component.name)
    return often[name] > 1 or name in groups


def _find_separate_components(
    names: Iterable[str], components: tuple[Component, ...]
) -> tuple[Component, ...]:
    """Returns the components that are named by themselves, not through their group."""
    groups = {_fold_name(c.group) for c in components if c.group is not None}
    single = (name for name in names if _fold_name(name) not in groups)
    return tuple(c for name in single for c in _find_single_components(name, components))


def _find_group_components(name: str, components: tuple[Component, ...]) -> tuple[Component, ...]:
    folded = _fold_name(name)
    return tuple(c for c in components if c.group is not None and _fold_name(c.group) == folded)


def _find_single_components(name: str, components: tuple[Component, ...]) -> tuple[Component, ...]:
    folded = _fold_name(name)
    found = tuple(c for c in components if _fold_name(c.name) == folded)
    if found or "/" not in folded:
        return found
    group, _, part = folded.partition("/")
    return tuple(c for c in components if _fold_name(c.name) == part and _fold_name(c.group or "") == group)


def _fold_name(name: str) -> str:
    return name.strip().casefold()
