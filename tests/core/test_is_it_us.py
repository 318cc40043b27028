"""Before anything is told: is it this computer? Offline, a portal, the edge, waking and clocks that jump."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import MISS, alive, every, failing, look, play, probe, sequence
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, page, wall
from trayapp.core.state.clock_jumps import empty_round
from trayapp.core.state.memory import Evidence
from trayapp.model import (
    Cause,
    ConnectionState,
    Miss,
    Outcome,
    PollPlan,
    Reason,
    ReasonKind,
    State,
    TransitionKind,
)

START = [look(0, page(), alive("API", "ChatGPT", "Login"))]
AWAY = [ConnectionState.OFFLINE, ConnectionState.PORTAL]


@pytest.mark.parametrize("line", AWAY)
def test_without_internet_the_state_is_offline(line: ConnectionState) -> None:
    """Offline and behind a portal the icon says so, whatever was known, and since when that was seen."""
    film = play(sequence([look(0, page(ChatGPT=MAJOR))], [look(60, MISS, failing("API"), line)]))
    assert (film.last.state, film.last.connection, film.last.since) == (State.OFFLINE, line, wall(60))
    reasons = {reason.kind for reason in film.last.reasons}
    assert {ReasonKind(str(line)), ReasonKind.PAGE_UNREADABLE} <= reasons


@pytest.mark.parametrize("line", AWAY)
def test_nothing_is_told_and_no_score_rises_while_offline(line: ConnectionState) -> None:
    """An hour of failures on a dead line leaves no trace."""
    film = play(
        sequence(START, every(22, 150, 3750, MISS, failing("API", "ChatGPT", "Login"), line)),
    )
    assert film.told == ()
    assert all(e.is_clean for e in film.memory.evidence.values())
    assert film.memory.saved.probes["API"].failures == 0.0


def test_scores_freeze_while_offline() -> None:
    """What was suspected before the line went stays as it was."""
    before = play(sequence(START, [look(t, None, failing("API")) for t in (150, 172)]))
    film = play(every(22, 194, 400, MISS, failing("API"), ConnectionState.OFFLINE), memory=before.memory)
    frozen = film.memory.evidence["API"]
    assert (
        replace(frozen, burst_left=before.memory.evidence["API"].burst_left) == before.memory.evidence["API"]
    )


def test_who_comes_back_is_given_a_minute() -> None:
    """For 60 s after coming back failures do not count, and nothing is told; then what still holds is told."""
    film = play(
        sequence(
            START,
            [look(150, MISS, failing("API"), ConnectionState.OFFLINE)],
            [look(t, page(ChatGPT=MAJOR)) for t in (200, 220, 240, 259, 261)],
        )
    )
    assert film.heard == [(261, TransitionKind.START, ("ChatGPT",))]


def test_failures_within_the_minute_after_coming_back_do_not_count() -> None:
    """Connections of before are still dying then."""
    film = play(
        sequence(
            START,
            [look(150, MISS, (), ConnectionState.OFFLINE)],
            [look(t, page(), failing("API")) for t in (200, 222, 244, 259)],
        )
    )
    assert film.memory.evidence["API"].is_clean


def test_from_a_portal_to_offline_is_not_coming_back() -> None:
    """The minute begins when the line is good again."""
    film = play(
        sequence(
            START,
            [look(150, MISS, (), ConnectionState.OFFLINE), look(210, MISS, (), ConnectionState.PORTAL)],
            [look(t, page(ChatGPT=MAJOR)) for t in (270, 320, 331)],
        )
    )
    assert film.heard == [(331, TransitionKind.START, ("ChatGPT",))]


def test_a_good_page_proves_the_line() -> None:
    """Whatever the round's own word on the line, a page that was read came over it."""
    film = play([look(0, page(), (), ConnectionState.OFFLINE)])
    assert (film.last.connection, film.last.state) == (ConnectionState.GOOD, OPERATIONAL)


def test_an_answer_with_a_status_proves_the_line() -> None:
    """A probe that was answered needs no page: the line is back."""
    film = play(sequence([look(0, MISS, (), ConnectionState.OFFLINE)], [look(60, None, alive("API"))]))
    assert film.last.connection is ConnectionState.GOOD


def test_a_round_that_asked_nobody_leaves_the_line_as_it_was() -> None:
    """No news about the line is no news."""
    film = play([look(0, MISS, (), ConnectionState.OFFLINE), look(60)])
    assert film.last.connection is ConnectionState.OFFLINE


def test_trouble_at_the_edge_is_degraded_and_unconfirmed() -> None:
    """Cloudflare's own page fails while neutral hosts answer: the products whose probes fail are degraded here."""
    film = play(sequence(START, [look(150, page(), failing("API"), ConnectionState.EDGE)]))
    states = {p.name: (p.state, p.confirmed) for p in film.last.products}
    assert states["APIs"] == (DEGRADED, False)
    assert states["ChatGPT"] == (OPERATIONAL, True)
    assert (film.last.state, film.last.confirmed) == (DEGRADED, False)
    assert Reason(ReasonKind.EDGE) in film.last.reasons


