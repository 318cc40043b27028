"""Whether it is us: what neutral hosts, Cloudflare's own page and the operating system say of the line (law 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

from trayapp.model import Cause, Line, Miss, OsWord, Outcome, ProbeSpec
from trayapp.sources.addresses import is_internal
from trayapp.sources.messages import Answer, http_date
from trayapp.sources.probes import read_probe

TRACE_URL = "https://www.cloudflare.com/cdn-cgi/trace"
"""Served by the nearest Cloudflare site itself, so it fails only with that site or the way to it."""
NUMERIC_URL = "https://1.1.1.1/cdn-cgi/trace"
"""No name needs to be looked up for it, and its certificate is for the address."""

_CLOCK_IS_WRONG = timedelta(days=1)


class Reply(Enum):
    """What a reference's answer shows."""

    RIGHT = auto()
    WRONG = auto()
    """Somebody else answered in its place."""
    NONE = auto()


def read_reference(answer: Answer | Miss) -> Reply:
    """Right is 204 and empty, or 200 with the body "success".

    As in Chromium's portal check, 2xx, 3xx and 511 with anything else come from a portal; other statuses may be the
    reference's own trouble.
    """
    if isinstance(answer, Miss):
        return Reply.NONE
    body = answer.body.strip()
    if (answer.status == 204 and not body) or (answer.status == 200 and body == b"success"):
        return Reply.RIGHT
    return Reply.WRONG if answer.status < 400 or answer.status == 511 else Reply.NONE


def proves_line(url: str, got: Answer | Miss) -> bool:
    """Whether it came over the internet, whatever it says: over TLS no portal and no filter answers in a host's place."""
    answered = isinstance(got, Answer) or (got.status is not None and got.cause is not Cause.PROXY)
    return answered and url.startswith("https:") and not is_internal(url)


def is_nameless(got: Answer | Miss) -> bool:
    """Whether an address was not asked because its name could not be looked up."""
    return isinstance(got, Miss) and got.cause is Cause.DNS


def is_clock_wrong(answers: Iterable[Answer | Miss], now: datetime) -> bool:
    """Whether the references date their right answers a day or more away from this computer's clock."""
    right = (a for a in answers if isinstance(a, Answer) and read_reference(a) is Reply.RIGHT)
    dates = [date for a in right if (date := http_date(a.headers.get("date", "")))]
    return bool(dates) and all(abs(date - now) >= _CLOCK_IS_WRONG for date in dates)


def by_os_word(word: OsWord) -> Line | None:
    """What the operating system's word decides by itself."""
    return {OsWord.PORTAL: Line.PORTAL, OsWord.NONE: Line.OFFLINE}.get(word)


def by_references(answers: Iterable[Answer | Miss]) -> Line:
    """The line, from what the references answered; nothing is known where the program could not ask them."""
    replies = {read_reference(answer) for answer in answers if not _is_of_our_own(answer)}
    if Reply.RIGHT in replies:
        return Line.GOOD
    if Reply.WRONG in replies:
        return Line.PORTAL
    return Line.OFFLINE if replies else Line.UNASKED


def _is_of_our_own(got: Answer | Miss) -> bool:
    return isinstance(got, Miss) and got.cause.is_ours


def edge_fails(trace: Answer | Miss) -> bool:
    """Whether Cloudflare's trace page fails as a probe would; a filter or proxy of our own does not count."""
    return read_probe(ProbeSpec("trace", "", TRACE_URL, 0.0), trace).outcome is Outcome.FAILURE
