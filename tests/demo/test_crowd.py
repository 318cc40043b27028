"""The people of the demo's story: they report its outage, the program is told of them, and nobody else is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.core.films import moment
from tests.proxy import ForwardProxy
from trayapp.app.context import CommandContext, create_sources
from trayapp.app.languages import load_translator
from trayapp.commands.demo import teach_crowd, write_loopback_config
from trayapp.core.crowd.record import add_report
from trayapp.core.crowd.votes import CrowdMemory, judge_crowd
from trayapp.demo.crowd import SOURCES, StoryCrowd, count_people
from trayapp.demo.story import STORY, build_frames
from trayapp.model import PollPlan
from trayapp.model.crowd import CrowdWord
from trayapp.places import NOWHERE
from trayapp.settings.schema import Config
from trayapp.settings.sections import NetworkConfig
from trayapp.store.codec import from_json
from trayapp.store.reader import read_last_saved

NOW = datetime(2030, 1, 2, 3, 0, tzinfo=UTC)


def test_people_report_before_anybody_posts_and_less_and_less_after_the_fix() -> None:
    """As in a real outage; on calm days nobody does."""
    people = {frame.minute: frame.people for frame in build_frames(NOW)}
    posted = next(step.minute for step in STORY if step.post)
    numbers = list(people.values())
    assert (numbers[0], numbers[-1]) == (0, 0)
    assert any(n > 0 for minute, n in people.items() if minute < posted)
    height = numbers.index(max(numbers))
    assert numbers[: height + 1] == sorted(numbers[: height + 1])
    assert numbers[height:] == sorted(numbers[height:], reverse=True)


def test_the_program_that_plays_it_knows_what_is_usual(tmp_path: Path) -> None:
    """So that the first people of the story are unusual, and many."""
    teach_crowd(tmp_path / "state.db", NOW)
    memory = from_json(CrowdMemory, read_last_saved(tmp_path / "state.db").crowd)
    assert judge_crowd(add_report(memory, count_people(0, NOW), NOW), NOW).word is CrowdWord.NONE
    first = next(step.people for step in STORY if step.people)
    assert judge_crowd(add_report(memory, count_people(first, NOW), NOW), NOW).word is CrowdWord.MANY


def test_only_they_are_asked_whatever_the_menu_switches_on(tmp_path: Path) -> None:
    """A demo sends nothing to GitHub, Hacker News or Mastodon."""
    crowd = StoryCrowd()
    with ForwardProxy("ada:secret") as proxy:
        config = write_loopback_config(tmp_path / "config.toml", Config(), "http://page.test")
        assert config.crowd.sources == SOURCES
        config = replace(config, network=NetworkConfig(proxy=proxy.url), probes=())
        context = CommandContext(
            config, tmp_path / "config.toml", NOWHERE, load_translator("en"), own_crowd=crowd
        )
        http, sources = create_sources(context, keeps=True)
        crowd.set_people(8)
        report = sources.poll(PollPlan(0.0, "due", page=True, crowd=True), lambda: moment(0)).crowd
        http.close()
        assert report is not None
        assert [count.people for count in report.counts] == [8, 3, 4]
        assert {line.split("/")[2] for line in proxy.refused if "http://" in line} <= {
            "page.test",
            "127.0.0.1",
        }
        assert not [line for line in proxy.refused if line.startswith("CONNECT")]
