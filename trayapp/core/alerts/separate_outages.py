"""Tells two outages of an absence apart, where one ended and another began before the page was read again (law 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import dropwhile, takewhile

from trayapp.core.alerts.told import record_end
from trayapp.core.state.memory import Memory, ProductReading
from trayapp.model import CLOSED_STAGES, Incident, Limits, SavedProduct, State, Transition, TransitionKind


def close_earlier_outages(memory: Memory, limits: Limits) -> Memory:
    """Closes notified trouble that ended during the absence, if what the page reports now began some time later.

    The page then looks as it did before, so no reading shows the end: only the dates of OpenAI's posts do. The end
    is notified with what else came and went in the absence, and the present trouble as a start of its own.
    """
    away, page = memory.absence_start, memory.page
    if away is None or page is None or memory.raw_page is None or not memory.raw_page.past_read:
        return memory
    for name in limits.follow:
        kept, reading = memory.saved.products.get(name), memory.readings.get(name)
        if kept is None or reading is None or not kept.told.is_trouble or not kept.confirmed:
            continue
        ended = _ended_earlier(kept, reading, page.incidents, limits)
        if ended is not None and ended > away:
            memory = _close_outage(memory, name, kept, reading, ended)
    return memory


def _ended_earlier(
    kept: SavedProduct, reading: ProductReading, incidents: tuple[Incident, ...], limits: Limits
) -> datetime | None:
    """Returns when the notified trouble ended, if the posts leave some time between that and what is open now."""
    open_now = [i for i in incidents if i.id in reading.incidents and i.is_open and i.impact.is_trouble]
    begun = [i.reopened_at or i.started_at for i in open_now]
    ends = [end for i in incidents if i.id in kept.told_incidents and (end := _closed_at(i)) is not None]
    began, ended = min((at for at in begun if at is not None), default=None), max(ends, default=None)
    if began is None or ended is None or None in begun or not reading.notifiable_state.is_trouble:
        return None
    if kept.told_since is not None and ended < kept.told_since:
        return None
    return ended if (began - ended).total_seconds() >= limits.outages_apart else None


def _closed_at(incident: Incident) -> datetime | None:
    """Returns when an incident was last closed, also if it was reopened later; None if it never was."""
    if not incident.is_open:
        return incident.resolved_at
    older = dropwhile(lambda update: update.stage not in CLOSED_STAGES, incident.updates)
    closing = [update.at for update in takewhile(lambda update: update.stage in CLOSED_STAGES, older)]
    return closing[-1] if closing else None


def _close_outage(
    memory: Memory, name: str, kept: SavedProduct, reading: ProductReading, ended: datetime
) -> Memory:
    incidents = tuple(i for i in kept.told_incidents if i not in reading.incidents)
    end = Transition(
        change=TransitionKind.END,
        products=(name,),
        before=kept.told,
        after=State.OPERATIONAL,
        at=ended,
        since=kept.told_since,
        incidents=incidents or kept.told_incidents,
        thread=kept.thread,
        away=True,
        unread=memory.is_absence_unread,
        components=kept.told_parts,
    )
    # The present trouble is dated anew: since its post, as it began during the absence.
    closed = replace(record_end(kept, ended), reached=(), ended_incidents=end.incidents)
    history = replace(memory.histories[name], changed_away=True)
    return replace(
        memory,
        saved=replace(memory.saved, products={**memory.saved.products, name: closed}),
        histories={**memory.histories, name: history},
        missed_transitions=(*memory.missed_transitions, end),
    )
