"""Reads each product's state from its components, open incidents and the indicator (law 4, `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from trayapp.core.state.attribution import is_about_product, is_placeholder
from trayapp.core.state.component_names import find_components
from trayapp.core.state.component_weights import (
    apply_incidents,
    combined_state,
    has_named_component,
    hurt_parts,
)
from trayapp.core.state.memory import IncidentTrack, ProductReading
from trayapp.core.state.other_people import split_trouble
from trayapp.model import (
    CLOSED_STAGES,
    AboutMe,
    Component,
    Incident,
    PageReading,
    Reason,
    ReasonKind,
    SavedProduct,
    Stage,
    State,
    ladder_rank,
    milder_state,
    worst_state,
)

_KNOWN_WORDS = frozenset(
    {
        "operational", "degraded_performance", "partial_outage", "major_outage", "full_outage", "under_maintenance",
        "",
    }
)  # fmt: skip
_LATE_STAGES = frozenset({Stage.MONITORING, Stage.VERIFYING})


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """A reading of the page with the facts that are needed to judge it."""

    page: PageReading
    tracks: Mapping[str, IncidentTrack]
    waiting_incidents: frozenset[str]
    """Ids of incidents that name nobody and that the native feed may still attribute."""
    now: datetime
    max_cover_seconds: float
    """The seconds after its start from which a maintenance covers no probes any more."""
    me: AboutMe
    failing_products: frozenset[str]
    """Products whose probes fail: their trouble reaches this computer, whatever a title says."""
    saved_products: Mapping[str, SavedProduct]
    """Product -> what was notified of it, as that is followed to its end."""


def is_late_stage(incident: Incident) -> bool:
    """Decides whether OpenAI reports that a fix is applied."""
    return incident.stage in _LATE_STAGES


def fixed_at(incident: Incident) -> datetime | None:
    """Returns since when an open incident has been monitored; None if it is not."""
    late = list(takewhile(lambda update: update.stage in _LATE_STAGES, incident.updates))
    return late[-1].at if late else None


def is_maintenance(incident: Incident) -> bool:
    """Decides whether an incident is a maintenance, which is never an outage."""
    return incident.impact is State.MAINTENANCE


def read_products(situation: ReadingContext, follow: tuple[str, ...]) -> dict[str, ProductReading]:
    """Reads the state of each followed name, then of each other group, from this reading alone."""
    page = situation.page
    unexplained = unexplained_indicator(page)
    followed = {name: _read_product(name, situation, unexplained, followed=True) for name in follow}
    return followed | {
        name: _read_product(name, situation, None, followed=False) for name in _other_groups(page, follow)
    }


def _read_product(
    name: str, situation: ReadingContext, unexplained: State | None, *, followed: bool
) -> ProductReading:
    page = situation.page
    components, is_group = find_components(name, page.components)
    is_vanished = not components and not is_group
    concerned = [
        i for i in page.incidents if i.is_open and is_about_product(i, name, components, followed=followed)
    ]
    laid = {i.id: _incident_weight(i, situation) for i in concerned}
    marked = tuple(apply_incidents(c, concerned, laid) for c in components)
    whole = [laid[i.id] for i in concerned if not has_named_component(i, components)]
    parts = combined_state(marked, is_group=is_group, whole=page.whole)
    known = worst_state([parts, *whole])
    state = known if unexplained is None else worst_state([known, unexplained])
    share = None
    if name not in situation.failing_products:
        kept = situation.saved_products.get(name, SavedProduct())
        share = split_trouble(
            concerned, marked, laid, situation.me, kept, is_group=is_group, whole=page.whole
        )
    mine = None
    if share is not None:
        mine = worst_state([share.own_state, unexplained or State.OPERATIONAL])
        state = worst_state([mine, milder_state(state, share.max_state)])
        mine = worst_state([mine, milder_state(state, share.told_state)])
        known = state if unexplained is None else known
        if share.own_state is state:
            marked, parts = (
                share.own_components,
                share.own_state,
            )  # the person's share is as bad as all: name only parts of that share
    page_state = worst_state([*(c.state for c in marked), *whole, *([unexplained] if unexplained else [])])
    hurt = (
        hurt_parts(marked, is_group=is_group)
        if state.is_trouble and ladder_rank(parts) >= ladder_rank(state)
        else ()
    )
    hurt_most = worst_state(c.state for c in hurt) if hurt else None
    spared = () if share is None else share.others_incidents
    concerned.sort(key=lambda i: (i.id in spared, -ladder_rank(laid[i.id]), -ladder_rank(i.impact), i.id))
    return ProductReading(
        state=None if is_vanished and state is State.OPERATIONAL else state,
        page_state=page_state,
        fix_applied=state.is_trouble
        and page.whole
        and unexplained is None
        and all(not c.state.is_trouble for c in components)
        and all(is_late_stage(i) for i in concerned if laid[i.id].is_trouble),
        is_monitored=_is_monitored(concerned),
        groups=tuple(dict.fromkeys(c.group for c in components if c.group is not None)),
        incidents=tuple(i.id for i in concerned),
        reasons=(
            *_reading_reasons(name, page, components, concerned, state=state, known=known),
            *((Reason(ReasonKind.VANISHED, subject=name),) if is_vanished and page.whole else ()),
        ),
        # Of two hurt components only those as bad as the named state may be named with it.
        parts=tuple(c.name for c in hurt if c.state is hurt_most),
        parts_state=hurt_most,
        posted_at=_post_date(concerned, laid, state),
        is_covered=_is_covered(components, concerned, situation),
        others_incidents=() if share is None else share.others_incidents,
        audience=() if share is None else share.audience,
        own_state=mine,
    )


def _is_monitored(concerned: list[Incident]) -> bool:
    real = [i for i in concerned if i.impact is not State.OPERATIONAL and not is_maintenance(i)]
    return bool(real) and all(map(is_late_stage, real))


def _incident_weight(incident: Incident, situation: ReadingContext) -> State:
    """Weighs how bad an open incident makes what it concerns, given its components since its first post."""
    page = situation.page
    if incident.stage is Stage.SCHEDULED or incident.impact is State.OPERATIONAL:
        return State.OPERATIONAL
    if is_maintenance(incident):
        return State.MAINTENANCE
    track = situation.tracks.get(incident.id)
    if track is not None and track.marked and incident.components:
        return State.OPERATIONAL
    if is_late_stage(incident):
        return State.OPERATIONAL if page.indicator is State.OPERATIONAL else _limit_to_degraded(incident)
    calm = page.indicator is State.OPERATIONAL and not any(c.state.is_trouble for c in page.components)
    if calm or incident.id in situation.waiting_incidents:
        return _limit_to_degraded(incident)
    return incident.impact


def _limit_to_degraded(incident: Incident) -> State:
    return milder_state(incident.impact, State.DEGRADED)


def _post_date(concerned: list[Incident], laid: Mapping[str, State], state: State) -> datetime | None:
    """Returns the date of the first post whose incident is as bad as the product's state."""
    least = ladder_rank(milder_state(state, State.DEGRADED))
    so_bad = [i for i in concerned if i.impact is not State.OPERATIONAL]
    whole = [i for i in so_bad if ladder_rank(laid[i.id]) >= ladder_rank(state)] or [
        i for i in so_bad if ladder_rank(i.impact) >= ladder_rank(state) or ladder_rank(laid[i.id]) >= least
    ]
    dates = map(_active_since, whole)
    return min((d for d in dates if d is not None), default=None)


