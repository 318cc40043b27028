"""What a health endpoint's answer means (law 5). Nobody logs in: a refusal shows life as well as a welcome does."""

from __future__ import annotations

from dataclasses import replace

from trayapp.model import AnswerFinding, Cause, Miss, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.addresses import is_in_domains, is_internal, is_other_host
from trayapp.sources.messages import HttpResponse

_ALIVE_STATUSES = frozenset({200, 401, 403})
_FAILURE_CAUSES = frozenset(
    {
        Cause.TIMEOUT,
        Cause.REFUSED,
        Cause.RESET,
        Cause.TRUNCATED,
        Cause.PROTOCOL,
    }
)
CONNECTION_CUT_CAUSES = frozenset({Cause.TIMEOUT, Cause.RESET, Cause.TRUNCATED, Cause.PROTOCOL})
"""How what a bad line carries ends, whatever it is."""
_OPENAI_DOMAINS = ("openai.com", "chatgpt.com")
_CLOUDFLARE_DOMAINS = (*_OPENAI_DOMAINS, "cloudflare.com")
_SIGNATURE_HEADERS = frozenset({"server", "cf-ray", "x-request-id", "via"})


def read_probe(spec: ProbeSpec, answer: HttpResponse | Miss) -> ProbeResult:
    """A probe's outcome. Whether an odd status is usual for this endpoint is the judge's to know."""
    if isinstance(answer, Miss):
        outcome = Outcome.FAILURE if answer.cause in _FAILURE_CAUSES else Outcome.LOCAL
        return ProbeResult(spec.name, spec.product, outcome, answer.cause, answer.status)
    outcome, cause = _read_status(spec, answer)
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


def blame_connection(result: ProbeResult) -> ProbeResult:
    """The result of a probe on a line on which other things broke off too: then a stream's end is no word of OpenAI's."""
    if result.finding is not AnswerFinding.TRUNCATED:
        return result
    return replace(result, outcome=Outcome.LOCAL, finding=AnswerFinding.UNCLEAR)


def _read_status(spec: ProbeSpec, answer: HttpResponse) -> tuple[Outcome, Cause | None]:
    status = answer.status
    if status in _ALIVE_STATUSES:
        return Outcome.ALIVE, None
    if status == 429:
        return Outcome.NEUTRAL, None
    if status == 511 or (300 <= status < 400 and is_other_host(spec.url, answer.headers.get("location", ""))):
        return Outcome.ODD, Cause.REDIRECT  # this is how a captive portal answers
    if status < 500:
        return Outcome.ODD, Cause.STATUS
    if is_signed(spec.url, answer):
        return Outcome.FAILURE, Cause.STATUS
    return Outcome.LOCAL, Cause.PROXY  # somebody on the way said this


def is_signed(url: str, answer: HttpResponse) -> bool:
    """Whether an answer bears what the host's own answers bear, and not only what a proxy on the way would add.

    A proxy that looks into TLS gives itself away with `Server` and `Via`. OpenAI's hosts stand behind Cloudflare, whose
    signature is known; of other hosts none is. On the person's own network nobody stands between.
    """
    if is_internal(url):
        return True
    if not is_in_domains(url, _CLOUDFLARE_DOMAINS):
        return not _SIGNATURE_HEADERS.isdisjoint(answer.headers)
    if answer.headers.get("server", "").strip().lower() == "cloudflare" or "cf-ray" in answer.headers:
        return True
    return is_in_domains(url, _OPENAI_DOMAINS) and not {"x-request-id", "openai-processing-ms"}.isdisjoint(
        answer.headers
    )
