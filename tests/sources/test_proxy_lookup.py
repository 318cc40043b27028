"""The system's answers on proxies: waited for once and not long, kept, asked for anew, never trusted blindly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer
from trayapp.sources.proxies import Proxy
from trayapp.sources.proxy_choice import ProxyChoice, origins_of
from trayapp.sources.proxy_lookup import (
    ABANDON_AFTER,
    DOUBT_AFTER,
    REFRESH_AFTER,
    RETRY_AFTER,
    ProxyLookup,
)

URL = "https://status.openai.com/"
PLACE = ("https", "status.openai.com", 443)
NEAR, FAR = Proxy("http", "near", 3128), Proxy("http", "far", 8080)


def says(*addresses: str, exceptions: tuple[str, ...] = ()) -> SystemProxyAnswer:
    """A portal's answer."""
    return SystemProxyAnswer(ProxySource.PORTAL, addresses, exceptions=exceptions)


TROUBLE = {kind: SystemProxyAnswer(ProxySource.PORTAL, trouble=kind) for kind in ProxyTrouble}


class System:
    """A system that answers as it is told, and notes what it was asked; it hangs while `gate` is not set."""

    def __init__(self, answer: SystemProxyAnswer | None) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.now = 1000.0
        self.lookup = ProxyLookup(self._look_up, clock=lambda: self.now)

    def _look_up(self, urls: Sequence[str], report: Callable[[str, SystemProxyAnswer], None]) -> None:
        answer, gate = self.answer, self.gate
        self.asked += urls
        gate.wait(20)
        for url in urls:
            if answer is not None:
                report(url, answer)

    def round(self, *urls: str, patience: float = 5.0) -> float:
        """Prepare as a round does, and return the seconds that it took."""
        began = time.monotonic()
        self.lookup.prepare(urls or (URL,), patience)
        return time.monotonic() - began

    def wait_until_settled(self) -> None:
        """Wait until nothing is looked up."""
        deadline = time.monotonic() + 10
        while self.lookup._running and time.monotonic() < deadline:
            threading.Event().wait(0.005)
        assert not self.lookup._running


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ways(answer: SystemProxyAnswer | None, place: tuple[str, str, int] = PLACE, setting: str = "") -> object:
    """The ways to a server once the system has said this."""
    system = System(answer)
    choice = ProxyChoice(setting, system.lookup)
    choice.reread()
    choice.prepare([f"{place[0]}://{place[1]}:{place[2]}/x"], 20.0)
    return choice.ways_to(*place)


def test_what_the_system_names_is_used_in_its_order() -> None:
    """As a PAC file lists proxies; what cannot be used is left out where anything else is there."""
    assert ways(says("http://near:3128", "http://far:8080", "direct://")) == (NEAR, FAR, None)
    assert ways(says("socks5://tor:9050", "http://near:3128")) == (NEAR,)
    assert ways(says("HTTP://near:3128", "http://near:3128")) == (NEAR,)


def test_a_socks_proxy_alone_is_not_gone_around() -> None:
    """It is not supported, and that is said; nothing goes past it."""
    assert ways(says("socks://tor:9050")) == (Proxy("socks", "tor", 9050),)


def test_a_setting_wins_and_the_system_is_not_even_asked() -> None:
    """The person's or the site's."""
    system = System(says("http://near:3128"))
    choice = ProxyChoice("http://far:8080", system.lookup)
    choice.reread()
    choice.prepare([URL], 5.0)
    assert choice.ways_to(*PLACE) == (FAR,)
    assert system.asked == []


def test_variables_count_where_the_system_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most systems cannot tell "none" from "nothing set"; where the system names one, it counts."""
    monkeypatch.setenv("HTTPS_PROXY", "http://far:8080")
    assert ways(says("direct://")) == (FAR,)
    assert ways(None) == (FAR,)
    assert ways(says("http://near:3128")) == (NEAR,)


def test_no_proxy_holds_against_the_systems_word_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lists a server there means it."""
    monkeypatch.setenv("NO_PROXY", "openai.com")
    assert ways(says("http://near:3128")) == (None,)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "here.localhost", "::1", "169.254.1.2"])
