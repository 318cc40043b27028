"""A failure without an answer means something only for a probe that was answered on this network (law 5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.days import Day, asked_of, fails, gaps, with_probe
from tests.core.films import (
    LIMITS,
    MISS,
    PROBE_INTERVAL,
    START,
    alive,
    apis,
    every,
    failing,
    look,
    play,
    sequence,
    signed_errors,
)
from tests.core.pages import MAINTENANCE, MAJOR, OPERATIONAL, incident, page, wall
from trayapp.core.state.memory import Memory
from trayapp.model import (
    ConnectionState,
    Reachability,
    Reason,
    ReasonKind,
    Round,
    SavedMemory,
    SavedProbe,
    Stage,
    TransitionKind,
)

WEEK = 7 * 86_400.0
NEVER_HERE = every(24, 0, 1000, page(), failing("API"))
"""The API's probe has not been answered since the program started."""


def on(network: str, rounds: list[Round]) -> list[Round]:
    """The rounds on a network that is known by name."""
    return [replace(round_, network=network) for round_ in rounds]


def memory_of_answer(network: str, seconds_ago: float) -> Memory:
    """The memory of a program that has just started, whose API probe was answered on a network so long ago."""
    return Memory(saved=SavedMemory(probes={"API": SavedProbe(answered={network: wall(-seconds_ago)})}))


def test_what_was_never_reached_from_here_is_hollow_and_not_told() -> None:
    """It may be this network or them: nobody knows, however long it lasts."""
    film = play(NEVER_HERE)
    assert film.told == ()
    assert (apis(film).state, apis(film).confirmed, apis(film).checking) == (OPERATIONAL, True, True)
    assert apis(film).reach is Reachability.UNREACHABLE_HERE
    assert Reason(ReasonKind.UNREACHABLE_HERE, subject="APIs", since=wall(0)) in film.last.reasons
    assert not {ReasonKind.PROBES_FAILED, ReasonKind.NOT_POSTED} & {
        reason.kind for reason in film.last.reasons
    }


def test_its_first_answer_ends_it() -> None:
    """From then on its failures count."""
    film = play([*NEVER_HERE, look(1000, page(), alive("API"))])
    assert (apis(film).checking, apis(film).reach) == (False, Reachability.OK)
    failed = play(every(24, 1024, 1200, page(), failing("API")), memory=film.memory)
    assert [change for _, change, _ in failed.heard] == [TransitionKind.START]


def test_any_trouble_that_the_page_posts_confirms_it_at_once() -> None:
    """With the first reading."""
    film = play([*NEVER_HERE, look(1000, page(APIs=MAJOR), failing("API"))])
    assert film.heard == [(1000, TransitionKind.START, ("APIs",))]


def test_a_server_error_that_openai_signed_needs_no_baseline() -> None:
    """It was reached."""
    film = play(every(24, 0, 200, page(), signed_errors("API")))
    assert [change for _, change, _ in film.heard] == [TransitionKind.START]


def test_it_is_asked_at_its_own_interval() -> None:
    """There is no hurry to learn what is not told."""
    day = Day(replace(LIMITS, probes=LIMITS.probes[:1]))
    day.answers = fails
    assert set(gaps(asked_of(day, "API", 2000))) == {PROBE_INTERVAL}


@pytest.mark.parametrize(
    ("network", "seconds_ago", "counts"),
    [
        ("home", 60.0, True),
        ("home", WEEK - 1000, True),
        ("home", WEEK + 1000, False),
        ("café", 60.0, False),
        ("", 60.0, False),
    ],
)
def test_an_answer_of_the_last_seven_days_on_this_network_counts(
    network: str, seconds_ago: float, *, counts: bool
) -> None:
    """Over a restart too; one from another network, or from nobody knows where, does not."""
    memory = memory_of_answer("home", seconds_ago)
    film = play(on(network, every(24, 0, 200, page(), failing("API"))), memory=memory)
    assert bool(film.heard) is counts


def test_another_network_begins_anew() -> None:
    """Carried to a café that blocks OpenAI, the computer suspects nobody."""
    home = on("home", START)
    film = play([*home, *on("café", every(24, 60, 400, page(), failing("API")))])
    assert film.told == ()
    back = play(on("home", every(24, 400, 600, page(), failing("API"))), memory=film.memory)
    assert [change for _, change, _ in back.heard] == [TransitionKind.START]


def test_what_was_told_goes_on_on_another_network() -> None:
    """Failures of a trouble that is told and open count wherever they are seen."""
    told = play([*on("home", START), *on("home", every(24, 24, 200, page(), failing("API")))])
    away = play(
        on("café", [look(220, page(), alive("API")), look(260, page(), failing("API"))]), memory=told.memory
    )
    assert away.memory.evidence["API"].answers_in_row == 0
    assert away.memory.evidence["API"].failures == told.memory.evidence["API"].failures + 1


def test_who_comes_back_may_be_on_another_network() -> None:
    """It is read with the next poll of a probe, so that what is answered there counts for there."""
    day = with_probe()
    day.take_round(replace(look(81, page()), network="home"))
    assert not any(a.plan.network for a in day.until(400))
    day.reading, day.line = MISS, ConnectionState.OFFLINE
    day.until(600)
    day.reading, day.line = page(), None
    while not (plan := day.next().plan).probes or day.memory.connection is ConnectionState.OFFLINE:
        pass
    assert plan.network


