"""What the tray shows of a verdict: look, tooltip, menu, terminal line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

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
    translator_of,
    unreadable,
)
from trayapp.core.tray_view.view import TOOLTIP_UNITS, build_view
from trayapp.i18n.sanitize import utf16_length
from trayapp.model import (
    Action,
    Cause,
    Command,
    Look,
    MenuChoices,
    MenuLine,
    SavedMemory,
    State,
    TrayView,
    Verdict,
)

EN = translator_of("en")
NOTHING = SavedMemory()


def english_view(verdict: Verdict | None, kept: SavedMemory = NOTHING) -> TrayView:
    """The view in English."""
    return build_view(verdict, kept, EN, NOW)


def every_line(lines: Iterable[MenuLine]) -> Iterator[MenuLine]:
    """All lines, submenus included."""
    for line in lines:
        yield line
        yield from every_line(line.lines)


def line(seen: TrayView, key: str) -> MenuLine:
    """A line by its key."""
    return next(found for found in every_line(seen.menu) if found.key == key)


def keys(seen: TrayView) -> list[str]:
    """The top lines' keys."""
    return [found.key for found in seen.menu]


@pytest.mark.parametrize(
    ("language", "tooltip"),
    [
        ("en", "ChatGPT down since 13:41 · APIs and Codex fine · checked 13:53"),
        ("tr", "ChatGPT çöktü (başlangıç: 13:41) · APIs ve Codex sorunsuz · son denetim 13:53"),
        ("id", "ChatGPT down sejak 13.41 · APIs dan Codex normal · diperiksa 13.53"),
    ],
)
def test_the_tooltip_says_the_worst_first_and_the_time_of_the_check_last(language: str, tooltip: str) -> None:
    """Product, state and beginning come before what is fine."""
    assert build_view(DOWN, NOTHING, translator_of(language), NOW).tooltip == tooltip


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
    assert english_view(verdict).look == look


def test_before_the_first_round_nothing_is_claimed() -> None:
    """The icon says that it is checking; what can be done is in the menu already."""
    seen = english_view(None)
    assert seen.tooltip == seen.title == seen.status_line == "Checking OpenAI's status"
    assert keys(seen)[:5] == ["state", "line:acts", "check", "details", "page"]
    assert keys(seen)[-4:] == ["line:quit", "legend", "about", "quit"]


def test_within_a_minute_two_views_are_equal() -> None:
    """What is equal is not drawn again."""
    later = NOW + timedelta(seconds=50)
    assert english_view(DOWN) == build_view(replace(DOWN, at=later), NOTHING, EN, later)


def test_an_outage_asks_for_attention() -> None:
    """Hosts may mark the icon for an outage, and for nothing less."""
    assert english_view(DOWN).needs_attention
    assert english_view(SUSPECTED).needs_attention
    assert not english_view(replace(CALM, state=State.DEGRADED)).needs_attention
    assert not english_view(OFFLINE).needs_attention


def test_the_terminal_line_says_everything() -> None:
    """The state and why, with the time of the check, without a limit."""
    seen = english_view(unreadable(Cause.TLS))
    assert (seen.status_line, seen.checked_text) == (
        "Status unknown since 13:41 · Could not read OpenAI's page: certificate not trusted",
        "checked 13:53",
    )


def test_that_notifications_are_not_shown_stands_in_menu_and_terminal() -> None:
    """Else silence would be taken for calm."""
    seen = build_view(CALM, NOTHING, EN, NOW, MenuChoices(is_muted=True))
    said = "Notifications cannot be shown here; why: openai-status-tray doctor"
    assert (keys(seen)[1], seen.menu[1].text) == ("mute", said)
    assert seen.status_line == f"{english_view(CALM).status_line} · notifications cannot be shown"


def test_that_an_update_wants_a_restart_stands_in_menu_and_terminal() -> None:
    """A click on the line begins the new version."""
    seen = build_view(CALM, NOTHING, EN, NOW, MenuChoices(needs_restart=True))
    assert (seen.menu[1].text, seen.menu[1].command) == (
        "Restart to finish the update",
        Command(Action.RESTART),
    )
    assert seen.status_line == f"{english_view(CALM).status_line} · restart to finish the update"


def test_a_tooltip_without_room_keeps_its_first_words_and_the_check() -> None:
    """What lies between is cut short."""
    states = (State.MAJOR, State.PARTIAL, State.DEGRADED, State.MAINTENANCE)
    crowd = tuple(product(f"A product with a rather long name {n}", state) for n, state in enumerate(states))
    tooltip = english_view(replace(DOWN, products=crowd)).tooltip
    assert utf16_length(tooltip) <= TOOLTIP_UNITS
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
    seen = build_view(verdict, NOTHING, translator_of(language), NOW)
    lines = list(every_line(seen.menu))
    assert 0 < utf16_length(seen.tooltip) <= TOOLTIP_UNITS
    assert len({found.key for found in lines}) == len(lines)
    assert all(found.separator or (found.text and len(found.text.splitlines()) == 1) for found in lines)


def test_calm_needs_few_words() -> None:
    """All is fine in one breath."""
    assert english_view(CALM).tooltip == "ChatGPT, APIs and Codex fine · checked 13:53"
    assert [p.name for p in FINE] == [
        key.removeprefix("product:") for key in keys(english_view(CALM)) if "product:" in key
    ]
    assert english_view(replace(CALM, since=BEGAN)).title == "ChatGPT, APIs and Codex fine"
