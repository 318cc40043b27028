"""Combines readings and evidence of probes into a product's state (laws 1, 3, 5 and 7 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.memory import Memory, ProductState
from trayapp.core.state.probe_doubts import find_edge_state, find_reachability, find_suspected_state
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import ProductContext, product_context
from trayapp.core.state.readings import notified_rungs, worst_read_twice, worst_still_lasting
from trayapp.core.state.recovery import recovery_start
from trayapp.model import LADDER, RoundTerms, SavedProduct, State, ladder_rank, worst_state

_UNREADABLE_AFTER = 2
"""The number of misses in a row after which the page counts as unreadable."""


def update_product_states(memory: Memory, terms: RoundTerms) -> Memory:
    """Judges each followed product and the page's others, once for the round, and dates their states."""
    limits = terms.limits
    others = tuple(name for name in memory.readings if name not in limits.follow)
    contexts = {name: product_context(memory, name, terms) for name in (*limits.follow, *others)}
    states = {name: judge_product(context) for name, context in contexts.items()}
    products = dict(memory.saved.products)
    for name in limits.follow:
        if name in products or states[name].suspected_state is not None:
            products[name] = _date_rungs(contexts[name], states[name])
    return replace(memory, product_states=states, saved=replace(memory.saved, products=products))


def judge_product(context: ProductContext) -> ProductState:
    """Judges the state of one product now."""
    limits, page, found = context.limits, context.shown_page_state, context.evidence
    suspected = find_suspected_state(context)
    edge = find_edge_state(context) if suspected is None else None
    doubts = [doubt for doubt in (suspected, edge) if doubt is not None]
    unreachable = any(e.unreachable_failures >= limits.checking_failures for e in found)
    state = State.UNKNOWN if page is None else page
    for doubt in doubts:
        if ladder_rank(doubt) > (ladder_rank(page) if page is not None else 0):
            state = doubt
    checking = suspected is None and any(weighing.is_checking(e, limits) for e in found)
    confirmed = page is not None and page.is_trouble
    return ProductState(
        name=context.name,
        shown_page_state=page,
        suspected_state=suspected,
        edge_state=edge,
        state=state,
        confirmed=confirmed or not doubts,
        # Trouble that the page has confirmed stays solid, whatever the probes then find.
        checking=(checking or unreachable) and not confirmed,
        reach=find_reachability(context),
        answering=suspected is not None
        and all(e.answers_in_row >= limits.answers_shown for e in context.alarms),
        answers_since=recovery_start(context),
        notifiable_state=_notifiable_state(context, suspected, edge),
        lasting_state=_lasting_state(context, doubts),
        reading=context.reading,
    )


def _notifiable_state(context: ProductContext, suspected: State | None, edge: State | None) -> State:
    """Returns the worst state to notify: read twice, suspected long enough, or seen by page and probes."""
    history, read = context.history, context.memory.page_read_at
    found = [State.OPERATIONAL, *([suspected] if suspected else [])]
    if edge is State.PARTIAL:
        found.append(edge)
    if context.shown_page_state is not None and history is not None and read is not None:
        agreed = suspected is not None or _is_posted_and_unreachable(context)
        reading = worst_read_twice(history, read, 0.0 if agreed else context.limits.second_reading_after)
        # Trouble that the native feed adds counts from the next reading, as an end would miss it before;
        # trouble that it removes is gone at once.
        notifiable = context.reading.notifiable_state
        found.append(min(reading, notifiable, key=ladder_rank) if agreed else reading)
    return worst_state(found)


def _is_posted_and_unreachable(context: ProductContext) -> bool:
    """Decides whether a product is unreachable and all its incidents name somebody: one reading is enough."""
    if all(e.unreachable_failures < context.limits.checking_failures for e in context.evidence):
        return False
    page = context.memory.page
    named = {i.id for i in page.incidents if i.components or i.products} if page is not None else set()
    return named.issuperset(context.reading.incidents)


