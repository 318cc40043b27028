"""Reads what the answer to the check with the key means, by one table of findings and outcomes.

A stream is the closest to a person's conversation that a program can test, but proxies and bad connections break
streams first. So a broken one is never signed: the judge counts it only on a connection that is proven good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trayapp.model import AnswerFinding, Cause, Miss, Outcome
from trayapp.sources.answers.dialects import AnswerEnd, PartialAnswer, error_code, parse_body
from trayapp.sources.messages import HttpResponse
from trayapp.sources.probes import is_signed

HOUR_SECONDS = 3600.0
OUTCOMES: Mapping[AnswerFinding, Outcome] = {
    AnswerFinding.WHOLE: Outcome.ALIVE,
    AnswerFinding.TRUNCATED: Outcome.FAILURE,
    AnswerFinding.FAILED: Outcome.FAILURE,
    AnswerFinding.SILENT: Outcome.FAILURE,
    AnswerFinding.OVERLOADED: Outcome.ODD,
    AnswerFinding.BUSY: Outcome.NEUTRAL,
    AnswerFinding.ALWAYS_BUSY: Outcome.NEUTRAL,
    AnswerFinding.UNCLEAR: Outcome.NEUTRAL,
    AnswerFinding.NO_CREDIT: Outcome.LOCAL,
    AnswerFinding.KEY_REFUSED: Outcome.LOCAL,
    AnswerFinding.REGION_REFUSED: Outcome.LOCAL,
    AnswerFinding.NO_MODEL: Outcome.LOCAL,
    AnswerFinding.STREAMS_CUT: Outcome.LOCAL,
    AnswerFinding.NO_KEY: Outcome.LOCAL,
    AnswerFinding.NOT_OPENAI: Outcome.LOCAL,
}
PAUSE_SECONDS: Mapping[AnswerFinding, float] = {
    AnswerFinding.NO_CREDIT: 6 * HOUR_SECONDS,
    AnswerFinding.REGION_REFUSED: 6 * HOUR_SECONDS,
}
"""Seconds for which another request would get the same result."""

_BROKEN_OFF_CAUSES = frozenset({Cause.TRUNCATED, Cause.RESET, Cause.PROTOCOL})
_NO_ANSWER_CAUSES = frozenset({*_BROKEN_OFF_CAUSES, Cause.TIMEOUT, Cause.REFUSED})
_CREDIT_CODES = frozenset({"insufficient_quota", "credit_balance_exhausted"})
_RATE_LIMIT_CODES = frozenset({"rate_limit_exceeded", "slow_down"})
_OVERLOAD_CODES = frozenset({"server_is_overloaded", "service_unavailable_error"})
REGION_CODES = frozenset({"unsupported_country_region_territory", "ip_not_authorized"})
"""Codes that refuse the country or the address and not the key."""
_SERVER_FAULT_WORDS = ("server", "internal", "overload", "unavailable", "timeout")
"""Parts of the codes of OpenAI's own faults; an error without any code counts as their fault too."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The result of one request."""

    finding: AnswerFinding
    cause: Cause | None = None
    status: int | None = None
    signed: bool = False
    retry_after: float | None = None
    code: str = ""
    """The error's code as OpenAI spells it, for the log."""

    @property
    def outcome(self) -> Outcome:
        """How the judge counts it."""
        return OUTCOMES[self.finding]


def read_outcome(
    url: str, got: HttpResponse | Miss, heard: PartialAnswer, *, has_begun: bool
) -> CheckOutcome:
    """Reads an answer's outcome. `heard`: its content, streamed or in one piece; `has_begun`: whether any event came."""
    if isinstance(got, Miss):
        return _read_miss(got, has_begun=has_begun)
    if 300 <= got.status < 400 or got.status == 511:
        return CheckOutcome(AnswerFinding.NOT_OPENAI, Cause.REDIRECT, got.status)
    return _read_answer(url, got, heard) if got.status == 200 else _read_error_status(url, got)


