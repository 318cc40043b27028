"""Builds the text for a bug report: facts, in English and UTC for its readers, and nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from trayapp.i18n.sanitize import clean_text, clip_text
from trayapp.model import Incident, ProbeResult, ProductVerdict, State, Verdict

_NAME_UNITS = 120


def report_text(verdict: Verdict, program: str) -> str:
    """Returns one fact per line. `program` is the program's name and version."""
    return "\n".join(_report_lines(verdict, program))


def _report_lines(verdict: Verdict, program: str) -> Iterator[str]:
    yield f"Checked: {_utc_text(verdict.at)}"
    last_known = "last known " if verdict.state is State.OFFLINE else ""
    yield from (_product_line(product, last_known) for product in verdict.products)
    yield from (_incident_line(incident) for incident in verdict.incidents)
    yield from (_probe_line(probe) for probe in verdict.probes)
    yield f"Own connection: {verdict.connection.value}"
    why = verdict.page.last_miss
    unread = f"not readable ({why.cause.value})" if why else "not readable"
    yield f"Status page: {'read ' + _utc_text(verdict.page.read_at) if verdict.page.readable else unread}"
    yield f"By: {program}"


def _product_line(product: ProductVerdict, last_known: str) -> str:
    since = f" since {_utc_text(product.since)}" if product.since else ""
    return f"{clip_text(clean_text(product.name), _NAME_UNITS)}: {last_known}{product.state.value}{since}" + (
        "" if product.confirmed else ", not confirmed by the status page"
    )


def _incident_line(incident: Incident) -> str:
    name, identity = (clip_text(clean_text(text), _NAME_UNITS) for text in (incident.name, incident.id))
    return f"Incident {identity}: {name} ({incident.stage.value}, began {_utc_text(incident.started_at)})"


def _probe_line(probe: ProbeResult) -> str:
    told = [probe.outcome.value]
    told += [f"HTTP {probe.status}"] if probe.status is not None else []
    told += [probe.cause.value] if probe.cause is not None else []
    told += [f"{probe.elapsed_ms} ms"] if probe.elapsed_ms is not None else []
    return f"Check {clip_text(clean_text(probe.name), _NAME_UNITS)}: {', '.join(told)}"


def _utc_text(at: datetime | None) -> str:
    return "unknown" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
