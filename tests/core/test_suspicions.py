"""What only this computer said, and what became of it: told films of the judge, counted afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.films import (
    LIMITS,
    Played,
    alive,
    every,
    failing,
    look,
    memory_after_pause,
    memory_after_restart,
    play,
    sequence,
)
from tests.core.pages import BEGAN, MAJOR, PARTIAL, incident, page, wall
from tests.core.scenes import translator_of
from trayapp.core.alerts.unannounced import find_unannounced
from trayapp.core.history.suspicions import (
    COUNTED_PERIOD,
    Suspicion,
    find_suspicions,
    suspicion_blocks,
    suspicion_summary,
)
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.core.wording.notifications import build_notification
from trayapp.model import Incident, Level, Limits, Round, RoundTerms, SeenIncident, Transition, TransitionKind
from trayapp.model.details_page import Paragraphs, Table

ALARM = [look(0, page(), alive("API")), *every(22, 150, 300, page(), failing("API"))]
"""The API's probe fails from 150 s on; at 260 s that is told."""
TAKEN_BACK = every(60, 340, 1100, page(), alive("API"))
EN = translator_of("en")


def suspicions_of(*films: Played, incidents: tuple[Incident, ...] = (), now: int = 36_000) -> list[Suspicion]:
    """What these films told, counted at second `now`."""
    told = [transition for film in films for _, transition in film.told]
    return find_suspicions(told, [SeenIncident(one, BEGAN) for one in incidents], wall(now))


def test_what_probes_took_back_and_nobody_posted_is_a_suspicion_without_a_word() -> None:
    """With its first failure, the time it was told, and when the answers came back."""
    (one,) = suspicions_of(play([*ALARM, *TAKEN_BACK]))
    assert one == Suspicion(("APIs",), wall(150), wall(260), wall(340), posted=False)


def test_its_end_does_not_speak_of_trouble_on_openais_page() -> None:
    """There never was any."""
    film = play([*ALARM, *TAKEN_BACK])
    assert build_notification(EN, film.notices[-1], film.last).body.startswith("OpenAI never posted it. ")


@pytest.mark.parametrize("at", [304, 420])
def test_one_word_of_the_page_makes_it_posted(at: int) -> None:
    """While the probes fail or after, and whatever it was before and after that."""
    rounds = sorted([*ALARM, *TAKEN_BACK, look(at, page(APIs=PARTIAL))], key=lambda r: r.moment.wall)
    film = play(rounds)
    assert [one.posted for one in suspicions_of(film)] == [True]


@pytest.mark.parametrize(("now", "posted"), [(1100, None), (340 + 3600, None), (340 + 3601, False)])
def test_what_is_over_is_decided_an_hour_later(now: int, *, posted: bool | None) -> None:
    """OpenAI posts some incidents only when they are over."""
    (one,) = suspicions_of(play([*ALARM, *TAKEN_BACK]), now=now)
    assert (one.ended_at, one.posted) == (wall(340), posted)


def test_what_goes_on_is_not_decided() -> None:
    """OpenAI may post it yet."""
    (one,) = suspicions_of(play(ALARM))
    assert (one.ended_at, one.posted) == (None, None)


@pytest.mark.parametrize(
    ("posted", "counts"),
    [
        (incident("API errors", number=2, parts=("APIs/Images",), began=3000, ended=3000), True),
        (incident("API errors", number=2, parts=("APIs/Images",), began=-600, ended=-1), False),
        (incident("API errors", number=2, parts=("APIs/Images",), began=7200, ended=8000), False),
        (incident("API errors", number=2, began=200, ended=900), True),
        (incident("API errors", number=2), False),
    ],
)
def test_an_incident_posted_afterwards_counts_as_posted(posted: Incident, *, counts: bool) -> None:
    """Within an hour after the end; not one before, one much later, or one that bears no date."""
    (one,) = suspicions_of(play([*ALARM, *TAKEN_BACK]), incidents=(posted,))
    assert one.posted is counts


def test_an_incident_of_another_product_explains_nothing() -> None:
    """Only one of the product that was suspected does, or one of no product in particular."""
    other = replace(incident("No chats", began=200, ended=900), products=("ChatGPT",))
    (one,) = suspicions_of(play([*ALARM, *TAKEN_BACK]), incidents=(other,))
    assert one.posted is False


def test_what_openai_posted_first_is_no_suspicion() -> None:
    """Even when the probes fail later, or only OpenAI ever saw it."""
    posted = [look(t, page(APIs=MAJOR), alive("API")) for t in (0, 120, 140)]
    film = play(
        sequence([look(0, page())], posted[1:], every(22, 150, 300, page(APIs=MAJOR), failing("API")))
    )
    assert suspicions_of(film) == []


def held_back() -> Played:
    """Suspected, then paused; the probes take it back meanwhile, and the end is told an hour later."""
    before = play(ALARM)
    after = play([*TAKEN_BACK, look(3700, page(), alive("API"))], memory=memory_after_pause(before, 3600))
    return replace(after, told=before.told + after.told)


