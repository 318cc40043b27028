"""Judges a product by its probes: suspected, edge trouble, unreachable (laws 5 and 6 of `docs/law.md`)."""

from __future__ import annotations

from trayapp.core.state.memory import Evidence
from trayapp.core.state.product_context import ProductContext
from trayapp.model import Outcome, Reachability, State, worst_state


def find_suspected_state(context: ProductContext) -> State | None:
    """Returns the state by alarms: major with one of another product, else partial or as notified."""
    if not context.alarms:
        return None
    if all(e.has_only_cut_streams for e in context.alarms):
        return State.DEGRADED  # it answers, but its streams break off
    # Broken streams of another product are no evidence about this one.
    alarmed = {
        s.product
        for s in context.limits.probes
        if context.memory.evidence.get(s.name, Evidence()).has_alarm and (s in context.probes or not s.keyed)
    }
    kept = context.kept
    before = kept.told if kept.told.is_trouble and not kept.confirmed else State.PARTIAL
    return State.MAJOR if len(alarmed) > 1 else worst_state([State.PARTIAL, before])


def find_edge_state(context: ProductContext) -> State | None:
    """Returns the state by trouble at Cloudflare's edge of a product whose probes fail (law 6)."""
    memory, limits = context.memory, context.limits
    if memory.edge_failing_since is None:
        return None
    failing = {
        spec.product
        for spec in limits.probes
        if not spec.keyed
        and (result := memory.probe_results.get(spec.name)) is not None
        and result.outcome is Outcome.FAILURE
    }
    if failing.isdisjoint(spec.product for spec in context.probes):
        return None
    held = context.now.awake - memory.edge_failing_since >= limits.edge_told_after
    return State.PARTIAL if held and len(failing) > 1 else State.DEGRADED


def find_reachability(context: ProductContext) -> Reachability:
    """Decides whether this computer reaches the hosts that a product's probes ask."""
    known, found = context.memory.probe_results, context.evidence
    results = [known[spec.name] for spec in context.probes if not spec.keyed and spec.name in known]
    if not results:
        return Reachability.NOT_ASKED
    if any(e.unreachable_failures for e in found) or all(r.outcome is Outcome.LOCAL for r in results):
        return Reachability.UNREACHABLE_HERE
    failing = any(e.is_failing or e.has_alarm for e in found)
    return Reachability.FAILING if failing else Reachability.OK
