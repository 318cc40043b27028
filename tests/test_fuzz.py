"""A share of the fuzzer, the same lives each time; `make fuzz` goes on from there."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.core.films import LIMITS
from tests.core.minutes import Shown
from tests.core.pages import MAJOR
from tools.fuzz.draw import draw
from tools.fuzz.events import Event, Kind, Story
from tools.fuzz.film import film
from tools.fuzz.rules import BrokenError
from tools.fuzz.run import live
from tools.fuzz.shrink import shrink
from trayapp.model import Action, Outcome


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_a_random_life_keeps_the_law(seed: int) -> None:
    """A day and a half, and a calm tail."""
    found = live(draw(seed, 1.5))
    assert not found.rule, f"seed {seed}: {found.how}"


@pytest.mark.long
def test_a_seed_is_always_the_same_life() -> None:
    """The same events, and the same rounds."""
    assert draw(3, 3.0) == draw(3, 3.0)
    assert live(draw(3, 0.5)) == live(draw(3, 0.5))


@pytest.mark.long
def test_calm_that_is_passed_at_once_ends_as_calm_that_is_lived() -> None:
    """Two calm days, then an outage and its end: the same is told, at nearly the same time."""
    down = Event(48 * 3600.0, Kind.COMPONENT, ("ChatGPT/Chats", MAJOR))
    story = Story(1, LIMITS, (down, Event(3600.0, Kind.HEAL), Event(3600.0, Kind.LOOK)), dice=False)
    passed, lived = live(story), live(story, skips=False)
    assert (passed.rule, lived.rule) == ("", "")
    assert [Shown(title) for title in passed.told] == list(lived.told)
    assert passed.rounds < lived.rounds / 3


@pytest.mark.long
def test_a_failing_life_is_taken_apart_to_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of eight events three are left: the probe that fails, the tick and a rule that forbids it."""

    def forbid(_life: object, seen: object) -> None:
        told = getattr(seen, "memory").saved.tell_when_back  # noqa: B009
        if told:
            raise BrokenError("no ticks", str(told))

    monkeypatch.setattr("tools.fuzz.timely.Ticks.on_round", lambda _self, life, seen: forbid(life, seen))
    rng = Random(1)  # noqa: S311 - a test's luck is no secret
    noise = [Event(300.0, Kind.NETWORK, (rng.choice(("home", "train")),)) for _ in range(6)]
    events = (
        *noise[:3],
        Event(60.0, Kind.COMPONENT, ("ChatGPT/Chats", MAJOR)),
        noise[3],
        Event(300.0, Kind.DO, (Action.TELL_WHEN_BACK, "")),
        *noise[4:],
    )
    story = Story(1, replace(LIMITS), events)
    assert live(story).rule == "no ticks"
    small = shrink(story, "no ticks", 20.0)
    kinds = [event.kind for event in small.events if event.kind is not Kind.NETWORK]
    assert kinds == [Kind.COMPONENT, Kind.DO]
    assert len(small.events) <= 3


def test_a_film_is_written_as_the_lives_are() -> None:
    """What the world does, and the time between."""
    events = (
        Event(60.0, Kind.ANSWERS, ("API", Outcome.FAILURE, True)),
        Event(90.0, Kind.COMPONENT, ("ChatGPT/Login", MAJOR)),
        Event(5.0, Kind.SLEEP),
        Event(600.0, Kind.WAKE),
        Event(30.0, Kind.DO, (Action.TELL_WHEN_BACK, "")),
    )
    assert film(Story(1, LIMITS, events, dice=False), "not over").splitlines() == [
        "def test_not_over() -> None:",
        '    """not over (seed 1, UTC, not jittered)."""',
        "    day = Life(limits=LIMITS)",
        "    day.for_seconds(60)",
        "    day.answers = {'API': Outcome.FAILURE}",
        "    day.signed = True",
        "    day.for_seconds(90)",
        "    day.page = with_states(page(indicator=MAJOR), ChatGPT_Login=MAJOR)",
        "    day.native = Native({}, {}, {'ChatGPT/Login': MAJOR})",
        "    day.for_seconds(5)",
        "    day.sleep_for(timedelta(seconds=600))",
        "    day.for_seconds(30)",
        "    day.do(Action.TELL_WHEN_BACK, '')",
    ]


def test_a_film_names_every_setting_that_is_no_default() -> None:
    """Or it would play another life."""
    limits = replace(LIMITS, ignore=("Batch",))
    assert "    day = Life(limits=replace(LIMITS, ignore=('Batch',)))" in film(
        Story(1, limits, (), dice=False), "not over"
    )
