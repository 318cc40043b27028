"""What holds for a product: the page's word and the probes' suspicion put together (laws 1, 3, 5 and 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, Memory, PageWord, ProductState
from trayapp.core.state.probe_doubts import find_reach, suspect, suspect_edge
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.state.readings import read_twice, still_lasting
from trayapp.core.state.recovery import answered_since
from trayapp.model import LADDER, KeptProduct, Limits, Moment, ProbeSpec, State, rank, worst

_UNREADABLE_AFTER = 2
"""Misses in a row after which the page counts as one that cannot be read."""


def is_stale(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether the page's word is too old to go by (law 1); one never read since the start is."""
    if memory.page_read is None:
        return True
    return now.awake - memory.page_read.awake > stale_after(memory, limits)


def probes_of(memory: Memory, name: str, limits: Limits) -> tuple[ProbeSpec, ...]:
    """The probes that speak for a followed name: those of the product itself or of the group it belongs to."""
    word = memory.words.get(name)
    products = {name, *(word.groups if word else ())}
    return tuple(spec for spec in limits.probes if spec.product in products)


def evidence_of(memory: Memory, name: str, limits: Limits) -> tuple[Evidence, ...]:
    """What the probes of a followed name add up to."""
    return tuple(memory.evidence.get(spec.name, Evidence()) for spec in probes_of(memory, name, limits))


