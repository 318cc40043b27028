"""Tells two outages of an absence apart, where one ended and another began before the page was read again (law 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile, takewhile

from trayapp.core.alerts.eligibility import AlertContext
from trayapp.core.alerts.endings import listed_incidents, notified_incidents
from trayapp.core.alerts.told import record_end
from trayapp.core.state.attribution import concerned_names
from trayapp.model import CLOSED_STAGES, Incident, Level, State, Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class EarlierOutage:
    """An outage that was notified and ended during the absence, before the present one began."""

    end: Transition
    """Its end, to be notified just before the start of the present one."""
    after: AlertContext
    """The product once that end is recorded: the present trouble is dated by its own posts."""


def find_earlier_outage(case: AlertContext) -> EarlierOutage | None:
    """Returns the notified trouble of a product if OpenAI's posts end it before what the page reports now began.

    The page looks as it did before the absence, so no reading shows the end: only the dates of the posts do. It stays
    open until the present trouble can be notified, so that a restart or a pause in between loses neither.
    """
    kept, memory, away = case.kept, case.memory, case.memory.unread_since
    if away is None or memory.page is None or not kept.told.is_trouble or not kept.confirmed:
        return None
    # What was notified after the return is the present trouble.
    if kept.told_at is None or kept.told_at > away or not case.state.reading.notifiable_state.is_trouble:
        return None
    ends = [end for i in notified_incidents(case) if (end := _closed_at(i)) is not None]
    ended, began = max(ends, default=None), _present_start(case)
    if ended is None or began is None or ended < (kept.told_since or ended):
        return None
    if not away < ended <= case.now.wall:
        return None  # a post of the future: the clock was set back
    if (began - _last_end(case, ended)).total_seconds() < case.limits.outages_apart:
        return None
    return _earlier_outage(case, ended, began)


def _present_start(case: AlertContext) -> datetime | None:
    """Returns when the first open incident of the product began or was reopened; None if one has no date."""
    open_now = [i for i in _incidents(case) if i.is_open]
    begun = [at for i in open_now if (at := i.reopened_at or i.started_at) is not None]
    return min(begun) if begun and len(begun) == len(open_now) else None


def _last_end(case: AlertContext, ended: datetime) -> datetime:
    """Returns until when other incidents that are over kept the product in trouble without a pause."""
    spans = [
        (began, over)
        for i in _incidents(case)
        if (began := i.reopened_at or i.started_at) is not None and (over := _closed_at(i)) is not None
    ]
    for began, over in sorted(spans):
        if over > ended and (began - ended).total_seconds() < case.limits.outages_apart:
            ended = over
    return ended


def _incidents(case: AlertContext) -> list[Incident]:
    """Returns the troubles, open or over, that concern the product or name nobody."""
    page = case.memory.page
    if page is None:
        return []
    return [
        i
        for i in listed_incidents(case.memory)
        if i.impact.is_trouble
        and (not (i.components or i.products) or concerned_names(i, page, (case.name,)))
    ]


def _closed_at(incident: Incident) -> datetime | None:
    """Returns when an incident was last closed, also if it was reopened later; None if it never was."""
    if not incident.is_open:
        return incident.resolved_at
    older = dropwhile(lambda update: update.stage not in CLOSED_STAGES, incident.updates)
    closing = [update.at for update in takewhile(lambda update: update.stage in CLOSED_STAGES, older)]
    return closing[-1] if closing else None


def _earlier_outage(case: AlertContext, ended: datetime, began: datetime) -> EarlierOutage:
    kept, reading = case.kept, case.state.reading
    incidents = tuple(i for i in kept.told_incidents if i not in reading.incidents) or kept.told_incidents
    end = Transition(
        change=TransitionKind.END,
        products=(case.name,),
        before=kept.told,
        after=State.OPERATIONAL,
        at=ended,
        since=kept.told_since,
        incidents=incidents,
        thread=kept.thread,
        away=True,
        unread=case.memory.was_page_unreadable,
        silent=case.limits.level is Level.NOTHING,
        components=kept.told_parts,
    )
    since = reading.posted_at if reading.posted_at is not None else began
    closed = replace(
        record_end(kept, ended),
        reached=tuple(None if at is None else min(since, case.now.wall) for at in kept.reached),
        ended_incidents=incidents,
    )
    history = case.history
    memory = case.memory
    if history is not None:
        histories = {**memory.histories, case.name: replace(history, changed_away=True)}
        memory = replace(memory, histories=histories)
    return EarlierOutage(end, replace(case, kept=closed, memory=memory))
