"""What others say: shown while something is wrong, in the person's language and for their country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.core.scenes import (
    CALM,
    DOWN,
    LANGUAGES,
    NOW,
    OFFLINE,
    SUSPECTED,
    product,
    translator_of,
    unreadable,
)
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.other_sources import list_other_sources
from trayapp.engine import actions
from trayapp.model import Action, Cause, Command, MenuLine, SavedMemory, State, Verdict
from trayapp.model.details_page import DetailsPage, LinkList
from trayapp.model.other_sources import COUNTRIES, OTHER_SOURCE_URLS, match_country, select_other_sources

CHECKING = replace(CALM, checking=True, products=(product("ChatGPT", checking=True), *CALM.products[1:]))
MAINTENANCE = replace(CALM, state=State.MAINTENANCE)


def lines_elsewhere(verdict: Verdict | None, language: str = "en") -> Sequence[MenuLine]:
    """The menu's lines of what others say."""
    menu = build_view(verdict, SavedMemory(), translator_of(language), NOW).menu
    return [inner for line in menu if line.key == "elsewhere" for inner in line.lines]


def page_of(verdict: Verdict, language: str = "en") -> DetailsPage:
    """The details page, where every address may be opened."""
    return build_details_page(translator_of(language), Details(verdict, NOW, may_open=lambda _url: True))


def links_elsewhere(page: DetailsPage) -> dict[str, str]:
    """Its links to what others say."""
    blocks = [block for section in page.sections if section.key == "elsewhere" for block in section.blocks]
    return {text: url for block in blocks if isinstance(block, LinkList) for text, url in block.links}


@pytest.mark.parametrize("verdict", [DOWN, SUSPECTED, CHECKING])
@pytest.mark.parametrize("language", LANGUAGES)
def test_while_something_is_wrong_menu_and_page_say_where_others_speak(
    verdict: Verdict, language: str
) -> None:
    """The same seven places in both, and each click of the menu opens the page's address."""
    lines, links = lines_elsewhere(verdict, language), links_elsewhere(page_of(verdict, language))
    assert len(links) == 7
    assert [line.text for line in lines] == list(links)
    opened = [
        actions.command_url(line.command, verdict, "https://page.test") for line in lines if line.command
    ]
    assert opened == list(links.values())


@pytest.mark.parametrize("verdict", [None, CALM, MAINTENANCE, OFFLINE, unreadable(Cause.TIMEOUT)])
def test_while_nothing_is_known_to_be_wrong_neither_does(verdict: Verdict | None) -> None:
    """Nor while the own connection is gone, or the computer has just woken."""
    assert lines_elsewhere(verdict) == []
    assert verdict is None or links_elsewhere(page_of(verdict)) == {}


def test_no_submenu_lies_in_a_submenu() -> None:
    """COSMIC shows none there."""
    assert all(line.lines == () for line in lines_elsewhere(DOWN))


@pytest.mark.parametrize(
    ("language", "country", "site", "news", "trends"),
    [
        ("tr", "TR", "downdetector.tr/durum/openai/", "hl=tr&gl=TR&ceid=TR:tr", "geo=TR&hl=tr"),
        ("id", "ID", "downdetector.id/masalah/openai/", "hl=id&gl=ID&ceid=ID:id", "geo=ID&hl=id"),
        ("en", "", "downdetector.com/status/openai/", "hl=en-US&gl=US&ceid=US:en", "date=now%201-d&hl=en"),
        ("en", "TR", "downdetector.tr/durum/openai/", "hl=en-US&gl=US&ceid=US:en", "geo=TR&hl=en"),
        ("tr", "DE", "xn--allestrungen-9ib.de/stoerung/openai/", "ceid=TR:tr", "geo=DE&hl=tr"),
        ("fr", "FR", "downdetector.com/status/openai/", "ceid=US:en", "date=now%201-d&hl=en"),
    ],
)
def test_the_site_is_the_countrys_and_the_news_are_the_languages(
    language: str, country: str, site: str, news: str, trends: str
) -> None:
    """Who lives in one country and reads another's language has both; who lives in none of ours has the world's."""
    found = {place.key: place.address for place in select_other_sources(language, country)}
    assert found["downdetector"] == f"https://{site}"
    assert found["news"].endswith(news)
    assert found["trends"].endswith(trends)
    assert {"x", "hacker_news", "reddit", "codex"} < set(found)


def test_google_news_bears_its_name_in_the_persons_language() -> None:
    """The others' names are the same in all."""
    named = {
        language: [name for _key, name, _url in list_other_sources(translator_of(language))]
        for language in LANGUAGES
    }
    assert [named[language][2] for language in ("en", "tr", "id")] == [
        "Google News",
        "Google Haberler",
        "Google Berita",
    ]
    assert len({tuple(name for name in names if "Google" not in name) for names in named.values()}) == 1


@pytest.mark.parametrize(
    ("hints", "country"),
    [
        (("Europe/Istanbul", "en_US.UTF-8", "en"), "TR"),
        (("Asia/Jayapura", "en_GB.UTF-8"), "ID"),
        (("Europe/London", "tr_TR"), "GB"),
        (("", "", "tr_TR.UTF-8", "en"), "TR"),
        (("UTC", "id-ID"), "ID"),
        (("Etc/UTC", "C.UTF-8", "in_ID"), "ID"),
        (("Europe/Vienna", "de_AT.UTF-8@euro", "de"), "DE"),
        (("", "und_TR", "en_US"), "TR"),
        (("", "sr_Latn_GB"), "GB"),
        (("UTC", "C", "POSIX", "id"), "ID"),
        (("America/New_York", "en_US.UTF-8", "en"), ""),
        (("Europe/Paris", "fr_FR.UTF-8", "en"), ""),
        (("XX", "../../etc/passwd", "tr_TR_TR", "tr_TR\n", "\0", "x" * 9999), ""),
        ((), ""),
    ],
)
def test_the_country_is_the_first_that_a_hint_names(hints: tuple[str, ...], country: str) -> None:
    """The time zone before the locale before the language; what names none of ours is passed over."""
    assert match_country(hints) == country
    assert country in COUNTRIES


@pytest.mark.parametrize(
    "address", ["", "https://evil.example/", "https://github.com/evil/evil", "https://status.openai.com/"]
)
def test_a_click_opens_no_address_of_somebody_elses_choice(address: str) -> None:
    """A command may come from any program of this user; it names one of the table's addresses or does nothing."""
    assert address not in OTHER_SOURCE_URLS
    assert actions.command_url(Command(Action.OPEN_OTHER_SOURCE, address), DOWN, "https://page.test") is None
