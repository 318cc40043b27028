"""What a health endpoint's answer means (law 5). Nobody logs in: a refusal shows life as well as a welcome does."""

from __future__ import annotations

from trayapp.model import Cause, Miss, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.addresses import is_internal, leads_away
from trayapp.sources.wire import Answer

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
_THEIR_HEADERS = frozenset({"server", "cf-ray", "x-request-id", "openai-processing-ms"})


def read_probe(spec: ProbeSpec, answer: Answer | Miss) -> ProbeResult:
    """A probe's outcome. Whether an odd status is usual for this endpoint is the judge's to know."""
    if isinstance(answer, Miss):
        outcome = Outcome.FAILURE if answer.cause in _FAILURES else Outcome.LOCAL
        return ProbeResult(spec.name, spec.product, outcome, answer.cause, answer.status)
    outcome, cause = _meaning(spec, answer)
    return ProbeResult(
        spec.name, spec.product, outcome, cause, answer.status, answer.elapsed_ms, answer.retry_after
    )


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
    if _THEIR_HEADERS.isdisjoint(answer.headers) and not is_internal(spec.url):
        return Outcome.LOCAL, Cause.PROXY  # OpenAI and Cloudflare sign theirs: somebody on the way said this
    return Outcome.FAILURE, Cause.STATUS
