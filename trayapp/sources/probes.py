"""What a health endpoint's answer means (law 5). Nobody logs in: a refusal shows life as well as a welcome does."""

from __future__ import annotations

from dataclasses import replace

from trayapp.model import Cause, Finding, Miss, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.addresses import is_internal, is_of, leads_away
from trayapp.sources.messages import Answer

_ALIVE = frozenset({200, 401, 403})
_FAILURES = frozenset(
    {
        Cause.TIMEOUT,
        Cause.REFUSED,
        Cause.RESET,
        Cause.TRUNCATED,
        Cause.PROTOCOL,
    }
)
CUT_BY_A_LINE = frozenset({Cause.TIMEOUT, Cause.RESET, Cause.TRUNCATED, Cause.PROTOCOL})
"""How what a bad line carries ends, whatever it is."""
_OPENAI = ("openai.com", "chatgpt.com")
_BEHIND_CLOUDFLARE = (*_OPENAI, "cloudflare.com")
_SIGNATURES = frozenset({"server", "cf-ray", "x-request-id", "via"})


def read_probe(spec: ProbeSpec, answer: Answer | Miss) -> ProbeResult:
    """A probe's outcome. Whether an odd status is usual for this endpoint is the judge's to know."""
    if isinstance(answer, Miss):
        outcome = Outcome.FAILURE if answer.cause in _FAILURES else Outcome.LOCAL
        return ProbeResult(spec.name, spec.product, outcome, answer.cause, answer.status)
    outcome, cause = _meaning(spec, answer)
    return ProbeResult(
        spec.name,
        spec.product,
        outcome,
        cause,
        answer.status,
        answer.elapsed_ms,
        answer.retry_after,
        signed=outcome is Outcome.FAILURE,
    )


def blame_line(result: ProbeResult) -> ProbeResult:
    """The result of a probe on a line on which other things broke off too: then a stream's end is no word of OpenAI's."""
    if result.finding is not Finding.TRUNCATED:
        return result
    return replace(result, outcome=Outcome.LOCAL, finding=Finding.UNCLEAR)


def _meaning(spec: ProbeSpec, answer: Answer) -> tuple[Outcome, Cause | None]:
    status = answer.status
    if status in _ALIVE:
        return Outcome.ALIVE, None
    if status == 429:
        return Outcome.NEUTRAL, None
    if status == 511 or (300 <= status < 400 and leads_away(spec.url, answer.headers.get("location", ""))):
        return Outcome.ODD, Cause.REDIRECT  # this is how a captive portal answers
    if status < 500:
        return Outcome.ODD, Cause.STATUS
    if is_signed(spec.url, answer):
        return Outcome.FAILURE, Cause.STATUS
    return Outcome.LOCAL, Cause.PROXY  # somebody on the way said this


def is_signed(url: str, answer: Answer) -> bool:
    """Whether an answer bears what the host's own answers bear, and not only what a proxy on the way would add.

    A proxy that looks into TLS gives itself away with `Server` and `Via`. OpenAI's hosts stand behind Cloudflare, whose
    signature is known; of other hosts none is. On the person's own network nobody stands between.
    """
    if is_internal(url):
        return True
    if not is_of(url, _BEHIND_CLOUDFLARE):
        return not _SIGNATURES.isdisjoint(answer.headers)
    if answer.headers.get("server", "").strip().lower() == "cloudflare" or "cf-ray" in answer.headers:
        return True
    return is_of(url, _OPENAI) and not {"x-request-id", "openai-processing-ms"}.isdisjoint(answer.headers)
