"""What a person wants to be told: levels, pauses, and "tell me when it is back"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import (
    LIMITS,
    START,
    Played,
    failing,
    look,
    memory_after_pause,
    memory_after_request,
    outage,
    play,
    sequence,
)
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, incident, page, wall
from trayapp.model import Level, Stage, State, TransitionKind

DOWN = [look(0, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))]
BACK = [look(600, page()), look(660, page())]


def at_level(level: Level, state: State) -> Played:
    """An outage of this kind, told at this level."""
    film = sequence([look(0, page())], outage(120, 600, page(ChatGPT=state)))
    return play(film, replace(LIMITS, level=level))


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (Level.NOTHING, set()),
        (Level.OUTAGES, {PARTIAL, MAJOR}),
        (Level.PROBLEMS, {DEGRADED, PARTIAL, MAJOR}),
        (Level.EVERYTHING, {MAINTENANCE, DEGRADED, PARTIAL, MAJOR}),
    ],
)
def test_a_level_tells_its_states_and_their_ends(level: Level, told: set[State]) -> None:
    """Each level adds a state to those of the level before, and what has a start has an end."""
    for state in (MAINTENANCE, DEGRADED, PARTIAL, MAJOR):
        changes = [change for _, change, _ in at_level(level, state).heard]
        assert changes == ([TransitionKind.START, TransitionKind.END] if state in told else [])


def test_level_nothing_keeps_its_books_in_silence() -> None:
    """Outages are noted as told, so that another level later does not tell old news."""
    film = at_level(Level.NOTHING, MAJOR)
    assert [(t.change, t.silent, t.must_arrive) for _, t in film.told] == [
        (TransitionKind.START, True, False),
        (TransitionKind.END, True, False),
    ]


def test_a_change_of_level_starts_nothing() -> None:
    """Degraded, which "outages" does not tell, counts as told when "problems" is chosen: only its end is news."""
    slow = [look(t, page(ChatGPT=DEGRADED, Codex=MAJOR)) for t in (120, 140)]
    film = play([look(0, page()), *slow])
    assert film.heard == [(140, TransitionKind.START, ("Codex",))]
    problems = replace(LIMITS, level=Level.PROBLEMS)
    more = play([look(t, page(ChatGPT=DEGRADED, Codex=MAJOR)) for t in (160, 220)], problems, film.memory)
    assert more.heard == []
    back = play([look(t, page(Codex=MAJOR)) for t in (600, 660)], problems, more.memory)
    assert back.heard == [(660, TransitionKind.END, ("ChatGPT",))]


def test_what_begins_after_a_change_of_level_is_news() -> None:
    """The change itself is forgotten with the next round."""
    problems = replace(LIMITS, level=Level.PROBLEMS)
    film = play([look(60, page())], problems, play([look(0, page())]).memory)
    slow = play([look(t, page(ChatGPT=DEGRADED)) for t in (120, 140)], problems, film.memory)
    assert slow.heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_a_change_of_level_ends_nothing() -> None:
    """What was told at the level before is open until it is over."""
    told = play(
        [look(0, page()), *(look(t, page(ChatGPT=DEGRADED)) for t in (120, 140))],
        replace(LIMITS, level=Level.PROBLEMS),
    )
    assert play([look(t, page(ChatGPT=DEGRADED)) for t in (200, 300)], LIMITS, told.memory).heard == []


def test_what_was_told_has_its_end_at_a_level_that_would_not_have_told_it() -> None:
    """Degraded told under "problems" ends under "outages"."""
    told = play(
        sequence([look(0, page())], [look(t, page(ChatGPT=DEGRADED)) for t in (120, 140)]),
        replace(LIMITS, level=Level.PROBLEMS),
    )
    assert play(BACK, LIMITS, told.memory).heard == [(660, TransitionKind.END, ("ChatGPT",))]


@pytest.mark.parametrize(
    ("level", "left", "change"),
    [
        (Level.OUTAGES, DEGRADED, TransitionKind.END),
        (Level.OUTAGES, MAINTENANCE, TransitionKind.END),
        (Level.OUTAGES, PARTIAL, TransitionKind.EASED),
        (Level.PROBLEMS, DEGRADED, TransitionKind.EASED),
        (Level.PROBLEMS, MAINTENANCE, TransitionKind.END),
        (Level.EVERYTHING, DEGRADED, TransitionKind.EASED),
    ],
)
def test_an_end_belongs_to_what_was_told(level: Level, left: State, change: TransitionKind) -> None:
    """Below the rung that was told it is over; what is left is told with it, and is open if it is worth telling."""
    limits = replace(LIMITS, level=level)
    film = play(sequence(DOWN, [look(t, page(ChatGPT=left)) for t in (600, 660)]), limits)
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",)), (660, change, ("ChatGPT",))]
    told = film.notices[-1]
    assert (told.before, told.after, told.at) == (MAJOR, left, wall(600))
    fine = play([look(t, page()) for t in (1200, 1260)], limits, film.memory)
    assert [c for _, c, _ in fine.heard] == ([TransitionKind.END] if change is TransitionKind.EASED else [])


def test_the_end_after_an_easing_counts_from_the_start() -> None:
    """Down, partly down and fine: two notifications end it, and the last has the length of all of it."""
    film = play(
        sequence(
            DOWN, [look(t, page(ChatGPT=PARTIAL)) for t in (600, 660)], [look(t, page()) for t in (900, 960)]
        )
    )
    assert [change for _, change, _ in film.heard] == [
        TransitionKind.START,
        TransitionKind.EASED,
        TransitionKind.END,
    ]
    start, eased, end = film.notices
    assert (eased.since, eased.at) == (start.since, wall(600))
    assert (end.since, end.at) == (start.since, wall(900))


def test_what_is_left_of_an_easing_has_lasted_since_it_began() -> None:
    """Partly down, down, partly down and degraded: "no longer partly down" counts from the first of these."""
    film = play(
        sequence(
            START,
            *(
                [look(t, page(ChatGPT=state)) for t in at]
                for state, at in (
                    (PARTIAL, (120, 140)),
                    (MAJOR, (300, 320)),
                    (PARTIAL, (600, 660)),
                    (DEGRADED, (900, 960)),
                )
            ),
        )
    )
    assert [change for _, change, _ in film.heard] == [
        TransitionKind.START,
        TransitionKind.WORSE,
        TransitionKind.EASED,
        TransitionKind.END,
    ]
    assert [told.since for told in film.notices] == [wall(120), wall(300), wall(300), wall(120)]


def test_what_comes_after_an_end_is_a_new_start() -> None:
    """Down, degraded, and down again without a post that binds the two."""
    film = play(
        sequence(
            DOWN,
            *(
                [look(t, page(ChatGPT=s)) for t in at]
                for s, at in (
                    (DEGRADED, (600, 660)),
                    (MAJOR, (900, 920)),
                )
            ),
        )
    )
    assert [change for _, change, _ in film.heard] == [
        TransitionKind.START,
        TransitionKind.END,
        TransitionKind.START,
    ]
    assert film.notices[-1].since == wall(900)


def test_an_easing_leaves_tell_me_when_it_is_back_ticked() -> None:
    """What is left of it is told to who asked, at any level, and so is its end."""
    told = play(DOWN)
    slow = play(
        [look(t, page(ChatGPT=DEGRADED)) for t in (600, 660)], memory=memory_after_request(told, "ChatGPT")
    )
    assert slow.heard == [(660, TransitionKind.EASED, ("ChatGPT",))]
    assert slow.memory.saved.tell_when_back == ("ChatGPT",)
    fine = play([look(t, page()) for t in (1200, 1260)], memory=slow.memory)
    assert fine.heard == [(1260, TransitionKind.END, ("ChatGPT",))]
    assert fine.memory.saved.tell_when_back == ()


BROKEN = incident("No answers", MAJOR, parts=("ChatGPT/Chats",))
WATCHED = replace(BROKEN, stage=Stage.MONITORING)


@pytest.mark.parametrize("level", [Level.OUTAGES, Level.PROBLEMS, Level.EVERYTHING])
@pytest.mark.parametrize("indicator", [OPERATIONAL, DEGRADED])
def test_a_fix_that_is_watched_is_an_end_at_every_level(level: Level, indicator: State) -> None:
    """The components are operational again: it is back. What the icon still shows is the page's indicator."""
    limits = replace(LIMITS, level=level)
    told = play([look(0, page()), *(look(t, page(BROKEN)) for t in (120, 140))], limits)
    watched = page(WATCHED, indicator=indicator)
    film = play([look(t, watched) for t in (600, 660)], limits, told.memory)
    ends = [t for t in film.notices if t.change is TransitionKind.END]
    assert [(t.after, t.watching, t.at) for t in ends] == [(OPERATIONAL, True, wall(600))]
    assert film.last.state is indicator
    assert film.last.incidents == (replace(WATCHED, products=("ChatGPT",)),)
    solved = play([look(t, page()) for t in (3600, 3660)], limits, film.memory)
    assert solved.heard == []


