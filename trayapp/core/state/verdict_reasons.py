"""Why a verdict is what it is: each reason with its facts, before any language."""

from __future__ import annotations

from trayapp.core.state.component_names import all_of, ignored_components, nearest_listed
from trayapp.core.state.memory import Evidence, Memory, ProductState
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.state.product_state import probes_of
from trayapp.model import (
    Limits,
    Line,
    Outcome,
    Page,
    ProbeSpec,
    Reason,
    State,
    Why,
)

_OLD_COPY = 600.0
"""Seconds that an answer has lain in a cache when that is worth a word."""


def reasons_of(memory: Memory, limits: Limits, *, stale: bool) -> tuple[Reason, ...]:
    """All of them; `stale`: the page's word is too old to go by."""
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
    line = memory.shown_line
    whys = {Line.OFFLINE: Why.OFFLINE, Line.PORTAL: Why.PORTAL, Line.EDGE: Why.EDGE}
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
        if r.outcome in outcomes and r.finding is not None and r.finding.is_worth_a_line
    ]
