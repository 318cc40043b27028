"""Memory -> Verdict: what shows, with its reasons. It decides nothing that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from trayapp.core.audience import audience_of, names_only_others
from trayapp.core.state.memory import Evidence, Memory, ProductState
from trayapp.core.state.naming import all_of, features_of, ignored_components, nearest_listed
from trayapp.core.state.probing import AWAY_FROM_NET
from trayapp.core.state.product_state import is_stale, probes_of
from trayapp.core.state.sleep import measure_gap
from trayapp.model import (
    Finding,
    Incident,
    Limits,
    Line,
    Moment,
    Outcome,
    Page,
    PageStatus,
    ProbeSpec,
    ProductVerdict,
    Reach,
    Reason,
    Stage,
    State,
    Verdict,
    Why,
    rank,
)

TOLD = frozenset(Finding) - {
    Finding.WHOLE, Finding.BUSY, Finding.ELSEWHERE, Finding.UNCLEAR
}  # fmt: skip
"""Findings that are worth a line."""
_OLD_COPY = 600.0
"""Seconds that an answer has lain in a cache when that is worth a word."""


def render_verdict(memory: Memory, now: Moment, limits: Limits) -> Verdict:
    """The verdict at a moment."""
    stale = is_stale(memory, now, limits)
    products = tuple(
        _product(memory, memory.products[name], stale=stale)
        for name in limits.follow
        if name in memory.products
    )
    state = _overall(memory, products)
    speaking = [p for p in products if p.state is state]
    return Verdict(
        at=now.wall,
        state=state,
        confirmed=not speaking or any(p.confirmed for p in speaking),
        # A product that is being checked makes nothing hollow that the page has confirmed for another.
        checking=any(p.checking for p in (speaking if state.is_trouble else products)),
        since=_since(memory, state, speaking),
        products=products,
        others=tuple(
            _product(memory, memory.products[name], stale=stale)
            for name in memory.words
            if name not in limits.follow and name in memory.products
        ),
        features=features_of(memory.page.components, limits) if memory.page else (),
        incidents=_incidents(memory),
        only=_only(memory, limits),
        reasons=_reasons(memory, limits, stale=stale),
        line=Line.EDGE if memory.edge_since is not None and memory.line is Line.GOOD else memory.line,
        page=PageStatus(
            url=memory.page.url if memory.page else "",
            readable=not stale,
            why=memory.miss,
            read_at=memory.page_read.wall if memory.page_read else None,
        ),
        probes=tuple(
            memory.results[spec.name]
            for spec in limits.probes
            if not spec.keyed and spec.name in memory.results
        ),
        answers=next((memory.results.get(spec.name) for spec in limits.probes if spec.keyed), None),
    )


def _product(memory: Memory, state: ProductState, *, stale: bool) -> ProductVerdict:
    word = state.word
    incidents = () if stale else word.incidents
    # A better word that was read only once is not shown yet, so it is not quoted either.
    is_quoted = state.page is word.state and state.state is word.state
    return ProductVerdict(
        name=state.name,
        state=state.state,
        confirmed=state.confirmed,
        checking=state.checking,
        since=_held_since(memory, state),
        recovering=state.state.is_trouble and _is_recovering(memory, incidents),
        incidents=incidents,
        said=word.said if is_quoted and word.said is not state.state else None,
        parts=word.parts if is_quoted else (),
        parts_state=word.parts_state if is_quoted else None,
        reach=state.reach,
        answering=state.answering,
        answers_since=state.answers_since,
        only=word.only if is_quoted else (),
    )


def _held_since(memory: Memory, state: ProductState) -> datetime | None:
    """When the state began that it is in."""
    kept = memory.kept.products.get(state.name)
    if kept is None or not kept.reached or not state.state.is_known:
        return None
    return kept.reached[rank(state.state)]


def _is_recovering(memory: Memory, incidents: tuple[str, ...]) -> bool:
    known = {i.id: i for i in memory.page.incidents} if memory.page else {}
    stages = {known[i].stage for i in incidents if i in known and known[i].impact is not State.OPERATIONAL}
    return stages == {Stage.MONITORING}


def _overall(memory: Memory, products: tuple[ProductVerdict, ...]) -> State:
    """The worst of what is known, unless this computer is offline; what is not known hides what is fine, not trouble."""
    if memory.line in AWAY_FROM_NET:
        return State.OFFLINE
    known = [p.state for p in products if p.state.is_known]
    top = max(known, key=rank, default=State.UNKNOWN)
    if len(known) < len(products) and not top.is_trouble:
        return State.UNKNOWN
    return top


def _since(memory: Memory, state: State, speaking: list[ProductVerdict]) -> datetime | None:
    if state.is_known:
        return min((p.since for p in speaking if p.since is not None), default=None)
    if state is State.OFFLINE and memory.offline_since is not None:
        return memory.offline_since.wall
    return memory.page_read.wall if memory.page_read else None


def _incidents(memory: Memory) -> tuple[Incident, ...]:
    if memory.page is None:
        return ()
    never = datetime.min.replace(tzinfo=UTC)
    running = [i for i in memory.page.incidents if i.open]
    return tuple(sorted(running, key=lambda i: (i.started_at or never, i.id), reverse=True))


def _only(memory: Memory, limits: Limits) -> dict[str, tuple[str, ...]]:
    """Whom alone open incidents name, where that is not this person."""
    theirs = [i for i in _incidents(memory) if names_only_others(i, limits.me)]
    return {i.id: audience_of(i).names for i in theirs}


def _reasons(memory: Memory, limits: Limits, *, stale: bool) -> tuple[Reason, ...]:
    found = [*_line_reasons(memory), *_page_reasons(memory, stale=stale)]
    for name in limits.follow:
        if name not in memory.products:
            continue
        state = memory.products[name]
        if not stale:
            found += state.word.reasons
        found += _probe_reasons(memory, state, limits)
    if not stale and memory.page is not None:
        found += _ignored_reasons(memory.page, limits)
    return tuple(dict.fromkeys(found))


def _ignored_reasons(page: Page, limits: Limits) -> list[Reason]:
    """What is wrong with components that are ignored, and what is ignored though the page does not have it."""
    hurt = [c for c in ignored_components(page.components, limits) if c.state is not State.OPERATIONAL]
    unknown = [name for name in limits.ignore if page.whole and not all_of(name, page.components)]
    nearest = {name: nearest_listed(name, page.components) for name in unknown}
    return [
        *(Reason(Why.IGNORED, who=c.name, state=c.state) for c in hurt),
        *(Reason(Why.IGNORED_UNKNOWN, who=name, word=word) for name, word in nearest.items() if word),
    ]


def _line_reasons(memory: Memory) -> list[Reason]:
    line = Line.EDGE if memory.edge_since is not None and memory.line is Line.GOOD else memory.line
    whys = {
        Line.OFFLINE: Why.OFFLINE,
        Line.PORTAL: Why.PORTAL,
        Line.EDGE: Why.EDGE,
    }
    return [Reason(whys[line])] if line in whys else []


def _page_reasons(memory: Memory, *, stale: bool) -> list[Reason]:
    read = memory.page_read
    if memory.miss is not None and (stale or memory.line in AWAY_FROM_NET):
        miss, since = memory.miss, read.wall if read else None
        return [Reason(Why.PAGE_UNREADABLE, cause=miss.cause, status=miss.status, since=since)]
    if read is None:
        return [Reason(Why.NEVER_READ)]
    aged = memory.raw.age if memory.raw is not None else 0.0
    return [Reason(Why.OLD_COPY, since=read.wall)] if aged >= _OLD_COPY else []


def _probe_reasons(memory: Memory, state: ProductState, limits: Limits) -> list[Reason]:
    name = state.name
    specs = probes_of(memory, name, limits)
    results = [memory.results[s.name] for s in specs if s.name in memory.results and not s.keyed]
    found = [
        Reason(Why.LOCAL, who=name, cause=r.cause, status=r.status)
        for r in results
        if r.outcome is Outcome.LOCAL
    ]
    evidence = [memory.evidence.get(s.name, Evidence()) for s in specs]
    unreachable = [e for e in evidence if e.unreachable >= limits.checking_failures]
    if unreachable and not found:
        found.append(Reason(Why.UNREACHABLE_HERE, who=name, since=unreachable[0].unreachable_since))
    failing = max(evidence, key=lambda e: (e.alarm, e.score), default=Evidence())
    posted = state.page is not None and state.page.is_trouble
    if (state.checking and not unreachable) or state.suspected is not None:
        found.append(
            Reason(
                Why.PROBES_FAILED,
                who=name,
                count=failing.failed,
                total=failing.looks,
                since=failing.first_wall,
            )
        )
        found += _answer_reasons(memory, name, specs, {Outcome.FAILURE, Outcome.ODD})
        if state.page is not None and not posted and not state.word.covered:
            found.append(Reason(Why.NOT_POSTED, who=name))
    elif state.answers_since is not None:
        found.append(Reason(Why.ANSWERS_AGAIN, who=name, since=state.answers_since))
    elif results and posted:
        alive = sum(r.outcome is Outcome.ALIVE for r in results)
        if alive == len(results):
            found.append(Reason(Why.PROBES_FINE, who=name, count=alive, total=len(results)))
    return found + _answer_reasons(memory, name, specs, {Outcome.LOCAL, Outcome.NEUTRAL})


def _answer_reasons(
    memory: Memory, name: str, specs: tuple[ProbeSpec, ...], outcomes: set[Outcome]
) -> list[Reason]:
    """What became of the answer asked for with the person's key, where that is one of these outcomes."""
    results = [memory.results[s.name] for s in specs if s.keyed and s.name in memory.results]
    return [
        Reason(Why.ANSWERS, who=name, status=r.status, finding=r.finding)
        for r in results
        if r.outcome in outcomes and r.finding in TOLD
    ]


def render_between(
    verdict: Verdict | None, memory: Memory, now: Moment, limits: Limits, *, is_doubted: bool
) -> Verdict | None:
    """A verdict as it holds at a moment after its round: sleep, a clock that was set and too old a page undo it (law 1)."""
    if verdict is None or is_doubted:
        return verdict and render_waking(verdict)
    is_old = verdict.page.readable and is_stale(memory, now, limits)
    slept = memory.moment is not None and measure_gap(memory.moment, now, limits).is_disturbance
    return render_waking(verdict) if is_old or slept else verdict


def render_waking(verdict: Verdict) -> Verdict:
    """The verdict to show from waking until a round has ended: what was known is not known to hold any more."""
    products = tuple(
        replace(p, state=State.UNKNOWN, checking=True, since=None, said=None, parts=(), reach=Reach.NOT_ASKED)
        for p in verdict.products
    )
    return replace(verdict, state=State.UNKNOWN, confirmed=True, checking=True, since=None, products=products)
