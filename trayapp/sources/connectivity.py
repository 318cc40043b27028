"""Judges the person's connection by neutral hosts, Cloudflare's own page and the system (law 6 in `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

from trayapp.model import Cause, ConnectionState, Miss, Outcome, ProbeSpec, SystemConnectivity
from trayapp.sources.addresses import is_internal
from trayapp.sources.messages import HttpResponse, parse_http_date
from trayapp.sources.probes import read_probe

TRACE_URL = "https://www.cloudflare.com/cdn-cgi/trace"
"""The nearest Cloudflare site serves it, so that it fails only with that site or the route to it."""
NUMERIC_URL = "https://1.1.1.1/cdn-cgi/trace"
"""Needs no name look-up; its certificate is for the address."""

_CLOCK_TOLERANCE = timedelta(days=1)


class ReferenceAnswer(Enum):
    """The result of a request to a neutral host (a "reference")."""

    RIGHT = auto()
    WRONG = auto()
    """Something else answered in its place."""
    NONE = auto()


def read_reference(answer: HttpResponse | Miss) -> ReferenceAnswer:
    """Reads a reference's answer. Right is 204 and empty, or 200 with the body "success".

    As in Chromium's portal check, any other answer with 2xx, 3xx or 511 comes from a portal; other statuses may be
    trouble of the reference itself.
    """
    if isinstance(answer, Miss):
        return ReferenceAnswer.NONE
    body = answer.body.strip()
    if (answer.status == 204 and not body) or (answer.status == 200 and body == b"success"):
        return ReferenceAnswer.RIGHT
    return ReferenceAnswer.WRONG if answer.status < 400 or answer.status == 511 else ReferenceAnswer.NONE


def is_connection_proof(url: str, got: HttpResponse | Miss) -> bool:
    """Whether an answer came over the internet: over TLS no portal or filter can answer in place of a host."""
    answered = isinstance(got, HttpResponse) or (got.status is not None and not got.cause.is_proxys)
    return answered and url.startswith("https:") and not is_internal(url)


def is_dns_failure(got: HttpResponse | Miss) -> bool:
    """Whether a request failed because its name could not be looked up."""
    return isinstance(got, Miss) and got.cause is Cause.DNS


def is_clock_wrong(answers: Iterable[HttpResponse | Miss], now: datetime) -> bool:
    """Whether the dates of the references' right answers differ by a day or more from this computer's clock."""
    right = (a for a in answers if isinstance(a, HttpResponse) and read_reference(a) is ReferenceAnswer.RIGHT)
    dates = [date for a in right if (date := parse_http_date(a.headers.get("date", "")))]
    return bool(dates) and all(abs(date - now) >= _CLOCK_TOLERANCE for date in dates)


def connection_by_system(reported: SystemConnectivity) -> ConnectionState | None:
    """Returns the connection's state if the system's report alone decides it; else None."""
    return {
        SystemConnectivity.PORTAL: ConnectionState.PORTAL,
        SystemConnectivity.NONE: ConnectionState.OFFLINE,
    }.get(reported)


def connection_by_references(answers: Iterable[HttpResponse | Miss]) -> ConnectionState:
    """Returns the connection's state by the references' answers; NOT_CHECKED if the program could not ask them."""
    replies = {read_reference(answer) for answer in answers if not _is_own_fault(answer)}
    if ReferenceAnswer.RIGHT in replies:
        return ConnectionState.GOOD
    if ReferenceAnswer.WRONG in replies:
        return ConnectionState.PORTAL
    return ConnectionState.OFFLINE if replies else ConnectionState.NOT_CHECKED


def _is_own_fault(got: HttpResponse | Miss) -> bool:
    return isinstance(got, Miss) and got.cause.is_own_failure


def is_edge_failing(trace: HttpResponse | Miss) -> bool:
    """Whether Cloudflare's trace page fails as a probe would; a local filter or proxy does not count."""
    return read_probe(ProbeSpec("trace", "", TRACE_URL, 0.0), trace).outcome is Outcome.FAILURE
