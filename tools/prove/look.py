"""One look at the world: what `sources.poll` would bring of it."""

from __future__ import annotations

from dataclasses import replace

from tools.prove.engine import asks_components
from tools.prove.heard import Heard, result
from tools.prove.pages import Edition
from tools.prove.subject import Subject
from tools.prove.world import OURS, Kind, World
from trayapp.model import (
    AnswerFinding,
    Cause,
    ConnectionState,
    Miss,
    Moment,
    NativeReading,
    Outcome,
    PageReading,
    PollPlan,
    ProbeResult,
    ProbeSpec,
    Round,
)


def look(world: World, plan: PollPlan, moment: Moment, subject: Subject) -> tuple[Round, Edition | None]:
    """What is due, asked of the world as it is now; and which edition of the page was read, if one was."""
    t = moment.boot
    world.move(t)
    page, edition = _page(world, plan, t) if plan.page else (None, None)
    native = _native(world, page, t) if plan.native else None
    specs = [spec for spec in subject.limits.probes if spec.name in plan.probes]
    probes = tuple(_probe(world, spec) for spec in specs)
    line = _line(world, page, probes) if subject.gate else ConnectionState.GOOD
    if not subject.gate:
        probes = tuple(map(_blame_them, probes))
    round_ = Round(
        moment=moment,
        page=page,
        native=native,
        probes=probes,
        line=line,
        network=world.network(t),
    )
    return round_, edition


def _page(world: World, plan: PollPlan, t: float) -> tuple[PageReading | Miss, Edition | None]:
    if any(s.kind is Kind.OFFLINE for s in world.active):
        return Miss(Cause.TIMEOUT), None
    if any(s.kind is Kind.PORTAL for s in world.active):
        return Miss(Cause.HTML, 200), None
    summary_fails, components_fail = world.fails_by_itself(), world.fails_by_itself()
    if summary_fails or world.keeps_from_page():
        return Miss(Cause.TIMEOUT), None
    return world.page(t, past=plan.incidents, whole=asks_components(plan) and not components_fail)


def _native(world: World, page: PageReading | Miss | None, t: float) -> NativeReading | Miss:
    if isinstance(page, Miss) or any(s.kind in OURS for s in world.active):
        return Miss(Cause.TIMEOUT)
    return world.native(t) or Miss(Cause.TIMEOUT)


def _probe(world: World, spec: ProbeSpec) -> ProbeResult:
    heard = world.hears(spec.name)
    gets_out = not any(
        s.kind in OURS or (s.kind in (Kind.LOCAL, Kind.BLOCK) and s.probe in ("", spec.name))
        for s in world.active
    )
    found = result(spec, Heard.TIMEOUT if gets_out and world.fails_by_itself() else heard)
    return _as_stream(found) if spec.keyed else found


def _as_stream(found: ProbeResult) -> ProbeResult:
    """The same of a streamed answer: what nobody signed has broken off."""
    failed = AnswerFinding.FAILED if found.signed else AnswerFinding.TRUNCATED
    findings = {
        Outcome.ALIVE: AnswerFinding.WHOLE,
        Outcome.FAILURE: failed,
        Outcome.NEUTRAL: AnswerFinding.BUSY,
    }
    return replace(found, finding=findings.get(found.outcome, AnswerFinding.NOT_OPENAI))


def _blame_them(probe: ProbeResult) -> ProbeResult:
    """Without a gate our own trouble is taken for theirs."""
    return replace(probe, outcome=Outcome.FAILURE) if probe.outcome is Outcome.LOCAL else probe


def _line(world: World, page: PageReading | Miss | None, probes: tuple[ProbeResult, ...]) -> ConnectionState:
    """What the references bring: they are asked only after something failed, and a good page is proof enough."""
    outcomes = {p.outcome for p in probes}
    if not isinstance(page, Miss) and outcomes.isdisjoint({Outcome.FAILURE, Outcome.LOCAL}):
        return ConnectionState.NOT_CHECKED
    for spell in world.active:
        if spell.kind is Kind.OFFLINE:
            return ConnectionState.GOOD if spell.slips else ConnectionState.OFFLINE
        if spell.kind is Kind.PORTAL:
            return ConnectionState.PORTAL
        if spell.kind is Kind.EDGE and Outcome.FAILURE in outcomes:
            return ConnectionState.EDGE
    return ConnectionState.GOOD
