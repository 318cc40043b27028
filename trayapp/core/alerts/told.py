"""The books: what counts as told of a product after a round."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trayapp.core.alerts.eligibility import (
    DAY,
    Case,
    is_calm,
    notified_lately,
    recent,
)
from trayapp.core.state.memory import PageWord
from trayapp.model import (
    Change,
    KeptProduct,
    Notified,
    State,
    Transition,
    rank,
)

MOST_INCIDENTS = 8
"""Incidents of one trouble that are remembered, to know a reopening."""


def record(case: Case, transition: Transition | None) -> KeptProduct:
    """The product with what is told now taken for told."""
    kept, now = case.kept, case.now.wall
    kept = replace(kept, posts=recent(kept.posts, now, DAY), notified=notified_lately(kept, now))
    if transition is None:
        return _go_on(case, kept)
    if not transition.silent:
        starts = transition.change not in {Change.END, Change.EASED}
        state = transition.after if starts else transition.before
        kept = replace(kept, notified=(*kept.notified, Notified(now, state, starts)))
    if transition.change is Change.END:
        ended = record_end(kept, now)
        # Behind a page that says nothing of it no reading takes back since when it was so bad.
        return ended if case.state.state.is_known else replace(ended, reached=())
    eased = transition.change is Change.EASED
    # What is left of it has been there since before it eased: all of it ends together, and so is its length counted.
    since = kept.reached[rank(transition.after)] if eased and kept.reached else transition.since
    begun = [at for at in (kept.told_since, since) if at is not None]
    return replace(
        kept,
        told=transition.after,
        told_at=now,
        told_since=since if kept.told is State.OPERATIONAL else min(begun, default=None),
        told_state_since=since,
        told_incidents=_add_incidents(kept.told_incidents, case.state.word.told_incidents),
        told_parts=transition.components if transition.after is not State.MAJOR else (),
        thread=transition.thread,
        confirmed=case.state.confirmed if not eased else kept.confirmed,
        edge=transition.edge,
        unstable=kept.unstable or transition.change is Change.UNSTABLE,
    )


def record_end(kept: KeptProduct, ended: datetime) -> KeptProduct:
    """The product with what was told of it over."""
    return KeptProduct(
        known=kept.known,
        reached=kept.reached,
        ended_at=ended,
        ended_incidents=kept.told_incidents,
        notified=kept.notified,
        posts=kept.posts,
    )


def _go_on(case: Case, kept: KeptProduct) -> KeptProduct:
    """The product in a round that tells nothing of it."""
    is_open = kept.told is not State.OPERATIONAL
    posted = case.state.page is not None and case.state.page.is_trouble
    return replace(
        kept,
        unstable=kept.unstable and not is_calm(case),
        told_incidents=_add_incidents(kept.told_incidents, case.state.word.told_incidents) if is_open else (),
        told_parts=() if _is_more_hurt(case.state.word, kept.told_parts) else kept.told_parts,
        confirmed=kept.confirmed or posted,
    )


def _is_more_hurt(word: PageWord, parts: tuple[str, ...]) -> bool:
    """Whether more of a product is as bad as what was told by name: its end is not only theirs then."""
    hurt = word.state is not None and word.state.is_trouble
    return hurt and not (word.parts and set(parts).issuperset(word.parts))


def _add_incidents(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-MOST_INCIDENTS:]
