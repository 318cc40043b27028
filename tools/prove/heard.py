"""What a probe can hear, as answers from the wire, read by the program's own reader of them."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from functools import cache

from trayapp.model import Cause, Miss, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.messages import HttpResponse
from trayapp.sources.probes import read_probe

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
    RESET = "reset"
    NO_NAME = "no such name"
    INTERCEPTED = "certificate"
    PROXY_REFUSES = "407"
    NOWHERE = "a name that leads to 0.0.0.0"
    FORBIDDEN = "refused by this computer's own kernel (EACCES)"
    PROXY_SAYS_403 = "a proxy that will not connect (403)"
    PROXY_SAYS_502 = "a proxy that cannot connect (502)"
    PROXY_GONE = "a proxy that does not answer"
    INSPECTOR = "an inspector's own 502"


_ANSWERS: dict[Heard, HttpResponse | Miss] = {
    Heard.UNAUTHORIZED: HttpResponse(401, {**_THEIRS, "x-request-id": "req"}),
    Heard.CHALLENGE: HttpResponse(403, {**_THEIRS, "cf-mitigated": "challenge"}),
    Heard.REGION: HttpResponse(
        403, _THEIRS, b'{"error":{"code":"unsupported_country_region_territory","type":"request_forbidden"}}'
    ),
    Heard.RATE_LIMIT: HttpResponse(429, _THEIRS, retry_after=30.0),
    Heard.NOT_FOUND: HttpResponse(404, _THEIRS),
    Heard.BAD_GATEWAY: HttpResponse(502, _THEIRS),
    Heard.UNAVAILABLE: HttpResponse(503, _THEIRS),
    Heard.TIMEOUT: Miss(Cause.TIMEOUT),
    Heard.RESET: Miss(Cause.RESET),
    Heard.NO_NAME: Miss(Cause.DNS),
    Heard.INTERCEPTED: Miss(Cause.TLS),
    Heard.PROXY_REFUSES: Miss(Cause.PROXY, 407),
    Heard.PROXY_SAYS_403: Miss(Cause.PROXY, 403),
    Heard.PROXY_SAYS_502: Miss(Cause.PROXY, 502),
    Heard.PROXY_GONE: Miss(Cause.PROXY),
    Heard.INSPECTOR: HttpResponse(502, {}),
}
_OURS = {Heard.NOWHERE: Cause.DNS, Heard.FORBIDDEN: Cause.UNREACHABLE}
"""What the connection's maker, not the reader of answers, knows for our own network's doing."""


@cache
def result(spec: ProbeSpec, heard: Heard) -> ProbeResult:
    """What the program makes of an answer."""
    if heard in _OURS:
        return ProbeResult(spec.name, spec.product, Outcome.LOCAL, _OURS[heard])
    answer = _ANSWERS[heard]
    found = read_probe(spec, answer)
    theirs = isinstance(answer, HttpResponse) and answer.status >= 500 and bool(answer.headers)
    return replace(found, signed=True) if theirs else found
