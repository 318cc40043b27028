"""Whether it is us: what neutral hosts, Cloudflare's own page and the operating system say of the line (law 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

from trayapp.model import Cause, ConnectionState, Miss, Outcome, ProbeSpec, SystemConnectivity
from trayapp.sources.addresses import is_internal
from trayapp.sources.messages import HttpResponse, parse_http_date
from trayapp.sources.probes import read_probe

TRACE_URL = "https://www.cloudflare.com/cdn-cgi/trace"
"""Served by the nearest Cloudflare site itself, so it fails only with that site or the way to it."""
NUMERIC_URL = "https://1.1.1.1/cdn-cgi/trace"
"""No name needs to be looked up for it, and its certificate is for the address."""

_CLOCK_TOLERANCE = timedelta(days=1)


class ReferenceAnswer(Enum):
    """What a reference's answer shows."""

    RIGHT = auto()
    WRONG = auto()
    """Somebody else answered in its place."""
    NONE = auto()


def read_reference(answer: HttpResponse | Miss) -> ReferenceAnswer:
    """Right is 204 and empty, or 200 with the body "success".

    As in Chromium's portal check, 2xx, 3xx and 511 with anything else come from a portal; other statuses may be the
    reference's own trouble.
    """
    if isinstance(answer, Miss):
        return ReferenceAnswer.NONE
    body = answer.body.strip()
    if (answer.status == 204 and not body) or (answer.status == 200 and body == b"success"):
        return ReferenceAnswer.RIGHT
    return ReferenceAnswer.WRONG if answer.status < 400 or answer.status == 511 else ReferenceAnswer.NONE


def is_connection_proof(url: str, got: HttpResponse | Miss) -> bool:
    """Whether it came over the internet, whatever it says: over TLS no portal and no filter answers in a host's place."""
    answered = isinstance(got, HttpResponse) or (got.status is not None and got.cause is not Cause.PROXY)
    return answered and url.startswith("https:") and not is_internal(url)


def is_dns_failure(got: HttpResponse | Miss) -> bool:
    """Whether an address was not asked because its name could not be looked up."""
    return isinstance(got, Miss) and got.cause is Cause.DNS


def is_clock_wrong(answers: Iterable[HttpResponse | Miss], now: datetime) -> bool:
    """Whether the references date their right answers a day or more away from this computer's clock."""
    right = (a for a in answers if isinstance(a, HttpResponse) and read_reference(a) is ReferenceAnswer.RIGHT)
    dates = [date for a in right if (date := parse_http_date(a.headers.get("date", "")))]
    return bool(dates) and all(abs(date - now) >= _CLOCK_TOLERANCE for date in dates)


def connection_by_system(word: SystemConnectivity) -> ConnectionState | None:
    """What the operating system's word decides by itself."""
    return {
        SystemConnectivity.PORTAL: ConnectionState.PORTAL,
        SystemConnectivity.NONE: ConnectionState.OFFLINE,
    }.get(word)


def connection_by_references(answers: Iterable[HttpResponse | Miss]) -> ConnectionState:
    """The line, from what the references answered; nothing is known where the program could not ask them."""
    replies = {read_reference(answer) for answer in answers if not _is_own_fault(answer)}
    if ReferenceAnswer.RIGHT in replies:
        return ConnectionState.GOOD
    if ReferenceAnswer.WRONG in replies:
        return ConnectionState.PORTAL
    return ConnectionState.OFFLINE if replies else ConnectionState.NOT_CHECKED


def _is_own_fault(got: HttpResponse | Miss) -> bool:
    return isinstance(got, Miss) and got.cause.is_own_failure


def is_edge_failing(trace: HttpResponse | Miss) -> bool:
    """Whether Cloudflare's trace page fails as a probe would; a filter or proxy of our own does not count."""
    return read_probe(ProbeSpec("trace", "", TRACE_URL, 0.0), trace).outcome is Outcome.FAILURE
