"""What came and went while nobody looked is told in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, MISS, Played, look, memory_after_restart, play
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, incident, page, wall
from tests.core.scenes import translator_of
from trayapp.core.alerts.common_cause import merge_by_cause
from trayapp.core.wording.notifications import build_notification
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.i18n.sanitize import TITLE_UNITS, utf16_length
from trayapp.model import Hush, Incident, Level, NotificationKind, Stage, State, Transition, TransitionKind

NIGHT = 28_800.0
CALM = play([look(0, page())])


def past(number: int, name: str, impact: State, began: float, ended: float) -> Incident:
    """An incident that is over."""
    return incident(name, impact, Stage.RESOLVED, number=number, began=began, ended=ended)


PART = past(1, "ChatGPT fails for some", PARTIAL, 4200, 6900)
OTHER = past(2, "Codex is down", MAJOR, 9000, 9600)


def back(
    film: Played, *incidents: Incident, limits: object = LIMITS, seconds: tuple[float, ...] = (0, 60)
) -> Played:
    """The program started anew after a night, looking twice."""
    looks = [look(NIGHT + t, page(*incidents)) for t in seconds]
    return play(looks, limits, memory_after_restart(film))  # type: ignore[arg-type]  # limits of the films


def notifications_of(film: Played, language: str = "en") -> list[tuple[NotificationKind, str, str]]:
    """Kind, title and body of what was told, on a clock that runs three hours ahead of UTC."""
    notices = [build_notification(translator_of(language), t, film.last) for t in film.notices]
    return [(n.kind, n.title, n.body) for n in notices]


def test_an_outage_that_came_and_went_while_not_running_is_told_with_its_times() -> None:
    """Began and ended as the page dates it; it is told when the page was read for a minute."""
    film = back(CALM, PART)
    assert film.heard == [(NIGHT + 60, TransitionKind.AWAY, ("ChatGPT",))]
    assert notifications_of(film) == [
        (
            NotificationKind.AWAY,
            "While you were away: ChatGPT partly down 13:10–13:55",
            "ChatGPT partly down 13:10–13:55 (45 min).",
        )
    ]


def test_it_is_told_once() -> None:
    """Later readings of the same list, and another start, tell nothing."""
    film = back(CALM, PART, seconds=(0, 60, 180))
    assert len(film.heard) == 1
    assert back(film, PART).heard == []


def test_sleep_is_an_absence_too() -> None:
    """The same line after a night asleep, once the silent minute after waking is over."""
    looks = [look(t, page(PART), asleep=NIGHT) for t in (60, 125)]
    film = play(looks, memory=CALM.memory)
    assert film.heard == [(125, TransitionKind.AWAY, ("ChatGPT",))]


def test_a_nap_is_no_absence() -> None:
    """Half a minute asleep leaves everything to the usual way."""
    short = past(1, "ChatGPT fails for some", PARTIAL, 70, 80)
    looks = [look(t, page(short), asleep=40) for t in (60, 125)]
    assert play(looks, memory=CALM.memory).heard == []


def test_several_things_are_one_notice() -> None:
    """One that ended which was told before, and one that nobody heard of: one line, the earliest first."""
    down = incident("ChatGPT is down", MAJOR, number=3, began=120)
    before = play([look(0, page()), *(look(t, page(down)) for t in (120, 140))])
    solved = replace(down, stage=Stage.RESOLVED, resolved_at=wall(2940))
    film = back(before, solved, OTHER)
    assert film.heard == [(NIGHT + 60, TransitionKind.AWAY, ("ChatGPT", "Codex"))]
    assert [part.change for part in film.notices[0].parts] == [TransitionKind.END, TransitionKind.AWAY]
    assert notifications_of(film) == [
        (
            NotificationKind.AWAY,
            "While you were away",
            "ChatGPT down 12:02–12:49 (47 min). Codex down 14:30–14:40 (10 min).",
        )
    ]


def test_what_goes_on_comes_first_and_gives_the_thread() -> None:
    """So that its own end replaces the line."""
    slow = incident("APIs are slow", PARTIAL, number=4, began=27_000)
    film = play([look(t, page(PART, slow), asleep=NIGHT) for t in (60, 125)], memory=CALM.memory)
    (only,) = film.notices
    assert (only.change, only.thread) == (TransitionKind.AWAY, "incident4")
    assert (
        notifications_of(film)[0][2]
        == "APIs partly down since 19:30. ChatGPT partly down 13:10–13:55 (45 min)."
    )


def test_a_major_outage_that_goes_on_is_told_by_itself() -> None:
    """It must arrive, and stay until it was seen."""
    down = incident("APIs are down", MAJOR, number=4, began=27_000)
    film = play([look(t, page(PART, down), asleep=NIGHT) for t in (60, 125)], memory=CALM.memory)
    assert {(t.change, t.must_arrive) for t in film.notices} == {
        (TransitionKind.START, True),
        (TransitionKind.AWAY, False),
    }


def test_what_was_put_together_by_its_cause_ends_all_its_threads() -> None:
    """A suspicion and the incident that explains it have two, and one end."""
    one = Transition(
        TransitionKind.END,
        ("APIs",),
        State.MAJOR,
        State.OPERATIONAL,
        wall(60),
        wall(0),
        ("i1",),
        thread="suspected",
    )
    (both,) = merge_by_cause([one, replace(one, products=("Codex",), thread="i1")])
    assert (both.thread, both.ended_threads) == ("suspected", ("suspected", "i1"))


def test_a_summary_names_the_threads_of_all_that_is_over() -> None:
    """So that no older notice of one of them is shown after it; what goes on is not among them."""
    film = back(CALM, PART, OTHER)
    (told_,) = film.notices
    assert set(build_notification(translator_of("en"), told_, film.last).ends) == {
        part.thread for part in told_.parts
    }
    goes_on = replace(told_.parts[0], after=State.PARTIAL)
    assert replace(told_, parts=(goes_on, told_.parts[1])).ended_threads == (told_.parts[1].thread,)


@pytest.mark.parametrize(
    ("past_one", "level"),
    [
        (past(1, "ChatGPT is slow", DEGRADED, 4200, 6900), Level.OUTAGES),
        (PART, Level.NOTHING),
        (past(1, "Something else", MAJOR, 4200, 6900), Level.OUTAGES),
        (past(1, "ChatGPT is down", MAJOR, -500, 6900), Level.OUTAGES),
        (replace(PART, started_at=None), Level.OUTAGES),
    ],
    ids=["too slight", "nothing wanted", "nobody knows whose", "began before", "no date"],
)
def test_what_nobody_asked_for_is_not_told(past_one: Incident, level: Level) -> None:
    """By the person's level, and only what surely began and ended meanwhile with one they follow."""
    assert back(CALM, past_one, limits=replace(LIMITS, level=level)).heard == []


