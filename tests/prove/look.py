"""One look at the world: what `sources.look` would bring of it."""

from __future__ import annotations

from dataclasses import replace

from tests.prove.heard import Heard, result
from tests.prove.pages import NATIVE
from tests.prove.subject import Subject
from tests.prove.world import OURS, Kind, World
from trayapp.model import (
    Cause,
    Line,
    Miss,
    Moment,
    Outcome,
    Page,
    Plan,
    ProbeResult,
    ProbeSpec,
    Round,
)


def look(world: World, plan: Plan, moment: Moment, subject: Subject) -> Round:
    """What is due, asked of the world as it is now."""
    t = moment.boot
    world.move(t)
    page = _page(world, t) if plan.page else None
    native = (
        NATIVE if plan.native and isinstance(page, Page) else Miss(Cause.TIMEOUT) if plan.native else None
    )
    specs = [spec for spec in subject.limits.probes if spec.name in plan.probes]
    probes = tuple(_probe(world, spec) for spec in specs)
    if not subject.gate:
        return Round(moment, page, native, tuple(map(_blamed, probes)), Line.GOOD)
    return Round(moment, page, native, probes, _line(world, page, probes))


def _page(world: World, t: float) -> Page | Miss:
    if any(s.kind is Kind.OFFLINE for s in world.active):
        return Miss(Cause.TIMEOUT)
    if any(s.kind is Kind.PORTAL for s in world.active):
        return Miss(Cause.HTML, 200)
    return Miss(Cause.TIMEOUT) if world.fails_by_itself() else world.page(t)


def _probe(world: World, spec: ProbeSpec) -> ProbeResult:
    heard = world.hears(spec.name)
    gets_out = not any(
        s.kind in OURS or (s.kind is Kind.LOCAL and s.probe in ("", spec.name)) for s in world.active
    )
    return result(spec, Heard.TIMEOUT if gets_out and world.fails_by_itself() else heard)


def _blamed(probe: ProbeResult) -> ProbeResult:
    """Without a gate our own trouble is taken for theirs."""
    return replace(probe, outcome=Outcome.FAILURE) if probe.outcome is Outcome.LOCAL else probe


def _line(world: World, page: Page | Miss | None, probes: tuple[ProbeResult, ...]) -> Line:
    """What the references bring: they are asked only after something failed, and a good page is proof enough."""
    outcomes = {p.outcome for p in probes}
    if not isinstance(page, Miss) and outcomes.isdisjoint({Outcome.FAILURE, Outcome.LOCAL}):
        return Line.UNASKED
    for spell in world.active:
        if spell.kind is Kind.OFFLINE:
            return Line.GOOD if spell.slips else Line.OFFLINE
        if spell.kind is Kind.PORTAL:
            return Line.PORTAL
        if spell.kind is Kind.EDGE and Outcome.FAILURE in outcomes:
            return Line.EDGE
    return Line.GOOD
