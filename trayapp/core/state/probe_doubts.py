"""What a product's own probes make of it: suspected, behind Cloudflare's edge, out of reach (laws 5 and 6)."""

from __future__ import annotations

from trayapp.core.state.memory import Evidence, Memory
from trayapp.model import KeptProduct, Limits, Moment, Outcome, ProbeSpec, Reach, State, worst


def suspect(
    memory: Memory, name: str, own: tuple[ProbeSpec, ...], found: tuple[Evidence, ...], limits: Limits
) -> State | None:
    """One product failing may be one product's trouble; two at once are a major one, until each is over for itself."""
    if not any(e.alarm for e in found):
        return None
    if all(e.only_cut for e in found if e.alarm):
        return State.DEGRADED  # it answers, and breaks off
    # Another product's streams say nothing of this one.
    alarmed = {
        s.product
        for s in limits.probes
        if memory.evidence.get(s.name, Evidence()).alarm and (s in own or not s.keyed)
    }
    kept = memory.kept.products.get(name, KeptProduct())
    before = kept.told if kept.told.is_trouble and not kept.confirmed else State.PARTIAL
    return State.MAJOR if len(alarmed) > 1 else worst([State.PARTIAL, before])


def suspect_edge(memory: Memory, own: tuple[ProbeSpec, ...], now: Moment, limits: Limits) -> State | None:
    """What trouble at Cloudflare's edge makes of a product whose checks fail (law 6)."""
    if memory.edge_since is None:
        return None
    failing = {
        spec.product
        for spec in limits.probes
        if not spec.keyed
        and (result := memory.results.get(spec.name)) is not None
        and result.outcome is Outcome.FAILURE
    }
    if failing.isdisjoint(spec.product for spec in own):
        return None
    held = now.awake - memory.edge_since >= limits.edge_told_after
    return State.PARTIAL if held and len(failing) > 1 else State.DEGRADED


def find_reach(memory: Memory, own: tuple[ProbeSpec, ...], found: tuple[Evidence, ...]) -> Reach:
    """Whether this computer gets through to what the probes of a product ask, with or without a key."""
    keyless = [spec for spec in own if not spec.keyed]
    results = [memory.results[spec.name] for spec in keyless if spec.name in memory.results]
    if not results:
        return Reach.NOT_ASKED
    if any(e.unreachable for e in found) or all(r.outcome is Outcome.LOCAL for r in results):
        return Reach.UNREACHABLE_HERE
    failing = any(e.failing or e.alarm for e in found)
    return Reach.FAILING if failing else Reach.OK
