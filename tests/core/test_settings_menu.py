"""The part of the menu in which a person chooses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.core.scenes import CALM, DOWN, LANGUAGES, NOW, product, translator_of
from trayapp import __version__
from trayapp.core.audience.plans import PLANS
from trayapp.core.tray_view.settings_menu import MAX_NAMES
from trayapp.core.tray_view.view import build_view
from trayapp.engine.actions import setting_change
from trayapp.i18n import languages
from trayapp.i18n.sanitize import utf16_length
from trayapp.model import AboutMe, Action, Command, Level, MenuChoices, MenuLine, SavedMemory, Verdict

EVERY = MenuChoices(("ChatGPT", "APIs", "Codex"), Level.OUTAGES, "auto", starts_at_login=False)
NOTHING = SavedMemory()


def menu(
    choices: MenuChoices = EVERY, verdict: Verdict | None = DOWN, kept: SavedMemory = NOTHING
) -> tuple[MenuLine, ...]:
    """The menu in English."""
    return build_view(verdict, kept, translator_of("en"), NOW, choices).menu


def all_of(lines: Iterable[MenuLine]) -> Iterator[MenuLine]:
    """All lines, submenus included."""
    for line in lines:
        yield line
        yield from all_of(line.lines)


def below(lines: Iterable[MenuLine], key: str) -> tuple[MenuLine, ...]:
    """The lines of a submenu."""
    return next(line.lines for line in all_of(lines) if line.key == key)


def test_a_pause_can_be_of_three_lengths() -> None:
    """An hour, until the morning, until the person says."""
    assert [(line.text, line.command) for line in below(menu(), "pause")] == [
        ("For 1 hour", Command(Action.PAUSE, "1h")),
        ("Until tomorrow morning", Command(Action.PAUSE, "tomorrow")),
        ("Until I resume them", Command(Action.PAUSE, "on")),
    ]


def test_while_paused_one_click_resumes() -> None:
    """It stands where the pause did."""
    forever = datetime.max.replace(tzinfo=UTC)
    keys = [line.key for line in menu(kept=SavedMemory(paused_until=forever))]
    assert "pause" not in keys
    assert keys.index("resume") == keys.index("line:choices") + 1


def test_the_pages_products_can_be_followed_and_left() -> None:
    """What is followed has a mark; the lines stand in the same order whatever is marked."""
    lines = below(menu(), "follow")
    assert [(line.text, line.checked) for line in lines] == [
        ("APIs", True),
        ("ChatGPT", True),
        ("Codex", True),
        ("Video", False),
    ]
    assert lines[3].command == Command(Action.FOLLOW, "Video")


def _by_setting(lines: Iterable[MenuLine], choices: MenuChoices) -> dict[str, list[str]]:
    """The settings that can be changed, each with the keys of the lines that change it."""
    found: dict[str, list[str]] = {}
    for line in all_of(lines):
        if line.command is not None and (change := setting_change(line.command, choices)) is not None:
            found.setdefault(change[0], []).append(line.key)
    return found


HEADINGS = {
    "follow": "Follow",
    "language": "Language",
    "notify.level": "Notify me about",
    "me.plan": "My plan",
    "me.region": "My region",
    "crowd.sources": "Ask what others see",
}
"""The settings that the menu has, each with what stands above its lines."""


@pytest.mark.parametrize("key", HEADINGS)
def test_what_an_organisation_has_set_is_greyed_and_says_so(key: str) -> None:
    """No line changes it; its lines, their marks and all other settings stay as they are."""
    free, locked = menu(), menu(replace(EVERY, locked=frozenset({key})))
    changing = _by_setting(free, EVERY)
    assert set(changing) == set(HEADINGS), "a setting in the menu without a heading here"
    of_it = set(changing.pop(key))
    assert _by_setting(locked, EVERY) == changing
    heading = f"{HEADINGS[key]} (set by your organisation)"
    assert len([line for line in all_of(locked) if line.text == heading]) == 1
    for before, now in zip(all_of(free), all_of(locked), strict=True):
        greyed = replace(before, command=None) if before.key in of_it else before
        named = replace(greyed, text=heading) if before.text == HEADINGS[key] else greyed
        assert replace(now, lines=()) == replace(named, lines=())


def test_others_can_be_asked_and_it_says_who_they_are() -> None:
    """One tick and one sentence; what the file names besides is named too."""
    (tick, who) = [line for line in below(menu(), "settings") if line.key.startswith("crowd")]
    assert (tick.command, tick.checked) == (Command(Action.CROWD, "on"), False)
    assert (who.command, who.checked) == (None, None)
    assert who.text.startswith("Asks GitHub, Hacker News and mastodon.social;")
    on = replace(EVERY, crowd=("mastodon", "downdetector", "trends"), mastodon="tea.example")
    (tick, who) = [line for line in below(menu(on), "settings") if line.key.startswith("crowd")]
    assert (tick.command, tick.checked) == (Command(Action.CROWD, "off"), True)
    assert "tea.example, Downdetector and Google Trends" in who.text
    long = replace(
        EVERY, crowd=("github", "hacker_news", "mastodon", "downdetector", "trends"), mastodon="a" * 250
    )
    assert max(utf16_length(line.text) for line in all_of(menu(long))) < 120


def test_the_last_one_followed_cannot_be_left() -> None:
    """The icon must speak for something."""
    (only,) = [line for line in below(menu(MenuChoices(("APIs",))), "follow") if line.checked]
    assert (only.text, only.command) == ("APIs", None)


def test_plan_and_region_can_be_ticked_and_any_is_ticked_while_none_is() -> None:
    """In one submenu, for none can be opened within another; a country from the file can be left here too."""
    lines = below(menu(MenuChoices(me=AboutMe(region=("Asia", "Turkey")))), "me")
    ticked = {line.key: line.checked for line in lines if line.command is not None}
    assert [key for key, checked in ticked.items() if checked] == ["plan:any", "region:Asia", "region:Turkey"]
    assert [key for key in ticked if key.startswith("plan:")] == [f"plan:{p}" for p in ("any", *PLANS)]
    assert all(not line.lines for line in lines)


def test_what_is_followed_is_listed_before_the_page_was_read() -> None:
    """Also a name that the page does not have, so that it can be left."""
    lines = below(menu(MenuChoices(("ChatGPT", "Gone")), verdict=None), "follow")
    assert [line.text for line in lines] == ["ChatGPT", "Gone"]


def test_a_page_of_endless_products_makes_no_endless_menu() -> None:
    """Forty are enough."""
    many = tuple(product(f"Product {n}") for n in range(500))
    crowded = Verdict(NOW, CALM.state, products=CALM.products, others=many)
    assert len(below(menu(verdict=crowded), "follow")) == MAX_NAMES


@pytest.mark.parametrize("level", Level)
def test_one_level_is_marked(level: Level) -> None:
    """Each level is a radio line, and the person's has the mark."""
    lines = below(menu(MenuChoices(level=level)), "level")
    assert [line.command for line in lines] == [Command(Action.LEVEL, one) for one in Level]
    assert all(line.radio for line in lines)
    assert [line.key for line in lines if line.checked] == [f"level:{level}"]


