"""Other people's reports in the running program: off is off; on, they are asked for beside the rounds, kept and recorded."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.core.crowd.counts import CALM, GITHUB, MASTODON, NEWS, crowd_count, keep_asking
from tests.core.films import LIMITS, alive, every, failing, look, moment
from tests.core.pages import BEGAN, page
from tests.desktop.desktops import wait_until
from tests.proxy import ForwardProxy
from trayapp.app.context import CommandContext, create_sources
from trayapp.app.crowd_sources import CrowdAsking
from trayapp.app.languages import load_translator
from trayapp.app.live_settings import LiveSettings
from trayapp.commands.replay import replay_rounds
from trayapp.core.crowd.votes import CrowdMemory, judge_crowd
from trayapp.core.judge import judge_round
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import PollerPorts, PollerSettings
from trayapp.engine.recording import Recorder, read_lines
from trayapp.model import Level, Miss, PollPlan, Round
from trayapp.model.crowd import CrowdCount, CrowdReport, CrowdSource, CrowdWindow, CrowdWord
from trayapp.places import NOWHERE, Places
from trayapp.settings.schema import Config, load_config
from trayapp.settings.sections import ConnectivityConfig, CrowdConfig, NetworkConfig, PageConfig
from trayapp.sources.crowd.background import BackgroundCrowd
from trayapp.sources.crowd.counting import Fetch
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources
from trayapp.store import Store
from trayapp.store.codec import from_json, to_json

SOURCES = ("github", "hacker_news", "mastodon")
CROWD = replace(LIMITS, crowd=SOURCES)
PLAN = PollPlan(0.0, "due", page=True, crowd=True, trends=True)
DAYS = timedelta(days=5)
TAUGHT = keep_asking(CrowdMemory(), BEGAN - DAYS, DAYS, CALM)


@contextmanager
def asked_through(proxy: ForwardProxy, crowd: CrowdConfig) -> Iterator[Sources]:
    """The program's own sources, every request of which meets a proxy that lets nothing through."""
    config = Config(
        probes=(),
        page=PageConfig("http://page.test"),
        connectivity=ConnectivityConfig(()),
        network=NetworkConfig(proxy=proxy.url),
        crowd=crowd,
    )
    prepared = CommandContext(config, Path("none"), NOWHERE, load_translator("tr"))
    http, sources = create_sources(prepared, keeps=True)
    yield sources
    http.close()


def hosts(proxy: ForwardProxy) -> set[str]:
    """Whom somebody wanted to ask."""
    return {line.split(" ")[1].removeprefix("http://").partition("/")[0] for line in proxy.refused}


def test_without_a_source_not_one_request_leaves() -> None:
    """Even for a plan that wants it."""
    with ForwardProxy("ada:secret") as proxy, asked_through(proxy, CrowdConfig()) as sources:
        assert sources.poll(PLAN, lambda: moment(0)).crowd is None
        assert hosts(proxy) == {"page.test"}
    assert not any(thread.name == "crowd" for thread in threading.enumerate())


def test_only_those_are_asked_that_are_named() -> None:
    """And Google's list only when the plan says so."""
    crowd = CrowdConfig(("github", "hacker_news", "mastodon", "trends"), mastodon="toots.test")
    with ForwardProxy("ada:secret") as proxy, asked_through(proxy, crowd) as sources:
        sources.poll(replace(PLAN, crowd=False), lambda: moment(0))
        assert hosts(proxy) == {"page.test"}
        sources.poll(PLAN, lambda: moment(1))
        people = {"api.github.com:443", "hn.algolia.com:443", "toots.test:443", "trends.google.com:443"}
        wait_until(lambda: people <= hosts(proxy), 30.0, "all asked")
        wait_until(
            lambda: (sources.poll(replace(PLAN, crowd=False), lambda: moment(2)).crowd) is not None,
            30.0,
            "a round that takes what came",
        )
    assert hosts(proxy) == {"page.test", *people}