def _read_answer(url: str, got: HttpResponse, heard: PartialAnswer) -> CheckOutcome:
    """Reads a stream that reached its end, or an answer in one piece."""
    kind = got.headers.get("content-type", "").lower()
    if "html" in kind:
        return CheckOutcome(AnswerFinding.NOT_OPENAI, Cause.HTML, got.status)
    if heard.end is None:
        if "event-stream" in kind:
            return CheckOutcome(AnswerFinding.TRUNCATED, Cause.TRUNCATED, got.status)
        return CheckOutcome(AnswerFinding.UNCLEAR, Cause.FORMAT, got.status)
    found = {AnswerEnd.WHOLE: AnswerFinding.WHOLE, AnswerEnd.UNCLEAR: AnswerFinding.UNCLEAR}.get(
        heard.end
    ) or _failure_finding(heard.code)
    signed = found is AnswerFinding.FAILED and is_signed(url, got)
    return CheckOutcome(found, None, got.status, signed, PAUSE_SECONDS.get(found), heard.code)


def _read_miss(miss: Miss, *, has_begun: bool) -> CheckOutcome:
    if miss.cause not in _NO_ANSWER_CAUSES:
        unclear = miss.cause in {Cause.TOO_BIG, Cause.FORMAT}
        return CheckOutcome(
            AnswerFinding.UNCLEAR if unclear else AnswerFinding.NOT_OPENAI, miss.cause, miss.status
        )
    broke_off = has_begun or (miss.status == 200 and miss.cause in _BROKEN_OFF_CAUSES)
    return CheckOutcome(
        AnswerFinding.TRUNCATED if broke_off else AnswerFinding.SILENT, miss.cause, miss.status
    )


def _read_error_status(url: str, got: HttpResponse) -> CheckOutcome:
    """Reads an answer whose status is not 200."""
    document = parse_body(got.body)
    code = error_code(document)
    status = got.status
    if status >= 500:
        if not is_signed(url, got):
            return CheckOutcome(AnswerFinding.NOT_OPENAI, Cause.PROXY, status, code=code)
        if code in _OVERLOAD_CODES:
            return CheckOutcome(AnswerFinding.OVERLOADED, Cause.STATUS, status, code=code)
        return CheckOutcome(AnswerFinding.FAILED, Cause.STATUS, status, signed=True, code=code)
    if status == 429:
        found = AnswerFinding.NO_CREDIT if _is_credit(document, code) else AnswerFinding.BUSY
        pause = PAUSE_SECONDS.get(found, got.retry_after)
        return CheckOutcome(found, Cause.STATUS, status, retry_after=pause, code=code)
    if status == 403 and "error" not in document:
        # A challenge by Cloudflare, or a filter's page.
        return CheckOutcome(AnswerFinding.UNCLEAR, Cause.STATUS, status)
    found = {
        401: AnswerFinding.KEY_REFUSED,
        403: AnswerFinding.REGION_REFUSED if code in REGION_CODES else AnswerFinding.KEY_REFUSED,
        400: AnswerFinding.NO_MODEL,
        404: AnswerFinding.NO_MODEL,
    }.get(status, AnswerFinding.UNCLEAR)
    return CheckOutcome(found, Cause.STATUS, status, retry_after=PAUSE_SECONDS.get(found), code=code)


def _is_credit(document: Mapping[str, object], code: str) -> bool:
    error = document.get("error")
    kind = error.get("type") if isinstance(error, dict) else ""
    return code in _CREDIT_CODES or kind in _CREDIT_CODES or code.startswith("billing")


def _failure_finding(code: str) -> AnswerFinding:
    """Returns the finding for an answer that OpenAI itself reports as failed, by its code."""
    if code in _RATE_LIMIT_CODES:
        return AnswerFinding.BUSY
    if code in _CREDIT_CODES:
        return AnswerFinding.NO_CREDIT
    return (
        AnswerFinding.FAILED
        if not code or any(word in code for word in _SERVER_FAULT_WORDS)
        else AnswerFinding.UNCLEAR
    )
