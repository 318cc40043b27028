"""Whether OpenAI takes a key: one free request for the list of models, and what its answer means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from trayapp.model import Cause, Miss
from trayapp.sources.answers.dialects import code_of, mapping, models_url, parsed_body
from trayapp.sources.answers.outcome import PLACES
from trayapp.sources.http import Http
from trayapp.sources.messages import Answer, Ask

DEADLINE = 10.0
"""Seconds."""
_MISSING = re.compile(r"Missing scopes?:\s*([a-z0-9_.]+(?:\s*,\s*[a-z0-9_.]+)*)", re.ASCII)


class Acceptance(StrEnum):
    """What is made of a key."""

    TAKEN = "taken"
    REFUSED = "refused"
    LACKS = "lacks"
    """It is good, but restricted: a permission is missing."""
    PLACE = "place"
    """Not from this country or address."""
    ELSEWHERE = "elsewhere"
    """Another place answered, or what answered is no OpenAI API."""
    UNKNOWN = "unknown"
    """The answer says nothing of the key: too busy, or broken."""
    UNASKED = "unasked"
    """No answer could be had."""


@dataclass(frozen=True, slots=True)
class Word:
    """What was said of a key; nothing of the key is in it."""

    acceptance: Acceptance
    scopes: tuple[str, ...] = ()
    """The permissions that it lacks, as OpenAI spells them."""
    status: int | None = None
    cause: Cause | None = None


def ask_about(http: Http, base_url: str, key: str) -> Word:
    """Ask for the list of models with a key, which goes to this address alone."""
    (got,) = http.fetch([Ask(models_url(base_url), key=key)], DEADLINE)
    if isinstance(got, Miss):
        return Word(Acceptance.UNASKED, status=got.status, cause=got.cause)
    return _read(got)


def _read(answer: Answer) -> Word:
    document, status = parsed_body(answer.body), answer.status
    error = mapping(document.get("error"))
    if status == 200:
        taken = isinstance(document.get("data"), list)
        return Word(Acceptance.TAKEN if taken else Acceptance.ELSEWHERE, status=status)
    if 300 <= status < 400 or status in {404, 405, 511}:
        return Word(Acceptance.ELSEWHERE, status=status)
    if status in {401, 403} and (missing := _MISSING.search(str(error.get("message", "")))):
        return Word(Acceptance.LACKS, tuple(re.split(r"\s*,\s*", missing[1].rstrip("."))), status)
    if status == 401:
        return Word(Acceptance.REFUSED, status=status)
    if status == 403 and error:
        place = code_of(document) in PLACES
        return Word(Acceptance.PLACE if place else Acceptance.REFUSED, status=status)
    return Word(Acceptance.UNKNOWN, status=status)