def test_this_computer_itself_is_not_asked_about(host: str) -> None:
    """Whatever a PAC file would say of it."""
    name = f"[{host}]" if ":" in host else host
    assert origins_of([f"http://{name}:8080/x"]) == []
    assert ProxyChoice("", System(says("http://near:3128")).lookup)._named_ways("http", host, 80) == (None,)


def test_the_system_is_told_no_more_than_the_server() -> None:
    """No path, no name or password; a server once; what is no address, not at all."""
    urls = [
        "https://ann:pw@api.openai.com/v1/models?x=1",
        "https://api.openai.com/",
        "https://[",
        "ftp://x",
        "",
    ]
    assert origins_of(urls) == ["https://api.openai.com/"]
    assert origins_of(["http://mirror.corp:8080/a", "https://ä.test/"]) == [
        "http://mirror.corp:8080/",
        "https://xn--4ca.test/",
    ]


@pytest.mark.parametrize(
    ("exceptions", "direct"),
    [(("openai.com",), True), (("*.openai.com",), True), (("*",), True), (("10.0.0.0/8", "x"), False)],
)
def test_the_systems_exceptions_are_direct(exceptions: tuple[str, ...], direct: bool) -> None:
    """Those that the system leaves to whoever asks."""
    assert ways(says("http://near:3128", exceptions=exceptions)) == ((None,) if direct else (NEAR,))