def restarted_meanwhile() -> Played:
    """Suspected, then the program is started anew and finds all well: four answers make it sure."""
    before = play(ALARM)
    after = play(
        [look(t, page(), alive("API")) for t in (900, 940, 980, 1020)], memory=memory_after_restart(before)
    )
    return replace(after, told=before.told + after.told)


@pytest.mark.parametrize("film", [held_back(), restarted_meanwhile()])
def test_that_nothing_is_suspected_any_more_is_no_word_of_openais(film: Played) -> None:
    """However late the end is told."""
    assert [t.change for t in film.notices] == [TransitionKind.START, TransitionKind.END]
    assert [one.posted for one in suspicions_of(film)] == [False]


def told_or_not(
    rounds: list[Round], limits: Limits = LIMITS, memory: Memory | None = None
) -> list[Suspicion]:
    """What a film told and what it left unsaid, counted."""
    memory = memory or Memory()
    kept: list[Transition] = []
    for round_ in rounds:
        before = memory
        memory, _, told = judge_round(memory, round_, limits)
        kept += [*told, *find_unannounced(before, memory, RoundTerms(round_.moment, limits))]
    return find_suspicions(kept, [], wall(36_000))


def test_what_a_pause_kept_from_being_told_is_counted() -> None:
    """With its dates, and as told to nobody; also when the pause is over while it lasts, and then it is one all the same."""
    for until, told_at in ((36_000, None), (330, wall(340))):
        memory = memory_after_pause(play(ALARM[:1]), until)
        (one,) = told_or_not([*ALARM[1:], *TAKEN_BACK], memory=memory)
        assert one == Suspicion(("APIs",), wall(150), told_at, wall(340), posted=False)


def test_what_the_page_said_during_a_pause_is_openais_word() -> None:
    """Though nothing was told of it."""
    memory = memory_after_pause(play(ALARM[:1]), 36_000)
    rounds = [*ALARM[1:], *TAKEN_BACK, look(420, page(APIs=PARTIAL))]
    (one,) = told_or_not(sorted(rounds, key=lambda r: r.moment.wall), memory=memory)
    assert one.posted is True


def test_what_was_told_is_not_counted_twice() -> None:
    """However often it was looked at."""
    assert len(told_or_not([*ALARM, *TAKEN_BACK])) == 1
    assert told_or_not([look(0, page(), alive("API")), *every(60, 60, 900, page(), alive("API"))]) == []


def test_what_a_silent_level_keeps_to_itself_counts_too() -> None:
    """The books are kept all the same."""
    film = play([*ALARM, *TAKEN_BACK], replace(LIMITS, level=Level.NOTHING))
    assert film.notices == []
    assert [one.posted for one in suspicions_of(film)] == [False]


def suspicion_of_apis(days_ago: float, *, posted: bool | None) -> Suspicion:
    """Eleven minutes of the APIs."""
    began = BEGAN - timedelta(days=days_ago)
    return Suspicion(("APIs",), began, began + timedelta(minutes=2), began + timedelta(minutes=11), posted)


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ((), ()),
        ((None,), ()),
        ((True,), ("suspected 1 outage by itself.", "OpenAI posted every one.")),
        (
            (False, True),
            ("suspected 2 outages by itself.", "OpenAI never posted 1 of them: it was false, or real"),
        ),
        (
            (False, False),
            ("suspected 2 outages by itself.", "never posted 2 of them: they were false, or real"),
        ),
    ],
)
def test_the_score_is_said_with_what_it_means(
    posted: tuple[bool | None, ...], words: tuple[str, ...]
) -> None:
    """Never that it was false: nobody knows that."""
    said = suspicion_summary(
        EN, [suspicion_of_apis(n + 1, posted=one) for n, one in enumerate(posted)], BEGAN
    )
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


def test_only_the_last_90_days_count() -> None:
    """The days are named."""
    old = suspicion_of_apis(COUNTED_PERIOD.days + 0.1, posted=False)
    assert suspicion_summary(EN, [old], BEGAN) == ()
    assert suspicion_summary(EN, [old, suspicion_of_apis(1, posted=False)], BEGAN)[0].startswith(
        "In the last 90 days"
    )


def test_those_without_a_word_are_listed_newest_first() -> None:
    """With when they began and how long they lasted; those that were posted are among the incidents already."""
    many = [suspicion_of_apis(20 - n, posted=n == 3) for n in range(20)]
    lines, table = suspicion_blocks(EN, many, BEGAN)
    assert isinstance(lines, Paragraphs)
    assert isinstance(table, Table)
    assert len(table.rows) == 12
    assert table.rows[0] == ("APIs", "13 Mar, 12:00", "11 min")
    assert list(suspicion_blocks(EN, [], BEGAN)) == []
