"""The menu: what is known, then what can be done."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.scenes import (
    CALM,
    DOWN,
    INCIDENT,
    NOW,
    OFFLINE,
    SUSPECTED,
    product,
    translator_of,
    unreadable,
)
from trayapp.core.tray_view.view import build_view
from trayapp.model import (
    Action,
    Cause,
    Command,
    Look,
    MenuChoices,
    MenuLine,
    SavedMemory,
    Stage,
    State,
    TrayView,
    Verdict,
    milder_state,
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


def test_the_menu_holds_what_is_known_then_what_can_be_done() -> None:
    """State, incident, products, others, acts, choices, in this order."""
    assert keys(english_view(DOWN)) == [
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
        "copy",
        "elsewhere",
        "tell",
        "line:choices",
        "pause",
        "follow",
        "me",
        "level",
        "settings",
        "line:quit",
        "legend",
        "about",
        "quit",
    ]


def test_the_first_line_is_the_state_and_what_a_click_does() -> None:
    """One default line, which opens the details."""
    seen = english_view(DOWN)
    assert [found.key for found in every_line(seen.menu) if found.default] == ["state"]
    assert line(seen, "state").text == "ChatGPT down since 13:41"
    assert line(seen, "state").command == Command(Action.DETAILS)


def test_the_first_line_says_what_is_not_confirmed() -> None:
    """What only this computer sees is not passed off as OpenAI's word."""
    assert (
        line(english_view(SUSPECTED), "state").text
        == "ChatGPT: possible outage since 13:41, not confirmed by OpenAI"
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "ChatGPT down since 13:41 · Codex: possible outage, not confirmed by OpenAI · APIs degraded",
        ),
        (
            "tr",
            "ChatGPT çöktü (başlangıç: 13:41) · Codex: olası kesinti, OpenAI doğrulamadı · APIs: performans düşük",
        ),
        (
            "id",
            "ChatGPT down sejak 13.41 · Codex: kemungkinan gangguan, belum dikonfirmasi OpenAI · APIs: performa menurun",
        ),
    ],
)
def test_the_first_line_names_all_that_is_in_trouble(language: str, text: str) -> None:
    """The worst first, with its time, and whose word it is; what is fine is left to the lines below."""
    troubled = (
        product("ChatGPT", State.MAJOR),
        product("Files"),
        product("APIs", State.DEGRADED),
        product("Codex", State.PARTIAL, confirmed=False),
    )
    seen = build_view(replace(DOWN, products=troubled), NOTHING, translator_of(language), NOW)
    assert line(seen, "state").text == text
    assert seen.title == text


def test_the_first_line_stays_short() -> None:
    """A page with products of endless names in every state does not widen the menu over the screen."""
    states = [s for s in State if s is not State.OFFLINE]
    many = tuple(product(f"{n} {'long ' * 20}", states[n % 6], confirmed=n % 4 > 0) for n in range(24))
    text = line(english_view(replace(DOWN, products=many)), "state").text
    assert len(text) <= 150


def test_an_incidents_line_has_its_stage_and_last_update_and_opens_its_page() -> None:
    """The name is quoted, the time local."""
    found = line(english_view(DOWN), "incident:harbour1")
    assert found.text == "“Answers are slow to arrive”: Investigating, 13:45"
    assert found.command == Command(Action.OPEN_INCIDENT, "harbour1")


def test_a_product_line_names_its_state_and_leads_to_what_concerns_it() -> None:
    """A product in trouble opens its worst incident, one that is fine opens all."""
    down, fine = line(english_view(DOWN), "product:ChatGPT"), line(english_view(DOWN), "product:APIs")
    assert (down.text, down.command) == ("ChatGPT: Major outage", Command(Action.DETAILS, "harbour1"))
    assert (fine.text, fine.command) == ("APIs: Operational", Command(Action.DETAILS))
    assert line(english_view(DOWN), "product:Video").text == "Video: Operational"


def test_a_product_line_says_that_it_recovers() -> None:
    """The state stands until it is over, with the good news behind it."""
    mending = replace(DOWN, products=(product("ChatGPT", State.MAJOR, recovering=True),))
    assert line(english_view(mending), "product:ChatGPT").text == "ChatGPT: Major outage, recovering"


def test_many_incidents_move_into_a_submenu_with_a_limit() -> None:
    """Three stand in the menu; more are counted, and eight of them listed."""
    many = tuple(replace(INCIDENT, id=f"i{n}") for n in range(12))
    assert [
        key for key in keys(english_view(replace(DOWN, incidents=many[:3]))) if key.startswith("incident")
    ] == [
        "incident:i0",
        "incident:i1",
        "incident:i2",
    ]
    crowded = line(english_view(replace(DOWN, incidents=many)), "incidents")
    assert crowded.text == "12 open incidents"
    assert len(crowded.lines) == 8


CROWDED = replace(
    DOWN,
    incidents=tuple(replace(INCIDENT, id=f"i{n}") for n in range(12)),
    others=tuple(product(f"Product {n}") for n in range(40)),
)
EVERYTHING = MenuChoices(
    starts_at_login=True, settings_mistake="a mistake", is_muted=True, needs_restart=True
)


@pytest.mark.parametrize("verdict", [None, CALM, DOWN, OFFLINE, SUSPECTED, unreadable(Cause.FORMAT), CROWDED])
@pytest.mark.parametrize(
    "kept", [NOTHING, SavedMemory(paused_until=NOW + timedelta(hours=1))], ids=["", "paused"]
)
def test_no_submenu_stands_within_a_submenu(verdict: Verdict | None, kept: SavedMemory) -> None:
    """COSMIC cannot open it. And no line that opens one does anything else."""
    seen = build_view(verdict, kept, EN, NOW, EVERYTHING)
    submenus = [found for found in seen.menu if found.lines]
    assert {"follow", "level", "settings", "legend", "about"} <= {found.key for found in submenus}
    assert not any(inner.lines for found in submenus for inner in found.lines)
    assert not any(found.command for found in submenus)


