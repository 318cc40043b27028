"""What several places must say alike, because each needs a form of its own: languages, colours, hosts, defaults."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults_net.internet import ADDRESSES
from trayapp.core.tray_view import settings_menu
from trayapp.i18n.languages import LANGUAGE_CODES, LANGUAGES, Language
from trayapp.model import Action, Limits, Look, State
from trayapp.model.appearance import COLOURS
from trayapp.model.defaults import PAGE_INTERVAL, PROBES
from trayapp.settings.schema import Config, load_config
from trayapp.sources import http, probes
from trayapp.sources.addresses import is_in_domains
from trayapp.web_page.silhouettes import tab_icon_url
from trayapp.web_page.style import STYLE

ROOT = Path(__file__).parents[1]
COLOURED = [state for state in State if state not in (State.UNKNOWN, State.OFFLINE)]
"""The states that have a hue."""
SPELLED = {
    60.0: "every minute",
    90.0: "every 90 seconds",
    120.0: "every two minutes",
    180.0: "every three minutes",
}
"""Intervals, as the documents say them."""
HUES = (
    ("red", 15),
    ("orange", 42),
    ("yellow", 70),
    ("green", 170),
    ("blue", 255),
    ("purple", 340),
    ("red", 361),
)
"""Names of hues, each with the degree at which it ends."""
NEAR = 8.0
"""Degrees on the circle of hues: text needs another lightness than an icon, and never another colour."""


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_every_language_can_be_chosen(language: str, tmp_path: Path) -> None:
    """In the settings file."""
    file = tmp_path / "config.toml"
    file.write_text(f'language = "{language}"', "utf-8")
    assert load_config(file).language == language


@pytest.mark.parametrize("language", LANGUAGE_CODES)
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
    """There is no catalogue more."""
    catalogues = {path.name for path in (ROOT / "trayapp" / "locale").iterdir() if path.is_dir()}
    assert catalogues == set(LANGUAGE_CODES)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_catalogue_has_its_language_s_plurals(language: Language) -> None:
    """German has two; a catalogue with one would say "1 Minuten" without any other sign."""
    catalogue = _text(f"trayapp/locale/{language.code}/LC_MESSAGES/openai-status-tray.po")
    assert f"nplurals={language.plural.forms};" in catalogue


@pytest.mark.parametrize("state", COLOURED)
def test_a_state_has_one_hue(state: State) -> None:
    """In the tray, on the details page, light and dark, and in the browser's tab."""
    shades = re.findall(rf"--{state}:#(\w{{6}})", STYLE)
    assert len(shades) == 2
    for shade in (*shades, *re.findall(r"%23(?!f{6})(\w{6})", tab_icon_url(Look(state)))):
        apart = abs(_hue(tuple(bytes.fromhex(shade))) - _hue(COLOURS[state]))
        assert min(apart, 360 - apart) <= NEAR, shade


@pytest.mark.parametrize("state", COLOURED)
def test_a_colour_has_its_name(state: State) -> None:
    """In the menu's legend and in the README's table, which also name the shape."""
    picture = re.escape(f"assets/looks/{state.value}.png")
    row = re.search(rf'src="{picture}"[^|]*\| (\w+)', _text("README.md"))
    legend = settings_menu._LEGEND[state.value.removesuffix("_outage")]
    hue = _hue(COLOURS[state])
    name = next(name for name, ends in HUES if hue < ends)
    assert row is not None
    assert [row[1], legend.split()[0].lower()] == [name, name]


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


def test_the_pages_connection_outlives_a_calm_pause() -> None:
    """With its jitter, so that a calm day makes no new connections."""
    assert PAGE_INTERVAL * (1.0 + Limits().jitter) < http._KEEPALIVE_SECONDS


def test_what_only_openai_signs_is_known_of_every_default_probe() -> None:
    """Of a host elsewhere, a 5xx by a proxy on the way could count as its own."""
    assert all(is_in_domains(probe.url, probes._OPENAI_DOMAINS) for probe in PROBES)


def test_the_small_internet_has_every_host_that_is_probed() -> None:
    """Where the faults of networks are tried."""
    assert {urlsplit(probe.url).hostname for probe in PROBES} <= ADDRESSES.keys()


@pytest.mark.parametrize("action", Action)
def test_somebody_does_every_action(action: Action) -> None:
    """A menu line that nobody heeds would be a line in the log and nothing else."""
    doers = (
        path for folder in ("engine", "app", "commands") for path in (ROOT / "trayapp" / folder).rglob("*.py")
    )
    assert any(f"Action.{action.name}" in path.read_text("utf-8") for path in doers)
