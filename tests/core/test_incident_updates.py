"""New posts in open incidents, for a person who wants everything."""

from __future__ import annotations

from dataclasses import replace

from tests.core.films import LIMITS, MISS, Played, look, memory_after_pause, memory_after_restart, play
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, incident, page, wall
from trayapp.model import ConnectionState, Incident, Level, Round, Stage, TransitionKind

EVERYTHING = replace(LIMITS, level=Level.EVERYTHING)


def posts(count: int, stage: Stage = Stage.INVESTIGATING, *, number: int = 1) -> Incident:
    """The incident with so many posts."""
    return incident("ChatGPT is down", MAJOR, stage, number=number, posts=count, began=60)


TOLD = [look(0, page()), *(look(t, page(posts(1))) for t in (120, 140))]


def told_after_start(*rounds: Round) -> list[tuple[float, TransitionKind, tuple[str, ...]]]:
    """What is told after the incident's start was."""
    told = play(TOLD, EVERYTHING)
    assert told.heard[-1] == (140, TransitionKind.START, ("ChatGPT",))
    return play(rounds, EVERYTHING, told.memory).heard


def test_a_new_post_is_an_update() -> None:
    """Told with the products it concerns, in the incident's thread, once."""
    assert told_after_start(look(200, page(posts(2))), look(260, page(posts(2)))) == [
        (200, TransitionKind.UPDATE, ("ChatGPT",))
    ]
    update = play([look(200, page(posts(2)))], EVERYTHING, play(TOLD, EVERYTHING).memory).notices[0]
    assert (update.thread, update.incidents) == ("incident1", ("incident1",))
    assert (update.since, update.at, update.after) == (wall(60), wall(200), MAJOR)


def test_a_new_stage_is_an_update() -> None:
    """Identified after investigating is news, even under the same post."""
    assert told_after_start(look(200, page(posts(1, Stage.IDENTIFIED)))) == [
        (200, TransitionKind.UPDATE, ("ChatGPT",))
    ]


def test_an_unchanged_incident_is_no_update() -> None:
    """Reading it again tells nothing."""
    assert told_after_start(look(200, page(posts(1))), look(260, MISS), look(320, page(posts(1)))) == []


def test_posts_are_told_only_to_who_wants_everything() -> None:
    """At the other levels an update is not news."""
    assert play([*TOLD, look(200, page(posts(2)))]).heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_the_posts_of_an_incident_whose_start_is_told_are_in_it() -> None:
    """A start and an update of one incident in one round are one notice."""
    both = play([look(0, page()), look(120, page(posts(1))), look(140, page(posts(2)))], EVERYTHING)
    assert [change for second, change, _ in both.heard if second == 140] == [TransitionKind.START]


def test_the_first_look_tells_no_posts() -> None:
    """They were there before."""
    assert play([look(0, page(posts(3))), look(60, page(posts(3)))], EVERYTHING).heard == []


def test_an_incident_of_nobody_followed_tells_nothing() -> None:
    """Posts about other products are not this person's."""
    follows = replace(EVERYTHING, follow=("Codex",))
    film = play([look(0, page()), look(120, page(posts(1))), look(180, page(posts(2)))], follows)
    assert film.heard == []


def test_an_incident_of_several_products_is_one_update() -> None:
    """It names them all."""
    broad = incident("Elevated errors", OPERATIONAL, posts=1)
    film = play([look(0, page(broad)), look(60, page(replace(broad, stage=Stage.MONITORING)))], EVERYTHING)
    assert film.heard == [(60, TransitionKind.UPDATE, ("ChatGPT", "APIs", "Codex"))]


def test_posts_made_during_a_pause_are_told_after_it() -> None:
    """A pause delays an update of a known incident."""
    memory = memory_after_pause(play(TOLD, EVERYTHING), 3600)
    film = play([look(200, page(posts(2))), look(3600, page(posts(2)))], EVERYTHING, memory)
    assert film.heard == [(3600, TransitionKind.UPDATE, ("ChatGPT",))]


