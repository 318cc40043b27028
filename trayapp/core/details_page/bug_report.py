"""What to paste into a bug report: facts, in UTC and in English for whoever reads it there, and nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from trayapp.i18n.sanitize import clean, clip
from trayapp.model import Incident, ProbeResult, ProductVerdict, State, Verdict

_NAME_UNITS = 120


def report(verdict: Verdict, program: str) -> str:
    """One fact a line. `program`: the program and its version."""
    return "\n".join(_lines(verdict, program))


def _lines(verdict: Verdict, program: str) -> Iterator[str]:
    yield f"Checked: {_utc(verdict.at)}"
    last_known = "last known " if verdict.state is State.OFFLINE else ""
    yield from (_product(product, last_known) for product in verdict.products)
    yield from (_incident(incident) for incident in verdict.incidents)
    yield from (_probe(probe) for probe in verdict.probes)
    yield f"Own connection: {verdict.line.value}"
    why = verdict.page.why
    unread = f"not readable ({why.cause.value})" if why else "not readable"
    yield f"Status page: {'read ' + _utc(verdict.page.read_at) if verdict.page.readable else unread}"
    yield f"By: {program}"


def _product(product: ProductVerdict, last_known: str) -> str:
    since = f" since {_utc(product.since)}" if product.since else ""
    return f"{clip(clean(product.name), _NAME_UNITS)}: {last_known}{product.state.value}{since}" + (
        "" if product.confirmed else ", not confirmed by the status page"
    )


def _incident(incident: Incident) -> str:
    name, identity = (clip(clean(text), _NAME_UNITS) for text in (incident.name, incident.id))
    return f"Incident {identity}: {name} ({incident.stage.value}, began {_utc(incident.started_at)})"


def _probe(probe: ProbeResult) -> str:
    told = [probe.outcome.value]
    told += [f"HTTP {probe.status}"] if probe.status is not None else []
    told += [probe.cause.value] if probe.cause is not None else []
    told += [f"{probe.elapsed_ms} ms"] if probe.elapsed_ms is not None else []
    return f"Check {clip(clean(probe.name), _NAME_UNITS)}: {', '.join(told)}"


def _utc(at: datetime | None) -> str:
    return "unknown" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
