"""The background thread goes by the settings as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.pages import incident, page
from tests.desktop.desktops import wait_until
from tests.test_poller import Stage
from trayapp.app.languages import load_translator
from trayapp.model import (
    Action,
    Command,
    Limits,
    MenuChoices,
    MenuLine,
    NotificationKind,
    PageReading,
    PollPlan,
    ProbeSpec,
    QuietHours,
    State,
    TransitionKind,
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage that is cleared at the end."""
    one = Stage(tmp_path)
    yield one
    one.end()


def keys(stage: Stage) -> list[str]:
    """The newest menu's lines."""
    return [line.key for line in stage.views[-1].menu]


def line(stage: Stage, key: str) -> MenuLine:
    """One of them."""
    return next(line for line in stage.views[-1].menu if line.key == key)


def test_another_product_followed_is_shown_at_once_and_silently(stage: Stage) -> None:
    """The icon speaks for it without waiting for a look; trouble that it is in already is not news."""
    stage.seen = lambda _: page(Codex=State.MAJOR)
    stage.begin(Limits(follow=("ChatGPT",), page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.chosen.change(
        limits=Limits(follow=("ChatGPT", "Codex"), page_interval=3600.0),
        choices=MenuChoices(("ChatGPT", "Codex")),
    )
    stage.queue.put(None)

    wait_until(lambda: stage.state() is State.MAJOR)
    assert stage.kinds() == []


def test_another_language_is_spoken_at_once(stage: Stage) -> None:
    """The menu that opens next is in it."""
    stage.begin(Limits(page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.chosen.change(speech=load_translator("tr"))
    stage.queue.put(None)

    wait_until(lambda: line(stage, "quit").text == "Çıkış")


def test_a_mistake_is_told_once_and_stands_in_the_menu_until_it_is_mended(stage: Stage) -> None:
    """A notification and a line; the state goes on."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    before = stage.chosen.settings.choices
    stage.chosen.change(choices=replace(before, settings_mistake='config.toml: language = "de"'))
    wait_until(lambda: "mistake" in keys(stage))
    stage.chosen.change(choices=replace(stage.chosen.settings.choices, starts_at_login=True))
    stage.chosen.change(choices=before)
    wait_until(lambda: "mistake" not in keys(stage))

    assert stage.kinds() == [NotificationKind.PROGRAM_TROUBLE]
    assert stage.state() is State.OPERATIONAL


def test_a_choice_goes_to_the_settings(stage: Stage) -> None:
    """They know how to keep it; nothing is told of a choice that could be made."""
    stage.begin(Limits(page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.chosen.answer = ""
    stage.queue.put(Command(Action.LANGUAGE, "tr"))
    wait_until(lambda: stage.chosen.done)

    assert stage.chosen.done == [Command(Action.LANGUAGE, "tr")]
    assert stage.kinds() == []


def test_a_choice_that_could_not_be_made_is_told(stage: Stage) -> None:
    """With the sentence that says why."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.chosen.answer = "config.toml: cannot be written"
    stage.queue.put(Command(Action.LEVEL, "nothing"))
    wait_until(lambda: NotificationKind.PROGRAM_TROUBLE in stage.kinds())

    assert "config.toml: cannot be written" in stage.told[-1].body


def test_another_page_begins_anew_and_keeps_what_was_told(stage: Stage) -> None:
    """Nothing read at the old place is shown as the new one's, and the end of what was told is told."""
    stage.begin(Limits(page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    stage.queue.put(Command(Action.CHECK))
    wait_until(lambda: NotificationKind.START in stage.kinds())
    shown = len(stage.views)
    stage.seen = lambda _: page()
    stage.chosen.change(page_url="https://mirror.example")
    stage.queue.put(None)
    wait_until(lambda: NotificationKind.END in stage.kinds())

    assert State.UNKNOWN in {view.look.state for view in stage.views[shown:]}


def test_other_probes_are_asked_from_then_on(stage: Stage) -> None:
    """The next plan names them."""
    asked: set[str] = set()

    def read_page(plan: PollPlan) -> PageReading:
        asked.update(plan.probes)
        return page()

    stage.seen = read_page
    stage.begin(Limits(page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    spec = ProbeSpec("API", "APIs", "https://api.test/", 150.0)
    stage.chosen.change(limits=Limits(page_interval=3600.0, probes=(spec,)))
    stage.queue.put(None)

    wait_until(lambda: "API" in asked)


def test_a_shorter_interval_holds_at_once(stage: Stage) -> None:
    """Who changes an hour to two minutes does not wait for the hour."""
    stage.begin(Limits(page_interval=360_000.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.DEGRADED)
    stage.chosen.change(limits=Limits())
    stage.queue.put(None)

    wait_until(lambda: stage.state() is State.DEGRADED)


@pytest.mark.long
def test_quiet_hours_go_by_the_local_clock(stage: Stage) -> None:
    """While they last nothing of a partial outage is told; when they are over, it is."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    now = stage.chosen.settings.speech.to_local(stage._clock().wall)
    begun, over = (now - timedelta(hours=2)).time(), (now + timedelta(hours=6)).time()
    stage.chosen.change(quiet_hours=QuietHours(begun, over))
    stage.seen = lambda _: page(ChatGPT=State.PARTIAL)
    wait_until(lambda: stage.state() is State.PARTIAL)
    shown = len(stage.views)
    wait_until(lambda: len(stage.views) > shown + 3)
    assert stage.kinds() == []

    stage.chosen.change(quiet_hours=None)
    wait_until(lambda: stage.kinds() == [NotificationKind.START])


def test_what_happens_is_passed_on_to_the_persons_program(stage: Stage) -> None:
    """Also what is not told, as on the level nothing."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: stage.passed_on)

    assert [t.change for t in stage.passed_on] == [TransitionKind.START]


def test_opening_the_details_counts_as_a_look_at_the_incidents(stage: Stage) -> None:
    """It is kept, so that "new since you last looked" holds over a restart."""
    stage.seen = lambda _: page(incident("ChatGPT is down", State.MAJOR, posts=2))
    stage.begin()
    wait_until(lambda: stage.state() is State.MAJOR)
    stage.queue.put(Command(Action.DETAILS))
    wait_until(lambda: stage.opened)
    stage.end()

    store = stage.keeper()
    seen = store.last_saved().seen
    store.close()
    assert seen == {"incident1": "post1.2"}
