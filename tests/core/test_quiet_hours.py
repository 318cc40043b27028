"""What quiet hours hold back, what passes them, and what is told after them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, START, Played, every, failing, look, memory_after_request, outage, play
from tests.core.pages import MAJOR, PARTIAL, incident, page, wall
from trayapp.model import Hush, Level, Limits, TransitionKind

NIGHT = replace(LIMITS, hush=Hush.ALL_BUT_MAJOR)
SILENT = replace(LIMITS, hush=Hush.ALL)
PART = page(ChatGPT=PARTIAL)
CALM = play([look(0, page())]).memory


def began(reading: object, limits: Limits) -> list[TransitionKind]:
    """What is told of a trouble that begins."""
    film = play([look(t, reading) for t in (120, 140)], limits, CALM)  # type: ignore[arg-type]  # a page of the films
    return [change for _, change, _ in film.heard]


def test_a_partial_outage_waits_for_the_morning_if_it_still_holds() -> None:
    """At night nothing; by day the start, dated when it began."""
    night = play([look(t, PART) for t in (120, 140)], NIGHT, CALM)
    assert night.heard == []
    day = play([look(600, PART)], LIMITS, night.memory)
    assert day.heard == [(600, TransitionKind.START, ("ChatGPT",))]
    assert day.notices[0].since == wall(120)


def test_what_came_and_went_at_night_is_not_told() -> None:
    """In the morning nothing of it holds any more."""
    night = play(outage(120, 400, PART), NIGHT, CALM)
    assert play([look(600, page()), look(700, page())], LIMITS, night.memory).heard == []
    assert night.heard == []


@pytest.mark.parametrize(("limits", "told"), [(NIGHT, [TransitionKind.START]), (SILENT, [])])
def test_a_major_outage_passes_unless_the_person_wants_no_exception(
    limits: Limits, told: list[TransitionKind]
) -> None:
    """Its start is worth waking somebody for; `quiet_major` says that it is not."""
    assert began(page(ChatGPT=MAJOR), limits) == told


def failing_all_night(limits: Limits) -> Played:
    """ChatGPT and the API fail from 60 s on, and OpenAI posts nothing."""
    down = every(24, 60, 2400, page(), failing("API", "ChatGPT"))
    return play([*START, *down], limits)


def test_a_major_outage_that_only_this_computer_sees_wakes_nobody_before_it_has_lasted() -> None:
    """Half an hour: until then it may be anything."""
    by_day, at_night = failing_all_night(LIMITS), failing_all_night(NIGHT)
    assert [(change, t.after) for (_, change, _), t in zip(by_day.heard, by_day.notices, strict=True)] == [
        (TransitionKind.START, MAJOR)
    ]
    ((second, change, _),) = at_night.heard
    assert change is TransitionKind.START
    assert second == pytest.approx(60 + 1800, abs=24)
    assert failing_all_night(SILENT).heard == []


def test_a_major_outage_that_openai_then_posts_wakes_at_once() -> None:
    """Its page has confirmed it."""
    seen = play([*START, *every(24, 60, 300, page(), failing("API", "ChatGPT"))], NIGHT)
    assert seen.heard == []
    posted = play([look(t, page(ChatGPT=MAJOR, APIs=MAJOR)) for t in (320, 340)], NIGHT, seen.memory)
    assert [change for _, change, _ in posted.heard] == [TransitionKind.START]


def test_an_outage_that_becomes_major_at_night_passes() -> None:
    """Told as partial in the evening, it may wake when all is down."""
    evening = play([look(t, PART) for t in (120, 140)], LIMITS, CALM)
    night = play([look(t, page(ChatGPT=MAJOR)) for t in (300, 320)], NIGHT, evening.memory)
    assert [change for _, change, _ in night.heard] == [TransitionKind.WORSE]


def test_the_end_is_delayed_and_not_lost() -> None:
    """Over at night, it is told in the morning with its true length."""
    evening = play([look(t, page(ChatGPT=MAJOR)) for t in (120, 140)], LIMITS, CALM)
    night = play([look(t, page()) for t in (600, 660, 720)], NIGHT, evening.memory)
    assert night.heard == []
    morning = play([look(30_000, page())], LIMITS, night.memory)
    assert morning.heard == [(30_000, TransitionKind.END, ("ChatGPT",))]
    assert (morning.notices[0].since, morning.notices[0].at) == (wall(120), wall(600))


def test_who_asked_to_be_told_is_told_at_night() -> None:
    """The one-shot wish passes quiet hours, also the strictest, once."""
    evening = play([look(t, page(ChatGPT=MAJOR)) for t in (120, 140)], LIMITS, CALM)
    night = play([look(t, page()) for t in (600, 660)], SILENT, memory_after_request(evening, "ChatGPT"))
    assert night.heard == [(660, TransitionKind.END, ("ChatGPT",))]
    assert night.memory.saved.tell_when_back == ()


def test_updates_wait_for_the_morning() -> None:
    """Who wants everything gets the newest post when quiet hours are over."""
    first = page(incident("ChatGPT: answers fail", PARTIAL))
    second = page(incident("ChatGPT: answers fail", PARTIAL, posts=2))
    everything = replace(LIMITS, level=Level.EVERYTHING)
    evening = play([look(t, first) for t in (120, 140)], everything, CALM)
    night = play([look(300, second)], replace(everything, hush=Hush.ALL_BUT_MAJOR), evening.memory)
    assert night.heard == []
    assert [c for _, c, _ in play([look(600, second)], everything, night.memory).heard] == [
        TransitionKind.UPDATE
    ]