def test_a_fix_that_did_not_hold_is_down_again() -> None:
    """Back to identified, within half an hour."""
    told = play([look(0, page()), *(look(t, page(BROKEN)) for t in (120, 140))])
    film = play([look(t, page(WATCHED)) for t in (600, 660)], memory=told.memory)
    again = play([look(t, page(BROKEN)) for t in (1200, 1220)], memory=film.memory)
    assert [(t.change, t.again, t.since) for t in again.notices] == [(TransitionKind.START, True, wall(1200))]


def test_a_fix_is_no_end_while_a_check_fails() -> None:
    """OpenAI says that it is mended, and this computer is not answered."""
    told = play([*START, *(look(t, page(BROKEN), failing("ChatGPT")) for t in (120, 140))])
    failed = play([look(t, page(WATCHED), failing("ChatGPT")) for t in (160, 184, 240)], memory=told.memory)
    assert failed.heard == []


def test_a_pause_delays_a_start_that_still_holds() -> None:
    """Told when the pause is over."""
    calm = play([look(0, page())])
    film = play(
        [look(t, page(ChatGPT=MAJOR)) for t in (120, 140, 3599, 3600)], memory=memory_after_pause(calm, 3600)
    )
    assert film.heard == [(3600, TransitionKind.START, ("ChatGPT",))]


