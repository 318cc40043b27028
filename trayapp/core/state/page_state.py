"""What one reading of the page says of each product: its components, its open incidents, its indicator (law 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.state.attribution import does_concern, is_placeholder
from trayapp.core.state.component_names import components_of
from trayapp.core.state.component_weights import does_name_some, hurt_parts, state_of_all, with_incidents
from trayapp.core.state.memory import IncidentTrack, PageWord
from trayapp.core.state.other_people import share_of
from trayapp.model import (
    Component,
    Incident,
    KeptProduct,
    Me,
    Page,
    Reason,
    Stage,
    State,
    Why,
    milder,
    rank,
    worst,
)

_KNOWN_WORDS = frozenset(
    {
        "operational", "degraded_performance", "partial_outage", "major_outage", "full_outage", "under_maintenance",
        "",
    }
)  # fmt: skip
_LATE_STAGES = frozenset({Stage.MONITORING, Stage.VERIFYING})


@dataclass(frozen=True, slots=True)
class Situation:
    """A reading, with what is known of its incidents."""

    page: Page
    tracks: Mapping[str, IncidentTrack]
    waits_for_feed: frozenset[str]
    """Incidents that name nobody and may yet be attributed by the native feed."""
    now: datetime
    longest_cover: float
    """Seconds after which a maintenance covers no probes any more."""
    me: Me
    failing: frozenset[str]
    """Products of which probes fail: whatever a title says, their trouble is seen here."""
    told: Mapping[str, KeptProduct]
    """What was told of each product: it is followed to its end."""


def is_late_stage(incident: Incident) -> bool:
    """Whether OpenAI says that it is mended."""
    return incident.stage in _LATE_STAGES


def is_planned(incident: Incident) -> bool:
    """Whether it is a maintenance: whatever impact it carries, it is no outage."""
    return incident.impact is State.MAINTENANCE


def words_of(situation: Situation, follow: tuple[str, ...]) -> dict[str, PageWord]:
    """What the reading says, by itself, of each followed name and then of each other group."""
    page = situation.page
    unexplained = _unexplained(page)
    followed = {name: _word(name, situation, unexplained, followed=True) for name in follow}
    return followed | {
        name: _word(name, situation, None, followed=False) for name in _other_groups(page, follow)
    }


def _word(name: str, situation: Situation, unexplained: State | None, *, followed: bool) -> PageWord:
    page = situation.page
    components, is_group = components_of(name, page.components)
    is_vanished = not components and not is_group
    concerned = [i for i in page.incidents if i.open and does_concern(i, name, components, followed=followed)]
    laid = {i.id: _laid_weight(i, situation) for i in concerned}
    marked = tuple(with_incidents(c, concerned, laid) for c in components)
    whole = [laid[i.id] for i in concerned if not does_name_some(i, components)]
    parts = state_of_all(marked, is_group=is_group, whole=page.whole)
    known = worst([parts, *whole])
    state = known if unexplained is None else worst([known, unexplained])
    share = None
    if name not in situation.failing:
        kept = situation.told.get(name, KeptProduct())
        share = share_of(concerned, marked, laid, situation.me, kept, is_group=is_group, whole=page.whole)
    mine = None
    if share is not None:
        mine = worst([share.mine, unexplained or State.OPERATIONAL])
        state = worst([mine, milder(state, share.ceiling)])
        mine = worst([mine, milder(state, share.told)])
        known = state if unexplained is None else known
        if share.mine is state:
            marked, parts = share.left, share.mine  # as bad as mine: then the parts that are named are mine
    said = worst([*(c.state for c in marked), *whole, *([unexplained] if unexplained else [])])
    hurt = hurt_parts(marked, is_group=is_group) if state.is_trouble and rank(parts) >= rank(state) else ()
    hurt_most = worst(c.state for c in hurt) if hurt else None
    spared = () if share is None else share.others_only
    concerned.sort(key=lambda i: (i.id in spared, -rank(laid[i.id]), -rank(i.impact), i.id))
    return PageWord(
        state=None if is_vanished and state is State.OPERATIONAL else state,
        said=said,
        fix_applied=state.is_trouble
        and page.whole
        and unexplained is None
        and all(not c.state.is_trouble for c in components)
        and all(is_late_stage(i) for i in concerned if laid[i.id].is_trouble),
        watched=_is_watched(concerned),
        groups=tuple(dict.fromkeys(c.group for c in components if c.group is not None)),
        incidents=tuple(i.id for i in concerned),
        reasons=(
            *_reasons(name, page, components, concerned, state=state, known=known),
            *((Reason(Why.VANISHED, who=name),) if is_vanished and page.whole else ()),
        ),
        # Of two that alone are hurt, only one as bad as what is said of them may be named with it.
        parts=tuple(c.name for c in hurt if c.state is hurt_most),
        parts_state=hurt_most,
        posted_at=_posted_at(concerned, laid, state),
        covered=_is_covered(components, concerned, situation),
        others_only=() if share is None else share.others_only,
        only=() if share is None else share.only,
        mine=mine,
    )


def _is_watched(concerned: list[Incident]) -> bool:
    real = [i for i in concerned if i.impact is not State.OPERATIONAL and not is_planned(i)]
    return bool(real) and all(map(is_late_stage, real))


def _laid_weight(incident: Incident, situation: Situation) -> State:
    """How bad an open incident makes what it concerns, in the light of what its components have shown since."""
    page = situation.page
    if incident.stage is Stage.SCHEDULED or incident.impact is State.OPERATIONAL:
        return State.OPERATIONAL
    if is_planned(incident):
        return State.MAINTENANCE
    track = situation.tracks.get(incident.id)
    if track is not None and track.marked and incident.components:
        return State.OPERATIONAL
    if is_late_stage(incident):
        return State.OPERATIONAL if page.indicator is State.OPERATIONAL else _at_most_degraded(incident)
    calm = page.indicator is State.OPERATIONAL and not any(c.state.is_trouble for c in page.components)
    if calm or incident.id in situation.waits_for_feed:
        return _at_most_degraded(incident)
    return incident.impact


def _at_most_degraded(incident: Incident) -> State:
    return milder(incident.impact, State.DEGRADED)


def _posted_at(concerned: list[Incident], laid: Mapping[str, State], state: State) -> datetime | None:
    """The date of the post that makes a product as bad as it is: the first of those that are so bad."""
    least = rank(milder(state, State.DEGRADED))
    so_bad = [i for i in concerned if i.impact is not State.OPERATIONAL]
    whole = [i for i in so_bad if rank(laid[i.id]) >= rank(state)] or [
        i for i in so_bad if rank(i.impact) >= rank(state) or rank(laid[i.id]) >= least
    ]
    dates = [i.reopened_at or i.started_at for i in whole]
    return min((d for d in dates if d is not None), default=None)


def _is_covered(components: tuple[Component, ...], concerned: list[Incident], situation: Situation) -> bool:
    """Whether a maintenance in progress covers half of the components or a core one (law 5)."""
    covering = [i for i in concerned if is_planned(i) and _is_in_progress(i, situation)]
    named = {part for i in covering for part in i.components}
    under = [c for c in components if c.id in named]
    return any(c.core for c in under) or (bool(under) and 2 * len(under) >= len(components))


def _is_in_progress(incident: Incident, situation: Situation) -> bool:
    began = incident.started_at
    if incident.stage is Stage.SCHEDULED or began is None:
        return False
    age = (situation.now - began).total_seconds()
    in_window = incident.ends_by is None or situation.now <= incident.ends_by
    return in_window and 0.0 <= age <= situation.longest_cover


def _reasons(  # noqa: PLR0913 - the facts that a product's reasons are made of
    name: str,
    page: Page,
    components: tuple[Component, ...],
    concerned: list[Incident],
    *,
    state: State,
    known: State,
) -> tuple[Reason, ...]:
    own = worst(c.state for c in components)
    return (
        *(Reason(Why.INCIDENT, who=i.id) for i in concerned),
        *(() if own is State.OPERATIONAL else (Reason(Why.PAGE_SAYS, who=name, state=own),)),
        *(
            Reason(Why.NEW_WORD, who=c.name, word=c.word, state=c.state)
            for c in components
            if c.word.casefold() not in _KNOWN_WORDS
        ),
        *(() if state is known else (Reason(Why.INDICATOR, state=state, word=page.indicator_word),)),
    )


def _unexplained(page: Page) -> State | None:
    """The indicator, where neither a component nor an open incident of the whole page explains it."""
    if page.indicator is None:
        return None
    somebodys = {c.id for c in page.components if not is_placeholder(c)}
    explaining = [
        i.impact
        for i in page.incidents
        if i.open
        and i.stage is not Stage.SCHEDULED
        and (not i.components or somebodys.intersection(i.components))
    ]
    seen = worst([*(c.state for c in page.components), *explaining])
    return page.indicator if rank(page.indicator) > rank(seen) else None


def _other_groups(page: Page, follow: tuple[str, ...]) -> tuple[str, ...]:
    followed = {name.casefold() for name in follow}
    names = dict.fromkeys(c.group for c in page.components if c.group is not None)
    return tuple(name for name in sorted(names) if name.casefold() not in followed)