def test_tell_me_is_offered_in_trouble_only_and_shows_that_it_was_asked() -> None:
    """A check mark stands while the end is waited for."""
    assert "tell" not in keys(english_view(CALM))
    assert "tell" not in keys(english_view(OFFLINE))
    assert line(english_view(DOWN), "tell").checked is False
    assert line(english_view(DOWN, SavedMemory(tell_when_back=("ChatGPT",))), "tell").checked is True


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
    paused = SavedMemory(paused_until=NOW + timedelta(hours=1))
    found = line(build_view(CALM, paused, translator_of(language), NOW), "resume")
    assert (found.text, found.command) == (text, Command(Action.RESUME))


def test_a_pause_that_is_over_is_forgotten() -> None:
    """The menu offers a new one."""
    over = SavedMemory(paused_until=NOW - timedelta(seconds=1))
    assert line(english_view(CALM, over), "pause:1h").command == Command(Action.PAUSE, "1h")


def test_a_pause_without_end_shows_no_time() -> None:
    """The end of the calendar has no local form in any zone, and needs none."""
    forever = SavedMemory(paused_until=datetime.max.replace(tzinfo=UTC))
    assert line(english_view(CALM, forever), "resume").text == "Resume notifications"


def test_the_menu_does_not_change_with_the_time_of_the_last_check() -> None:
    """A minute later everything but tooltip and terminal line is the same."""
    later = NOW + timedelta(minutes=1)
    before, after = english_view(DOWN), build_view(replace(DOWN, at=later), NOTHING, EN, later)
    assert before.menu == after.menu
    assert before.tooltip != after.tooltip


def test_updates_since_the_last_look_are_counted() -> None:
    """One who looked at the first post is told of the two that came after it; one who never looked is not."""
    posts = tuple(replace(INCIDENT.updates[0], id=f"u{n}") for n in (3, 2, 1))
    busy = replace(DOWN, incidents=(replace(INCIDENT, updates=posts),))
    key = "incident:harbour1"
    plain = line(english_view(busy), key).text
    assert plain == "“Answers are slow to arrive”: Investigating, 13:45"
    assert line(english_view(busy, SavedMemory(seen={"harbour1": "u3"})), key).text == plain
    assert line(english_view(busy, SavedMemory(seen={"harbour1": "u2"})), key).text.endswith(
        " (1 new update since you last looked)"
    )
    assert line(english_view(busy, SavedMemory(seen={"harbour1": "u1"})), key).text.endswith(
        " (2 new updates since you last looked)"
    )
    assert line(english_view(busy, SavedMemory(seen={"harbour1": ""})), key).text.endswith(
        " (3 new updates since you last looked)"
    )


def test_a_page_that_cannot_be_read_is_named_with_its_cause() -> None:
    """Since when, and why, under the state."""
    found = line(english_view(unreadable(Cause.FORMAT)), "unread")
    assert (found.text, found.command) == ("Could not read OpenAI's page since 13:41: format changed", None)
    assert "unread" not in keys(english_view(OFFLINE)) + keys(english_view(DOWN))


def test_the_menu_is_built_within_five_milliseconds() -> None:
    """With as many incidents and products as any page has."""
    incidents = tuple(replace(INCIDENT, id=f"i{n}") for n in range(20))
    others = tuple(product(f"Product {n}") for n in range(40))
    crowded = replace(DOWN, incidents=incidents, others=others)

    def measure_build() -> float:
        began = time.perf_counter()
        english_view(crowded)
        return time.perf_counter() - began

    assert min(measure_build() for _ in range(20)) < 0.005


def test_each_product_and_incident_bears_its_look() -> None:
    """Hollow where only this computer says so; no other line bears one."""
    looks = {found.key: found.look for found in every_line(english_view(DOWN).menu) if found.look is not None}
    assert looks == {
        "incident:harbour1": Look(State.MAJOR),
        "product:ChatGPT": Look(State.MAJOR),
        "product:APIs": Look(State.OPERATIONAL),
        "product:Codex": Look(State.OPERATIONAL),
        "product:Video": Look(State.OPERATIONAL),
    }
    assert line(english_view(SUSPECTED), "product:ChatGPT").look == Look(State.PARTIAL, hollow=True)


@pytest.mark.parametrize(
    "impact", [State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR]
)
def test_an_incident_that_is_monitored_is_drawn_degraded_at_most(impact: State) -> None:
    """As it weighs by law 4; before that as its impact."""
    open_, fixed = (
        replace(INCIDENT, impact=impact, stage=stage) for stage in (Stage.IDENTIFIED, Stage.MONITORING)
    )
    for incident, state in ((open_, impact), (fixed, milder_state(impact, State.DEGRADED))):
        seen = english_view(replace(DOWN, incidents=(incident,)))
        assert line(seen, "incident:harbour1").look == Look(state)


def test_a_mark_and_a_look_never_meet_on_a_line() -> None:
    """A host has one place for both."""
    assert not [
        each for each in every_line(english_view(DOWN).menu) if each.look and each.checked is not None
    ]


def test_the_status_can_be_copied_once_there_is_one() -> None:
    """Before the first round there is nothing to pass on."""
    assert line(english_view(DOWN), "copy").command == Command(Action.COPY)
    assert "copy" not in keys(english_view(None))


def test_a_test_notification_is_among_the_settings() -> None:
    """Beside what else is set once."""
    assert line(english_view(CALM), "test").command == Command(Action.TEST)
    assert "test" in [each.key for each in line(english_view(CALM), "settings").lines]