def test_what_began_and_ended_in_a_pause_is_not_told() -> None:
    """Nobody was told, so there is no end either."""
    calm = play([look(0, page())])
    film = play(sequence(outage(120, 600), [look(4000, page())]), memory=memory_after_pause(calm, 3600))
    assert film.heard == []


def test_a_pause_delays_an_end_and_never_loses_it() -> None:
    """The end of what was told before the pause is told after it, with its true time."""
    film = play([*BACK, look(3600, page())], memory=memory_after_pause(play(DOWN), 3600))
    assert film.heard == [(3600, TransitionKind.END, ("ChatGPT",))]
    assert film.notices[0].at == wall(600)


def test_trouble_that_returns_during_a_pause_is_the_same_trouble() -> None:
    """Its end was not told yet: one end, when it is over and the pause too."""
    film = play(
        sequence(BACK, outage(1200, 1800), [look(3600, page())]), memory=memory_after_pause(play(DOWN), 3600)
    )
    assert film.heard == [(3600, TransitionKind.END, ("ChatGPT",))]
    assert film.notices[0].at == wall(1800)


def test_tell_me_when_it_is_back_passes_a_pause_once() -> None:
    """The end is told during the pause, the wish is then fulfilled, and the next trouble is hushed as ever."""
    told = play(DOWN)
    memory = memory_after_request(replace(told, memory=memory_after_pause(told, 36_000)), "ChatGPT")
    film = play(sequence(BACK, outage(1200, 1800)), memory=memory)
    assert film.heard == [(660, TransitionKind.END, ("ChatGPT",))]
    assert film.memory.saved.tell_when_back == ()


def test_tell_me_when_it_is_back_does_not_pass_a_pause_for_a_start() -> None:
    """A worsening is not the end."""
    part = play([look(0, page()), *(look(t, page(ChatGPT=PARTIAL)) for t in (120, 140))])
    memory = memory_after_request(replace(part, memory=memory_after_pause(part, 36_000)), "ChatGPT")
    assert play([look(t, page(ChatGPT=MAJOR)) for t in (200, 220)], memory=memory).heard == []


def test_tell_me_when_it_is_back_waits_for_that_product() -> None:
    """Another product's end neither fulfils nor uses the wish."""
    bad = page(ChatGPT=MAJOR, Codex=MAJOR)
    told = play([look(0, page()), look(120, bad), look(140, bad)])
    film = play(
        [look(t, page(ChatGPT=MAJOR)) for t in (600, 660)], memory=memory_after_request(told, "ChatGPT")
    )
    assert film.heard == [(660, TransitionKind.END, ("Codex",))]
    assert film.memory.saved.tell_when_back == ("ChatGPT",)


NOTHING = replace(LIMITS, level=Level.NOTHING)


def test_tell_me_when_it_is_back_is_answered_at_level_nothing() -> None:
    """Who asked is told the end, though nothing else is told."""
    told = play(DOWN, NOTHING)
    film = play(BACK, NOTHING, memory_after_request(told, "ChatGPT"))
    assert film.heard == [(660, TransitionKind.END, ("ChatGPT",))]


def test_tell_me_when_it_is_back_tells_nothing_but_the_end_at_level_nothing() -> None:
    """A worsening stays silent: only its end was asked for."""
    told = play([look(0, page()), *(look(t, page(ChatGPT=PARTIAL)) for t in (120, 140))], NOTHING)
    film = play(
        [look(t, page(ChatGPT=MAJOR)) for t in (200, 220)], NOTHING, memory_after_request(told, "ChatGPT")
    )
    assert film.heard == []


def test_the_icon_does_not_mind_levels_and_pauses() -> None:
    """What shows is what is, whatever is told."""
    film = play([look(120, page(ChatGPT=MAJOR))], NOTHING, memory_after_pause(play([look(0, page())]), 3600))
    assert film.last.state is MAJOR
    assert film.last.products[1].state is OPERATIONAL
