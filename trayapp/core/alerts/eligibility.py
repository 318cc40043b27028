"""Whether something may be told now: offline, just back, paused, in quiet hours, unstable, over the day's cap (law 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.alerts.thresholds import THRESHOLD
from trayapp.core.state.memory import Memory, ProductState
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.state.product_state import evidence_of
from trayapp.model import Change, Hush, Kept, KeptProduct, Limits, Moment, Notified, State, rank

GOOD_NEWS = frozenset({Change.END, Change.EASED, Change.ANSWERS})

DAY = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Case:
    """One product with all that decides what is told of it."""

    name: str
    kept: KeptProduct
    """What was told of it so far."""
    state: ProductState
    """What holds now."""
    first: bool
    """Nothing was ever known of it before this round."""
    memory: Memory
    now: Moment
    limits: Limits

    @property
    def threshold(self) -> State:
        """From which state on this person wants to be told."""
        return THRESHOLD[self.limits.level]

    @property
    def is_awaited(self) -> bool:
        """Whether the person has asked to be told when it is back."""
        return self.name in self.memory.kept.tell_when_back

    @property
    def seen_first(self) -> State:
        """How bad a first look finds it, as far as that concerns the person."""
        state, word = self.state, self.state.word
        doubted = state.suspected is not None or state.edge is not None
        return state.state if word.mine is None or doubted or not state.state.is_known else word.notifiable

    @property
    def began_at(self) -> datetime | None:
        """When the state that may be told began."""
        reached = self.kept.reached
        return reached[rank(self.state.notifiable)] if reached else None


def case_of(before: Kept, memory: Memory, name: str, now: Moment, limits: Limits) -> Case | None:
    """None while nothing is known of a product at all."""
    state, kept = memory.products[name], memory.kept.products.get(name)
    if kept is None:
        return None
    # An alarm from before this round was raised while nobody followed the product: that starts nothing (law 7).
    raised = any(e.alarm and e.alarm_since == now.awake for e in evidence_of(memory, name, limits))
    first = name not in before.products and not (state.suspected is not None and raised)
    return Case(name, kept, state, first, memory, now, limits)


def may_notify(case: Case, state: State, change: Change) -> bool:
    """Whether news of this kind may be told now."""
    if _is_hushed(case, state, change):
        return False
    unstable = case.kept.unstable and not is_calm(case)
    if change in GOOD_NEWS:
        return not unstable
    if is_exempt_major(case, state):
        return True
    return not unstable and not is_cap_reached(case.kept, state, case.now.wall, case.limits)


def is_exempt_major(case: Case, state: State) -> bool:
    """Whether this is a new major outage, of which one an hour passes cap and flapping."""
    if state is not State.MAJOR or case.kept.told is State.MAJOR:
        return False
    starts = [one.at for one in case.kept.notified if one.state is State.MAJOR and one.start]
    return not recent(starts, case.now.wall, case.limits.major_exempt_every)


def _is_hushed(case: Case, state: State, change: Change) -> bool:
    """What is held back now; "tell me when it is back" passes a pause and quiet hours, a major outage some of these."""
    if is_blind(case.memory, case.now):
        return True
    if change in GOOD_NEWS and case.is_awaited:
        return False
    if is_paused(case.memory.kept, case.now):
        return True
    if case.limits.hush is Hush.ALL_BUT_MAJOR and change in {Change.START, Change.WORSE}:
        return not (state is State.MAJOR and _passes_quiet_hours(case))
    return case.limits.hush is not Hush.NOTHING


def _passes_quiet_hours(case: Case) -> bool:
    """Whether a major outage is sure enough to wake somebody: the page has confirmed it, or it has lasted."""
    began = case.kept.reached[rank(State.MAJOR)] if case.kept.reached else None
    lasted = 0.0 if began is None else (case.now.wall - began).total_seconds()
    return case.state.confirmed or lasted >= case.limits.major_passes_quiet_after


def is_held_back(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether nothing of little weight is told: offline, just back, paused or in quiet hours."""
    return is_blind(memory, now) or is_paused(memory.kept, now) or limits.hush is not Hush.NOTHING


def is_blind(memory: Memory, now: Moment) -> bool:
    """Whether this computer is offline, or has only just come back."""
    return memory.line in AWAY_FROM_NET or now.awake < memory.quiet_until


def is_paused(kept: Kept, now: Moment) -> bool:
    """Whether the person has paused notifications."""
    return kept.paused_until is not None and now.wall < kept.paused_until


def recent(times: Iterable[datetime], now: datetime, window: float) -> tuple[datetime, ...]:
    """Those that lie within so many seconds of now.

    A clock that ran ahead and was set right leaves times to come: they are not recent until they are near.
    """
    return tuple(at for at in times if abs((now - at).total_seconds()) < window)


def is_cap_reached(kept: KeptProduct, state: State, now: datetime, limits: Limits) -> bool:
    """Whether a product has had its notifications of a day that were as bad as this one or worse."""
    as_bad = [one.at for one in kept.notified if rank(one.state) >= rank(state)]
    return len(recent(as_bad, now, DAY)) >= limits.cap_per_day


def is_post_cap_reached(kept: KeptProduct, now: datetime, limits: Limits) -> bool:
    """Whether a product has had its posts of a day."""
    return len(recent(kept.posts, now, DAY)) >= limits.cap_per_day


def is_flapping(case: Case) -> bool:
    """Whether it has come and gone so often within an hour that the next start says so, and then nothing."""
    changes = recent([one.at for one in case.kept.notified], case.now.wall, case.limits.flap_window)
    return len(changes) >= case.limits.flap_changes


def is_calm(case: Case) -> bool:
    """Whether page, probes and notifications have been the same for half an hour."""
    if case.state.suspected is not None:
        return False
    reached = case.kept.reached
    newest = max((at for at in reached if at is not None), default=None) if reached else None
    back = [e.back_at for e in evidence_of(case.memory, case.name, case.limits)]
    dates = [newest, *back, *(one.at for one in case.kept.notified)]
    calm = case.limits.flap_calm
    return all(abs((case.now.wall - at).total_seconds()) >= calm for at in dates if at is not None)


def notified_lately(kept: KeptProduct, now: datetime) -> tuple[Notified, ...]:
    """The notifications of the last day."""
    return tuple(one for one in kept.notified if abs((now - one.at).total_seconds()) < DAY)
