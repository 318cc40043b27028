"""The check with the person's own key, in the program: off is off; on, it goes on beside the rounds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.sources.answers.gateway import BEGUN, GOOD, Gateway, Reply, refusal
from trayapp.app.context import CommandContext, create_sources
from trayapp.app.languages import load_translator
from trayapp.core.history.observations import round_observations
from trayapp.core.polling.key_check import add_usage, dollar_cost, requests_today
from trayapp.core.state.memory import Memory
from trayapp.core.wording.program_notifications import key_notification
from trayapp.model import (
    AnswerFinding,
    KeyUsage,
    Limits,
    Moment,
    Outcome,
    PollPlan,
    ProbeResult,
    ProbeSpec,
    Round,
    Spending,
)
from trayapp.places import NOWHERE
from trayapp.settings.schema import Config, ConfigError, load_config
from trayapp.settings.sections import ConnectivityConfig, KeyCheckConfig, PageConfig
from trayapp.sources.poll import Sources

KEY = "sk-test-0123456789abcdef"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A server that answers well."""
    with Gateway().running() as running:
        yield running


def sources(
    gateway: Gateway, *, on: bool = True, probes: tuple[ProbeSpec, ...] = ()
) -> tuple[Sources, Limits]:
    """The program's own, with everything on loopback."""
    config = Config(
        probes=probes,
        page=PageConfig(f"http://127.0.0.1:{gateway.port}"),
        connectivity=ConnectivityConfig(()),
        key_check=KeyCheckConfig(on=on, base_url=gateway.base),
    )
    prepared = CommandContext(config, Path("none"), NOWHERE, load_translator("en"))
    return create_sources(prepared, key=lambda: KEY)[1], config.build_limits(keyed=True)


def moment() -> Moment:
    """One instant."""
    return Moment(NOON, 100.0, 100.0)


def test_what_is_found_joins_the_next_round(gateway: Gateway) -> None:
    """The round that begins the check does not wait for it; when it has ended, somebody is told."""
    gateway.replies = [Reply(pieces=GOOD, pause=0.2)]
    looked, _ = sources(gateway)
    ended: SimpleQueue[None] = SimpleQueue()
    first = looked.poll(PollPlan(0.0, "due", probes=("Answers",)), moment, lambda: ended.put(None))
    assert first.probes == ()
    ended.get(timeout=20)
    second = looked.poll(PollPlan(0.0, "an answer has come"), moment)
    assert [(one.name, one.finding) for one in second.probes] == [("Answers", AnswerFinding.WHOLE)]
    assert first.spent + second.spent == KeyUsage(1, 12, 2)
    assert looked.poll(PollPlan(0.0, "later"), moment).probes == ()


def test_while_one_check_is_under_way_no_other_begins(gateway: Gateway) -> None:
    """As with a keyring that hangs."""
    gateway.replies = [Reply(pieces=GOOD, pause=0.4)]
    looked, _ = sources(gateway)
    ended: SimpleQueue[None] = SimpleQueue()
    for _ in range(3):
        looked.poll(PollPlan(0.0, "due", probes=("Answers",)), moment, lambda: ended.put(None))
    ended.get(timeout=20)
    assert ended.empty()
    assert len(gateway.posted) == 1


def test_a_stream_that_broke_off_while_the_page_broke_too_is_the_lines_doing(gateway: Gateway) -> None:
    """The page is asked in the round that takes it up, and is cut as well."""
    gateway.replies = [Reply(pieces=BEGUN)]
    gateway.models = Reply(kind="application/json", pieces=(b"{",), cut=True)
    looked, _ = sources(gateway)
    ended: SimpleQueue[None] = SimpleQueue()
    plan = PollPlan(0.0, "due", probes=("Answers",), streamed_here=True)
    looked.poll(plan, moment, lambda: ended.put(None))
    ended.get(timeout=20)
    (found,) = looked.poll(PollPlan(0.0, "an answer has come", page_if_failing=True), moment).probes
    assert found.outcome is Outcome.LOCAL


def test_the_probe_of_the_models_shows_the_key_once_a_check_had_it_and_until_it_is_refused(
    gateway: Gateway,
) -> None:
    """In place of the probe without one; no other address is shown it."""
    api = ProbeSpec("API", "APIs", f"{gateway.base}/models", 150.0)
    other = ProbeSpec("ChatGPT", "ChatGPT", f"http://127.0.0.1:{gateway.port}/", 150.0)
    looked, _ = sources(gateway, probes=(api, other))
    ended: SimpleQueue[None] = SimpleQueue()

    def poll_probes() -> list[str]:
        before = len(gateway.asked)
        looked.poll(PollPlan(0.0, "due", probes=("API", "ChatGPT")), moment)
        return [f"{one.path} {one.authorization}".strip() for one in gateway.asked[before:]]

    def check() -> None:
        looked.poll(PollPlan(0.0, "due", probes=("Answers",)), moment, lambda: ended.put(None))
        ended.get(timeout=20)

    assert sorted(poll_probes()) == ["/", "/v1/models"]
    check()
    assert sorted(poll_probes()) == ["/", f"/v1/models Bearer {KEY}"]
    gateway.replies = [refusal(401, "invalid_api_key")]
    check()
    assert sorted(poll_probes()) == ["/", "/v1/models"]


