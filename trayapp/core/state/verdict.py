"""Renders the memory as a verdict: the states to show, with reasons. It decides no notification.

Law 1, cited below, is in `docs/law.md`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from trayapp.core.audience.incident import incident_audience, is_only_for_others
from trayapp.core.state.clock_jumps import measure_gap
from trayapp.core.state.component_names import list_features
from trayapp.core.state.memory import Memory, ProductState
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import is_page_stale
from trayapp.core.state.verdict_reasons import list_reasons
from trayapp.model import (
    Incident,
    Limits,
    PageStatus,
    ProductVerdict,
    Reachability,
    RoundTerms,
    Stage,
    State,
    Verdict,
    ladder_rank,
)


def render_verdict(memory: Memory, terms: RoundTerms) -> Verdict:
    """Renders the verdict at a moment."""
    limits = terms.limits
    stale = is_page_stale(memory, terms)
    products = tuple(
        _render_product(memory, memory.product_states[name], stale=stale)
        for name in limits.follow
        if name in memory.product_states
    )
    state = _overall_state(memory, products)
    speaking = [p for p in products if p.state is state]
    verdict = Verdict(
        at=terms.now.wall,
        state=state,
        confirmed=not speaking or any(p.confirmed for p in speaking),
        # A product that is being checked does not make trouble hollow that the page confirms for another one.
        checking=any(p.checking for p in (speaking if state.is_trouble else products)),
        since=_verdict_start(memory, state, speaking),
        products=products,
        others=tuple(
            _render_product(memory, memory.product_states[name], stale=stale)
            for name in memory.readings
            if name not in limits.follow and name in memory.product_states
        ),
        features=list_features(memory.page.components, limits) if memory.page else (),
        incidents=_open_incidents(memory),
        audiences=_audiences_of_others(memory, limits),
        reasons=list_reasons(memory, limits, stale=stale),
        connection=memory.shown_connection,
        page=PageStatus(
            url=memory.page.url if memory.page else "",
            readable=not stale,
            last_miss=memory.page_miss,
            read_at=memory.page_read_at.wall if memory.page_read_at else None,
        ),
        probes=tuple(
            memory.probe_results[spec.name]
            for spec in limits.probes
            if not spec.keyed and spec.name in memory.probe_results
        ),
        key_check=next((memory.probe_results.get(spec.name) for spec in limits.probes if spec.keyed), None),
    )
    if memory.crowd is None or not limits.crowd:
        return verdict
    from trayapp.core.state.crowd_word import add_crowd_word  # loaded late: few people ask for it

    return add_crowd_word(verdict, memory, terms)


def _render_product(memory: Memory, state: ProductState, *, stale: bool) -> ProductVerdict:
    reading = state.reading
    incidents = () if stale else reading.incidents
    # A better state that was read only once is not shown yet, so it is not quoted either.
    is_quoted = state.shown_page_state is reading.state and state.state is reading.state
    return ProductVerdict(
        name=state.name,
        state=state.state,
        confirmed=state.confirmed,
        checking=state.checking,
        since=_state_start(memory, state),
        recovering=state.state.is_trouble and _is_recovering(memory, incidents),
        incidents=incidents,
        page_state=reading.page_state if is_quoted and reading.page_state is not state.state else None,
        parts=reading.parts if is_quoted else (),
        parts_state=reading.parts_state if is_quoted else None,
        reach=state.reach,
        answering=state.answering,
        answers_since=state.answers_since,
        audience=reading.audience if is_quoted else (),
        only_shown=is_quoted and state.state.is_trouble and not reading.notifiable_state.is_trouble,
    )


def _state_start(memory: Memory, state: ProductState) -> datetime | None:
    """Returns when the product's state began; None if that is not known."""
    kept = memory.saved.products.get(state.name)
    if kept is None or not kept.reached or not state.state.is_known:
        return None
    return kept.reached[ladder_rank(state.state)]


def _is_recovering(memory: Memory, incidents: tuple[str, ...]) -> bool:
    known = {i.id: i for i in memory.page.incidents} if memory.page else {}
    stages = {known[i].stage for i in incidents if i in known and known[i].impact is not State.OPERATIONAL}
    return stages == {Stage.MONITORING}


def _overall_state(memory: Memory, products: tuple[ProductVerdict, ...]) -> State:
    """Returns the worst known state, OFFLINE without internet, UNKNOWN if some are unknown and none bad."""
    if memory.connection in NO_INTERNET:
        return State.OFFLINE
    known = [p.state for p in products if p.state.is_known]
    top = max(known, key=ladder_rank, default=State.UNKNOWN)
    if len(known) < len(products) and not top.is_trouble:
        return State.UNKNOWN
    return top


def _verdict_start(memory: Memory, state: State, speaking: list[ProductVerdict]) -> datetime | None:
    if state.is_known:
        return min((p.since for p in speaking if p.since is not None), default=None)
    if state is State.OFFLINE and memory.offline_since is not None:
        return memory.offline_since.wall
    return memory.page_read_at.wall if memory.page_read_at else None


def _open_incidents(memory: Memory) -> tuple[Incident, ...]:
    if memory.page is None:
        return ()
    never = datetime.min.replace(tzinfo=UTC)
    running = [i for i in memory.page.incidents if i.is_open]
    return tuple(sorted(running, key=lambda i: (i.started_at or never, i.id), reverse=True))


def _audiences_of_others(memory: Memory, limits: Limits) -> dict[str, tuple[str, ...]]:
    """Returns incident id -> whom it names, for open incidents that only concern other people."""
    theirs = [i for i in _open_incidents(memory) if is_only_for_others(i, limits.me)]
    return {i.id: incident_audience(i).names for i in theirs}


def render_after_round(
    verdict: Verdict | None, memory: Memory, terms: RoundTerms, *, is_doubted: bool
) -> Verdict | None:
    """Returns the verdict still valid after its round: sleep, a set clock or a stale page undo it (law 1)."""
    if verdict is None or is_doubted:
        return verdict and render_waking(verdict)
    is_old = verdict.page.readable and is_page_stale(memory, terms)
    slept = memory.moment is not None and measure_gap(memory.moment, terms.now, terms.limits).is_disturbance
    return render_waking(verdict) if is_old or slept else verdict


def render_waking(verdict: Verdict) -> Verdict:
    """Returns the verdict to show from waking until a round has ended, with every product unknown."""
    products = tuple(
        replace(
            p,
            state=State.UNKNOWN,
            checking=True,
            since=None,
            page_state=None,
            parts=(),
            reach=Reachability.NOT_ASKED,
            reported_by_people=False,
        )
        for p in verdict.products
    )
    return replace(verdict, state=State.UNKNOWN, confirmed=True, checking=True, since=None, products=products)
