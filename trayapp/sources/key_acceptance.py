"""Tests whether OpenAI accepts a key, by one free request for the list of models; defines the results of such tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from trayapp.model import Cause, Miss
from trayapp.sources.answers.dialects import error_code, models_url, object_or_empty, parse_body
from trayapp.sources.answers.outcome import REGION_CODES
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse

DEADLINE = 10.0
"""Seconds."""
_MISSING_SCOPES = re.compile(r"Missing scopes?:\s*([a-z0-9_.]+(?:\s*,\s*[a-z0-9_.]+)*)", re.ASCII)


class KeyAcceptance(StrEnum):
    """The results of testing a key."""

    ACCEPTED = "taken"
    REFUSED = "refused"
    LACKS_SCOPES = "lacks"
    """The key is valid but restricted: it lacks a permission."""
    REGION_REFUSED = "place"
    """OpenAI refuses this country or address."""
    NO_ENTRY = "no entry"
    """Downdetector accepts the key, and has nothing about OpenAI for this country."""
    OTHER_API = "elsewhere"
    """Another host answered, or the answer is not from the API that was asked."""
    UNKNOWN = "unknown"
    """The answer says nothing about the key: the server is too busy or broken."""
    NO_ANSWER = "unasked"
    """There was no answer."""


@dataclass(frozen=True, slots=True)
class KeyTestResult:
    """The result of testing a key; it contains no part of the key."""

    acceptance: KeyAcceptance
    scopes: tuple[str, ...] = ()
    """The permissions that the key lacks, as OpenAI spells them."""
    status: int | None = None
    cause: Cause | None = None


def try_key(http: HttpClient, base_url: str, key: str) -> KeyTestResult:
    """Requests the list of models with a key, which is sent to this address alone."""
    (got,) = http.fetch([HttpRequest(models_url(base_url), key=key)], DEADLINE)
    if isinstance(got, Miss):
        return KeyTestResult(KeyAcceptance.NO_ANSWER, status=got.status, cause=got.cause)
    return _read_acceptance(got)


def _read_acceptance(answer: HttpResponse) -> KeyTestResult:
    document, status = parse_body(answer.body), answer.status
    error = object_or_empty(document.get("error"))
    if status == 200:
        taken = isinstance(document.get("data"), list)
        return KeyTestResult(KeyAcceptance.ACCEPTED if taken else KeyAcceptance.OTHER_API, status=status)
    if 300 <= status < 400 or status in {404, 405, 511}:
        return KeyTestResult(KeyAcceptance.OTHER_API, status=status)
    if status in {401, 403} and (missing := _MISSING_SCOPES.search(str(error.get("message", "")))):
        return KeyTestResult(
            KeyAcceptance.LACKS_SCOPES, tuple(re.split(r"\s*,\s*", missing[1].rstrip("."))), status
        )
    if status == 401:
        return KeyTestResult(KeyAcceptance.REFUSED, status=status)
    if status == 403 and error:
        place = error_code(document) in REGION_CODES
        return KeyTestResult(KeyAcceptance.REGION_REFUSED if place else KeyAcceptance.REFUSED, status=status)
    return KeyTestResult(KeyAcceptance.UNKNOWN, status=status)
