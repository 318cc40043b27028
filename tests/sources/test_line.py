"""Whether it is us: what answers over TLS, references, numeric addresses and dates say of the line, over real servers."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.sources.pages import component, json_response, summary
from tests.sources.servers import Manner, Server, by_path, cut_body, hang, reset, say
from tests.sources.test_secure import server_context
from trayapp.model import (
    Cause,
    ConnectionState,
    Miss,
    Moment,
    Outcome,
    PollPlan,
    ProbeSpec,
    Round,
    SystemConnectivity,
)
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DATED = format_datetime(NOW, usegmt=True)
LOOK = PollPlan(0.0, "test", page=True, probes=("P", "Q"))
CLOUDFLARE = say(503, server="cloudflare")
RIGHT = say(204, date=DATED)
CALM = by_path(
    {
        "/api/v2/summary.json": say(200, json_response(summary(component("A"))).body),
        "/api/v2/components.json": say(200, json_response({"components": [component("A")]}).body),
    }
)
ODD_PAGES = {
    "503": say(503, server="cloudflare"),
    "500 of nobody": say(500),
    "429": say(429),
    "403": say(403, cf_mitigated="challenge"),
    "html": say(200, b"<html>"),
    "redirect": say(302, location="https://elsewhere.test/"),
    "too big": say(200, b"x" * (2 << 20)),
    "odd encoding": say(200, b"x", content_encoding="br"),
    "cut short": cut_body,
}


@dataclass
class World:
    """The servers that are asked, and who asks them."""

    servers: dict[str, Server]
    sources: Sources
    os_words: list[SystemConnectivity]
    nameless: set[str]
    """Hosts whose look-up fails; "*" is all of them."""

    def look(self, plan: PollPlan = LOOK) -> Round:
        """One look at it."""
        return self.sources.poll(plan, lambda: Moment(NOW, 1.0, 1.0))

    def count_requests(self, name: str) -> int:
        """How often a server was asked."""
        return len(self.servers[name].seen)


Build = Callable[..., World]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whom the client trusts."""
    return trustme.CA()