def test_posts_are_not_told_offline_nor_in_the_minute_after() -> None:
    """They wait like everything else."""
    film = play(
        [
            look(200, MISS, (), ConnectionState.OFFLINE),
            look(260, page(posts(2))),
            look(319, page(posts(2))),
            look(320, page(posts(2))),
        ],
        EVERYTHING,
        play(TOLD, EVERYTHING).memory,
    )
    assert film.heard == [(320, TransitionKind.UPDATE, ("ChatGPT",))]


def test_posts_made_while_the_program_did_not_run_are_told() -> None:
    """What was the newest post is kept."""
    told = play(TOLD, EVERYTHING)
    assert play([look(9000, page(posts(1)))], EVERYTHING, memory_after_restart(told)).heard == []
    film: Played = play([look(9000, page(posts(2)))], EVERYTHING, memory_after_restart(told))
    assert film.heard == [(9000, TransitionKind.UPDATE, ("ChatGPT",))]


def test_incidents_that_are_over_are_forgotten() -> None:
    """Only open ones are kept."""
    film = play([*TOLD, look(600, page(posts(2, Stage.RESOLVED)))], EVERYTHING)
    assert film.memory.saved.incidents == {}


def test_an_incident_without_posts_is_known_by_its_stage() -> None:
    """Every key may be absent."""
    bare = incident("ChatGPT: a note", OPERATIONAL, posts=0)
    film = play([look(0, page(bare)), look(60, page(bare))], EVERYTHING)
    assert film.heard == []
    assert film.memory.saved.incidents["incident1"].newest == ""


def test_an_update_is_dated_by_its_post() -> None:
    """Where the page dates the newest post, the update is of then."""
    dated = replace(posts(2), updated_at=wall(170))
    film = play([look(200, page(dated))], EVERYTHING, play(TOLD, EVERYTHING).memory)
    assert film.notices[0].at == wall(170)


def test_posts_have_a_count_of_their_own() -> None:
    """At most six of a product's posts are told a day, and they hold back neither an end nor a start."""
    rounds = [look(200 + 300 * n, page(posts(2 + n))) for n in range(20)]
    film = play([*TOLD, *rounds], EVERYTHING)
    assert [change for _, change, _ in film.heard] == [TransitionKind.START, *[TransitionKind.UPDATE] * 6]
    assert [at for at, _, _ in film.heard[1:]] == [200 + 300 * n for n in range(6)]
    over = play([look(t, page()) for t in (7000, 7060)], EVERYTHING, film.memory)
    assert over.heard == [(7060, TransitionKind.END, ("ChatGPT",))]
    slow = play([look(t, page(ChatGPT=DEGRADED)) for t in (12_000, 12_020)], EVERYTHING, over.memory)
    assert slow.heard == [(12_020, TransitionKind.START, ("ChatGPT",))]


def test_the_start_of_an_incident_is_one_notice() -> None:
    """A new incident is told when its word was read twice, and not as a post before that."""
    assert play(TOLD, EVERYTHING).heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_a_stage_that_goes_backwards_is_an_update() -> None:
    """Monitoring and then identified again is news, and no second start."""
    backwards = [look(200, page(posts(2, Stage.MONITORING))), look(260, page(posts(2, Stage.IDENTIFIED)))]
    assert [change for _, change, _ in told_after_start(*backwards)] == [
        TransitionKind.UPDATE,
        TransitionKind.UPDATE,
    ]


def test_several_posts_of_one_round_are_told_in_one_order() -> None:
    """The order in which the page lists incidents is not the order in which a person hears of them."""
    notes = [incident("ChatGPT: a note", OPERATIONAL, number=n) for n in (1, 2)]
    told = [
        play([look(0, page()), look(60, page(*order))], EVERYTHING).told for order in (notes, notes[::-1])
    ]
    assert len(told[0]) == 2
    assert told[0] == told[1]
