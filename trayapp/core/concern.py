"""Whom it concerns: a page's components, incidents and indicator -> what it says of each product (law 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from trayapp.core.memory import Says
from trayapp.model import (
    Component,
    Incident,
    Kept,
    Page,
    Reason,
    Stage,
    State,
    Why,
    rank,
    worst,
)

_KNOWN_WORDS = frozenset(
    {
        "operational", "degraded_performance", "partial_outage", "major_outage", "full_outage", "under_maintenance",
        "",
    }
)  # fmt: skip


def grouped(page: Page, kept: Kept) -> Page:
    """The page with its components' groups mended by what the native feed once said, and its incidents attributed."""
    components = tuple(
        replace(c, group=kept.groups[c.id]) if kept.groups.get(c.id, c.group) != c.group else c
        for c in page.components
    )
    names = _titles(components)
    by_id = {c.id: c for c in components}
    incidents = tuple(_attributed(i, by_id, names, kept) for i in page.incidents)
    return replace(page, components=components, incidents=incidents)


def merged(new: Page, old: Page | None) -> Page:
    """A page that listed only some components, with the others as they were last read."""
    if new.whole or old is None:
        return new
    seen = {c.id for c in new.components}
    return replace(
        new, whole=old.whole, components=new.components + tuple(c for c in old.components if c.id not in seen)
    )


def says(page: Page, follow: tuple[str, ...]) -> dict[str, Says]:
    """What a page says, by itself, of each followed name and then of each other group."""
    unexplained = _unexplained(page)
    followed = {name: _say(name, page, unexplained, followed=True) for name in follow}
    return followed | {name: _say(name, page, None, followed=False) for name in _other_groups(page, follow)}


def members(name: str, components: Iterable[Component]) -> tuple[tuple[Component, ...], bool]:
    """A followed name's components, and whether the name is a group's."""
    folded = name.casefold()
    listed = tuple(components)
    group = tuple(c for c in listed if c.group is not None and c.group.casefold() == folded)
    return (group, True) if group else (tuple(c for c in listed if c.name.casefold() == folded), False)


def placed(incident: Incident, page: Page, follow: tuple[str, ...]) -> tuple[str, ...]:
    """The followed names that an incident concerns; none where nothing says whom."""
    if not incident.components and not incident.products:
        return ()
    return tuple(
        name
        for name in follow
        if _concerns(incident, name, members(name, page.components)[0], followed=False)
    )


def _say(name: str, page: Page, unexplained: State | None, *, followed: bool) -> Says:
    components, is_group = members(name, page.components)
    concerned = sorted(
        (i for i in page.incidents if i.open and _concerns(i, name, components, followed=followed)),
        key=lambda i: (-rank(_weight(i)), i.id),
    )
    parts = _components_state(components, is_group=is_group)
    known = worst([parts, *map(_weight, concerned)])
    state = known if unexplained is None else worst([known, unexplained])
    vanished = not components and page.whole
    return Says(
        state=None if not components and state is State.OPERATIONAL else state,
        groups=tuple(dict.fromkeys(c.group for c in components if c.group is not None)),
        incidents=tuple(i.id for i in concerned),
        reasons=(
            *(Reason(Why.INCIDENT, who=i.id) for i in concerned),
            *(() if parts is State.OPERATIONAL else (Reason(Why.PAGE_SAYS, who=name, state=parts),)),
            *_new_words(components),
            *(() if state is known else (Reason(Why.INDICATOR, state=state, word=page.indicator_word),)),
            *((Reason(Why.VANISHED, who=name),) if vanished else ()),
        ),
    )


def _new_words(components: tuple[Component, ...]) -> list[Reason]:
    return [
        Reason(Why.NEW_WORD, who=c.name, word=c.word, state=c.state)
        for c in components
        if c.word.casefold() not in _KNOWN_WORDS
    ]


def _components_state(components: tuple[Component, ...], *, is_group: bool) -> State:
    state = worst(c.state for c in components)
    hurt = sum(rank(c.state) >= rank(State.DEGRADED) for c in components)
    if is_group and hurt and 2 * hurt >= len(components):
        return worst([state, State.PARTIAL])
    return state


def _weight(incident: Incident) -> State:
    """How bad an open incident makes what it concerns; one that only lies ahead changes nothing."""
    return State.OPERATIONAL if incident.stage is Stage.SCHEDULED else incident.impact


def _unexplained(page: Page) -> State | None:
    """The indicator, where neither a component nor an open incident of the whole page explains it."""
    if page.indicator is None:
        return None
    seen = worst([*(c.state for c in page.components), *(_weight(i) for i in page.incidents if i.open)])
    return page.indicator if rank(page.indicator) > rank(seen) else None


def _other_groups(page: Page, follow: tuple[str, ...]) -> tuple[str, ...]:
    followed = {name.casefold() for name in follow}
    names = dict.fromkeys(c.group for c in page.components if c.group is not None)
    return tuple(name for name in sorted(names) if name.casefold() not in followed)


def _concerns(incident: Incident, name: str, components: tuple[Component, ...], *, followed: bool) -> bool:
    if incident.components:
        return any(c.id in incident.components for c in components)
    if not incident.products:
        return followed
    groups = {c.group.casefold() for c in components if c.group is not None}
    return any(product.casefold() in {name.casefold(), *groups} for product in incident.products)


def _attributed(
    incident: Incident, by_id: Mapping[str, Component], names: Mapping[str, tuple[str, ...]], kept: Kept
) -> Incident:
    """An incident with the products it concerns: by the components it or the native feed names, else by its title.

    Without either it concerns all that are followed, and names none.
    """
    named = tuple(i for i in incident.components or kept.concerns.get(incident.id, ()) if i in by_id)
    listed = [by_id[i].group or by_id[i].name for i in named] or _in_title(incident.name, names)
    return replace(incident, components=named, products=tuple(sorted(set(listed))))


def _titles(components: tuple[Component, ...]) -> dict[str, tuple[str, ...]]:
    """What a title may call a product: group and component names -> groups. "API" is said for "APIs"."""
    found: dict[str, tuple[str, ...]] = {}
    for c in components:
        for name in filter(None, (c.group, (c.group or "").removesuffix("s"), c.name)):
            group = c.group or c.name
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), group)))
    return found


def _in_title(title: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Groups that a title names, the longest names first, so that "Codex API" is not also "API".

    One-word names must be spelled as the page spells them: "Search" is a product, "search" is a word.
    """
    found: list[str] = []
    rest, folded = title, title.casefold()
    # Most names are ruled out without a pattern: beyond 512 of them Python compiles each one anew for each title.
    for name in sorted((n for n in names if n.casefold() in folded), key=lambda n: (-len(n), n)):
        flags = re.IGNORECASE if " " in name else 0
        rest, hits = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", "\n", rest, flags=flags)
        if hits:
            found.extend(names[name])
    return tuple(dict.fromkeys(found))
