"""How a product stands: the page's word and the probes' suspicion put together (laws 1, 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.core import evidence
from trayapp.core.memory import Evidence, Memory
from trayapp.model import Limits, Line, Moment, Outcome, ProbeSpec, State, rank, worst

AWAY_FROM_NET = frozenset({Line.OFFLINE, Line.PORTAL})


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one product now."""

    page: State | None
    """The page's own recent word; None when there is none."""
    suspected: State | None
    """What failing probes make of it."""
    state: State
    confirmed: bool
    checking: bool


def in_trouble(state: State) -> bool:
    """Whether a state of the ladder is trouble; maintenance is not."""
    return rank(state) >= rank(State.DEGRADED)


def stale(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether the page's word is too old to go by (law 1); one never read since the start is."""
    if memory.page_read is None:
        return True
    return now.awake - memory.page_read.awake > stale_after(limits)


def stale_after(limits: Limits) -> float:
    """Seconds awake after which a reading is too old to go by."""
    return max(limits.stale_intervals * limits.page_interval, limits.stale_at_least)


def is_over(memory: Memory, name: str, now: Moment, limits: Limits) -> bool:
    """Whether the page has said twice that all is well, and no probe that failed speaks against it (law 7).

    A page that never was read whole may leave out what is down: its word must have held for longer.
    """
    said, read = memory.says.get(name), memory.page_read
    if said is None or said.fine_since is None or read is None or stale(memory, now, limits):
        return False
    whole = memory.page is not None and memory.page.whole
    span = limits.clear_page_span if whole else limits.stale_at_least
    if read.awake - said.fine_since < span:
        return False
    found = (memory.evidence.get(spec.name, Evidence()) for spec in probes_of(memory, name, limits))
    return all(evidence.cleared(e, now, limits) for e in found)


def probes_of(memory: Memory, name: str, limits: Limits) -> tuple[ProbeSpec, ...]:
    """The probes that speak for a followed name: those of the product itself or of the group it belongs to."""
    said = memory.says.get(name)
    products = {name, *(said.groups if said else ())}
    return tuple(spec for spec in limits.probes if spec.product in products)


def stand(memory: Memory, name: str, now: Moment, limits: Limits) -> Standing:
    """How a product stands now."""
    said = memory.says.get(name)
    page = None if said is None or stale(memory, now, limits) else said.state
    found = [memory.evidence.get(spec.name, Evidence()) for spec in probes_of(memory, name, limits)]
    suspected = _suspected(memory, limits) if any(e.alarm for e in found) else None
    state = State.UNKNOWN if page is None else page
    if suspected is not None:
        state = worst([suspected] if page is None else [suspected, page])
    elif page is not None and not in_trouble(page) and _edge(memory, name, limits):
        return Standing(page, None, State.DEGRADED, confirmed=False, checking=False)
    return Standing(
        page=page,
        suspected=suspected,
        state=state,
        confirmed=suspected is None or (page is not None and in_trouble(page)),
        checking=suspected is None and any(evidence.checking(e, limits) for e in found),
    )


def _suspected(memory: Memory, limits: Limits) -> State:
    """One product failing may be one product's trouble; two at once are a major one."""
    alarmed = {s.product for s in limits.probes if memory.evidence.get(s.name, Evidence()).alarm}
    return State.MAJOR if len(alarmed) > 1 else State.PARTIAL


def _edge(memory: Memory, name: str, limits: Limits) -> bool:
    if memory.line is not Line.EDGE:
        return False
    results = (memory.results.get(spec.name) for spec in probes_of(memory, name, limits))
    return any(r is not None and r.outcome is Outcome.FAILURE for r in results)
