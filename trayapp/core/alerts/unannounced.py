"""What was suspected and is over without having been told: for the history, which counts it; nothing is told of it now.

Paused, in quiet hours, unstable, over the day's cap: the icon showed it, and no notice did. Of what was told the
transitions are kept anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from trayapp.core.state.memory import Memory
from trayapp.core.state.product_state import evidence_of
from trayapp.model import Change, KeptProduct, Limits, Moment, State, Transition, rank


def find_unannounced(before: Memory, memory: Memory, now: Moment, limits: Limits) -> tuple[Transition, ...]:
    """A start and an end, both silent, of each followed product whose suspicion this round has ended unsaid."""
    return tuple(each for name in limits.follow for each in _of_product(before, memory, name, now, limits))


def _of_product(
    before: Memory, memory: Memory, name: str, now: Moment, limits: Limits
) -> Iterator[Transition]:
    kept, after = (m.kept.products.get(name, KeptProduct()) for m in (before, memory))
    earlier, later = before.products.get(name), memory.products.get(name)
    suspected = earlier.suspected if earlier is not None else None
    if suspected is None or (later is not None and later.suspected is not None):
        return
    began = kept.reached[rank(suspected)] if kept.reached else None
    if began is None or {kept.told, after.told} != {State.OPERATIONAL}:
        return
    start = Transition(
        Change.START, (name,), State.OPERATIONAL, suspected, began, began, confirmed=False, silent=True
    )
    yield start
    yield replace(
        start,
        change=Change.END,
        before=suspected,
        after=State.OPERATIONAL,
        at=_ended(memory, name, now, limits),
        confirmed=_was_posted(memory, name, began),
    )


def _was_posted(memory: Memory, name: str, began: datetime) -> bool:
    """Whether the page has spoken of trouble since then, though it may say by now that all is well."""
    history = memory.history.get(name)
    if history is None:
        return False
    trouble = history.shown_rungs[rank(State.DEGRADED)]
    return trouble.reached or (not trouble.first and trouble.wall >= began)


def _ended(memory: Memory, name: str, now: Moment, limits: Limits) -> datetime:
    """When the last of its probes was answered again."""
    back = [e.back_at for e in evidence_of(memory, name, limits) if e.back_at is not None]
    return max(back, default=now.wall)
