"""What a probe can hear, as answers from the wire, read by the program's own reader of them."""

from __future__ import annotations

from enum import Enum
from functools import cache

from trayapp.model import Cause, Miss, ProbeResult, ProbeSpec
from trayapp.sources.probes import read_probe
from trayapp.sources.wire import Answer

_THEIRS = {"server": "cloudflare", "cf-ray": "0123456789abcdef-FRA"}


class Heard(Enum):
    """Kinds of answers."""

    UNAUTHORIZED = "401"
    CHALLENGE = "403 challenge"
    REGION = "403 region"
    RATE_LIMIT = "429"
    NOT_FOUND = "404"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    TIMEOUT = "timeout"
    NO_NAME = "no such name"
    INTERCEPTED = "certificate"
    PROXY_REFUSES = "407"


_ANSWERS: dict[Heard, Answer | Miss] = {
    Heard.UNAUTHORIZED: Answer(401, {**_THEIRS, "x-request-id": "req"}),
    Heard.CHALLENGE: Answer(403, {**_THEIRS, "cf-mitigated": "challenge"}),
    Heard.REGION: Answer(
        403, _THEIRS, b'{"error":{"code":"unsupported_country_region_territory","type":"request_forbidden"}}'
    ),
    Heard.RATE_LIMIT: Answer(429, _THEIRS, retry_after=30.0),
    Heard.NOT_FOUND: Answer(404, _THEIRS),
    Heard.BAD_GATEWAY: Answer(502, _THEIRS),
    Heard.UNAVAILABLE: Answer(503, _THEIRS),
    Heard.TIMEOUT: Miss(Cause.TIMEOUT),
    Heard.NO_NAME: Miss(Cause.DNS),
    Heard.INTERCEPTED: Miss(Cause.TLS),
    Heard.PROXY_REFUSES: Miss(Cause.PROXY, 407),
}


@cache
def result(spec: ProbeSpec, heard: Heard) -> ProbeResult:
    """What the program makes of an answer."""
    return read_probe(spec, _ANSWERS[heard])
