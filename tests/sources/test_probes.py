"""What a health endpoint's answer means."""

from __future__ import annotations

import pytest

from trayapp.model import Cause, Miss, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.addresses import host_of, is_internal, is_other_host
from trayapp.sources.messages import HttpResponse
from trayapp.sources.probes import read_probe

SPEC = ProbeSpec("API", "APIs", "https://api.example.com/v1/models", 150.0)
SIGNED = {"server": "cloudflare"}


@pytest.mark.parametrize(
    ("answer", "outcome", "cause"),
    [
        (HttpResponse(200), Outcome.ALIVE, None),
        (HttpResponse(401), Outcome.ALIVE, None),
        (HttpResponse(403, {"cf-mitigated": "challenge"}), Outcome.ALIVE, None),
        (HttpResponse(429, retry_after=9.0), Outcome.NEUTRAL, None),
        (HttpResponse(404), Outcome.ODD, Cause.STATUS),
        (HttpResponse(302, {"location": "/login"}), Outcome.ODD, Cause.STATUS),
        (HttpResponse(302, {"location": "https://www.api.example.com/"}), Outcome.ODD, Cause.STATUS),
        (HttpResponse(302, {"location": "http://portal.test/?to=x"}), Outcome.ODD, Cause.REDIRECT),
        (HttpResponse(511), Outcome.ODD, Cause.REDIRECT),
        (HttpResponse(500, {"x-request-id": "r"}), Outcome.FAILURE, Cause.STATUS),
        (HttpResponse(503, SIGNED), Outcome.FAILURE, Cause.STATUS),
        (HttpResponse(522, {"cf-ray": "x-FRA"}), Outcome.FAILURE, Cause.STATUS),
        (HttpResponse(502), Outcome.LOCAL, Cause.PROXY),
    ],
)
def test_a_status_has_its_outcome(answer: HttpResponse, outcome: Outcome, cause: Cause | None) -> None:
    """A refusal shows life; a 5xx that neither OpenAI nor Cloudflare signed was said by somebody on the way."""
    got = read_probe(SPEC, answer)
    signed = outcome is Outcome.FAILURE
    assert got == ProbeResult("API", "APIs", outcome, cause, answer.status, 0, answer.retry_after, signed)


OPENAI, CHATGPT, TRACE = (
    "https://api.openai.com/v1",
    "https://chatgpt.com/",
    "https://www.cloudflare.com/trace",
)
OTHER, NEAR = "https://api.example.com/", "https://status.corp/"


@pytest.mark.parametrize(
    ("headers", "signs_for"),
    [
        ({}, {NEAR}),
        ({"server": "cloudflare"}, {OPENAI, CHATGPT, TRACE, OTHER, NEAR}),
        ({"server": "Cloudflare"}, {OPENAI, CHATGPT, TRACE, OTHER, NEAR}),
        ({"cf-ray": "8f-FRA"}, {OPENAI, CHATGPT, TRACE, OTHER, NEAR}),
        ({"x-request-id": "r"}, {OPENAI, CHATGPT, OTHER, NEAR}),
        ({"openai-processing-ms": "9"}, {OPENAI, CHATGPT, NEAR}),
        ({"server": "squid/6.10", "via": "1.1 gate (squid/6.10)"}, {OTHER, NEAR}),
        ({"server": "mitmproxy 12.1.2"}, {OTHER, NEAR}),
        ({"server": "nginx"}, {OTHER, NEAR}),
        ({"via": "1.1 gate"}, {OTHER, NEAR}),
        ({"content-type": "text/html", "date": "x"}, {NEAR}),
    ],
)
@pytest.mark.parametrize("url", [OPENAI, CHATGPT, TRACE, OTHER, NEAR])
def test_a_5xx_counts_where_it_bears_its_hosts_signature(
    headers: dict[str, str], signs_for: set[str], url: str
) -> None:
    """OpenAI's hosts sign as Cloudflare or OpenAI do; a proxy that looks into TLS answers in its own name."""
    got = read_probe(ProbeSpec("P", "APIs", url, 150.0), HttpResponse(502, headers))
    expected = (Outcome.FAILURE, True) if url in signs_for else (Outcome.LOCAL, False)
    assert (got.outcome, got.signed) == expected


@pytest.mark.parametrize("host", ["notopenai.com", "openai.com.example.net", "chatgpt.com.example.net"])
def test_a_host_that_only_sounds_like_openais_has_no_known_signature(host: str) -> None:
    """Any will do."""
    got = read_probe(
        ProbeSpec("P", "APIs", f"https://{host}/", 150.0), HttpResponse(502, {"server": "nginx"})
    )
    assert got.signed


def test_only_an_answer_is_signed() -> None:
    """A failure without one is nobody's word."""
    assert not read_probe(SPEC, Miss(Cause.TIMEOUT)).signed
    assert not read_probe(SPEC, HttpResponse(401, SIGNED)).signed


def test_a_server_on_this_computer_needs_to_sign_nothing() -> None:
    """There is nobody on the way."""
    spec = ProbeSpec("API", "APIs", "http://127.0.0.1:1/", 150.0)
    assert read_probe(spec, HttpResponse(503)).outcome is Outcome.FAILURE


@pytest.mark.parametrize("cause", list(Cause))
def test_a_miss_is_a_failure_or_our_own_trouble(cause: Cause) -> None:
    """Silence and broken connections may be theirs; names, ways, certificates and proxies are ours."""
    theirs = {"timeout", "refused", "reset", "truncated", "protocol"}
    expected = Outcome.FAILURE if cause.value in theirs else Outcome.LOCAL
    assert read_probe(SPEC, Miss(cause)).outcome is expected


@pytest.mark.parametrize(
    ("url", "internal"),
    [
        ("https://status.openai.com", False),
        ("http://1.1.1.1/", False),
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]/", True),
        ("http://10.0.0.7/", True),
        ("http://localhost/", True),
        ("https://status.corp/", True),
        ("https://nas.home.arpa/", True),
        ("http://[", True),
    ],
)
def test_an_internal_address_is_known_by_its_spelling(url: str, internal: bool) -> None:
    """An answer from there proves nothing about the internet."""
    assert is_internal(url) is internal


def test_an_address_without_a_host_leads_nowhere_known() -> None:
    """Broken redirects count as leading away."""
    assert host_of("http://[") == ""
    assert is_other_host("https://a.test/", "http://[")
    assert is_other_host("https://a.test/", "mailto:x@a.test")
    assert not is_other_host("https://a.test/", "")
