"""A verdict as `status` prints it: one line in the form that was asked for, the JSON contract, and the exit status."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from trayapp.app.exit_codes import COULD_NOT_TELL
from trayapp.core.tray_view.one_line import Form, Name, put_line
from trayapp.core.wording.headline import sentence
from trayapp.core.wording.reasons import reasons
from trayapp.i18n.sanitize import clean
from trayapp.i18n.translator import Speech
from trayapp.model import Incident, Miss, ProbeResult, ProductVerdict, State, Verdict, utc

FINE, TROUBLE = 0, 1


def shown(form: Form, speech: Speech, verdict: Verdict, page_url: str, now: datetime) -> str:
    """A verdict in the form that was asked for, as one line."""
    if form is Name.JSON:
        return json.dumps(as_json(speech, verdict, page_url))
    return put_line(form, speech, verdict, now)


def exit_status(state: State) -> int:
    """0 fine or maintenance, 1 trouble, 2 could not tell."""
    if state in {State.UNKNOWN, State.OFFLINE}:
        return COULD_NOT_TELL
    return FINE if state in {State.OPERATIONAL, State.MAINTENANCE} else TROUBLE


def as_json(speech: Speech, verdict: Verdict, page_url: str) -> dict[str, Any]:
    """The contract that scripts rely on."""
    why = verdict.page.why
    return {
        "state": verdict.state.value,
        "confirmed": verdict.confirmed,
        "checking": verdict.checking,
        "sentence": sentence(speech, verdict),
        "reasons": list(reasons(speech, verdict)),
        "checked_at": utc(verdict.at),
        "since": utc(verdict.since),
        "products": [_product(p) for p in verdict.products],
        "incidents": [incident_json(i) for i in verdict.incidents],
        "probes": [_probe(p) for p in verdict.probes],
        "page": {"url": page_url, "readable": verdict.page.readable, "why": _why(why)},
    }


def _product(product: ProductVerdict) -> dict[str, Any]:
    return {
        "name": product.name,
        "state": product.state.value,
        "confirmed": product.confirmed,
        "checking": product.checking,
        "since": utc(product.since),
        "reach": product.reach.value,
    }


def incident_json(incident: Incident) -> dict[str, Any]:
    """An incident as scripts get it."""
    return {
        "id": clean(incident.id),
        "name": clean(incident.name),
        "impact": incident.impact.value,
        "stage": incident.stage.value,
        "products": [clean(name) for name in incident.products],
        "started_at": utc(incident.started_at),
        "updated_at": utc(incident.updated_at),
        "url": incident.url,
    }


def _probe(probe: ProbeResult) -> dict[str, Any]:
    return {
        "name": probe.name,
        "product": probe.product,
        "outcome": probe.outcome.value,
        "status": probe.status,
        "elapsed_ms": probe.elapsed_ms,
    }


def _why(miss: Miss | None) -> str | None:
    if miss is None:
        return None
    return miss.cause.value if miss.status is None else f"{miss.cause.value} {miss.status}"