@pytest.mark.parametrize(
    "addresses", [(), ("",), ("rubbish://",), ("http://:99",), ("\x1b[31m", "http://a b")]
)
def test_rubbish_is_no_answer(addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts as before, and it is known that something is wrong."""
    monkeypatch.setenv("HTTPS_PROXY", "http://far:8080")
    assert ways(says(*addresses)) == (FAR,)
    system = System(says(*addresses))
    system.round()
    found = system.lookup.answer_for(URL)
    assert found is not None
    assert found.trouble is ProxyTrouble.FAILED


def test_a_round_waits_for_the_first_answer_alone() -> None:
    """An answer that is asked for anew is used meanwhile."""
    system = System(says("http://near:3128"))
    system.round()
    system.answer = says("http://far:8080")
    system.gate.clear()
    system.now += REFRESH_AFTER
    assert system.round(patience=30.0) < 5.0
    assert system.lookup.answer_for(URL) == says("http://near:3128")
    system.gate.set()
    system.wait_until_settled()
    assert system.lookup.answer_for(URL) == says("http://far:8080")
    assert system.asked == [URL, URL]


def test_a_system_that_hangs_costs_its_wait_once_and_its_answer_counts_when_it_comes() -> None:
    """A PAC file that takes ten seconds: the first round goes without it, the second by it."""
    system = System(says("http://near:3128"))
    system.gate.clear()
    assert 0.2 <= system.round(patience=0.2) < 3.0
    assert system.lookup.answer_for(URL) is None
    system.now += 1.0
    assert (
        system.round(URL, "https://api.openai.com/", patience=0.2) < 0.2
    )  # the wait is over, for all of them
    system.gate.set()
    system.wait_until_settled()
    assert system.lookup.answer_for(URL) == says("http://near:3128")
    assert system.asked == [URL]


def test_it_is_asked_once_a_quarter_of_an_hour_and_sooner_when_requests_fail() -> None:
    """The network may have changed; but not with each failure."""
    system = System(says("direct://"))
    for seconds, doubts, asked in (
        (REFRESH_AFTER - 1, False, 1),
        (1, False, 2),
        (DOUBT_AFTER - 1, True, 2),
        (1, True, 3),
        (DOUBT_AFTER, False, 3),
    ):
        system.round()
        system.wait_until_settled()
        system.now += seconds
        if doubts:
            system.lookup.doubt([URL])
        system.round()
        system.wait_until_settled()
        assert len(system.asked) == asked, (seconds, doubts)


def test_after_a_sleep_the_answer_is_waited_for_again() -> None:
    """The computer may have waked on another network, and what hung before does not hold it up."""
    system = System(says("http://near:3128"))
    system.round()
    system.now += REFRESH_AFTER
    system.gate.clear()
    system.round()
    system.lookup.renew()
    system.gate.set()
    system.answer = says("http://far:8080")
    system.round(patience=20.0)
    assert system.lookup.answer_for(URL) == says("http://far:8080")


@pytest.mark.parametrize("kind", ProxyTrouble)
def test_a_bad_answer_does_not_replace_a_good_one_unless_that_has_failed(kind: ProxyTrouble) -> None:
    """The last answer is kept; but one by which nothing comes any more is not held on to."""
    system = System(says("http://near:3128"))
    system.round()
    for doubted, kept in ((False, says("http://near:3128")), (True, TROUBLE[kind])):
        system.answer = TROUBLE[kind]
        system.now += 2**6 * RETRY_AFTER
        system.lookup.doubt([URL] if doubted else [])
        system.round()
        system.wait_until_settled()
        assert system.lookup.answer_for(URL) == kept


def test_a_system_that_is_late_is_asked_less_and_less() -> None:
    """A PAC file that never ends may keep a processor busy with each question, for as long as it is asked."""
    system, hours = System(TROUBLE[ProxyTrouble.LATE]), 8
    for _ in range(hours * 120):
        system.lookup.doubt([URL])
        system.round()
        system.wait_until_settled()
        system.now += 30.0
    assert 5 <= len(system.asked) <= 9


def test_a_look_up_that_never_ends_is_abandoned() -> None:
    """Another is begun, and what the first then says is not listened to."""
    system = System(says("http://near:3128"))
    gate, system.gate = system.gate, threading.Event()
    system.round(patience=0.05)
    while not system.asked:
        threading.Event().wait(0.005)
    first, system.gate = system.gate, gate
    system.now += ABANDON_AFTER + 1
    system.answer = says("http://far:8080")
    system.round()
    first.set()
    assert system.lookup.answer_for(URL) == says("http://far:8080")
    assert len(system.asked) == 2


def test_whatever_breaks_in_it_requests_go_on(caplog: pytest.LogCaptureFixture) -> None:
    """One line in the log."""

    def broken(_urls: Sequence[str], _report: object) -> None:
        raise LookupError("no such library")

    lookup = ProxyLookup(broken)
    lookup.prepare([URL])
    assert lookup.answer_for(URL) is None
    assert "no such library" in caplog.text
    assert "Traceback" not in caplog.text


def test_where_there_is_nobody_to_ask_no_thread_is_started() -> None:
    """A terminal without a session, a server."""
    before = threading.active_count()
    system = System(says("http://near:3128"))
    lookup = ProxyLookup(system._look_up, lambda: False)
    lookup.prepare([URL])
    assert (system.asked, threading.active_count()) == ([], before)


def test_no_more_threads_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked again in the next round."""
    system = System(says("http://near:3128"))
    with monkeypatch.context() as patch:
        patch.setattr(
            "threading.Thread.start",
            lambda _self: (_ for _ in ()).throw(RuntimeError("can't start new thread")),
        )
        system.round()
    assert system.lookup.answer_for(URL) is None
    system.round()
    assert system.lookup.answer_for(URL) == says("http://near:3128")


def test_a_proxy_that_does_not_answer_is_tried_last_for_a_while() -> None:
    """The next in the list comes first; where there is no other, it is tried again."""
    system = System(says("http://near:3128", "http://far:8080"))
    choice = ProxyChoice("", system.lookup, lambda: system.now)
    choice.reread()
    choice.prepare([URL], 20.0)
    assert choice.give_up(NEAR, *PLACE)
    assert choice.ways_to(*PLACE) == (FAR, NEAR)
    assert not choice.give_up(FAR, *PLACE)
    assert choice.ways_to(*PLACE) == (NEAR, FAR)
    system.now += 301.0
    assert choice.ways_to(*PLACE) == (NEAR, FAR)


def test_changes_of_the_system_come_through_a_client_that_asks_often() -> None:
    """Servers without end (a page that redirects, say) do not fill the memory."""
    system = System(says("direct://"))
    for number in range(300):
        system.round(f"https://h{number}.test/")
    assert len(system.lookup._answers) <= 102


def test_an_answer_that_comes_after_the_round_s_loop_has_ended_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A command that ends, say: no traceback on the screen."""
    system = System(says("http://near:3128"))
    system.gate.clear()
    system.round(patience=0.05)
    system.gate.set()
    system.wait_until_settled()
    assert system.lookup.answer_for(URL) == says("http://near:3128")
    assert caplog.text == ""
