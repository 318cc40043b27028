"""Merges transitions of several products with one cause into one notification (law 10 of `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trayapp.model import Transition, TransitionKind, worst_state

SUSPICION_PREFIX = "suspected"
"""Prefix of the threads of trouble that only this computer has seen; each product has its own such thread."""


def merge_by_cause(told: Sequence[Transition]) -> tuple[Transition, ...]:
    """Merges the transitions that have one cause; a group of starts and worsenings becomes a start.

    They have one cause if they share a thread or an incident, or if they are suspicions of the same round.
    """
    groups: list[list[Transition]] = []
    for t in told:
        known = next((group for group in groups if any(_has_same_cause(t, other) for other in group)), None)
        if known is None:
            groups.append([t])
        else:
            known.append(t)
    return tuple(_merge_group(group) for group in groups)


def is_same_thread(one: str, other: str) -> bool:
    """Whether two threads have one cause. All threads of suspicions do, though each product has its own."""
    return one == other or (one.startswith(SUSPICION_PREFIX) and other.startswith(SUSPICION_PREFIX))


def _has_same_cause(one: Transition, other: Transition) -> bool:
    kinds = {TransitionKind.START if t.change is TransitionKind.WORSE else t.change for t in (one, other)}
    left = [t.after.is_trouble if t.change is TransitionKind.END else False for t in (one, other)]
    same = (one.silent, one.away, one.confirmed, one.lapsed) == (
        other.silent,
        other.away,
        other.confirmed,
        other.lapsed,
    )
    cause = is_same_thread(one.thread, other.thread) or not set(one.incidents).isdisjoint(other.incidents)
    return len(kinds) == 1 and same and cause and left[0] is left[1]


def _merge_group(group: list[Transition]) -> Transition:
    if len(group) == 1:
        return group[0]
    since = [t.since for t in group if t.since is not None]
    threads = tuple(dict.fromkeys(t.thread for t in group))
    return replace(
        group[0],
        change=group[0].change if len({t.change for t in group}) == 1 else TransitionKind.START,
        products=tuple(name for t in group for name in t.products),
        before=worst_state(t.before for t in group),
        after=worst_state(t.after for t in group),
        at=max(t.at for t in group),
        since=max(since, default=None)
        if group[0].change is TransitionKind.ANSWERS_AGAIN
        else min(since, default=None),
        incidents=tuple(dict.fromkeys(i for t in group for i in t.incidents)),
        must_arrive=any(t.must_arrive for t in group),
        threads=threads if len(threads) > 1 else (),
        again=all(t.again for t in group),
        watching=all(t.watching for t in group),
        components=(),
        components_state=None,
        said=None if len({t.said for t in group}) > 1 else group[0].said,
        members=tuple(group),
    )
