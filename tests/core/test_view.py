"""What the tray shows of a verdict: look, tooltip, menu, terminal line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scenes import (
    BEGAN,
    CALM,
    DOWN,
    FINE,
    INCIDENT,
    LANGUAGES,
    NOW,
    OFFLINE,
    SUSPECTED,
    product,
    spoken,
    unreadable,
)
from trayapp.core.text import units
from trayapp.core.view import TOOLTIP_UNITS, view
from trayapp.model import Act, Cause, Command, Kept, Look, MenuLine, State, Verdict, View

EN = spoken("en")
NOTHING = Kept()


def shown(verdict: Verdict | None, kept: Kept = NOTHING) -> View:
    """The view in English."""
    return view(verdict, kept, EN, NOW)


def every_line(lines: Iterable[MenuLine]) -> Iterator[MenuLine]:
    """All lines, submenus included."""
    for line in lines:
        yield line
        yield from every_line(line.lines)


def line(seen: View, key: str) -> MenuLine:
    """A line by its key."""
    return next(found for found in every_line(seen.menu) if found.key == key)


def keys(seen: View) -> list[str]:
    """The top lines' keys."""
    return [found.key for found in seen.menu]


@pytest.mark.parametrize(
    ("language", "tooltip"),
    [
        ("en", "ChatGPT down since 13:41 · APIs and Codex fine · checked 13:53"),
        ("tr", "ChatGPT çöktü (13:41 saatinden beri) · APIs ve Codex sorunsuz · denetim 13:53"),
        ("id", "ChatGPT down sejak 13.41 · APIs dan Codex normal · diperiksa 13.53"),
    ],
)
def test_the_tooltip_says_the_worst_first_and_the_time_of_the_check_last(language: str, tooltip: str) -> None:
    """Product, state and beginning come before what is fine."""
    assert view(DOWN, NOTHING, spoken(language), NOW).tooltip == tooltip


@pytest.mark.parametrize(
    ("verdict", "look"),
    [
        (None, Look(State.UNKNOWN, hollow=True)),
        (CALM, Look(State.OPERATIONAL)),
        (replace(CALM, checking=True), Look(State.OPERATIONAL, hollow=True)),
        (DOWN, Look(State.MAJOR)),
        (SUSPECTED, Look(State.PARTIAL, hollow=True)),
        (OFFLINE, Look(State.OFFLINE)),
        (unreadable(Cause.DNS), Look(State.UNKNOWN)),
    ],
)
def test_the_look_is_the_state_and_hollow_while_unsure(verdict: Verdict | None, look: Look) -> None:
    """Unconfirmed, checking and not yet looked are hollow."""
    assert shown(verdict).look == look


def test_before_the_first_round_nothing_is_claimed() -> None:
    """The icon says that it is checking; what can be done is in the menu already."""
    seen = shown(None)
    assert seen.tooltip == seen.title == seen.status_line == "Checking OpenAI's status"
    assert keys(seen) == ["state", "line:acts", "check", "details", "page", "pause", "line:quit", "quit"]


def test_the_menu_holds_what_is_known_then_what_can_be_done() -> None:
    """State, incident, products, others, acts, in this order."""
    assert keys(shown(DOWN)) == [
        "state",
        "incident:harbour1",
        "line:products",
        "product:ChatGPT",
        "product:APIs",
        "product:Codex",
        "others",
        "line:acts",
        "check",
        "details",
        "page",
        "tell",
        "pause",
        "line:quit",
        "quit",
    ]


def test_the_first_line_is_the_state_and_what_a_click_does() -> None:
    """One default line, which opens the details."""
    seen = shown(DOWN)
    assert [found.key for found in every_line(seen.menu) if found.default] == ["state"]
    assert line(seen, "state").text == "ChatGPT down since 13:41"
    assert line(seen, "state").command == Command(Act.DETAILS)


def test_the_first_line_says_what_is_not_confirmed() -> None:
    """What only this computer sees is not passed off as OpenAI's word."""
    assert (
        line(shown(SUSPECTED), "state").text
        == "ChatGPT: possible outage since 13:41, not confirmed by OpenAI"
    )


def test_an_incidents_line_has_its_stage_and_last_update_and_opens_its_page() -> None:
    """The name is quoted, the time local."""
    found = line(shown(DOWN), "incident:harbour1")
    assert found.text == "“Answers are slow to arrive”: Investigating, 13:45"
    assert found.command == Command(Act.OPEN_INCIDENT, "harbour1")


def test_a_product_line_names_its_state_and_leads_to_what_concerns_it() -> None:
    """A product in trouble opens its worst incident, one that is fine opens all."""
    down, fine = line(shown(DOWN), "product:ChatGPT"), line(shown(DOWN), "product:APIs")
    assert (down.text, down.command) == ("ChatGPT: Major outage", Command(Act.DETAILS, "harbour1"))
    assert (fine.text, fine.command) == ("APIs: Operational", Command(Act.DETAILS))
    assert line(shown(DOWN), "product:Video").text == "Video: Operational"


def test_a_product_line_says_that_it_recovers() -> None:
    """The state stands until it is over, with the good news behind it."""
    mending = replace(DOWN, products=(product("ChatGPT", State.MAJOR, recovering=True),))
    assert line(shown(mending), "product:ChatGPT").text == "ChatGPT: Major outage, recovering"


