"""What was suspected and is over without having been told: for the history, which counts it; nothing is told of it now.

Paused, in quiet hours, unstable, over the day's cap: the icon showed it, and no notice did. Of what was told the
transitions are kept anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from trayapp.core.memory import Memory
from trayapp.core.standing import probes_of, stand
from trayapp.model import Change, KeptProduct, Limits, Moment, State, Transition


def unsaid(before: Memory, memory: Memory, now: Moment, limits: Limits) -> tuple[Transition, ...]:
    """A start and an end, both silent, of each followed product whose suspicion this round has ended unsaid."""
    return tuple(each for name in limits.follow for each in _of_product(before, memory, name, now, limits))


def _of_product(
    before: Memory, memory: Memory, name: str, now: Moment, limits: Limits
) -> Iterator[Transition]:
    kept, after = (m.kept.products.get(name, KeptProduct()) for m in (before, memory))
    if before.moment is None or kept.trouble_since is None:
        return
    suspected = stand(before, name, before.moment, limits).suspected
    over = suspected is not None and stand(memory, name, now, limits).suspected is None
    if suspected is None or not over or {kept.told, after.told} != {State.OPERATIONAL}:
        return
    began, ended = kept.trouble_since, _ended(memory, name, now, limits)
    # A word that the page has changed since then was one of trouble, for it says now that all is well.
    posted = after.since is not None and after.since >= began
    start = Transition(
        Change.START, (name,), State.OPERATIONAL, suspected, began, began, confirmed=False, silent=True
    )
    yield start
    yield replace(
        start,
        change=Change.END,
        before=suspected,
        after=State.OPERATIONAL,
        at=ended,
        confirmed=posted,
    )


def _ended(memory: Memory, name: str, now: Moment, limits: Limits) -> datetime:
    """When the last of its probes was answered again."""
    found = (memory.evidence.get(spec.name) for spec in probes_of(memory, name, limits))
    return max((e.back_at for e in found if e and e.back_at), default=now.wall)
