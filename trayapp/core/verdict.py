"""Memory -> Verdict: what shows, with its reasons. It decides nothing that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from trayapp.core.memory import Evidence, Memory, Says
from trayapp.core.standing import AWAY_FROM_NET, Standing, in_trouble, probes_of, stale, stand
from trayapp.model import (
    Incident,
    KeptProduct,
    Limits,
    Line,
    Moment,
    Outcome,
    PageStatus,
    ProductVerdict,
    Reason,
    Stage,
    State,
    Verdict,
    Why,
    on_ladder,
    rank,
)


def render(memory: Memory, now: Moment, limits: Limits) -> Verdict:
    """The verdict at a moment."""
    products = tuple(_product(memory, name, now, limits) for name in limits.follow)
    state = _overall(memory, products)
    speaking = [p for p in products if p.state is state]
    return Verdict(
        at=now.wall,
        state=state,
        confirmed=not speaking or any(p.confirmed for p in speaking),
        checking=any(p.checking for p in products),
        since=_since(memory, state, speaking),
        products=products,
        others=tuple(
            _product(memory, name, now, limits) for name in memory.says if name not in limits.follow
        ),
        incidents=_incidents(memory),
        reasons=_reasons(memory, now, limits),
        line=memory.line,
        page=PageStatus(
            url=memory.page.url if memory.page else "",
            readable=not stale(memory, now, limits),
            why=memory.miss,
            read_at=memory.page_read.wall if memory.page_read else None,
        ),
        probes=tuple(memory.results[spec.name] for spec in limits.probes if spec.name in memory.results),
    )


def _product(memory: Memory, name: str, now: Moment, limits: Limits) -> ProductVerdict:
    standing = stand(memory, name, now, limits)
    kept = memory.kept.products.get(name)
    said = memory.says.get(name, Says(None))
    incidents = () if stale(memory, now, limits) else said.incidents
    trouble = on_ladder(standing.state) and in_trouble(standing.state)
    return ProductVerdict(
        name=name,
        state=standing.state,
        confirmed=standing.confirmed,
        checking=standing.checking,
        since=None if kept is None else _held_since(kept, standing, trouble=trouble),
        recovering=trouble and _recovering(memory, incidents),
        incidents=incidents,
    )


def _held_since(kept: KeptProduct, standing: Standing, *, trouble: bool) -> datetime | None:
    """When the trouble began, however it has changed since; of a calm product, when it became so."""
    if trouble:
        return kept.trouble_since
    return kept.since if standing.page is not None else None


def _recovering(memory: Memory, incidents: tuple[str, ...]) -> bool:
    known = {i.id: i for i in memory.page.incidents} if memory.page else {}
    stages = {known[i].stage for i in incidents if i in known and known[i].impact is not State.OPERATIONAL}
    return stages == {Stage.MONITORING}


def _overall(memory: Memory, products: tuple[ProductVerdict, ...]) -> State:
    """The worst of what is known, unless this computer is offline; what is not known hides what is fine, not trouble."""
    if memory.line in AWAY_FROM_NET:
        return State.OFFLINE
    known = [p.state for p in products if on_ladder(p.state)]
    top = max(known, key=rank, default=State.UNKNOWN)
    if len(known) < len(products) and not (on_ladder(top) and in_trouble(top)):
        return State.UNKNOWN
    return top


def _since(memory: Memory, state: State, speaking: list[ProductVerdict]) -> datetime | None:
    if on_ladder(state):
        return min((p.since for p in speaking if p.since is not None), default=None)
    return memory.page_read.wall if memory.page_read else None


def _incidents(memory: Memory) -> tuple[Incident, ...]:
    if memory.page is None:
        return ()
    never = datetime.min.replace(tzinfo=UTC)
    running = [i for i in memory.page.incidents if i.open]
    return tuple(sorted(running, key=lambda i: (i.started_at or never, i.id), reverse=True))


def _reasons(memory: Memory, now: Moment, limits: Limits) -> tuple[Reason, ...]:
    found = [*_line_reasons(memory), *_page_reasons(memory, now, limits)]
    for name in limits.follow:
        standing = stand(memory, name, now, limits)
        if not stale(memory, now, limits):
            found += memory.says.get(name, Says(None)).reasons
        found += _probe_reasons(memory, name, standing, limits)
    return tuple(dict.fromkeys(found))


def _line_reasons(memory: Memory) -> list[Reason]:
    why = {Line.OFFLINE: Why.OFFLINE, Line.PORTAL: Why.PORTAL, Line.EDGE: Why.EDGE}.get(memory.line)
    return [] if why is None else [Reason(why)]


def _page_reasons(memory: Memory, now: Moment, limits: Limits) -> list[Reason]:
    found = []
    since = memory.page_read.wall if memory.page_read else None
    if memory.miss is not None and (stale(memory, now, limits) or memory.line in AWAY_FROM_NET):
        found.append(
            Reason(Why.PAGE_UNREADABLE, cause=memory.miss.cause, status=memory.miss.status, since=since)
        )
    elif memory.page_read is None:
        found.append(Reason(Why.NEVER_READ))
    if memory.passed_over:
        found.append(Reason(Why.SLOWER_CACHE))
    return found


def _probe_reasons(memory: Memory, name: str, standing: Standing, limits: Limits) -> list[Reason]:
    specs = probes_of(memory, name, limits)
    results = [memory.results[s.name] for s in specs if s.name in memory.results]
    found = [
        Reason(Why.LOCAL, who=name, cause=r.cause, status=r.status)
        for r in results
        if r.outcome is Outcome.LOCAL
    ]
    evidence = [memory.evidence.get(s.name, Evidence()) for s in specs]
    failing = max(evidence, key=lambda e: (e.alarm, e.score), default=Evidence())
    if standing.checking or standing.suspected is not None:
        found.append(
            Reason(
                Why.PROBES_FAILED,
                who=name,
                count=failing.failed,
                total=failing.looks,
                since=failing.first_wall,
            )
        )
        if standing.page is not None and not in_trouble(standing.page):
            found.append(Reason(Why.NOT_POSTED, who=name))
    elif results and standing.page is not None and in_trouble(standing.page):
        alive = sum(r.outcome is Outcome.ALIVE for r in results)
        if alive == len(results):
            found.append(Reason(Why.PROBES_FINE, who=name, count=alive, total=len(results)))
    return found


def waking(verdict: Verdict) -> Verdict:
    """The verdict to show from waking until a round has ended: what was known is not known to hold any more."""
    products = tuple(replace(p, state=State.UNKNOWN, checking=True, since=None) for p in verdict.products)
    return replace(verdict, state=State.UNKNOWN, confirmed=True, checking=True, since=None, products=products)
