"""Formats a verdict for `status`: as one line in the requested form, as JSON, and as an exit status."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from trayapp.app.exit_codes import EXIT_UNKNOWN
from trayapp.core.tray_view.one_line import Form, FormName, format_line
from trayapp.core.wording.headline import status_sentence
from trayapp.core.wording.reasons import reason_lines
from trayapp.i18n.sanitize import clean_text
from trayapp.i18n.translator import Translator
from trayapp.model import Incident, Miss, ProbeResult, ProductVerdict, State, Verdict, format_utc

EXIT_FINE, EXIT_TROUBLE = 0, 1


def format_verdict(form: Form, speech: Translator, verdict: Verdict, page_url: str, now: datetime) -> str:
    """Return a verdict as one line in the requested form."""
    if form is FormName.JSON:
        return json.dumps(verdict_json(speech, verdict, page_url))
    return format_line(form, speech, verdict, now)


def exit_status(state: State) -> int:
    """Return 0 for fine or maintenance, 1 for trouble, 2 for unknown or offline."""
    if state in {State.UNKNOWN, State.OFFLINE}:
        return EXIT_UNKNOWN
    return EXIT_FINE if state in {State.OPERATIONAL, State.MAINTENANCE} else EXIT_TROUBLE


def verdict_json(speech: Translator, verdict: Verdict, page_url: str) -> dict[str, Any]:
    """Return a verdict as the JSON object that scripts rely on."""
    last_miss = verdict.page.last_miss
    return {
        "state": verdict.state.value,
        "confirmed": verdict.confirmed,
        "checking": verdict.checking,
        "sentence": status_sentence(speech, verdict),
        "reasons": list(reason_lines(speech, verdict)),
        "checked_at": format_utc(verdict.at),
        "since": format_utc(verdict.since),
        "products": [_product_json(p) for p in verdict.products],
        "incidents": [incident_json(i) for i in verdict.incidents],
        "probes": [_probe_json(p) for p in verdict.probes],
        "page": {"url": page_url, "readable": verdict.page.readable, "why": _miss_text(last_miss)},
    }


def _product_json(product: ProductVerdict) -> dict[str, Any]:
    return {
        "name": product.name,
        "state": product.state.value,
        "confirmed": product.confirmed,
        "checking": product.checking,
        "since": format_utc(product.since),
        "reach": product.reach.value,
    }


def incident_json(incident: Incident) -> dict[str, Any]:
    """Return an incident as the JSON object that scripts rely on."""
    return {
        "id": clean_text(incident.id),
        "name": clean_text(incident.name),
        "impact": incident.impact.value,
        "stage": incident.stage.value,
        "products": [clean_text(name) for name in incident.products],
        "started_at": format_utc(incident.started_at),
        "updated_at": format_utc(incident.updated_at),
        "url": incident.url,
    }


def _probe_json(probe: ProbeResult) -> dict[str, Any]:
    return {
        "name": probe.name,
        "product": probe.product,
        "outcome": probe.outcome.value,
        "status": probe.status,
        "elapsed_ms": probe.elapsed_ms,
    }


def _miss_text(miss: Miss | None) -> str | None:
    if miss is None:
        return None
    return miss.cause.value if miss.status is None else f"{miss.cause.value} {miss.status}"
