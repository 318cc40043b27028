"""Combines readings and evidence of probes into a product's state (laws 1, 3, 5 and 7 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, Memory, ProductReading, ProductState
from trayapp.core.state.probe_doubts import find_edge_state, find_reachability, find_suspected_state
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.readings import worst_read_twice, worst_still_lasting
from trayapp.core.state.recovery import recovery_start
from trayapp.model import LADDER, Limits, Moment, ProbeSpec, SavedProduct, State, ladder_rank, worst_state

_UNREADABLE_AFTER = 2
"""The number of misses in a row after which the page counts as unreadable."""


def is_page_stale(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Decides whether the last reading is too old to use (law 1), or there is none since the start."""
    if memory.page_read_at is None:
        return True
    return now.awake - memory.page_read_at.awake > stale_after(memory, limits)


def find_probes(memory: Memory, name: str, limits: Limits) -> tuple[ProbeSpec, ...]:
    """Returns the probes of a followed name: those of the product itself or of its group."""
    word = memory.readings.get(name)
    products = {name, *(word.groups if word else ())}
    return tuple(spec for spec in limits.probes if spec.product in products)


def find_evidence(memory: Memory, name: str, limits: Limits) -> tuple[Evidence, ...]:
    """Returns the evidence of each probe of a followed name."""
    return tuple(memory.evidence.get(spec.name, Evidence()) for spec in find_probes(memory, name, limits))


