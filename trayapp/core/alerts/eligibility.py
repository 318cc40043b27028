"""Decides whether a transition may be notified now (law 8 of `docs/law.md`).

It may not while offline or just back, paused, in quiet hours, unstable, or over the daily cap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.alerts.thresholds import THRESHOLD
from trayapp.core.state.memory import Memory, ProductState
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import ProductContext, product_context
from trayapp.model import (
    Hush,
    Limits,
    Moment,
    RoundTerms,
    SavedMemory,
    SavedProduct,
    SentNotification,
    State,
    TransitionKind,
    ladder_rank,
)

GOOD_NEWS = frozenset({TransitionKind.END, TransitionKind.EASED, TransitionKind.ANSWERS_AGAIN})

DAY_SECONDS = 86_400.0
"""Length of a day, in seconds."""


@dataclass(frozen=True, slots=True)
class AlertContext(ProductContext):
    """One product and everything that decides what is notified of it."""

    state: ProductState
    """The product's state in this round."""
    is_newly_known: bool
    """True if nothing was known of the product before this round."""

    @property
    def threshold(self) -> State:
        """The mildest state that this person is notified of."""
        return THRESHOLD[self.limits.level]

    @property
    def is_awaited(self) -> bool:
        """Whether the person has ticked "tell me when it is back"."""
        return self.name in self.memory.saved.tell_when_back

    @property
    def first_state(self) -> State:
        """The state in the first round with this product, without trouble that concerns only other people."""
        state, word = self.state, self.state.reading
        doubted = state.suspected_state is not None or state.edge_state is not None
        return (
            state.state
            if word.own_state is None or doubted or not state.state.is_known
            else word.notifiable_state
        )

    @property
    def began_at(self) -> datetime | None:
        """When the notifiable state began."""
        reached = self.kept.reached
        return reached[ladder_rank(self.state.notifiable_state)] if reached else None


def alert_context(before: SavedMemory, memory: Memory, name: str, terms: RoundTerms) -> AlertContext | None:
    """Collects the context of one product; returns None while nothing is known of it."""
    if name not in memory.saved.products:
        return None
    state, context = memory.product_states[name], product_context(memory, name, terms)
    # An alarm from before this round was raised while nobody followed the product: it starts nothing (law 7).
    raised = any(e.alarm_since == terms.now.awake for e in context.alarms)
    first = name not in before.products and not (state.suspected_state is not None and raised)
    return AlertContext(name, context.kept, memory, terms.now, terms.limits, state, first)


def may_notify(case: AlertContext, state: State, change: TransitionKind) -> bool:
    """Whether a transition of this kind to or from `state` may be notified now."""
    if _is_hushed(case, state, change):
        return False
    unstable = case.kept.unstable and not is_calm(case)
    if change in GOOD_NEWS:
        return not unstable
    if is_exempt_major(case, state):
        return True
    return not unstable and not is_cap_reached(case.kept, state, case.now.wall, case.limits)


def is_exempt_major(case: AlertContext, state: State) -> bool:
    """Whether this is a new major outage; one an hour is exempt from the daily cap and from flapping."""
    if state is not State.MAJOR or case.kept.told is State.MAJOR:
        return False
    starts = [one.at for one in case.kept.notified if one.state is State.MAJOR and one.start]
    return not recent_times(starts, case.now.wall, case.limits.major_exempt_every)


def _is_hushed(case: AlertContext, state: State, change: TransitionKind) -> bool:
    """Whether a notification is held back by being offline, a pause or quiet hours.

    An end that the person waits for passes a pause and quiet hours; a major outage may pass quiet hours.
    """
    if is_offline_or_just_back(case.memory, case.now):
        return True
    if change in GOOD_NEWS and case.is_awaited:
        return False
    if is_paused(case.memory.saved, case.now):
        return True
    if case.limits.hush is Hush.ALL_BUT_MAJOR and change in {TransitionKind.START, TransitionKind.WORSE}:
        return not (state is State.MAJOR and _may_pass_quiet_hours(case))
    return case.limits.hush is not Hush.NOTHING


def _may_pass_quiet_hours(case: AlertContext) -> bool:
    """Whether a major outage may wake a person: the page confirms it, or it has lasted long enough."""
    began = case.kept.reached[ladder_rank(State.MAJOR)] if case.kept.reached else None
    lasted = 0.0 if began is None else (case.now.wall - began).total_seconds()
    return case.state.confirmed or lasted >= case.limits.major_passes_quiet_after


def is_held_back(memory: Memory, terms: RoundTerms) -> bool:
    """Whether minor notifications are held back: offline, just back, paused or in quiet hours."""
    return (
        is_offline_or_just_back(memory, terms.now)
        or is_paused(memory.saved, terms.now)
        or terms.limits.hush is not Hush.NOTHING
    )


def is_offline_or_just_back(memory: Memory, now: Moment) -> bool:
    """Whether this computer is offline, or has come back so recently that nothing is notified yet."""
    return memory.connection in NO_INTERNET or now.awake < memory.grace_until


def is_paused(kept: SavedMemory, now: Moment) -> bool:
    """Whether the person has paused notifications."""
    return kept.paused_until is not None and now.wall < kept.paused_until


def recent_times(times: Iterable[datetime], now: datetime, window: float) -> tuple[datetime, ...]:
    """Returns the times that lie within `window` seconds of now, before or after.

    A clock that ran fast and was corrected leaves times in the future; they count once they are that near.
    """
    return tuple(at for at in times if abs((now - at).total_seconds()) < window)


def is_cap_reached(kept: SavedProduct, state: State, now: datetime, limits: Limits) -> bool:
    """Whether the last day's notifications that were at least as bad as `state` have reached the cap."""
    as_bad = [one.at for one in kept.notified if ladder_rank(one.state) >= ladder_rank(state)]
    return len(recent_times(as_bad, now, DAY_SECONDS)) >= limits.cap_per_day


def is_post_cap_reached(kept: SavedProduct, now: datetime, limits: Limits) -> bool:
    """Whether the last day's notified posts of a product have reached the cap."""
    return len(recent_times(kept.posts, now, DAY_SECONDS)) >= limits.cap_per_day


def is_flapping(case: AlertContext) -> bool:
    """Whether the product changed so often in an hour that its next start is notified as "unstable"."""
    changes = recent_times([one.at for one in case.kept.notified], case.now.wall, case.limits.flap_window)
    return len(changes) >= case.limits.flap_changes


def is_calm(case: AlertContext) -> bool:
    """Whether page, probes and notifications have not changed for half an hour."""
    if case.state.suspected_state is not None:
        return False
    reached = case.kept.reached
    newest = max((at for at in reached if at is not None), default=None) if reached else None
    back = [e.first_answer_at for e in case.evidence]
    dates = [newest, *back, *(one.at for one in case.kept.notified)]
    calm = case.limits.flap_calm
    return all(abs((case.now.wall - at).total_seconds()) >= calm for at in dates if at is not None)


def recent_notifications(kept: SavedProduct, now: datetime) -> tuple[SentNotification, ...]:
    """Returns the notifications of the last day."""
    return tuple(one for one in kept.notified if abs((now - one.at).total_seconds()) < DAY_SECONDS)
