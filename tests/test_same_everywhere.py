"""What several places must say alike, because each needs a form of its own: languages, colours, hosts, defaults."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from trayapp.app.languages import LANGUAGES
from trayapp.core.tray_view.settings_menu import _LANGUAGES as NAMED
from trayapp.desktop.icon.drawing import COLOURS
from trayapp.model import Action, State
from trayapp.settings.schema import Config, load_config
from trayapp.web_page.silhouettes import _PLAIN_COLOURS as TAB
from trayapp.web_page.style import STYLE

ROOT = Path(__file__).parents[1]
SHADES = {
    State.OPERATIONAL: "ok",
    State.MAINTENANCE: "maint",
    State.DEGRADED: "degraded",
    State.PARTIAL: "partial",
    State.MAJOR: "major",
}
"""What the style sheet calls the states that have a hue."""
FORMS = {"en": 2, "tr": 1, "id": 1}
"""How many forms a noun has after a number, by language: a rule of grammar, which no catalogue tool can guess."""
SPELLED = {
    60.0: "every minute",
    90.0: "every 90 seconds",
    120.0: "every two minutes",
    180.0: "every three minutes",
}
"""Intervals, as the documents say them."""
NEAR = 8.0
"""Degrees on the circle of hues: text needs another lightness than an icon, and never another colour."""


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_chosen(language: str, tmp_path: Path) -> None:
    """In the settings file and in the menu, where it has its own name."""
    file = tmp_path / "config.toml"
    file.write_text(f'language = "{language}"', "utf-8")
    assert load_config(file).language == language
    assert NAMED[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_spoken_wherever_the_program_is_described(language: str) -> None:
    """By its catalogue, the desktop's menu, the examples, a short README and the package's description."""
    entry = _text("assets/openai-status-tray.desktop")
    assert (ROOT / "trayapp" / "locale" / language / "LC_MESSAGES" / "openai-status-tray.po").is_file()
    assert language == "en" or f"\nComment[{language}]=" in entry
    for file in ("assets/config.example.toml", "README.md"):
        example = re.search(r'^language = "auto" +# (.+)$', _text(file), re.MULTILINE)
        assert example is not None
        assert language in example[1].split(", "), file
    assert language == "en" or (ROOT / f"README.{language}.md").is_file()
    classifiers = re.findall(r'"Natural Language :: (\w+)"', _text("pyproject.toml"))
    assert len(classifiers) == len(LANGUAGES)


def test_no_language_is_named_that_is_not_spoken() -> None:
    """Neither in the menu nor among the catalogues."""
    catalogues = {path.name for path in (ROOT / "trayapp" / "locale").iterdir() if path.is_dir()}
    assert catalogues == set(NAMED) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_its_language_s_plurals(language: str) -> None:
    """German has two; a catalogue with one would say "1 Minuten" without any other sign."""
    catalogue = _text(f"trayapp/locale/{language}/LC_MESSAGES/openai-status-tray.po")
    assert f"nplurals={FORMS[language]};" in catalogue


@pytest.mark.parametrize("state", SHADES)
def test_a_state_has_one_hue(state: State) -> None:
    """In the tray, on the details page, light and dark, and in the browser's tab."""
    shades = re.findall(rf"--{SHADES[state]}:#(\w{{6}})", STYLE)
    assert len(shades) == 2
    for shade in (*shades, TAB[state].removeprefix("#")):
        apart = abs(_hue(tuple(bytes.fromhex(shade))) - _hue(COLOURS[state]))
        assert min(apart, 360 - apart) <= NEAR, shade


def _hue(colour: tuple[int, ...]) -> float:
    red, green, blue = (part / 255 for part in colour)
    return 360 * colorsys.rgb_to_hls(red, green, blue)[0]


@pytest.mark.parametrize("document", ["README.md", "docs/usage.md"])
def test_whoever_reads_what_is_sent_finds_every_host(document: str) -> None:
    """That is asked on a calm day."""
    config, text = Config(), _text(document)
    asked = {urlsplit(url).hostname or "" for url in (config.page.url, *(p.url for p in config.probes))}
    assert {host for host in asked if host not in text} == set()


@pytest.mark.parametrize("document", ["README.md", "docs/usage.md", "docs/company.md"])
def test_how_often_the_page_is_read_is_said_as_it_is(document: str) -> None:
    """In words, which no other test compares with the default."""
    assert SPELLED[Config().page.interval] in _text(document)


@pytest.mark.parametrize("action", Action)
def test_somebody_does_every_action(action: Action) -> None:
    """A menu line that nobody heeds would be a line in the log and nothing else."""
    doers = (
        path for folder in ("engine", "app", "commands") for path in (ROOT / "trayapp" / folder).rglob("*.py")
    )
    assert any(f"Action.{action.name}" in path.read_text("utf-8") for path in doers)