def test_off_loads_nothing_from_settings_to_menu() -> None:
    """A whole round of the program: sources, plan, judge, words, page."""
    code = """
import sys
from pathlib import Path
import trayapp.commands.run, trayapp.commands.history
from tests.core.films import LIMITS, look, moment
from trayapp.app.context import CommandContext, create_sources
from trayapp.app.details_document import build_document
from trayapp.app.languages import load_translator
from trayapp.core import judge, schedule
from trayapp.core.state.memory import Memory
from trayapp.model import RoundTerms
from trayapp.core.tray_view.view import build_view
from trayapp.places import NOWHERE, Places
from trayapp.settings.schema import Config, load_config
create_sources(CommandContext(Config(), Path("none"), NOWHERE, load_translator("en")), keeps=True)
memory, verdict, _ = judge.judge_round(Memory(), look(0), LIMITS)
plan = schedule.plan_next_poll(schedule.start_schedule(moment(0), LIMITS, lambda: 0.5), memory, RoundTerms(moment(1), LIMITS))
build_view(verdict, memory.saved, load_translator("en"), verdict.at)
assert not plan.crowd
print([name for name in sys.modules if "crowd" in name and name.startswith("trayapp")])
"""
    code = code.replace("from trayapp.app.details_document import build_document\n", "")
    got = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert got.stdout.strip() == "[]"


class Slow:
    """A source that answers when it is let."""

    source, requests = CrowdSource.GITHUB, 1

    def __init__(self) -> None:
        self.may_answer = threading.Event()

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Waits."""
        assert fetch
        assert self.may_answer.wait(30)
        return CrowdCount(self.source, 3, window)


def test_a_source_that_hangs_delays_no_round() -> None:
    """Rounds come and go; the first one after the answer has it, and no later one has it again."""
    slow = Slow()
    background = BackgroundCrowd([slow], None, lambda: HttpClient(user_agent="test"))
    http = HttpClient(user_agent="test")
    sources = Sources(
        http=http,
        page_url="http://127.0.0.1:9",
        probes=(),
        references=(),
        read_system_connectivity=lambda: pytest.fail("not needed"),
        crowd=CrowdAsking(background),
    )
    plan = PollPlan(0.0, "due", crowd=True)
    assert [sources.poll(plan, lambda: moment(1)).crowd for _ in range(3)] == [None] * 3
    slow.may_answer.set()
    rounds: list[Round] = []

    def has_come() -> bool:
        rounds.append(sources.poll(replace(plan, crowd=False), lambda: moment(9)))
        return rounds[-1].crowd is not None

    wait_until(has_come, 30.0, "the answer in a round")
    report = rounds[-1].crowd
    assert report is not None
    assert [(c.source, c.people) for c in report.counts] == [(CrowdSource.GITHUB, 3)]
    assert sources.poll(replace(plan, crowd=False), lambda: moment(10)).crowd is None
    http.close()


def report(second: float, **people: int) -> CrowdReport:
    """What was counted until then."""
    at = BEGAN + timedelta(seconds=second)
    return CrowdReport(tuple(crowd_count(CrowdSource(name), n, at) for name, n in people.items()))


def ledger_on(file: Path) -> Ledger:
    """A program's ledger, with the sources on."""
    world = SimpleNamespace(open_store=lambda: Store.open(file, BEGAN), clock=lambda: moment(0))
    settings = SimpleNamespace(limits=CROWD)
    return Ledger(cast("PollerPorts", world), lambda: cast("PollerSettings", settings))


def test_what_was_learnt_outlives_the_program(tmp_path: Path) -> None:
    """Baselines and votes; a program that asks nobody carries them on unread."""
    file = tmp_path / "state.db"
    ledger = ledger_on(file)
    memory = ledger.recall_crowd(ledger.load_memory())
    assert memory.crowd == CrowdMemory()
    memory = replace(memory, crowd=TAUGHT)
    round_ = replace(look(600, page()), crowd=report(600, github=12, hacker_news=3, mastodon=5))
    memory, verdict, _ = judge_round(memory, round_, CROWD)
    assert verdict.crowd is not None
    assert verdict.crowd.word is CrowdWord.MANY
    ledger.save(memory, last=True)
    ledger.store.close()

    off = ledger_on(file)
    off.save(replace(off.load_memory(), crowd=None), last=True)
    off.store.close()

    again = ledger_on(file)
    recalled = again.recall_crowd(again.load_memory())
    assert recalled.crowd == memory.crowd
    assert recalled.crowd is not None
    assert judge_crowd(recalled.crowd, round_.moment.wall).word is CrowdWord.MANY
    again.store.close()