def update_product_states(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """Judges each followed product and the page's others, once for the round, and dates their states."""
    others = tuple(name for name in memory.readings if name not in limits.follow)
    states = {name: judge_product(memory, name, now, limits) for name in (*limits.follow, *others)}
    products = dict(memory.saved.products)
    for name in limits.follow:
        if name in products or states[name].suspected_state is not None:
            products[name] = _date_rungs(
                memory, products.get(name, SavedProduct()), states[name], now, limits
            )
    return replace(memory, product_states=states, saved=replace(memory.saved, products=products))


def judge_product(memory: Memory, name: str, now: Moment, limits: Limits) -> ProductState:
    """Judges the state of one product now."""
    word = memory.readings.get(name, ProductReading(None))
    history, kept = memory.histories.get(name), memory.saved.products.get(name, SavedProduct())
    page = None if is_page_stale(memory, now, limits) or history is None else history.shown_state
    found = find_evidence(memory, name, limits)
    own = find_probes(memory, name, limits)
    suspected = find_suspected_state(memory, name, own, found, limits)
    edge = find_edge_state(memory, own, now, limits) if suspected is None else None
    unreachable = any(e.unreachable_failures >= limits.checking_failures for e in found)
    state = State.UNKNOWN if page is None else page
    for doubt in (suspected, edge):
        if doubt is not None and ladder_rank(doubt) > (ladder_rank(page) if page is not None else 0):
            state = doubt
    checking = suspected is None and any(weighing.is_checking(e, limits) for e in found)
    confirmed = page is not None and page.is_trouble
    return ProductState(
        name=name,
        shown_page_state=page,
        suspected_state=suspected,
        edge_state=edge,
        state=state,
        confirmed=confirmed or (suspected is None and edge is None),
        # Trouble that the page has confirmed stays solid, whatever the probes then find.
        checking=(checking or unreachable) and not confirmed,
        reach=find_reachability(memory, own, found),
        answering=suspected is not None
        and all(e.answers_in_row >= limits.answers_shown for e in found if e.has_alarm),
        answers_since=recovery_start(page, word, kept, found, limits),
        notifiable_state=_notifiable_state(memory, name, page, suspected, edge, limits),
        lasting_state=_lasting_state(memory, name, suspected, edge, now, limits),
        reading=word,
    )


def _notifiable_state(  # noqa: PLR0913, PLR0917 - the witnesses that a notification rests on
    memory: Memory,
    name: str,
    page: State | None,
    suspected: State | None,
    edge: State | None,
    limits: Limits,
) -> State:
    """Returns the worst state to notify: read twice, suspected long enough, or seen by page and probes."""
    history, read = memory.histories.get(name), memory.page_read_at
    found = [State.OPERATIONAL, *([suspected] if suspected else [])]
    if edge is State.PARTIAL:
        found.append(edge)
    if page is not None and history is not None and read is not None:
        agreed = suspected is not None or _is_posted_and_unreachable(memory, name, limits)
        reading = worst_read_twice(history, read, 0.0 if agreed else limits.second_reading_after)
        # Trouble that the native feed adds counts from the next reading, as an end would miss it before;
        # trouble that it removes is gone at once.
        word = memory.readings.get(name, ProductReading(None)).notifiable_state
        found.append(min(reading, word, key=ladder_rank) if agreed else reading)
    return worst_state(found)


def _is_posted_and_unreachable(memory: Memory, name: str, limits: Limits) -> bool:
    """Decides whether a product is unreachable and all its incidents name somebody: one reading is enough."""
    if all(e.unreachable_failures < limits.checking_failures for e in find_evidence(memory, name, limits)):
        return False
    posted, page = memory.readings.get(name, ProductReading(None)).incidents, memory.page
    named = {i.id for i in page.incidents if i.components or i.products} if page is not None else set()
    return named.issuperset(posted)


def _lasting_state(  # noqa: PLR0913, PLR0917 - the witnesses that an end rests on
    memory: Memory,
    name: str,
    suspected: State | None,
    edge: State | None,
    now: Moment,
    limits: Limits,
) -> State | None:
    """Returns the worst state that is not over yet; None while that cannot be known."""
    doubts = [doubt for doubt in (suspected, edge) if doubt is not None]
    history, read = memory.histories.get(name), memory.page_read_at
    kept = memory.saved.products.get(name, SavedProduct())
    stale = is_page_stale(memory, now, limits)
    if stale or history is None or read is None:
        unreadable = memory.page_misses >= _UNREADABLE_AFTER
        alone = unreadable and not kept.confirmed and memory.connection not in NO_INTERNET
        # If only probes showed the start and the page cannot be read, the probes decide the end.
        return worst_state(doubts) if alone and (find_probes(memory, name, limits) or kept.edge) else None
    if history.gone_since is not None:
        return worst_state(doubts) if doubts or not kept.confirmed else None
    whole = memory.page is not None and memory.page.whole
    # A page not read whole may leave out a component that is down: its readings must agree for longer.
    span = limits.end_readings_span if whole else limits.stale_at_least
    if memory.readings.get(name, ProductReading(None)).fix_applied and any(
        e.is_failing for e in find_evidence(memory, name, limits)
    ):
        return worst_state([*doubts, kept.told])
    return worst_state([*doubts, worst_still_lasting(history, read, span)])


def _date_rungs(
    memory: Memory, kept: SavedProduct, state: ProductState, now: Moment, limits: Limits
) -> SavedProduct:
    """Dates for each rung since when the product has been at least that bad; a miss changes no date."""
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
    if ladder_rank(state.state) < ladder_rank(rung):
        return None
    posted, came_away = state.reading.posted_at, _has_changed_away(memory, state.name)
    if posted is not None and posted > now.wall:
        posted = None
    # It was seen to be fine or less bad at these times, so an older post does not date this trouble.
    better = [
        at for at in memory.saved.products.get(state.name, SavedProduct()).reached[: ladder_rank(rung)] if at
    ]
    if posted is not None and before is None:
        posted = max([posted, *(at for at in better if at <= now.wall)])
    if before is not None:
        # The incident was posted during an absence, so it is another trouble than the one before.
        if came_away and posted and memory.absence_start and posted > max(before, memory.absence_start):
            return posted
        return before
    dates = [
        e.first_failure_wall
        for e in find_evidence(memory, state.name, limits)
        if e.has_alarm and e.first_failure_wall is not None and state.suspected_state is not None
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
        reached = memory.saved.products.get(state.name, SavedProduct()).reached
        degraded = (reached[ladder_rank(State.DEGRADED)] if reached else None) or now.wall
        dates.append(max(degraded, now.wall - timedelta(seconds=now.awake - memory.edge_failing_since)))
    return min(dates, default=now.wall)


def _fine_since(memory: Memory, name: str, now: Moment, limits: Limits) -> datetime | None:
    """Returns when the product was fine again: at the latest of the readings and answers that show it."""
    began = [at for at in memory.saved.products.get(name, SavedProduct()).reached if at is not None]
    if not began:
        return None  # No change was ever seen, so it is not known since when it has been fine.
    history = memory.histories.get(name)
    left = (
        [history.shown_rungs[1].since_wall]
        if history is not None and not history.shown_rungs[1].is_first_reading
        else []
    )
    back = [e.first_answer_at for e in find_evidence(memory, name, limits) if e.first_answer_at is not None]
    return max((at for at in (*left, *back) if max(began) <= at <= now.wall), default=now.wall)


def _has_changed_away(memory: Memory, name: str) -> bool:
    history = memory.histories.get(name)
    return history is not None and history.changed_away
