"""Keeps a product's history of readings, as some changes count only when read twice (law 3 of `docs/law.md`).

Worse is shown at once, better when it was read twice in a row, 20 s apart. A start is notified when it was
read twice, 20 s apart; an end when two readings 60 s apart agree and none between them says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from trayapp.model import LADDER, Moment, SavedProduct, State, ladder_rank


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: whether readings reach it, and since when they have agreed on that."""

    is_reached: bool
    since: float
    """When the first reading that agrees was made (`Moment.awake`)."""
    since_wall: datetime
    is_first_reading: bool = False
    """True if that was the first reading of all, before which nothing is known."""
    lasted_before: float = inf
    """The seconds for which readings had said the opposite before."""


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The history of one product by the page's readings."""

    shown_state: State | None
    """The state that the icon shows; None if the page does not list the product."""
    shown_rungs: tuple[Rung, ...]
    """The rungs by the state to show; the first is always reached."""
    rungs: tuple[Rung, ...]
    """The rungs by the state for notifications, where a fix applied counts as the end."""
    changed_away: bool = False
    """True if it changed to this state during an absence."""
    gone_since: float | None = None
    """Since when the page has not listed it (`Moment.awake`)."""


def begin_history(shown: State | None, notifiable: State, read: Moment, *, changed_away: bool) -> PageHistory:
    """Begins a history with the first reading after a start, sleep or absence, which is shown at once."""
    state = State.OPERATIONAL if shown is None else shown
    return PageHistory(
        shown_state=shown,
        shown_rungs=_first_rungs(state, read),
        rungs=_first_rungs(notifiable, read),
        changed_away=changed_away,
        gone_since=read.awake if shown is None else None,
    )


def add_reading(
    history: PageHistory, shown: State | None, notifiable: State, read: Moment, span: float
) -> PageHistory:
    """Adds one more reading; better counts when two readings at least `span` seconds apart show it."""
    if shown is None:
        # A product that is not listed any more is neither better nor worse.
        gone_since = read.awake if history.gone_since is None else history.gone_since
        return replace(history, shown_state=None, gone_since=gone_since)
    shown_rungs = _next_rungs(history.shown_rungs, shown, read)
    return PageHistory(
        shown_state=shown if history.shown_state is None else _worst_shown(shown_rungs, read, span),
        shown_rungs=shown_rungs,
        rungs=_next_rungs(history.rungs, notifiable, read),
        changed_away=history.changed_away and shown is history.shown_state,
    )


def _first_rungs(state: State, read: Moment) -> tuple[Rung, ...]:
    # The state before is unknown: a rung not reached now counts as not reached for long.
    return tuple(
        Rung(ladder_rank(state) >= ladder_rank(rung), read.awake, read.wall, is_first_reading=True)
        for rung in LADDER
    )


def _next_rungs(rungs: tuple[Rung, ...], state: State, read: Moment) -> tuple[Rung, ...]:
    return tuple(
        old
        if old.is_reached is (ladder_rank(state) >= ladder_rank(rung))
        else Rung(
            is_reached=not old.is_reached,
            since=read.awake,
            since_wall=read.wall,
            lasted_before=read.awake - old.since,
        )
        for rung, old in zip(LADDER, rungs, strict=True)
    )


def _worst_shown(rungs: tuple[Rung, ...], read: Moment, span: float) -> State:
    """Returns the worst rung that is reached, or that readings left less than `span` seconds ago."""
    return max(
        (
            rung
            for rung, seen in zip(LADDER, rungs, strict=True)
            if seen.is_reached or (not seen.is_first_reading and read.awake - seen.since < span)
        ),
        key=ladder_rank,
    )


def has_same_reading(history: PageHistory, shown: State, notifiable: State) -> bool:
    """Decides whether the newest reading already had these two states."""
    states = (history.shown_rungs, shown), (history.rungs, notifiable)
    return all(
        reached.is_reached is (ladder_rank(state) >= ladder_rank(rung))
        for rungs, state in states
        for rung, reached in zip(LADDER, rungs, strict=True)
    )


def worst_read_twice(history: PageHistory, read: Moment, span: float) -> State:
    """Returns the worst state that two readings, at least `span` seconds apart, agree on."""
    return max(
        (
            rung
            for rung, seen in zip(LADDER, history.rungs, strict=True)
            if seen.is_reached and (read.awake - seen.since >= span or rung is State.OPERATIONAL)
        ),
        key=ladder_rank,
    )


def notified_rungs(history: PageHistory, kept: SavedProduct) -> tuple[Rung, ...]:
    """Returns the rungs that decide the end of what was notified: the icon's where only that was ticked (law 11)."""
    return history.shown_rungs if kept.only_shown else history.rungs


def worst_still_lasting(rungs: tuple[Rung, ...], read: Moment, span: float) -> State:
    """Returns the worst state not over: reached, or left under `span` seconds ago, also by the first."""
    return max(
        (
            rung
            for rung, seen in zip(LADDER, rungs, strict=True)
            if seen.is_reached or read.awake - seen.since < span
        ),
        key=ladder_rank,
    )


def pending_changes(
    rungs: tuple[Rung, ...], read: Moment, span: float, *, reached: bool, also_first: bool = True
) -> list[tuple[State, float]]:
    """Lists the changes that a later reading must confirm: the rung, and the seconds until that counts."""
    return [
        (rung, left)
        for rung, seen in zip(LADDER, rungs, strict=True)
        if rung is not State.OPERATIONAL
        and seen.is_reached is reached
        and (also_first or not seen.is_first_reading)
        if (left := seen.since + span - read.awake) > 0.0
    ]