def test_a_first_start_ever_tells_nothing_of_the_past() -> None:
    """There was no absence."""
    assert play([look(0, page(PART)), look(60, page(PART))]).heard == []


def test_in_quiet_hours_the_summary_waits() -> None:
    """Woken at three, told at seven."""
    night = back(CALM, PART, limits=replace(LIMITS, hush=Hush.ALL_BUT_MAJOR))
    assert night.heard == []
    morning = play([look(NIGHT + 9000, page(PART))], LIMITS, night.memory)
    assert morning.heard == [(NIGHT + 9000, TransitionKind.AWAY, ("ChatGPT",))]


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_the_summary_fits_in_each_language(language: str) -> None:
    """Three spans at once: the title is not cut, and the first is named whole."""
    third = past(5, "APIs are down", MAJOR, 12_000, 15_000)
    ((_, title, body),) = notifications_of(back(CALM, PART, OTHER, third), language)
    assert utf16_length(title) <= TITLE_UNITS
    assert "…" not in title
    assert "ChatGPT" in body


def test_the_past_is_asked_until_it_was_read() -> None:
    """The first look after a night may fail, and the list of past incidents after it: nothing of it is lost."""
    looks = [
        look(NIGHT, MISS),
        look(NIGHT + 60, replace(page(), past_read=False)),
        look(NIGHT + 180, MISS),
        look(NIGHT + 240, page(PART)),
        look(NIGHT + 300, page(PART)),
    ]
    film = play(looks, memory=memory_after_restart(CALM))
    assert film.heard == [(NIGHT + 240, TransitionKind.AWAY, ("ChatGPT",))]


DOWN = incident("ChatGPT is down", MAJOR, number=3, began=120)
TOLD = play([look(0, page()), *(look(t, page(DOWN)) for t in (120, 140))])


def test_an_end_while_away_waits_for_the_date_of_it() -> None:
    """The page is fine, and its list of past incidents is late: the end has its true length when it comes."""
    solved = replace(DOWN, stage=Stage.RESOLVED, resolved_at=wall(2940))
    without = replace(page(), past_read=False)
    film = play([look(NIGHT + t, without) for t in (0, 60, 180)], memory=memory_after_restart(TOLD))
    assert film.heard == []
    film = play([look(NIGHT + 240, page(solved))], memory=film.memory)
    assert film.heard == [(NIGHT + 240, TransitionKind.END, ("ChatGPT",))]
    assert (film.notices[0].at, film.notices[0].away) == (wall(2940), True)


def test_an_end_while_away_does_not_wait_for_ever() -> None:
    """A page without such a list has ten minutes; the first reading dates the end then."""
    without = replace(page(), past_read=False)
    film = play([look(NIGHT + 60 * n, without) for n in range(12)], memory=memory_after_restart(TOLD))
    assert film.heard == [(NIGHT + 600, TransitionKind.END, ("ChatGPT",))]
    assert film.notices[0].at == wall(NIGHT)