@pytest.fixture
def world(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """Make a world; hosts that end with .test are found on this computer, which is the internet here."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    nameless: set[str] = set()
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in nameless or ("*" in nameless and not name[0].isdigit()):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1" if name.endswith(".test") else name, *more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("trayapp.sources.attempt.is_public", lambda _address: True)
    with contextlib.ExitStack() as stack:

        def build(
            *,
            page: Manner = CALM,
            probe: Manner = CLOUDFLARE,
            other: Manner | None = None,
            reference: Manner = RIGHT,
            trace: Manner | None = None,
            numeric: Manner | None = None,
            os_word: SystemConnectivity = SystemConnectivity.UNKNOWN,
            trusted: bool = True,
        ) -> World:
            manners = {
                "page": page, "probe": probe, "other": other or probe, "trace": trace or say(200),
                "numeric": numeric or say(200), "reference": reference,
            }  # fmt: skip
            tls = server_context(
                authority if trusted else trustme.CA(), *(f"{name}.test" for name in manners)
            )
            of_address = server_context(authority, "127.0.0.1")
            contexts = dict.fromkeys(manners, tls) | {"numeric": of_address, "reference": None}
            servers = {
                name: stack.enter_context(Server(manner, contexts[name]).running())
                for name, manner in manners.items()
            }
            at = {name: f"{name}.test:{server.port}" for name, server in servers.items()}
            http = HttpClient(user_agent="test", ca_file=str(tmp_path / "ca.pem"), now=lambda: NOW)
            stack.callback(http.close)
            words: list[SystemConnectivity] = []
            sources = Sources(
                http=http,
                page_url=f"https://{at['page']}",
                probes=[
                    ProbeSpec("P", "APIs", f"https://{at['probe']}/", 150.0),
                    ProbeSpec("Q", "ChatGPT", f"https://{at['other']}/", 150.0),
                ],
                references=[f"http://{at['reference']}/"],
                read_system_connectivity=lambda: words.append(os_word) or os_word,  # type: ignore[func-returns-value]
                trace_url=f"https://{at['trace']}/",
                numeric_url=f"https://127.0.0.1:{servers['numeric'].port}/",
            )
            return World(servers, sources, words, nameless)

        yield build


@pytest.mark.long
@pytest.mark.parametrize(
    "os_word", [SystemConnectivity.NONE, SystemConnectivity.PORTAL, SystemConnectivity.UNKNOWN]
)
@pytest.mark.parametrize("page", list(ODD_PAGES))
def test_any_answer_of_the_page_over_tls_proves_the_line(
    world: Build, page: str, os_word: SystemConnectivity
) -> None:
    """Whatever its status; then neither the system's word nor references that a filter blocks make it offline."""
    w = world(page=ODD_PAGES[page], probe=reset, reference=reset, os_word=os_word)
    got = w.look()
    assert isinstance(got.page, Miss)
    assert (got.line, got.probes[0].outcome) == (ConnectionState.GOOD, Outcome.FAILURE)
    assert (w.os_words, w.count_requests("reference")) == ([], 0)


@pytest.mark.long
@pytest.mark.parametrize("reference", [reset, say(200, b"<html>blocked")])
@pytest.mark.parametrize("status", [200, 401, 403, 429, 404, 500, 503])
def test_any_answer_of_a_probe_over_tls_proves_the_line(world: Build, status: int, reference: Manner) -> None:
    """Signed or not; the page and the other probe hang up."""
    w = world(
        page=reset, probe=say(status), other=reset, reference=reference, os_word=SystemConnectivity.NONE
    )
    assert w.look().line is ConnectionState.GOOD
    assert w.count_requests("reference") == 0


def test_trouble_at_cloudflares_edge_is_told_from_being_offline_by_its_own_answers(world: Build) -> None:
    """Page, probes and the trace page answer 500, and the system says that there is no network."""
    bad = say(500, server="cloudflare")
    assert (
        world(page=bad, probe=bad, trace=bad, os_word=SystemConnectivity.NONE).look().line
        is ConnectionState.EDGE
    )


@pytest.mark.parametrize("word", [SystemConnectivity.NONE, SystemConnectivity.UNKNOWN])
def test_where_nothing_answers_it_is_offline(world: Build, word: SystemConnectivity) -> None:
    """A certificate of somebody else's is no answer either."""
    assert (
        world(page=reset, probe=reset, reference=reset, os_word=word).look().line is ConnectionState.OFFLINE
    )
    assert world(trusted=False, reference=reset, os_word=word).look().line is ConnectionState.OFFLINE


def test_names_that_cannot_be_looked_up_are_told_from_being_offline(world: Build) -> None:
    """A numeric address answers: the line is good, and each cause says what is not."""
    w = world()
    w.nameless.add("*")
    got = w.look()
    assert got.line is ConnectionState.GOOD
    assert isinstance(got.page, Miss)
    assert {got.page.cause, *(probe.cause for probe in got.probes)} == {Cause.NO_NAME_SERVICE}
    assert {probe.outcome for probe in got.probes} == {Outcome.LOCAL}


@pytest.mark.long
@pytest.mark.parametrize("numeric", [reset, hang])
def test_where_not_even_a_number_answers_it_is_offline(world: Build, numeric: Manner) -> None:
    """Names fail because everything does."""
    w = world(numeric=numeric)
    w.nameless.add("*")
    got = w.look()
    assert (got.line, got.probes[0].cause) == (ConnectionState.OFFLINE, Cause.DNS)


def test_names_that_fail_for_openai_alone_are_another_matter(world: Build) -> None:
    """The references are found."""
    w = world()
    w.nameless.update(("page.test", "probe.test", "other.test"))
    got = w.look()
    assert (got.line, got.probes[0].outcome, got.probes[0].cause) == (
        ConnectionState.GOOD,
        Outcome.LOCAL,
        Cause.DNS,
    )


def test_numeric_addresses_are_asked_only_where_every_name_fails(world: Build) -> None:
    """Elsewhere their answer says nothing."""
    w = world(page=reset, probe=reset)
    w.nameless.add("other.test")
    w.look()
    assert w.count_requests("numeric") == 0


@pytest.mark.parametrize(
    ("away", "cause"),
    [
        (timedelta(days=400), Cause.CLOCK),
        (timedelta(days=-1), Cause.CLOCK),
        (timedelta(hours=23), Cause.TLS),
        (timedelta(0), Cause.TLS),
    ],
)
def test_certificates_that_fail_on_a_wrong_clock_are_the_clocks_trouble(
    world: Build, away: timedelta, cause: Cause
) -> None:
    """The references' dates tell it."""
    got = world(trusted=False, reference=say(204, date=format_datetime(NOW + away, usegmt=True))).look()
    assert isinstance(got.page, Miss)
    assert (got.line, got.page.cause) == (ConnectionState.GOOD, cause)
    assert {(probe.outcome, probe.cause) for probe in got.probes} == {(Outcome.LOCAL, cause)}


@pytest.mark.parametrize("dated", [say(204), say(204, date="soon")])
def test_without_a_date_the_clock_is_not_doubted(world: Build, dated: Manner) -> None:
    """Nor by a reference that is not right."""
    got = world(trusted=False, reference=dated).look()
    assert got.probes[0].cause is Cause.TLS
    wrong = say(200, b"<html>", date="Fri, 01 May 2020 00:00:00 GMT")
    assert world(trusted=False, reference=wrong).look().probes[0].cause is Cause.TLS


@pytest.mark.long
def test_every_step_keeps_the_rounds_deadline(world: Build) -> None:
    """Name look-ups, handshakes, references, the trace page and the number: ten seconds, and a tenth more."""
    w = world(page=hang, probe=hang, reference=hang, trace=hang, numeric=hang)
    began = time.monotonic()
    assert w.look().line is ConnectionState.OFFLINE
    assert time.monotonic() - began < 11.0