@pytest.mark.parametrize("damaged", ["x", "[]", '{"sources": {"github": 7}}', '{"sources": 7}'])
def test_a_damaged_part_costs_only_itself(
    tmp_path: Path, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the memory stays; the learning begins anew."""
    file = tmp_path / "state.db"
    store = Store.open(file, BEGAN)
    store.save(replace(store.last_saved(), welcomed=True, crowd=damaged), now=BEGAN)
    store.close()
    ledger = ledger_on(file)
    with caplog.at_level(logging.WARNING):
        memory = ledger.recall_crowd(ledger.load_memory())
    assert memory.saved.welcomed
    assert memory.crowd == CrowdMemory()
    assert "other people's reports is lost" in caplog.text
    ledger.store.close()


@pytest.mark.long
def test_counts_are_recorded_and_judged_again(tmp_path: Path) -> None:
    """Round for round as they were; a recording of five days and an outage tells what the program told."""
    calm, at = alive("API", "ChatGPT", "Login"), 600.0 * 5 * 144
    rounds = [
        replace(look(second, page(), calm), crowd=report(second, github=0, hacker_news=0, mastodon=0))
        for second in (600.0 * n for n in range(5 * 144))
    ]
    rounds += [
        replace(look(at, page(), calm), crowd=report(at, github=12, hacker_news=3, mastodon=5)),
        *every(24, at + 24, at + 300, page(), failing("ChatGPT", "Login")),
    ]
    rounds = [replace(round_, network="home") for round_ in rounds]
    recorder = Recorder(tmp_path / "rounds", CROWD, lambda _why: None)
    for round_ in rounds:
        recorder.add_round(round_, CROWD)
    recorder.close()
    read = [line for line in read_lines(tmp_path / "rounds") if isinstance(line, Round)]
    assert read == rounds
    (told,) = replay_rounds(read_lines(tmp_path / "rounds"), load_translator("en"))
    assert "possible outage" in told.notification.title
    assert "Other people report problems with ChatGPT too" in told.notification.body


def test_a_recorded_round_without_a_crowd_is_as_before() -> None:
    """And one with a trend and a source that could not be read comes back too."""
    plain = look(0, page())
    assert from_json(Round, to_json(plain)) == plain
    heard = replace(plain, crowd=CrowdReport((crowd_count(GITHUB, 3, BEGAN),), (NEWS, MASTODON)))
    assert from_json(Round, to_json(heard)) == heard


def live_settings(folder: Path, text: str) -> LiveSettings:
    """A person's settings as the running program holds them."""
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    places = Places(config=folder, state=folder, log=folder, runtime=folder)
    return LiveSettings(CommandContext(load_config(file), file, places, load_translator("en")))


def test_it_is_switched_on_and_off_while_the_program_runs(tmp_path: Path) -> None:
    """With the next look at the file."""
    preferences, file = live_settings(tmp_path, ""), tmp_path / "config.toml"
    assert preferences.current_settings().limits.crowd == ()
    file.write_text('[crowd]\nsources = ["github"]\nnotify = true\n', "utf-8")
    limits = preferences.current_settings().limits
    assert (limits.crowd, limits.crowd_notify) == (("github",), True)
    file.write_text("# nobody any more\n", "utf-8")
    assert preferences.current_settings().limits.crowd == ()
    preferences.close()


def test_after_an_upgrade_it_stays_off_until_the_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its modules are those of another version, or gone: the rest goes on, and the menu asks for a restart."""
    preferences = live_settings(tmp_path, "")
    monkeypatch.delattr("trayapp.app.crowd_sources")
    monkeypatch.setitem(sys.modules, "trayapp.app.crowd_sources", None)
    (tmp_path / "config.toml").write_text(
        '[crowd]\nsources = ["github"]\n[notify]\nlevel = "nothing"\n', "utf-8"
    )
    settings = preferences.current_settings()
    assert settings.limits.crowd == ()
    assert settings.limits.level is Level.NOTHING
    assert preferences.current_settings().choices.needs_restart
    preferences.close()
