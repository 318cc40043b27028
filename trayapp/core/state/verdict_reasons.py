"""Lists the reasons of a verdict, each with its facts, in no language yet."""

from __future__ import annotations

from trayapp.core.state.component_names import find_all_components, ignored_components, nearest_component_name
from trayapp.core.state.memory import Memory, ProductState
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import NO_EVIDENCE, find_evidence, find_probes
from trayapp.model import (
    ConnectionState,
    Limits,
    Outcome,
    PageReading,
    ProbeSpec,
    Reason,
    ReasonKind,
    State,
)

_OLD_COPY_SECONDS = 600.0
"""The age in seconds from which a cached answer of the page is given as a reason."""


def list_reasons(memory: Memory, limits: Limits, *, stale: bool) -> tuple[Reason, ...]:
    """Lists all reasons; `stale`: the last reading is too old to use."""
    found = [*_connection_reasons(memory), *_page_reasons(memory, stale=stale)]
    for name in limits.follow:
        if name not in memory.product_states:
            continue
        state = memory.product_states[name]
        if not stale:
            found += state.reading.reasons
        found += _probe_reasons(memory, state, limits)
    if not stale and memory.page is not None:
        found += _ignored_reasons(memory.page, limits)
    return tuple(dict.fromkeys(found))


def _ignored_reasons(page: PageReading, limits: Limits) -> list[Reason]:
    """Lists the ignored components that are not operational, and the ignored names that the page lacks."""
    hurt = [c for c in ignored_components(page.components, limits) if c.state is not State.OPERATIONAL]
    unknown = [
        name for name in limits.ignore if page.whole and not find_all_components(name, page.components)
    ]
    nearest = {name: nearest_component_name(name, page.components) for name in unknown}
    return [
        *(Reason(ReasonKind.IGNORED, subject=c.name, state=c.state) for c in hurt),
        *(
            Reason(ReasonKind.IGNORED_UNKNOWN, subject=name, word=word)
            for name, word in nearest.items()
            if word
        ),
    ]


def _connection_reasons(memory: Memory) -> list[Reason]:
    line = memory.shown_connection
    whys = {
        ConnectionState.OFFLINE: ReasonKind.OFFLINE,
        ConnectionState.PORTAL: ReasonKind.PORTAL,
        ConnectionState.EDGE: ReasonKind.EDGE,
    }
    return [Reason(whys[line])] if line in whys else []


def _page_reasons(memory: Memory, *, stale: bool) -> list[Reason]:
    read = memory.page_read_at
    if memory.page_miss is not None and (stale or memory.connection in NO_INTERNET):
        miss, since = memory.page_miss, read.wall if read else None
        return [Reason(ReasonKind.PAGE_UNREADABLE, cause=miss.cause, status=miss.status, since=since)]
    if read is None:
        return [Reason(ReasonKind.NEVER_READ)]
    aged = memory.raw_page.age if memory.raw_page is not None else 0.0
    return [Reason(ReasonKind.OLD_COPY, since=read.wall)] if aged >= _OLD_COPY_SECONDS else []


def _probe_reasons(memory: Memory, state: ProductState, limits: Limits) -> list[Reason]:
    name = state.name
    specs = find_probes(memory, name, limits)
    results = [memory.probe_results[s.name] for s in specs if s.name in memory.probe_results and not s.keyed]
    found = [
        Reason(ReasonKind.LOCAL_CAUSE, subject=name, cause=r.cause, status=r.status)
        for r in results
        if r.outcome is Outcome.LOCAL
    ]
    evidence = find_evidence(memory, name, limits)
    unreachable = [e for e in evidence if e.unreachable_failures >= limits.checking_failures]
    if unreachable and not found:
        found.append(
            Reason(ReasonKind.UNREACHABLE_HERE, subject=name, since=unreachable[0].unreachable_since)
        )
    failing = max(evidence, key=lambda e: (e.has_alarm, e.score), default=NO_EVIDENCE)
    posted = state.shown_page_state is not None and state.shown_page_state.is_trouble
    if (state.checking and not unreachable) or state.suspected_state is not None:
        found.append(
            Reason(
                ReasonKind.PROBES_FAILED,
                subject=name,
                count=failing.failures,
                total=failing.polls,
                since=failing.first_failure_wall,
            )
        )
        found += _key_check_reasons(memory, name, specs, {Outcome.FAILURE, Outcome.ODD})
        if state.shown_page_state is not None and not posted and not state.reading.is_covered:
            found.append(Reason(ReasonKind.NOT_POSTED, subject=name))
    elif state.answers_since is not None:
        found.append(Reason(ReasonKind.ANSWERS_AGAIN, subject=name, since=state.answers_since))
    elif results and posted:
        alive = sum(r.outcome is Outcome.ALIVE for r in results)
        if alive == len(results):
            found.append(Reason(ReasonKind.PROBES_FINE, subject=name, count=alive, total=len(results)))
    return found + _key_check_reasons(memory, name, specs, {Outcome.LOCAL, Outcome.NEUTRAL})


def _key_check_reasons(
    memory: Memory, name: str, specs: tuple[ProbeSpec, ...], outcomes: set[Outcome]
) -> list[Reason]:
    """Lists the findings of the check with the person's key whose outcome is one of these."""
    results = [memory.probe_results[s.name] for s in specs if s.keyed and s.name in memory.probe_results]
    return [
        Reason(ReasonKind.KEY_CHECK, subject=name, status=r.status, finding=r.finding)
        for r in results
        if r.outcome in outcomes and r.finding is not None and r.finding.is_worth_showing
    ]