def test_many_incidents_move_into_a_submenu_with_a_limit() -> None:
    """Three stand in the menu; more are counted, and eight of them listed."""
    many = tuple(replace(INCIDENT, id=f"i{n}") for n in range(12))
    assert [key for key in keys(shown(replace(DOWN, incidents=many[:3]))) if key.startswith("incident")] == [
        "incident:i0",
        "incident:i1",
        "incident:i2",
    ]
    crowded = line(shown(replace(DOWN, incidents=many)), "incidents")
    assert crowded.text == "12 open incidents"
    assert len(crowded.lines) == 8


def test_tell_me_is_offered_in_trouble_only_and_shows_that_it_was_asked() -> None:
    """A check mark stands while the end is waited for."""
    assert "tell" not in keys(shown(CALM))
    assert "tell" not in keys(shown(OFFLINE))
    assert line(shown(DOWN), "tell").checked is False
    assert line(shown(DOWN, Kept(tell_when_back=("ChatGPT",))), "tell").checked is True


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Resume notifications (paused until 14:53)"),
        ("tr", "Bildirimleri sürdür (duraklatma bitişi: 14:53)"),
        ("id", "Lanjutkan notifikasi (dijeda sampai 14.53)"),
    ],
)
def test_a_pause_can_be_ended_and_says_until_when(language: str, text: str) -> None:
    """While it lasts, the same place offers its end."""
    paused = Kept(paused_until=NOW + timedelta(hours=1))
    found = line(view(CALM, paused, spoken(language), NOW), "resume")
    assert (found.text, found.command) == (text, Command(Act.RESUME))


def test_a_pause_that_is_over_is_forgotten() -> None:
    """The menu offers a new one."""
    over = Kept(paused_until=NOW - timedelta(seconds=1))
    assert line(shown(CALM, over), "pause").command == Command(Act.PAUSE, "1h")


def test_a_pause_without_end_shows_no_time() -> None:
    """The end of the calendar has no local form in any zone, and needs none."""
    forever = Kept(paused_until=datetime.max.replace(tzinfo=UTC))
    assert line(shown(CALM, forever), "resume").text == "Resume notifications"


def test_the_menu_does_not_change_with_the_time_of_the_last_check() -> None:
    """A minute later everything but tooltip and terminal line is the same."""
    later = NOW + timedelta(minutes=1)
    before, after = shown(DOWN), view(replace(DOWN, at=later), NOTHING, EN, later)
    assert before.menu == after.menu
    assert before.tooltip != after.tooltip


def test_within_a_minute_two_views_are_equal() -> None:
    """What is equal is not drawn again."""
    later = NOW + timedelta(seconds=50)
    assert shown(DOWN) == view(replace(DOWN, at=later), NOTHING, EN, later)


def test_an_outage_asks_for_attention() -> None:
    """Hosts may mark the icon for an outage, and for nothing less."""
    assert shown(DOWN).attention
    assert shown(SUSPECTED).attention
    assert not shown(replace(CALM, state=State.DEGRADED)).attention
    assert not shown(OFFLINE).attention


def test_the_terminal_line_says_everything() -> None:
    """The state and why, with the time of the check, without a limit."""
    assert shown(unreadable(Cause.TLS)).status_line == (
        "Status unknown since 13:41 · Could not read OpenAI's page: certificate not trusted · checked 13:53"
    )


def test_a_tooltip_without_room_keeps_its_first_words_and_the_check() -> None:
    """What lies between is cut short."""
    states = (State.MAJOR, State.PARTIAL, State.DEGRADED, State.MAINTENANCE)
    crowd = tuple(product(f"A product with a rather long name {n}", state) for n, state in enumerate(states))
    tooltip = shown(replace(DOWN, products=crowd)).tooltip
    assert units(tooltip) <= TOOLTIP_UNITS
    assert tooltip.startswith("A product with a rather long name 0 down since 13:41 · ")
    assert tooltip.endswith(" · checked 13:53")


@given(
    st.sampled_from(LANGUAGES),
    st.lists(
        st.tuples(st.text(max_size=60), st.sampled_from(State), st.booleans(), st.booleans()), max_size=12
    ),
    st.sampled_from(State),
    st.text(max_size=300),
)
def test_whatever_the_page_says_the_view_holds_its_frame(
    language: str, products: list[tuple[str, State, bool, bool]], state: State, name: str
) -> None:
    """The tooltip fits, every line that says something has a text of one line, and keys are not shared."""
    followed = {p: product(p, s, confirmed=c, checking=k) for p, s, c, k in products}
    verdict = replace(
        DOWN,
        state=state,
        products=tuple(followed.values()),
        others=(),
        incidents=(replace(INCIDENT, name=name),),
    )
    seen = view(verdict, NOTHING, spoken(language), NOW)
    lines = list(every_line(seen.menu))
    assert 0 < units(seen.tooltip) <= TOOLTIP_UNITS
    assert len({found.key for found in lines}) == len(lines)
    assert all(found.separator or (found.text and len(found.text.splitlines()) == 1) for found in lines)


def test_calm_needs_few_words() -> None:
    """All is fine in one breath."""
    assert shown(CALM).tooltip == "ChatGPT, APIs and Codex fine · checked 13:53"
    assert [p.name for p in FINE] == [
        key.removeprefix("product:") for key in keys(shown(CALM)) if "product:" in key
    ]
    assert shown(replace(CALM, since=BEGAN)).title == "ChatGPT, APIs and Codex fine"
