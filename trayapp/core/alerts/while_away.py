"""Finds what came and went in an absence: asleep, offline or not running (law 9 of `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.alerts.thresholds import THRESHOLD
from trayapp.core.audience.incident import is_only_for_others
from trayapp.core.state.attribution import concerned_names
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Limits,
    Moment,
    SavedProduct,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
    worst_state,
)

LATE_POST = timedelta(hours=1)
MAX_MISSED = 8
"""The most transitions of an absence that are kept for a summary; the newest are kept."""


def note_return(memory: Memory, read: Moment, limits: Limits) -> Memory:
    """Updates the memory after a reading: the first since an absence, or the first with past incidents."""
    if memory.absent_since is not None:
        memory = replace(memory, absent_since=None, returned_at=read.awake)
    since = memory.unread_since
    if since is None:
        return memory
    if memory.is_past_wanted and memory.raw_page is not None and memory.raw_page.past_read:
        memory, posted = _confirm_posted(memory, since, read.wall, limits)
        found = _missed_transitions(memory, since, read.wall, limits, posted)
        memory = replace(
            memory,
            is_past_wanted=False,
            missed_transitions=(*memory.missed_transitions, *found)[-MAX_MISSED:],
        )
    if not memory.is_past_wanted and read.awake - memory.returned_at >= limits.past_waits:
        memory = replace(memory, absence_start=None, unread_since=None)
    return memory


def _confirm_posted(
    memory: Memory, since: datetime, until: datetime, limits: Limits
) -> tuple[Memory, dict[str, tuple[str, ...]]]:
    """Confirms trouble that only this computer had seen, where OpenAI posted and ended it during the absence.

    Also returns those products with their incidents: their end is notified as the end of the known trouble.
    """
    page, products = memory.page, dict(memory.saved.products)
    posted: dict[str, tuple[str, ...]] = {}
    for incident in page.incidents if page is not None else ():
        ended = incident.resolved_at
        if page is None or ended is None or not since < ended <= until or not incident.impact.is_trouble:
            continue
        for name in concerned_names(incident, page, limits.follow):
            kept = memory.saved.products.get(name, SavedProduct())
            if kept.told.is_trouble and not kept.confirmed and ended >= (kept.told_since or ended):
                posted[name] = (*posted.get(name, ()), incident.id)
    for name, incidents in posted.items():
        told = tuple(dict.fromkeys((*products[name].told_incidents, *incidents)))
        products[name] = replace(products[name], confirmed=True, told_incidents=told)
    return replace(memory, saved=replace(memory.saved, products=products)), posted


def _missed_transitions(
    memory: Memory, since: datetime, until: datetime, limits: Limits, posted: Mapping[str, tuple[str, ...]]
) -> tuple[Transition, ...]:
    """Returns what to notify of past incidents of followed products that began and ended in the absence."""
    page, least = memory.page, THRESHOLD[limits.level]
    if page is None:
        return ()
    return tuple(
        Transition(
            change=TransitionKind.AWAY,
            products=products,
            before=incident.impact,
            after=State.OPERATIONAL,
            at=ended,
            since=began,
            incidents=(incident.id,),
            thread=incident.id,
            away=True,
            unread=memory.was_page_unreadable,
        )
        for incident in reversed(page.incidents)
        if (began := incident.reopened_at or incident.started_at) is not None
        and (ended := incident.resolved_at) is not None
        and since < began <= ended <= until
        and ladder_rank(incident.impact) >= ladder_rank(least)
        and not is_only_for_others(incident, limits.me)
        and (concerned := concerned_names(incident, page, limits.follow))
        and (
            products := tuple(
                name
                for name in concerned
                if incident.id not in posted.get(name, ())
                and not _was_notified(memory, name, incident.id, began, ended)
            )
        )
    )


def _was_notified(memory: Memory, name: str, incident: str, began: datetime, ended: datetime) -> bool:
    """Whether an incident's end belongs to what was notified before, or the program's own checks notified of it.

    OpenAI posts some trouble late: what was notified in the hour before its post is the same.
    """
    kept = memory.saved.products.get(name, SavedProduct())
    if kept.told.is_trouble and incident in kept.told_incidents:
        return True
    seen_from = began - LATE_POST
    return memory.was_page_unreadable and any(seen_from <= one.at <= ended for one in kept.notified)


def summarize_away(told: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """Merges an absence's transitions into one; a major outage that goes on keeps its own notification."""
    parts = [t for t in told if t.away and not t.silent and not t.must_arrive]
    if len(parts) < 2:
        return told
    return (_merge_away(parts), *(t for t in told if t not in parts))


def _merge_away(parts: list[Transition]) -> Transition:
    # Trouble that goes on comes first: its own end is to replace this notification.
    ordered = sorted(parts, key=lambda t: (t.after is State.OPERATIONAL, t.since or t.at))
    return replace(
        ordered[0],
        change=TransitionKind.AWAY,
        products=tuple(dict.fromkeys(name for t in ordered for name in t.products)),
        before=worst_state(t.before for t in ordered),
        after=worst_state(t.after for t in ordered),
        at=max(t.at for t in ordered),
        since=min((t.since for t in ordered if t.since is not None), default=None),
        incidents=tuple(dict.fromkeys(i for t in ordered for i in t.incidents)),
        confirmed=all(t.confirmed for t in ordered),
        unread=all(t.unread for t in ordered),
        parts=tuple(ordered),
    )
