"""Reads a probe's answer (law 5 in `docs/law.md`). No probe logs in: a refusal shows life as well as a success does."""

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
"""The causes with which any request fails on a bad connection."""
_OPENAI_DOMAINS = ("openai.com", "chatgpt.com")
_CLOUDFLARE_DOMAINS = (*_OPENAI_DOMAINS, "cloudflare.com")
_SIGNATURE_HEADERS = frozenset({"server", "cf-ray", "x-request-id", "via"})


def read_probe(spec: ProbeSpec, answer: HttpResponse | Miss) -> ProbeResult:
    """Reads a probe's outcome. The judge decides whether an odd status is usual for the endpoint."""
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
    """Discounts a broken stream on a connection on which other requests broke off too; it says nothing about OpenAI."""
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
    return Outcome.LOCAL, Cause.PROXY  # a proxy on the way answered


def is_signed(url: str, answer: HttpResponse) -> bool:
    """Whether an answer has the headers of the host's own answers, and not only those that a proxy would add.

    A proxy that intercepts TLS shows itself by `Server` and `Via`. OpenAI's hosts are behind Cloudflare, whose headers
    are known; of other hosts none are. On the local network there is no proxy on the way.
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
