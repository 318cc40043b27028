"""One product's case: what decides whether there is something to tell of it, and whether it may be told now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from trayapp.core.memory import Memory, Says
from trayapp.core.standing import AWAY_FROM_NET, Standing, in_trouble, is_over, probes_of, stand
from trayapp.model import LADDER, Change, Hush, Kept, KeptProduct, Limits, Moment, ProbeSpec, State, worst

DAY = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Case:
    """One product with all that decides what is told of it."""

    name: str
    kept: KeptProduct
    said: Says
    standing: Standing
    first: bool
    memory: Memory
    now: Moment
    limits: Limits


def case_of(before: Kept, memory: Memory, name: str, now: Moment, limits: Limits) -> Case | None:
    """None while nothing is known of a product at all."""
    standing = stand(memory, name, now, limits)
    kept = memory.kept.products.get(name)
    if kept is None and standing.suspected is None:
        return None
    return Case(
        name=name,
        kept=_in_trouble_since(kept or KeptProduct(), standing, memory, name, limits),
        said=memory.says.get(name, Says(None)),
        standing=standing,
        first=name not in before.products and standing.suspected is None,
        memory=memory,
        now=now,
        limits=limits,
    )


def _in_trouble_since(
    kept: KeptProduct, standing: Standing, memory: Memory, name: str, limits: Limits
) -> KeptProduct:
    """When the trouble began: as the page dates it, or this computer's first failure if that was earlier."""
    if not in_trouble(kept.known) and standing.suspected is None and kept.told is State.OPERATIONAL:
        return kept if kept.trouble_since is None else replace(kept, trouble_since=None)
    seen = [
        memory.evidence[s.name].first_wall
        for s in probes_of(memory, name, limits)
        if s.name in memory.evidence
    ]
    dates = [kept.trouble_since, kept.since if in_trouble(kept.known) else None, *seen]
    return replace(kept, trouble_since=min((d for d in dates if d is not None), default=None))


def over(case: Case) -> bool:
    """Whether the page has said twice that all is well, and no probe that failed speaks against it (law 7)."""
    return is_over(case.memory, case.name, case.now, case.limits)


def page_agrees(case: Case) -> bool:
    """Whether the page speaks of trouble too; that nothing is suspected any more is no word of the page's."""
    return case.standing.page is not None and in_trouble(case.standing.page)


def tellable(case: Case) -> State:
    """The worst that may be told: what the page has said twice, what is suspected, what one agrees with of the other."""
    page, suspected = case.standing.page, case.standing.suspected
    if suspected is not None:
        return worst([suspected] if page is None else [suspected, page])
    if page is None or case.memory.page_read is None:
        return State.OPERATIONAL
    read, wait = case.memory.page_read.awake, case.limits.same_word_after
    return worst(
        state
        for state, since in zip(LADDER, case.said.held, strict=True)
        if since is not None and read - since >= wait
    )


def may_tell(case: Case, state: State, change: Change) -> bool:
    """Whether news of this kind may be told now (laws 6 and 8)."""
    if case.first or _hushed(case, state, change):
        return False
    if change is Change.END:
        return not case.kept.unstable or calm(case)
    if is_new_major(case, state):
        return True
    return not full(case.kept, case.now.wall, case.limits) and not (case.kept.unstable and not calm(case))


def _hushed(case: Case, state: State, change: Change) -> bool:
    """What is held back now; "tell me when it is back" passes a pause and quiet hours, a new major outage most of these."""
    memory = case.memory
    if _blind(memory, case.now):
        return True
    if change is Change.END and case.name in memory.kept.tell_when_back:
        return False
    if change is not Change.END and is_new_major(case, state) and case.limits.hush is Hush.ALL_BUT_MAJOR:
        return _paused(memory.kept, case.now)
    return held_back(memory, case.now, case.limits)


def held_back(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether nothing of little weight is told: offline, just back, paused or in quiet hours."""
    return _blind(memory, now) or _paused(memory.kept, now) or limits.hush is not Hush.NOTHING


def _blind(memory: Memory, now: Moment) -> bool:
    return memory.line in AWAY_FROM_NET or now.awake < memory.quiet_until


def _paused(kept: Kept, now: Moment) -> bool:
    return kept.paused_until is not None and now.wall < kept.paused_until


def is_new_major(case: Case, state: State) -> bool:
    """Whether this is a major outage that has not been told."""
    return state is State.MAJOR and case.kept.told is not State.MAJOR


def lately(times: tuple[datetime, ...], now: datetime, window: float) -> tuple[datetime, ...]:
    """Those that lie within so many seconds of now.

    A clock that ran ahead and was set right leaves times to come: they are not lately until they are near.
    """
    return tuple(at for at in times if _apart(at, now) < window)


def full(kept: KeptProduct, now: datetime, limits: Limits) -> bool:
    """Whether a product has had its notifications of a day."""
    return len(lately((*kept.changes, *kept.posts), now, DAY)) >= limits.cap_per_day


def calm(case: Case) -> bool:
    """Whether the page's word, the probes and what was told have been the same for half an hour."""
    if case.standing.suspected is not None:
        return False
    back = (case.memory.evidence[s.name].back_at for s in _probes(case) if s.name in case.memory.evidence)
    dates = (d for d in (case.kept.since, *back, *case.kept.changes) if d is not None)
    return all(_apart(d, case.now.wall) >= case.limits.flap_calm for d in dates)


def reopened(case: Case) -> bool:
    """Whether the incident of a trouble that ended half an hour ago at most is back."""
    ended = case.kept.ended_at
    if ended is None or _apart(ended, case.now.wall) > case.limits.reopen_window:
        return False
    return any(i in case.kept.ended_incidents for i in case.said.incidents)


def ended(case: Case) -> datetime | None:
    """When it was over: as the page dates it if nobody looked meanwhile, else when page and probes were fine again."""
    if case.said.away and (dated := _resolved(case)) is not None:
        return dated
    began = case.kept.trouble_since
    found = (case.memory.evidence.get(s.name) for s in _probes(case))
    back = [e.back_at for e in found if e and e.back_at and (began is None or e.back_at >= began)]
    return max((d for d in (case.said.fine_wall, *back) if d is not None), default=None)


def _probes(case: Case) -> tuple[ProbeSpec, ...]:
    return probes_of(case.memory, case.name, case.limits)


def _resolved(case: Case) -> datetime | None:
    page = case.memory.page
    ends = (
        [i.resolved_at for i in page.incidents if i.id in case.kept.told_incidents and not i.open]
        if page
        else []
    )
    return max((d for d in ends if d is not None and d <= case.now.wall), default=None)


def _apart(one: datetime, other: datetime) -> float:
    """Seconds between them, whichever is first."""
    return abs((one - other).total_seconds())