def test_trouble_at_the_edge_of_one_product_is_never_told() -> None:
    """However long it lasts, scores stay frozen and the product is degraded from here."""
    film = play(
        sequence(START, every(22, 150, 4000, page(), failing("ChatGPT", "Login"), ConnectionState.EDGE))
    )
    assert film.told == ()
    assert film.last.state is DEGRADED


def test_trouble_at_the_edge_of_two_products_is_told_once_after_ten_minutes() -> None:
    """As Cloudflare's, a partial outage; and it is over when the probes answer again."""
    film = play(
        sequence(
            START, every(60, 150, 4000, page(), failing("API", "ChatGPT", "Login"), ConnectionState.EDGE)
        )
    )
    assert film.heard == [(750, TransitionKind.START, ("ChatGPT", "APIs"))]
    start = film.notices[0]
    assert (start.after, start.edge, start.confirmed, start.since) == (PARTIAL, True, False, wall(150))
    assert film.last.state is PARTIAL
    over = play(every(60, 4000, 4200, page(), alive("API", "ChatGPT", "Login")), memory=film.memory)
    assert [(t.change, t.products, t.edge) for t in over.notices] == [
        (TransitionKind.END, ("ChatGPT", "APIs"), True)
    ]
    assert over.last.state is OPERATIONAL


def test_trouble_at_the_edge_lasts_until_somebody_answers() -> None:
    """A round that asked nobody, or only the page, does not end it."""
    film = play(sequence(START, [look(150, page(), failing("API"), ConnectionState.EDGE), look(270, page())]))
    assert film.last.state is DEGRADED
    assert play([look(300, page(), alive("ChatGPT"))], memory=film.memory).last.state is OPERATIONAL


def test_trouble_at_the_edge_does_not_hide_what_the_page_says() -> None:
    """The page's own word of trouble stands, confirmed."""
    film = play(sequence(START, [look(150, page(APIs=MAJOR), failing("API"), ConnectionState.EDGE)]))
    assert (film.last.state, film.last.confirmed) == (MAJOR, True)


def test_trouble_at_the_edge_without_failing_probes_is_nobodys() -> None:
    """An edge that fails for a host nobody follows changes no product."""
    film = play([look(0, page(), alive("API"), ConnectionState.EDGE)])
    assert film.last.state is OPERATIONAL


def test_the_edge_over_failures_count_again() -> None:
    """When the trace page answers again and the probes still fail, it is suspicion as ever."""
    film = play(
        sequence(
            START,
            every(22, 150, 600, page(), failing("API"), ConnectionState.EDGE),
            every(22, 600, 800, page(), failing("API")),
        )
    )
    assert [(change, products) for _, change, products in film.heard] == [(TransitionKind.START, ("APIs",))]
    assert film.notices[0].since == wall(600)


def test_on_an_unasked_line_failures_do_not_count() -> None:
    """Before the line was ever proven good, a failure says nothing."""
    film = play([look(0, None, failing("API"), ConnectionState.NOT_CHECKED)])
    assert film.memory.evidence["API"] == Evidence()


def test_an_end_that_comes_while_offline_is_told_after_coming_back() -> None:
    """The end is delayed, not lost."""
    film = play(
        sequence(
            [look(0, page())],
            [look(t, page(ChatGPT=MAJOR)) for t in (120, 140)],
            [look(200, MISS, (), ConnectionState.OFFLINE)],
            [look(t, page()) for t in (600, 640, 665)],
        )
    )
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",)), (665, TransitionKind.END, ("ChatGPT",))]
    assert film.notices[1].at == wall(600)


def test_suspicion_from_before_the_line_went_is_not_told_in_the_silent_minute() -> None:
    """Failures go on counting afterwards, and two of them must be of the last two minutes."""
    film = play(
        sequence(
            START,
            [look(t, None, failing("API")) for t in (150, 172, 194)],
            [look(216, MISS, (), ConnectionState.OFFLINE)],
            [look(t, page(), failing("API")) for t in (260, 300, 325, 347)],
        )
    )
    assert film.heard == [(347, TransitionKind.START, ("APIs",))]
    assert film.last.state is PARTIAL


def test_a_lost_round_counts_as_asked_and_says_nothing() -> None:
    """A look that never came back is a miss of the page and no failure of a probe."""
    plan = PollPlan(0.0, "calm", page=True, native=True, probes=("API",))
    round_ = empty_round(plan, look(150).moment)
    assert (round_.page, round_.native) == (Miss(Cause.INTERNAL), Miss(Cause.INTERNAL))
    assert [p.outcome for p in round_.probes] == [Outcome.NEUTRAL]
    film = play([*START, round_])
    assert (film.last.state, film.told) == (OPERATIONAL, ())
    empty = empty_round(replace(plan, page=False, native=False), look(150).moment)
    assert (empty.page, empty.native) == (None, None)


def test_ones_own_trouble_with_a_probe_leaves_the_line_good() -> None:
    """One host that cannot be looked up does not make the computer offline."""
    film = play([*START, look(150, page(), (probe("API", Outcome.LOCAL),))])
    assert (film.last.connection, film.last.state) == (ConnectionState.GOOD, OPERATIONAL)
