"""The first look ever, and what happens over restarts and crashes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import (
    LIMITS,
    MISS,
    alive,
    every,
    failing,
    look,
    memory_after_pause,
    memory_after_restart,
    play,
    sequence,
)
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, incident, page, wall
from trayapp.model import Level, Stage, TransitionKind

ALL = alive("API", "ChatGPT", "Login")
DOWN = [look(0, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))]


def test_the_first_look_is_silent_and_its_recovery_is_told() -> None:
    """Trouble that was there before counts as told, and its end is told."""
    film = play([look(0, page(ChatGPT=MAJOR)), look(20, page(ChatGPT=MAJOR))])
    assert [(second, t.change, t.silent, t.must_arrive) for second, t in film.told] == [
        (0, TransitionKind.START, True, False)
    ]
    back = play([look(600, page()), look(660, page())], memory=film.memory)
    assert back.heard == [(660, TransitionKind.END, ("ChatGPT",))]


def test_trouble_that_worsens_after_the_first_look_is_told() -> None:
    """Only what was there at the first poll counts as told."""
    film = play([look(0, page(ChatGPT=PARTIAL)), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))])
    assert film.heard == [(140, TransitionKind.WORSE, ("ChatGPT",))]


def test_what_was_below_the_level_at_the_first_look_does_not_count_as_told() -> None:
    """Degraded at first, then an outage: that is a start."""
    film = play([look(0, page(ChatGPT=DEGRADED)), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))])
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_a_first_look_that_missed_is_no_look() -> None:
    """The first reading is the first poll, however many misses came before it."""
    film = play(sequence(every(60, 0, 600, MISS), [look(t, page(ChatGPT=MAJOR)) for t in (600, 620)]))
    assert film.heard == []


def test_the_first_look_at_a_product_that_is_followed_later_is_silent() -> None:
    """Who begins to follow a product that is down sees so, and is told its end."""
    before = play(DOWN, replace(LIMITS, follow=("ChatGPT",)))
    film = play(
        sequence(
            [look(t, page(ChatGPT=MAJOR, Codex=MAJOR)) for t in (300, 320)],
            [look(t, page(ChatGPT=MAJOR)) for t in (600, 660)],
        ),
        memory=before.memory,
    )
    assert film.heard == [(660, TransitionKind.END, ("Codex",))]


@pytest.mark.parametrize("asleep", [True, False])
def test_an_end_that_was_held_back_is_dated_when_it_was(asleep: bool) -> None:
    """It ended under a pause; what is told hours later, after sleep or a restart, has the length that it had."""
    told = play(DOWN)
    over = play([look(600, page()), look(660, page())], memory=memory_after_pause(told, 3600))
    assert over.heard == []
    memory = over.memory if asleep else memory_after_restart(over)
    later = play([look(t, page(), asleep=36_000) for t in (720, 800, 900)], memory=memory)
    assert [change for _, change, _ in later.heard] == [TransitionKind.END]
    assert later.notices[0].at == wall(600)


def test_an_end_of_what_only_this_computer_saw_has_no_length_if_nobody_looked() -> None:
    """It ended between the last round before and the first answer after; four answers in a row are enough."""
    told = play(sequence([look(0, page(), ALL)], every(24, 60, 300, page(), failing("ChatGPT"))))
    assert told.heard[-1][1] is TransitionKind.START
    film = play([look(7200 + 40 * n, page(), ALL) for n in range(4)], memory=memory_after_restart(told))
    (end,) = film.notices
    assert (end.change, end.confirmed, end.lapsed) == (TransitionKind.END, False, False)
    assert (end.ended_after, end.at, end.since) == (wall(276), wall(7200), None)


def test_a_short_restart_within_an_unposted_trouble_asks_for_as_many_answers_as_before() -> None:
    """How rare its failures were is kept: four answers are no end of what failed one time in three."""
    seen = sequence(
        *(
            [
                look(60 + 72 * n, page(), failing("ChatGPT")),
                look(84 + 72 * n, page(), ALL),
                look(108 + 72 * n, page(), ALL),
            ]
            for n in range(9)
        )
    )
    told = play(sequence([look(0, page(), ALL)], seen))
    assert [change for _, change, _ in told.heard] == [TransitionKind.START]
    memory = memory_after_restart(told)
    assert play([look(800 + 40 * n, page(), ALL) for n in range(10)], memory=memory).heard == []
    film = play([look(800 + 40 * n, page(), ALL) for n in range(24)], memory=memory)
    assert [change for _, change, _ in film.heard] == [TransitionKind.END]


def test_a_restart_within_an_outage_does_not_repeat_its_start() -> None:
    """What was told stays told."""
    film = play(
        [look(t, page(ChatGPT=MAJOR)) for t in (300, 320, 380)], memory=memory_after_restart(play(DOWN))
    )
    assert film.told == ()
    assert film.last.since == wall(120)


def test_a_restart_between_two_readings_of_a_word_loses_nothing() -> None:
    """The word is read twice again, and told."""
    once = play(DOWN[:2])
    assert once.told == ()
    film = play([look(t, page(ChatGPT=MAJOR)) for t in (300, 320)], memory=memory_after_restart(once))
    assert film.heard == [(320, TransitionKind.START, ("ChatGPT",))]
    assert film.notices[0].since == wall(120)


def test_an_outage_that_ended_while_away_is_told_when_it_is_read_twice() -> None:
    """The end is dated by the page's own word and marked as having happened meanwhile."""
    broken = incident("ChatGPT is down", MAJOR, began=120)
    told = play([look(0, page()), *(look(t, page(broken)) for t in (120, 140))])
    solved = replace(broken, stage=Stage.RESOLVED, resolved_at=wall(2940))
    film = play([look(t, page(solved)) for t in (9000, 9060)], memory=memory_after_restart(told))
    assert film.heard == [(9060, TransitionKind.END, ("ChatGPT",))]
    end = film.notices[0]
    assert (end.away, end.since, end.at) == (True, wall(120), wall(2940))
    assert end.incidents == ("incident1",)