def _active_since(incident: Incident) -> datetime | None:
    """Returns since when an incident has not been monitored: its start, or its last return from that or its end."""
    over = _LATE_STAGES | CLOSED_STAGES
    active = list(takewhile(lambda update: update.stage not in over, incident.updates))
    returned_at = active[-1].at if 0 < len(active) < len(incident.updates) else None
    return returned_at or incident.reopened_at or incident.started_at


def _is_covered(
    components: tuple[Component, ...], concerned: list[Incident], situation: ReadingContext
) -> bool:
    """Decides whether a maintenance in progress covers half of the components or a core one (law 5)."""
    covering = [i for i in concerned if is_maintenance(i) and _is_in_progress(i, situation)]
    named = {part for i in covering for part in i.components}
    under = [c for c in components if c.id in named]
    return any(c.core for c in under) or (bool(under) and 2 * len(under) >= len(components))


def _is_in_progress(incident: Incident, situation: ReadingContext) -> bool:
    began = incident.started_at
    if incident.stage is Stage.SCHEDULED or began is None:
        return False
    age = (situation.now - began).total_seconds()
    in_window = incident.ends_by is None or situation.now <= incident.ends_by
    return in_window and 0.0 <= age <= situation.max_cover_seconds


def _reading_reasons(  # noqa: PLR0913 - the facts that make up a product's reasons
    name: str,
    page: PageReading,
    components: tuple[Component, ...],
    concerned: list[Incident],
    *,
    state: State,
    known: State,
) -> tuple[Reason, ...]:
    own = worst_state(c.state for c in components)
    return (
        *(Reason(ReasonKind.INCIDENT, subject=i.id) for i in concerned),
        *(() if own is State.OPERATIONAL else (Reason(ReasonKind.PAGE_SAYS, subject=name, state=own),)),
        *(
            Reason(ReasonKind.UNKNOWN_STATUS, subject=c.name, word=c.word, state=c.state)
            for c in components
            if c.word.casefold() not in _KNOWN_WORDS
        ),
        *(() if state is known else (Reason(ReasonKind.INDICATOR, state=state, word=page.indicator_word),)),
    )


def unexplained_indicator(page: PageReading) -> State | None:
    """Returns the indicator if no component and no open incident of the page explains it, else None."""
    if page.indicator is None:
        return None
    somebodys = {c.id for c in page.components if not is_placeholder(c)}
    explaining = [
        i.impact
        for i in page.incidents
        if i.is_open
        and i.stage is not Stage.SCHEDULED
        and (not i.components or somebodys.intersection(i.components))
    ]
    seen = worst_state([*(c.state for c in page.components), *explaining])
    return page.indicator if ladder_rank(page.indicator) > ladder_rank(seen) else None


def _other_groups(page: PageReading, follow: tuple[str, ...]) -> tuple[str, ...]:
    followed = {name.casefold() for name in follow}
    names = dict.fromkeys(c.group for c in page.components if c.group is not None)
    return tuple(name for name in sorted(names) if name.casefold() not in followed)