@pytest.mark.parametrize(("seconds", "counts"), [(500.0, True), (700.0, False)])
def test_a_short_absence_is_none(seconds: float, *, counts: bool) -> None:
    """Asleep for less than ten minutes, the computer is where it was."""
    slept = [look(90 + 24 * n, page(), failing("API"), asleep=seconds) for n in range(12)]
    assert bool(play([*START, *slept]).heard) is counts


# ------------------------------------------------------------------------------------------------ maintenance


def maintenance_rounds(*parts: str, ends_by: float | None = None) -> list[Round]:
    """A planned maintenance in progress, during which the API's probe fails."""
    planned = replace(
        incident("Upgrade", MAINTENANCE, Stage.IN_PROGRESS, parts=parts, began=100),
        ends_by=None if ends_by is None else wall(ends_by),
    )
    return [*START, *every(24, 150, 400, page(planned, APIs=MAINTENANCE), failing("API"))]


@pytest.mark.parametrize("parts", [("APIs/Answers API",), ("APIs/Login", "APIs/Images")])
def test_a_maintenance_of_a_core_component_or_of_half_covers_the_probes(parts: tuple[str, ...]) -> None:
    """No suspicion, and nobody says that nothing was posted."""
    film = play(maintenance_rounds(*parts))
    assert (film.told, apis(film).state, apis(film).checking) == ((), MAINTENANCE, False)
    assert ReasonKind.NOT_POSTED not in {reason.kind for reason in film.last.reasons}


@pytest.mark.parametrize(("parts", "ends_by"), [(("APIs/Images",), None), (("APIs/Answers API",), 120)])
def test_one_of_a_small_component_or_past_its_window_does_not(
    parts: tuple[str, ...], ends_by: float | None
) -> None:
    """What fails then is more than was announced."""
    assert [change for _, change, _ in play(maintenance_rounds(*parts, ends_by=ends_by)).heard] == [
        TransitionKind.START
    ]


def test_a_maintenance_covers_for_twelve_hours_at_most() -> None:
    """One that nobody closed covers nothing any more."""
    planned = incident("Upgrade", MAINTENANCE, Stage.IN_PROGRESS, parts=("APIs/Answers API",), began=-43_000)
    rounds = every(24, 150, 1000, page(planned, APIs=MAINTENANCE), failing("API"))
    film = play(sequence(START, rounds))
    assert [change for _, change, _ in film.heard] == [TransitionKind.START]
    assert film.notices[0].since is not None
    assert film.notices[0].since > wall(200)


# ------------------------------------------------------------------------------------------------ what is confirmed


def test_checks_that_begin_to_fail_in_a_posted_outage_do_not_make_it_hollow() -> None:
    """What is confirmed stays solid, by its own checks and by those of another product."""
    down = [look(t, page(APIs=MAJOR), alive("API")) for t in (100, 120)]
    failed = [look(t, page(APIs=MAJOR), failing("API", "ChatGPT")) for t in (150, 174)]
    film = play([*START, *down, *failed])
    assert (apis(film).confirmed, apis(film).checking) == (True, False)
    assert (film.last.state, film.last.confirmed, film.last.checking) == (MAJOR, True, False)
    chatgpt = film.last.find_product("ChatGPT")
    assert chatgpt is not None
    assert chatgpt.checking


# ------------------------------------------------------------------------------------------------ what is not known any more


def test_a_suspicion_of_which_nothing_is_learnt_for_an_hour_is_not_known_any_more() -> None:
    """Its host only says 429, or is not asked: the icon goes by the page, and that counts as the end."""
    told = play(sequence(START, every(24, 150, 300, page(), failing("API"))))
    silent = play(every(120, 400, 294 + 3900, page()), memory=told.memory)
    (end,) = silent.notices
    assert (end.change, end.lapsed, end.after, end.since) == (TransitionKind.END, True, OPERATIONAL, None)
    assert silent.heard[0][0] >= 294 + 3600
    assert (silent.last.state, silent.memory.evidence["API"].is_clean) == (OPERATIONAL, True)


def test_it_lapses_behind_an_unreadable_page_too() -> None:
    """Then nothing at all is known."""
    told = play(sequence(START, every(24, 150, 300, page(), failing("API"))))
    silent = play(every(120, 400, 294 + 3900, MISS), memory=told.memory)
    assert [(t.change, t.lapsed) for t in silent.notices] == [(TransitionKind.END, True)]


# ------------------------------------------------------------------------------------------------ the line


def test_what_was_never_reached_from_here_does_not_make_the_line_a_bad_one() -> None:
    """A network that blocks one host is no line that fails by itself."""
    kept = play(NEVER_HERE).memory.saved.probes["API"]
    assert (kept.failures, kept.looks) == (0.0, 0.0)


def test_what_openai_signed_does_not_make_the_line_a_bad_one() -> None:
    """The line carried its answer."""
    film = play([*START, look(150, page(), signed_errors("API"))])
    assert film.memory.saved.probes["API"].failures == 0.0
