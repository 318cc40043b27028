"""Tests whether Downdetector accepts the person's key, by one request for OpenAI's entry there."""

from __future__ import annotations

from datetime import UTC, datetime

from trayapp.model import Miss
from trayapp.sources.crowd.counting import FETCH_SECONDS, read_json
from trayapp.sources.crowd.downdetector import API_BASE, company_request, read_company
from trayapp.sources.http import HttpClient
from trayapp.sources.key_acceptance import KeyAcceptance, KeyTestResult
from trayapp.sources.messages import HttpResponse

_REFUSALS = frozenset({401, 403})


def try_downdetector_key(http: HttpClient, country: str, key: str, base: str = API_BASE) -> KeyTestResult:
    """Requests OpenAI's entry for a country (ISO 3166) with a key, which is sent to this address alone."""
    (got,) = http.fetch([company_request(base, country, key)], FETCH_SECONDS)
    if isinstance(got, Miss):
        return KeyTestResult(KeyAcceptance.NO_ANSWER, status=got.status, cause=got.cause)
    return KeyTestResult(_read_acceptance(got, country), status=got.status)


def _read_acceptance(answer: HttpResponse, country: str) -> KeyAcceptance:
    status = answer.status
    if status == 200:
        found = read_json(answer, datetime.now(UTC))
        if not isinstance(found, list):
            return KeyAcceptance.OTHER_API
        has_entry = not isinstance(read_company(found, country), Miss)
        return KeyAcceptance.ACCEPTED if has_entry else KeyAcceptance.NO_ENTRY
    if 300 <= status < 400 or status in {404, 405, 511}:
        return KeyAcceptance.OTHER_API
    # A wall against programs, or a proxy's page, says nothing about the key.
    is_page = answer.body.lstrip().startswith(b"<")
    return KeyAcceptance.REFUSED if status in _REFUSALS and not is_page else KeyAcceptance.UNKNOWN