@pytest.mark.parametrize("language", ["auto", *LANGUAGES])
def test_one_language_is_marked_and_each_is_named_in_its_own_words(language: str) -> None:
    """Under the word for it, in the settings themselves; who cannot read the menu finds theirs."""
    lines = [
        line
        for line in below(menu(MenuChoices(language=language)), "settings")
        if line.key.startswith("language")
    ]
    assert (lines.pop(0).text, lines[0].text) == ("Language", "The system's")
    assert [line.text for line in lines[1:]] == [one.name for one in languages.LANGUAGES]
    assert [line.key for line in lines if line.checked] == [f"language:{language}"]
    assert {line.command.act for line in lines if line.command} == {Action.LANGUAGE}


@pytest.mark.parametrize(("now", "then"), [(True, "off"), (False, "on")])
def test_start_at_login_is_switched_to_the_other(now: bool, then: str) -> None:
    """A click does the opposite of the mark."""
    (line,) = [x for x in below(menu(MenuChoices(starts_at_login=now)), "settings") if x.key == "at_login"]
    assert (line.checked, line.command) == (now, Command(Action.AUTOSTART, then))


def test_start_at_login_is_offered_where_it_can_be_had() -> None:
    """Elsewhere there is no line."""
    assert "at_login" not in {line.key for line in below(menu(MenuChoices()), "settings")}


def test_a_mistake_in_the_settings_stands_under_the_state() -> None:
    """A click opens the file; without a mistake there is no line."""
    broken = menu(MenuChoices(settings_mistake='config.toml: language = "de": must be one of …'))
    assert (broken[1].key, broken[1].command) == ("mistake", Command(Action.OPEN_SETTINGS))
    assert "mistake" not in {line.key for line in menu()}


def test_the_legend_names_each_look_and_about_says_unofficial() -> None:
    """They only say something."""
    legend, about = below(menu(), "legend"), below(menu(), "about")
    assert len(legend) == 8
    assert about[0].text == f"OpenAI Status Tray {__version__}"
    assert about[1].text == "Unofficial: not made or endorsed by OpenAI"
    assert {line.command for line in (*legend, *about)} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_different_and_no_line_is_too_wide(language: str) -> None:
    """In each language, with everything there is."""
    choices = MenuChoices(starts_at_login=True, settings_mistake="x")
    lines = list(
        all_of(
            build_view(DOWN, SavedMemory(seen={"harbour1": ""}), translator_of(language), NOW, choices).menu
        )
    )
    assert len({line.key for line in lines}) == len(lines)
    assert max(utf16_length(line.text) for line in lines) < 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_choice_makes_the_menu_wider_than_a_screen_likes(language: str) -> None:
    """The longest lines are the legend's and the one that names a command."""
    everything = replace(EVERY, settings_mistake="a mistake", is_muted=True, needs_restart=True)
    lines = all_of(build_view(CALM, NOTHING, translator_of(language), NOW, everything).menu)
    assert {line.key: line.text for line in lines if utf16_length(line.text) > 80} == {}
