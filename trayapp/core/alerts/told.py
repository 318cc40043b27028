"""Records after each round what counts as notified of a product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trayapp.core.alerts.eligibility import (
    DAY_SECONDS,
    AlertContext,
    is_calm,
    recent_notifications,
    recent_times,
)
from trayapp.core.state.memory import ProductReading
from trayapp.model import (
    SavedProduct,
    SentNotification,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
)

MAX_INCIDENTS = 8
"""The number of incidents that are remembered for one trouble, to recognise a reopening."""


def record_told(case: AlertContext, transition: Transition | None) -> SavedProduct:
    """Returns the product with the transition recorded as notified."""
    kept, now = case.kept, case.now.wall
    kept = replace(
        kept, posts=recent_times(kept.posts, now, DAY_SECONDS), notified=recent_notifications(kept, now)
    )
    if transition is None:
        return _record_silent_round(case, kept)
    if not transition.silent:
        starts = transition.change not in {TransitionKind.END, TransitionKind.EASED}
        state = transition.after if starts else transition.before
        kept = replace(kept, notified=(*kept.notified, SentNotification(now, state, starts)))
    if transition.change is TransitionKind.END:
        ended = record_end(kept, now)
        # While the page cannot be read, no reading would correct since when the product was as bad.
        return ended if case.state.state.is_known else replace(ended, reached=())
    eased = transition.change is TransitionKind.EASED
    # The remaining trouble began before the easing; its length is counted from its own start.
    since = kept.reached[ladder_rank(transition.after)] if eased and kept.reached else transition.since
    begun = [at for at in (kept.told_since, since) if at is not None]
    return replace(
        kept,
        told=transition.after,
        told_at=now,
        told_since=since if kept.told is State.OPERATIONAL else min(begun, default=None),
        told_state_since=since,
        told_incidents=_add_incidents(kept.told_incidents, case.state.reading.notifiable_incidents),
        told_parts=transition.components if transition.after is not State.MAJOR else (),
        thread=transition.thread,
        confirmed=case.state.confirmed if not eased else kept.confirmed,
        edge=transition.edge,
        only_shown=False,
        unstable=kept.unstable or transition.change is TransitionKind.UNSTABLE,
    )


def record_end(kept: SavedProduct, ended: datetime) -> SavedProduct:
    """Returns the product with its notified trouble closed."""
    return SavedProduct(
        known=kept.known,
        reached=kept.reached,
        ended_at=ended,
        ended_incidents=kept.told_incidents,
        notified=kept.notified,
        posts=kept.posts,
    )


def _record_silent_round(case: AlertContext, kept: SavedProduct) -> SavedProduct:
    """Returns the product after a round without a transition of it."""
    is_open = kept.told is not State.OPERATIONAL
    posted = case.state.shown_page_state is not None and case.state.shown_page_state.is_trouble
    return replace(
        kept,
        unstable=kept.unstable and not is_calm(case),
        told_incidents=_add_incidents(kept.told_incidents, case.state.reading.notifiable_incidents)
        if is_open
        else (),
        told_parts=() if _has_further_parts_hit(case.state.reading, kept.told_parts) else kept.told_parts,
        confirmed=kept.confirmed or posted,
    )


def _has_further_parts_hit(word: ProductReading, parts: tuple[str, ...]) -> bool:
    """Whether components are hurt that the notification did not name, so that its end names none."""
    hurt = word.state is not None and word.state.is_trouble
    return hurt and not (word.parts and set(parts).issuperset(word.parts))


def _add_incidents(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-MAX_INCIDENTS:]