def work_out_products(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The memory with the state of each followed product, and of the page's others, worked out once for the round."""
    others = tuple(name for name in memory.words if name not in limits.follow)
    states = {name: work_out(memory, name, now, limits) for name in (*limits.follow, *others)}
    products = dict(memory.kept.products)
    for name in limits.follow:
        if name in products or states[name].suspected is not None:
            products[name] = _date_rungs(memory, products.get(name, KeptProduct()), states[name], now, limits)
    return replace(memory, products=states, kept=replace(memory.kept, products=products))


def work_out(memory: Memory, name: str, now: Moment, limits: Limits) -> ProductState:
    """What holds for one product now."""
    word = memory.words.get(name, PageWord(None))
    history, kept = memory.history.get(name), memory.kept.products.get(name, KeptProduct())
    page = None if is_stale(memory, now, limits) or history is None else history.shown
    found = evidence_of(memory, name, limits)
    own = probes_of(memory, name, limits)
    suspected = suspect(memory, name, own, found, limits)
    edge = suspect_edge(memory, own, now, limits) if suspected is None else None
    unreachable = any(e.unreachable >= limits.checking_failures for e in found)
    state = State.UNKNOWN if page is None else page
    for doubt in (suspected, edge):
        if doubt is not None and rank(doubt) > (rank(page) if page is not None else 0):
            state = doubt
    checking = suspected is None and any(weighing.is_checking(e, limits) for e in found)
    confirmed = page is not None and page.is_trouble
    return ProductState(
        name=name,
        page=page,
        suspected=suspected,
        edge=edge,
        state=state,
        confirmed=confirmed or (suspected is None and edge is None),
        # What the page has confirmed stays solid, whatever our own checks then do.
        checking=(checking or unreachable) and not confirmed,
        reach=find_reach(memory, own, found),
        answering=suspected is not None and all(e.alive >= limits.answers_shown for e in found if e.alarm),
        answers_since=answered_since(page, word, kept, found, limits),
        notifiable=_notifiable(memory, name, page, suspected, edge, limits),
        lasting=_lasting(memory, name, suspected, edge, now, limits),
        word=word,
    )


def _notifiable(  # noqa: PLR0913, PLR0917 - the witnesses that a notification rests on
    memory: Memory,
    name: str,
    page: State | None,
    suspected: State | None,
    edge: State | None,
    limits: Limits,
) -> State:
    """The worst that may be told: read twice, suspected for long enough, or one that agrees with the other."""
    history, read = memory.history.get(name), memory.page_read
    found = [State.OPERATIONAL, *([suspected] if suspected else [])]
    if edge is State.PARTIAL:
        found.append(edge)
    if page is not None and history is not None and read is not None:
        agreed = suspected is not None or _is_posted_and_unreachable(memory, name, limits)
        reading = read_twice(history, read, 0.0 if agreed else limits.second_reading_after)
        # What the native feed adds counts with the next reading, for no end would know of it before; what it takes
        # away counts at once.
        word = memory.words.get(name, PageWord(None)).notifiable
        found.append(min(reading, word, key=rank) if agreed else reading)
    return worst(found)


def _is_posted_and_unreachable(memory: Memory, name: str, limits: Limits) -> bool:
    """Whether a product cannot be reached from here: any trouble posted for it, not for nobody, confirms it at once."""
    if all(e.unreachable < limits.checking_failures for e in evidence_of(memory, name, limits)):
        return False
    posted, page = memory.words.get(name, PageWord(None)).incidents, memory.page
    named = {i.id for i in page.incidents if i.components or i.products} if page is not None else set()
    return named.issuperset(posted)


def _lasting(  # noqa: PLR0913, PLR0917 - the witnesses that an end rests on
    memory: Memory,
    name: str,
    suspected: State | None,
    edge: State | None,
    now: Moment,
    limits: Limits,
) -> State | None:
    """How bad it still is as far as an end goes; None while that cannot be known."""
    doubts = [doubt for doubt in (suspected, edge) if doubt is not None]
    history, read = memory.history.get(name), memory.page_read
    kept = memory.kept.products.get(name, KeptProduct())
    stale = is_stale(memory, now, limits)
    if stale or history is None or read is None:
        unreadable = memory.misses >= _UNREADABLE_AFTER
        alone = unreadable and not kept.confirmed and memory.line not in AWAY_FROM_NET
        # Where only the probes told the start and the page cannot be read, the probes are enough.
        return worst(doubts) if alone and (probes_of(memory, name, limits) or kept.edge) else None
    if history.gone_since is not None:
        return worst(doubts) if doubts or not kept.confirmed else None
    whole = memory.page is not None and memory.page.whole
    # A page that never was read whole may leave out what is down: its word must have held for longer.
    span = limits.end_readings_span if whole else limits.stale_at_least
    if memory.words.get(name, PageWord(None)).fix_applied and any(
        e.failing for e in evidence_of(memory, name, limits)
    ):
        return worst([*doubts, kept.told])
    return worst([*doubts, still_lasting(history, read, span)])


def _date_rungs(
    memory: Memory, kept: KeptProduct, state: ProductState, now: Moment, limits: Limits
) -> KeptProduct:
    """The product with the time since when it has been so bad, for each rung; a miss changes none of them."""
    if not state.state.is_known:
        return kept
    reached = kept.reached or (None,) * len(LADDER)
    dates = tuple(
        _date_rung(memory, rung, before, state, now, limits)
        for rung, before in zip(LADDER, reached, strict=True)
    )
    return kept if dates == kept.reached else replace(kept, reached=dates)


def _date_rung(  # noqa: PLR0913, PLR0917 - a rung, its date so far, and what may date it
    memory: Memory,
    rung: State,
    before: datetime | None,
    state: ProductState,
    now: Moment,
    limits: Limits,
) -> datetime | None:
    if rung is State.OPERATIONAL:
        return (before or _fine_since(memory, state.name, now, limits)) if state.state is rung else None
    if rank(state.state) < rank(rung):
        return None
    posted, came_away = state.word.posted_at, _came_away(memory, state.name)
    if posted is not None and posted > now.wall:
        posted = None
    # Since then it was seen to be fine, or not so bad: an old post says no better when this began.
    better = [at for at in memory.kept.products.get(state.name, KeptProduct()).reached[: rank(rung)] if at]
    if posted is not None and before is None:
        posted = max([posted, *(at for at in better if at <= now.wall)])
    if before is not None:
        # What explains it now was posted while nobody looked: it is another trouble than the one from before.
        if came_away and posted and memory.away_from and posted > max(before, memory.away_from):
            return posted
        return before
    dates = [
        e.first_wall
        for e in evidence_of(memory, state.name, limits)
        if e.alarm and e.first_wall is not None and state.suspected is not None
        if rank(state.suspected) >= rank(rung)
    ]
    if state.page is not None and rank(state.page) >= rank(rung):
        read = memory.page_read.wall if memory.page_read is not None else now.wall
        dates.append(min(posted, now.wall) if came_away and posted is not None else min(read, now.wall))
    if state.edge is not None and rank(state.edge) >= rank(rung) and memory.edge_since is not None:
        # What has been degraded for long is a partial outage by that alone: it began when it became degraded.
        reached = memory.kept.products.get(state.name, KeptProduct()).reached
        degraded = (reached[rank(State.DEGRADED)] if reached else None) or now.wall
        dates.append(max(degraded, now.wall - timedelta(seconds=now.awake - memory.edge_since)))
    return min(dates, default=now.wall)


def _fine_since(memory: Memory, name: str, now: Moment, limits: Limits) -> datetime | None:
    """When all was well again: the first of the readings or answers that made it so."""
    began = [at for at in memory.kept.products.get(name, KeptProduct()).reached if at is not None]
    if not began:
        return None  # A product that was never seen to change has been fine since nobody knows when.
    history = memory.history.get(name)
    left = [history.shown_rungs[1].wall] if history is not None and not history.shown_rungs[1].first else []
    back = [e.back_at for e in evidence_of(memory, name, limits) if e.back_at is not None]
    return max((at for at in (*left, *back) if max(began) <= at <= now.wall), default=now.wall)


def _came_away(memory: Memory, name: str) -> bool:
    history = memory.history.get(name)
    return history is not None and history.changed_away
