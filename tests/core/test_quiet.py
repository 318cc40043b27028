"""Flapping, reopening, the daily cap, and what passes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.films import (
    LIMITS,
    Played,
    alive,
    every,
    failing,
    look,
    memory_after_restart,
    outage,
    play,
    sequence,
)
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, incident, page, wall
from trayapp.model import Level, Round, Stage, TransitionKind

PART = page(ChatGPT=PARTIAL)
HOUR, DAY = 3600.0, 86_400.0
YEAR = timedelta(days=365)


def flaps(count: int, every_seconds: float) -> list[Round]:
    """So many outages of a part, of four minutes each, one after the other."""
    starts = (600 + n * every_seconds for n in range(count))
    return sequence([look(0, page())], *(outage(start, start + 240, PART) for start in starts))


def changes(film: Played) -> list[TransitionKind]:
    """The kinds of what was told."""
    return [change for _, change, _ in film.heard]


def test_two_outages_within_an_hour_are_told_whole() -> None:
    """Four told changes are the most that is told of an hour."""
    assert changes(play(flaps(2, 480))) == [TransitionKind.START, TransitionKind.END] * 2


def test_the_fifth_change_within_an_hour_is_told_as_unstable() -> None:
    """One notice says that it comes and goes."""
    film = play(flaps(3, 480))
    assert changes(film) == [*[TransitionKind.START, TransitionKind.END] * 2, TransitionKind.UNSTABLE]
    assert film.notices[-1].after is PARTIAL


def test_after_unstable_there_is_silence_while_it_flaps() -> None:
    """However often it comes and goes, nothing more is told."""
    film = play(flaps(9, 480))
    assert changes(film).count(TransitionKind.UNSTABLE) == 1
    assert changes(film)[-1] is TransitionKind.UNSTABLE


def test_the_end_of_unstable_is_told_after_half_an_hour_of_calm() -> None:
    """It was told, so it has an end, once nothing has changed for 30 min."""
    film = play(flaps(5, 480))
    last = 600 + 4 * 480 + 240
    calm = play(every(60, last + 120, last + 3 * HOUR, page()), memory=film.memory)
    assert [(second - last, change) for second, change, _ in calm.heard] == [(1800, TransitionKind.END)]
    assert not calm.memory.saved.products["ChatGPT"].unstable


def test_trouble_that_stays_for_half_an_hour_is_no_longer_unstable() -> None:
    """Its end is then told as any other."""
    film = play(
        sequence(
            flaps(3, 480)[:-2],
            every(60, 600 + 3 * 480, 600 + 3 * 480 + 2 * HOUR, PART),
        )
    )
    assert not film.memory.saved.products["ChatGPT"].unstable
    ended = play([look(20_000, page()), look(20_060, page())], memory=film.memory)
    assert changes(ended) == [TransitionKind.END]


def test_probes_that_come_and_go_are_silent_until_half_an_hour_calm() -> None:
    """Suspicion that flaps is flapping too: after "unstable" nothing is told before 30 min without suspicion."""
    unstable = play(flaps(3, 480))
    assert changes(unstable)[-1] is TransitionKind.UNSTABLE
    bad = every(22, 2000, 2700, page(), failing("ChatGPT"))
    rounds = sequence(bad, every(60, 2700, 2700 + 25 * 60, page(), alive("ChatGPT")))
    assert play(rounds, memory=unstable.memory).heard == []


def test_a_new_major_outage_passes_unstable() -> None:
    """It is told at once, whatever was before."""
    film = play(flaps(4, 480))
    major = play([look(3000, page(ChatGPT=MAJOR)), look(3020, page(ChatGPT=MAJOR))], memory=film.memory)
    assert changes(major) == [TransitionKind.WORSE]
    assert major.notices[0].must_arrive


def test_a_new_major_outage_as_the_fifth_change_is_a_start() -> None:
    """It is never called unstable."""
    film = play(sequence(flaps(2, 480), outage(2400, 2640)))
    assert changes(film) == [TransitionKind.START, TransitionKind.END] * 3


def test_changes_of_more_than_an_hour_ago_do_not_count() -> None:
    """A third outage an hour after the first is a start."""
    assert changes(play(flaps(3, 2000))) == [TransitionKind.START, TransitionKind.END] * 3


def test_at_most_six_notices_a_day() -> None:
    """Three outages are told whole; the fourth of the day is not."""
    film = play(flaps(4, 2 * HOUR))
    assert changes(film) == [TransitionKind.START, TransitionKind.END] * 3


def test_the_next_day_there_are_six_again() -> None:
    """What was told more than a day ago no longer counts."""
    film = play(sequence(flaps(4, 2 * HOUR), outage(DAY + 8000, DAY + 8240, PART)))
    assert changes(film) == [TransitionKind.START, TransitionKind.END] * 4


def test_a_clock_that_is_set_moves_what_was_told_with_it() -> None:
    """Six notices were told today, whatever the clock called the day: there is no seventh until tomorrow."""
    ahead = [replace(r, moment=replace(r.moment, wall=r.moment.wall + YEAR)) for r in flaps(3, 2 * HOUR)]
    film = play(every(60, 7 * HOUR, 8 * HOUR, page()), memory=play(ahead).memory)
    more = play([look(9 * HOUR + t, PART) for t in (0, 20)], memory=film.memory)
    assert more.heard == []
    tomorrow = play([look(DAY + 2 * HOUR + t, PART) for t in (0, 20)], memory=film.memory)
    assert changes(tomorrow) == [TransitionKind.START]


def test_a_clock_that_ran_ahead_leaves_nothing_that_silences_after_a_restart() -> None:
    """What was told a year ahead of the time it now is counts neither for the day, the hour, nor against calm."""
    ahead = [replace(r, moment=replace(r.moment, wall=r.moment.wall + YEAR)) for r in flaps(9, 480)]
    film = play(ahead)
    assert changes(film)[-1] is TransitionKind.UNSTABLE
    calm = play(every(60, 6000, 6000 + HOUR, page()), memory=memory_after_restart(film))
    again = play([look(6000 + HOUR + t, PART) for t in (120, 140)], memory=calm.memory)
    assert changes(calm) == [TransitionKind.END]
    assert changes(again) == [TransitionKind.START]
    assert again.memory.saved.products["ChatGPT"].notified[-1].at == wall(6000 + HOUR + 140)


def test_trouble_that_outlasts_the_cap_is_told_when_there_is_room() -> None:
    """It is delayed until the first of the six is a day old, if it still holds."""
    film = play(sequence(flaps(3, 2 * HOUR), every(600, 8 * HOUR, DAY + 2000, PART)))
    assert changes(film) == [*[TransitionKind.START, TransitionKind.END] * 3, TransitionKind.START]
    assert film.heard[-1][0] > DAY
    assert film.notices[-1].since == wall(8 * HOUR)


def test_a_new_major_outage_passes_the_cap_and_so_does_its_end() -> None:
    """The seventh and the eighth notice of the day are these."""
    film = play(sequence(flaps(3, 2 * HOUR), outage(9 * HOUR, 9 * HOUR + 240)))
    assert changes(film) == [TransitionKind.START, TransitionKind.END] * 4


def test_the_end_of_what_was_told_passes_the_cap() -> None:
    """Five changes, a start as the sixth, and its end as the seventh."""
    rounds = sequence(
        flaps(2, 2 * HOUR),
        [look(5 * HOUR + t, PART) for t in (0, 20)],
        [look(5 * HOUR + t, page(ChatGPT=MAJOR)) for t in (100, 120)],
        [look(5 * HOUR + t, page()) for t in (200, 260)],
    )
    film = play(rounds)
    assert len(film.heard) == 7
    assert changes(film)[-1] is TransitionKind.END


def test_a_start_is_held_back_only_by_notices_as_bad_as_itself() -> None:
    """Six of degraded performance leave six of outages."""
    problems = replace(LIMITS, level=Level.PROBLEMS)
    slow = (outage(600 + n * 2 * HOUR, 840 + n * 2 * HOUR, page(ChatGPT=DEGRADED)) for n in range(4))
    film = play(sequence([look(0, page())], *slow, outage(9 * HOUR, 9 * HOUR + 240, PART)), problems)
    assert changes(film) == [TransitionKind.START, TransitionKind.END] * 4
    assert film.notices[-1].before is PARTIAL


def test_a_major_outage_passes_the_cap_once_an_hour() -> None:
    """The next one within the hour waits for room as anything else."""
    used_up = sequence(
        [look(0, page())], *(outage(at, at + 240) for at in (600, 600 + 2 * HOUR, 600 + 4 * HOUR))
    )
    first = outage(9 * HOUR, 9 * HOUR + 240)
    soon, later = (outage(at, at + 240) for at in (9 * HOUR + 1800, 10 * HOUR + 600))
    assert changes(play(sequence(used_up, first, soon))) == [TransitionKind.START, TransitionKind.END] * 4
    assert changes(play(sequence(used_up, first, later))) == [TransitionKind.START, TransitionKind.END] * 5


def test_one_products_notices_do_not_use_up_anothers() -> None:
    """The cap is a product's own."""
    codex = page(Codex=PARTIAL)
    film = play(sequence(flaps(4, 2 * HOUR), outage(9 * HOUR, 9 * HOUR + 240, codex)))
    assert [products for _, _, products in film.heard][-2:] == [("Codex",), ("Codex",)]