def test_an_end_while_away_without_a_date_is_dated_when_it_was_first_seen() -> None:
    """Where the page does not say when it was over, the first reading does."""
    film = play([look(t, page()) for t in (9000, 9060)], memory=memory_after_restart(play(DOWN)))
    assert (film.notices[0].away, film.notices[0].at) == (True, wall(9000))


def test_an_outage_that_began_while_away_is_told_as_such() -> None:
    """It is news, marked as having begun meanwhile, since when the page dates it."""
    calm = play([look(0, page())])
    broken = incident("ChatGPT is down", MAJOR, began=3000)
    film = play([look(t, page(broken)) for t in (9000, 9020)], memory=memory_after_restart(calm))
    assert film.heard == [(9020, TransitionKind.START, ("ChatGPT",))]
    start = film.notices[0]
    assert (start.away, start.since, start.must_arrive) == (True, wall(3000), True)


def test_an_outage_that_begins_after_the_restart_did_not_begin_while_away() -> None:
    """Once the page was seen calm, what comes then is seen to come."""
    calm = play([look(0, page())])
    film = play(
        [look(9000, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (9120, 9140))],
        memory=memory_after_restart(calm),
    )
    assert not film.notices[0].away


def test_an_outage_that_ends_under_our_eyes_did_not_end_while_away() -> None:
    """A restart within the outage changes nothing of that."""
    film = play(
        [look(9000, page(ChatGPT=MAJOR)), look(9100, page()), look(9160, page())],
        memory=memory_after_restart(play(DOWN)),
    )
    assert [(t.change, t.away) for t in film.notices] == [(TransitionKind.END, False)]


def test_a_suspicion_long_after_a_restart_did_not_begin_while_away() -> None:
    """That the page had changed meanwhile says nothing of a trouble that begins under our eyes."""
    before = play([look(0, page()), look(120, page(APIs=MAINTENANCE))])
    film = play(
        sequence(
            [look(9000, page(), alive("API"))],
            every(60, 9060, 12_000, page(), alive("API")),
            every(22, 12_000, 12_200, page(), failing("API")),
        ),
        memory=memory_after_restart(before),
    )
    assert [(t.change, t.away) for t in film.notices] == [(TransitionKind.START, False)]


def test_a_restart_in_an_unposted_outage_does_not_repeat_its_start() -> None:
    """What only the probes saw is kept as told, and its end is told when the page is fine twice."""
    calm = [look(0, page(), alive("API"))]
    told = play(sequence(calm, every(22, 150, 300, page(), failing("API"))))
    film = play(every(22, 400, 600, page(), failing("API")), memory=memory_after_restart(told))
    assert TransitionKind.START not in {change for _, change, _ in film.heard}


def test_a_misses_first_round_after_a_restart_changes_nothing() -> None:
    """The last known state outlives the program: good, restart, miss, major is told."""
    calm = play([look(0, page())])
    film = play(
        [look(60, MISS), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))],
        memory=memory_after_restart(calm),
    )
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",))]
    assert film.shown[0].find_product("ChatGPT") is not None


def test_after_a_restart_nothing_is_green_before_the_page_was_read() -> None:
    """What was known before is not known to hold."""
    film = play([look(60, MISS)], memory=memory_after_restart(play([look(0, page())])))
    assert film.last.state is not OPERATIONAL


def test_unstable_outlives_the_program() -> None:
    """A restart does not begin the flapping anew."""
    flapping = play(
        sequence(
            [look(0, page())],
            *(
                [
                    look(600 + 480 * n + t, page(ChatGPT=PARTIAL) if t < 240 else page())
                    for t in (0, 20, 240, 300)
                ]
                for n in range(3)
            ),
        )
    )
    assert flapping.heard[-1][1] is TransitionKind.UNSTABLE
    film = play(
        sequence(
            [look(t, page(ChatGPT=PARTIAL)) for t in (2100, 2120)],
            [look(t, page()) for t in (2200, 2260)],
        ),
        memory=memory_after_restart(flapping),
    )
    assert film.heard == []


def test_the_last_round_is_kept() -> None:
    """When the program looked last is known to the next start."""
    assert play([look(0, page()), look(60, MISS)]).memory.saved.last_round == wall(60)


def test_whether_there_ever_was_a_good_reading_is_kept() -> None:
    """A miss is no reading."""
    assert not play([look(0, MISS)]).memory.saved.looked
    assert play([look(0, MISS), look(60, page())]).memory.saved.looked


def test_the_updates_of_a_first_look_are_silent_after_a_miss_too() -> None:
    """Who wants everything is not told old posts because the first poll missed."""
    everything = replace(LIMITS, level=Level.EVERYTHING)
    note = page(incident("ChatGPT: a note", OPERATIONAL))
    assert play([look(0, note)], everything).heard == []
    assert play([look(0, MISS), look(60, note)], everything).heard == []