def _lasting_state(context: ProductContext, doubts: list[State]) -> State | None:
    """Returns the worst state that is not over yet, `doubts` included; None while that cannot be known."""
    memory, limits, kept, history = context.memory, context.limits, context.kept, context.history
    read = memory.page_read_at
    if context.is_page_stale or history is None or read is None:
        unreadable = memory.page_misses >= _UNREADABLE_AFTER
        alone = unreadable and not kept.confirmed and memory.connection not in NO_INTERNET
        # If only probes showed the start and the page cannot be read, the probes decide the end.
        return worst_state(doubts) if alone and (context.probes or kept.edge) else None
    if history.gone_since is not None:
        return worst_state(doubts) if doubts or not kept.confirmed else None
    whole = memory.page is not None and memory.page.whole
    # A page not read whole may leave out a component that is down: its readings must agree for longer.
    span = limits.end_readings_span if whole else limits.stale_at_least
    if context.reading.fix_applied and any(e.is_failing for e in context.evidence):
        return worst_state([*doubts, kept.told])
    return worst_state([*doubts, worst_still_lasting(notified_rungs(history, kept), read, span)])


def _date_rungs(context: ProductContext, state: ProductState) -> SavedProduct:
    """Dates for each rung since when the product has been at least that bad; a miss changes no date."""
    kept = context.kept
    if not state.state.is_known:
        return kept
    reached = kept.reached or (None,) * len(LADDER)
    dates = tuple(
        _date_rung(context, state, rung, before) for rung, before in zip(LADDER, reached, strict=True)
    )
    return kept if dates == kept.reached else replace(kept, reached=dates)


def _date_rung(
    context: ProductContext, state: ProductState, rung: State, before: datetime | None
) -> datetime | None:
    """Dates one rung, which was reached `before` according to earlier rounds."""
    memory, now, reached = context.memory, context.now, context.kept.reached
    if rung is State.OPERATIONAL:
        return (before or _fine_since(context)) if state.state is rung else None
    if ladder_rank(state.state) < ladder_rank(rung):
        return None
    posted, came_away = state.reading.posted_at, context.has_changed_away
    if posted is not None and posted > now.wall:
        posted = None
    # It was seen to be fine or less bad at these times, so an older post does not date this trouble.
    better = [
        at for at in (*reached[: ladder_rank(rung)], memory.previous_read_at if any(reached) else None) if at
    ]
    if posted is not None and before is None:
        posted = max([posted, *(at for at in better if at <= now.wall)])
    if before is not None:
        # The incident was posted during an absence, so it is another trouble than the one before it.
        away = memory.unread_since
        return posted if came_away and posted and away and before <= away < posted else before
    dates = [
        e.first_failure_wall
        for e in context.alarms
        if e.first_failure_wall is not None and state.suspected_state is not None
        if ladder_rank(state.suspected_state) >= ladder_rank(rung)
    ]
    if state.shown_page_state is not None and ladder_rank(state.shown_page_state) >= ladder_rank(rung):
        read = memory.page_read_at.wall if memory.page_read_at is not None else now.wall
        dates.append(min(posted, now.wall) if came_away and posted is not None else min(read, now.wall))
    if (
        state.edge_state is not None
        and ladder_rank(state.edge_state) >= ladder_rank(rung)
        and memory.edge_failing_since is not None
    ):
        # Edge trouble that is degraded for long enough becomes a partial outage: it began as degraded.
        degraded = (reached[ladder_rank(State.DEGRADED)] if reached else None) or now.wall
        dates.append(max(degraded, now.wall - timedelta(seconds=now.awake - memory.edge_failing_since)))
    return min(dates, default=now.wall)


def _fine_since(context: ProductContext) -> datetime | None:
    """Returns when the product was fine again: at the latest of the readings and answers that show it."""
    began = [at for at in context.kept.reached if at is not None]
    if not began:
        return None  # No change was ever seen, so it is not known since when it has been fine.
    dates = [e.first_answer_at for e in context.evidence]
    if context.history is not None and not context.history.shown_rungs[1].is_first_reading:
        dates.append(context.history.shown_rungs[1].since_wall)
    now = context.now.wall
    return max((at for at in dates if at is not None and max(began) <= at <= now), default=now)