def test_what_is_not_shown_does_not_count_for_the_cap() -> None:
    """A silent first look leaves all six; the last end passes the cap."""
    film = play(sequence([look(0, PART), look(60, page()), look(120, page())], flaps(4, 2 * HOUR)[1:]))
    assert changes(film) == [TransitionKind.END, *[TransitionKind.START, TransitionKind.END] * 3]


BROKEN = incident("ChatGPT is down", PARTIAL)
SOLVED = replace(BROKEN, stage=Stage.RESOLVED)


def reopened_after(seconds: float, number: int = 1) -> Played:
    """An incident that is told as over at 300 s, and one that opens so many seconds after that."""
    again = incident("ChatGPT is down", PARTIAL, number=number)
    return play(
        [look(0, page())]
        + [look(t, page(BROKEN)) for t in (120, 140)]
        + [look(t, page(SOLVED)) for t in (240, 300)]
        + [look(300 + seconds + t, page(again)) for t in (-20, 0)]
    )


def test_the_same_incident_reopened_within_half_an_hour_is_down_again() -> None:
    """It goes on in the thread of before, and is dated from its reopening."""
    film = reopened_after(1800)
    assert changes(film) == [TransitionKind.START, TransitionKind.END, TransitionKind.START]
    assert [t.again for t in film.notices] == [False, False, True]
    assert (film.notices[2].after, film.notices[2].since) == (PARTIAL, wall(2080))
    assert film.notices[2].thread == film.notices[0].thread == "incident1"


