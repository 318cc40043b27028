"""What a keyed answer means: one table of what is seen, and what is made of it.

A stream is the nearest thing to a person's own conversation that a program can see, and also what proxies and lines
break first. So what was cut is never signed: the judge counts it only on a line that is proven good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trayapp.model import Cause, Finding, Miss, Outcome
from trayapp.sources.answers.dialects import End, Heard, code_of, parsed_body
from trayapp.sources.messages import Answer
from trayapp.sources.probes import is_signed

HOURS = 3600.0
OUTCOMES: Mapping[Finding, Outcome] = {
    Finding.WHOLE: Outcome.ALIVE,
    Finding.TRUNCATED: Outcome.FAILURE,
    Finding.FAILED: Outcome.FAILURE,
    Finding.SILENT: Outcome.FAILURE,
    Finding.OVERLOADED: Outcome.ODD,
    Finding.BUSY: Outcome.NEUTRAL,
    Finding.REFUSED: Outcome.NEUTRAL,
    Finding.UNCLEAR: Outcome.NEUTRAL,
    Finding.CREDIT: Outcome.LOCAL,
    Finding.KEY: Outcome.LOCAL,
    Finding.REGION: Outcome.LOCAL,
    Finding.MODEL: Outcome.LOCAL,
    Finding.STREAMS_CUT: Outcome.LOCAL,
    Finding.NO_KEY: Outcome.LOCAL,
    Finding.ELSEWHERE: Outcome.LOCAL,
}
PAUSES: Mapping[Finding, float] = {Finding.CREDIT: 6 * HOURS, Finding.REGION: 6 * HOURS}
"""Seconds for which asking again would give the same."""

_BROKEN = frozenset({Cause.TRUNCATED, Cause.RESET, Cause.PROTOCOL})
_NO_ANSWER = frozenset({*_BROKEN, Cause.TIMEOUT, Cause.REFUSED})
_CREDIT = frozenset({"insufficient_quota", "credit_balance_exhausted"})
_RATE = frozenset({"rate_limit_exceeded", "slow_down"})
_OVERLOADED = frozenset({"server_is_overloaded", "service_unavailable_error"})
PLACES = frozenset({"unsupported_country_region_territory", "ip_not_authorized"})
"""Codes of a refusal that is of the country or the address, and not of the key."""
_THEIRS = ("server", "internal", "overload", "unavailable", "timeout")
"""What the code of a fault of OpenAI's has in it; one without any code is theirs too."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What became of one request."""

    finding: Finding
    cause: Cause | None = None
    status: int | None = None
    signed: bool = False
    retry_after: float | None = None
    code: str = ""
    """As OpenAI spells it; for the log."""

    @property
    def outcome(self) -> Outcome:
        """What the judge is to make of it."""
        return OUTCOMES[self.finding]


def meaning(url: str, got: Answer | Miss, heard: Heard, *, has_begun: bool) -> Meaning:
    """What an answer means. `heard`: what it said, streamed or in one piece; `has_begun`: whether any event came."""
    if isinstance(got, Miss):
        return _missed(got, has_begun=has_begun)
    if 300 <= got.status < 400 or got.status == 511:
        return Meaning(Finding.ELSEWHERE, Cause.REDIRECT, got.status)
    return _spoken(url, got, heard) if got.status == 200 else _refused(url, got)


def _spoken(url: str, got: Answer, heard: Heard) -> Meaning:
    """What a stream means that came to its end, or an answer in one piece."""
    kind = got.headers.get("content-type", "").lower()
    if "html" in kind:
        return Meaning(Finding.ELSEWHERE, Cause.HTML, got.status)
    if heard.end is None:
        if "event-stream" in kind:
            return Meaning(Finding.TRUNCATED, Cause.TRUNCATED, got.status)
        return Meaning(Finding.UNCLEAR, Cause.FORMAT, got.status)
    found = {End.WHOLE: Finding.WHOLE, End.UNCLEAR: Finding.UNCLEAR}.get(heard.end) or _failure(heard.code)
    signed = found is Finding.FAILED and is_signed(url, got)
    return Meaning(found, None, got.status, signed, PAUSES.get(found), heard.code)


def _missed(miss: Miss, *, has_begun: bool) -> Meaning:
    if miss.cause not in _NO_ANSWER:
        unclear = miss.cause in {Cause.TOO_BIG, Cause.FORMAT}
        return Meaning(Finding.UNCLEAR if unclear else Finding.ELSEWHERE, miss.cause, miss.status)
    broke_off = has_begun or (miss.status == 200 and miss.cause in _BROKEN)
    return Meaning(Finding.TRUNCATED if broke_off else Finding.SILENT, miss.cause, miss.status)


def _refused(url: str, got: Answer) -> Meaning:
    """What a status other than 200 means."""
    document = parsed_body(got.body)
    code = code_of(document)
    status = got.status
    if status >= 500:
        if not is_signed(url, got):
            return Meaning(Finding.ELSEWHERE, Cause.PROXY, status, code=code)
        if code in _OVERLOADED:
            return Meaning(Finding.OVERLOADED, Cause.STATUS, status, code=code)
        return Meaning(Finding.FAILED, Cause.STATUS, status, signed=True, code=code)
    if status == 429:
        found = Finding.CREDIT if _is_credit(document, code) else Finding.BUSY
        pause = PAUSES.get(found, got.retry_after)
        return Meaning(found, Cause.STATUS, status, retry_after=pause, code=code)
    if status == 403 and "error" not in document:
        # A challenge of Cloudflare's, or a filter's page.
        return Meaning(Finding.UNCLEAR, Cause.STATUS, status)
    found = {
        401: Finding.KEY,
        403: Finding.REGION if code in PLACES else Finding.KEY,
        400: Finding.MODEL,
        404: Finding.MODEL,
    }.get(status, Finding.UNCLEAR)
    return Meaning(found, Cause.STATUS, status, retry_after=PAUSES.get(found), code=code)


def _is_credit(document: Mapping[str, object], code: str) -> bool:
    error = document.get("error")
    kind = error.get("type") if isinstance(error, dict) else ""
    return code in _CREDIT or kind in _CREDIT or code.startswith("billing")


def _failure(code: str) -> Finding:
    """What an answer that OpenAI itself calls failed means, by its code."""
    if code in _RATE:
        return Finding.BUSY
    if code in _CREDIT:
        return Finding.CREDIT
    return Finding.FAILED if not code or any(word in code for word in _THEIRS) else Finding.UNCLEAR