def test_where_it_is_off_nothing_is_asked(gateway: Gateway) -> None:
    """There is no such probe, and nobody to ask it."""
    looked, limits = sources(gateway, on=False)
    looked.poll(PollPlan(0.0, "due", probes=("Answers",)), moment)
    assert not gateway.asked
    assert not any(spec.keyed for spec in limits.probes)


def test_where_it_is_off_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    """Whoever has no key pays nothing for it."""
    program = (
        "import sys; from pathlib import Path; import trayapp.commands.run;"
        "from trayapp.app.live_settings import LiveSettings;"
        "from trayapp.app.context import CommandContext; from trayapp.settings.schema import Config;"
        "from trayapp.app.languages import load_translator; from trayapp.places import NOWHERE;"
        "LiveSettings(CommandContext(Config(), Path('none'), NOWHERE, load_translator('en'))).close();"
        "print([name for name in sys.modules if name.startswith('trayapp.sources.answers')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert ran.stdout.strip() == "[]"


def test_only_the_running_program_asks_what_costs() -> None:
    """`status`, `wait` and `doctor` know nothing of it."""
    config = Config(key_check=KeyCheckConfig(on=True))
    assert not any(spec.keyed for spec in config.build_limits().probes)
    assert [spec.name for spec in config.build_limits(keyed=True).probes if spec.keyed] == ["Answers"]


def test_its_settings(tmp_path: Path) -> None:
    """Off without a word; each has its bounds."""
    file = tmp_path / "config.toml"
    file.write_text("")
    assert load_config(file).key_probe is None
    file.write_text('[key_check]\non = true\ninterval = "1h"\napi = "chat"\nmodel = "llama"\n')
    file.chmod(0o600)
    config = load_config(file)
    assert config.key_probe is not None
    assert config.key_probe.interval == 3600.0
    assert (config.key_check.api, config.key_check.model) == ("chat", "llama")


@pytest.mark.parametrize(
    "line",
    [
        'interval = "1m"',
        'interval = "2h"',
        'api = "soap"',
        "on = 1",
        'base_url = "http://gateway.example/v1"',
    ],
)
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, line: str) -> None:
    """A key goes over https, or stays on this computer."""
    file = tmp_path / "config.toml"
    file.write_text(f"[key_check]\n{line}\n")
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="key_check"):
        load_config(file)


def test_the_cost_of_a_month() -> None:
    """12 tokens in and 16 out, 96 times a day: under three cents in thirty days."""
    spending = Spending()
    for day in range(1, 31):
        for check in range(96):
            at = datetime(2026, 11, day, tzinfo=UTC) + timedelta(minutes=15 * check)
            spending = add_usage(spending, KeyUsage(1, 12, 16), at)
    assert (spending.requests, requests_today(spending, datetime(2026, 11, 30, 23, tzinfo=UTC))) == (2880, 96)
    assert 0.026 < dollar_cost(spending) < 0.027


def test_a_day_and_a_month_begin_anew() -> None:
    """Each with its own count."""
    november = add_usage(Spending(), KeyUsage(5, 60, 80), datetime(2026, 11, 30, 23, tzinfo=UTC))
    december = add_usage(november, KeyUsage(1, 12, 2), datetime(2026, 12, 1, tzinfo=UTC))
    assert december == Spending("2026-12-01", 1, "2026-12", 1, 12, 2)
    assert requests_today(november, datetime(2026, 12, 1, tzinfo=UTC)) == 0


def test_two_times_are_kept_of_a_whole_answer() -> None:
    """Until its first event, and until its end: both are drawn as other answer times are."""
    limits = Config(key_check=KeyCheckConfig(on=True)).build_limits(keyed=True)
    whole = ProbeResult(
        "Answers", "APIs", Outcome.ALIVE, None, 200, 900, finding=AnswerFinding.WHOLE, first_ms=400
    )
    seen = round_observations(Memory(), Round(moment(), probes=(whole,)), limits)
    assert [(one.about, one.elapsed_ms) for one in seen if one.witness == "probe"] == [
        ("Answers", 900),
        ("Answers (first event)", 400),
    ]
    cut = replace(whole, outcome=Outcome.FAILURE, elapsed_ms=None, first_ms=None)
    assert (
        len(
            [
                one
                for one in round_observations(Memory(), Round(moment(), probes=(cut,)), limits)
                if one.witness == "probe"
            ]
        )
        == 1
    )


def test_a_refused_key_is_told_as_the_programs_own_trouble() -> None:
    """In a sentence that says what rests."""
    told = key_notification(load_translator("en"), AnswerFinding.KEY_REFUSED, NOON)
    assert told.title == "OpenAI Status Tray: OpenAI refuses your key"
    assert "rests until that is mended" in told.body