def test_a_reopened_incident_has_its_end_again() -> None:
    """What was told again ends again."""
    film = play([look(t, page(SOLVED)) for t in (2400, 2460)], memory=reopened_after(1800).memory)
    assert changes(film) == [TransitionKind.END]


def test_the_same_incident_after_half_an_hour_is_a_start() -> None:
    """By then people have moved on."""
    film = reopened_after(1801)
    assert changes(film) == [TransitionKind.START, TransitionKind.END, TransitionKind.START]
    assert not film.notices[2].again


def test_another_incident_within_half_an_hour_is_a_start() -> None:
    """It has its own thread."""
    film = reopened_after(600, number=2)
    assert changes(film) == [TransitionKind.START, TransitionKind.END, TransitionKind.START]
    assert (film.notices[2].thread, film.notices[2].again) == ("incident2", False)


def test_an_incident_that_joined_later_is_known_when_it_reopens() -> None:
    """A second incident of the same trouble belongs to it, and its reopening is "down again"."""
    second = incident("ChatGPT is slow", PARTIAL, number=2)
    film = play(
        [look(0, page())]
        + [look(t, page(BROKEN)) for t in (120, 140)]
        + [look(160, page(BROKEN, second))]
        + [look(t, page()) for t in (240, 300)]
        + [look(t, page(second)) for t in (600, 620)]
    )
    assert changes(film) == [TransitionKind.START, TransitionKind.END, TransitionKind.START]
    assert film.notices[2].again
    assert film.notices[1].incidents == ("incident1", "incident2")


def test_many_incidents_of_one_trouble_do_not_grow_without_end() -> None:
    """The newest eight are remembered."""
    rounds = [look(120 + 20 * n, page(incident("ChatGPT is down", PARTIAL, number=n))) for n in range(1, 30)]
    film = play([look(0, page()), *rounds])
    assert film.memory.saved.products["ChatGPT"].told_incidents == tuple(
        f"incident{n}" for n in range(22, 30)
    )


def test_degraded_that_flaps_is_silent_where_outages_are_wanted() -> None:
    """What is below the level is never told, and does not count for anything."""
    film = play(
        sequence(
            [look(0, page())],
            *(outage(600 + 480 * n, 840 + 480 * n, page(ChatGPT=DEGRADED)) for n in range(9)),
        )
    )
    assert film.told == ()
    assert play(flaps(1, 480), replace(LIMITS, level=Level.PROBLEMS)).heard != []


def test_an_end_of_one_cause_is_one_notice_though_some_of_it_was_suspected_first() -> None:
    """A probe suspected one product, OpenAI's incident then named another too: their common end is told once."""
    posted = page(incident("ChatGPT and API: answers fail"), APIs=MAJOR, ChatGPT=MAJOR)
    film = play(
        sequence(
            [look(0, page(), alive("API"))],
            every(22, 150, 300, None, failing("API")),
            every(60, 320, 1500, posted, alive("API")),
            every(60, 1520, 1700, page(), alive("API")),
        )
    )
    assert [set(t.products) for t in film.notices if t.change is TransitionKind.END] == [{"APIs", "ChatGPT"}]
