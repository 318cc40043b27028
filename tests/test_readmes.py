"""The documents a user reads: short, level with each other in three languages, with links and commands that exist."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from PIL import Image

from trayapp.app.languages import load_translator
from trayapp.cli import build_parser
from trayapp.i18n.languages import LANGUAGE_CODES, LANGUAGES

ROOT = Path(__file__).parent.parent
READMES = tuple(ROOT / ("README.md" if code == "en" else f"README.{code}.md") for code in LANGUAGE_CODES)
ENGLISH, *SHORT = READMES
"""The one with everything, and a short one in each other language."""
USAGE = ROOT / "docs" / "usage.md"
MEASUREMENTS = ROOT / "docs" / "measurements.md"
LIMITS = {ENGLISH: 180, **dict.fromkeys(SHORT, 70)}
"""Lines of each at most: a README is read to its end, or not at all."""
SECTIONS = (
    ("What the icons mean", "Simgelerin anlamı", "Arti ikon"),
    ("Install", "Kurulum", "Pemasangan"),
    ("The first minute", "İlk dakika", "Menit pertama"),
    ("Is it me?", "Yalnızca bende mi?", "Apakah hanya saya?"),
    ("Privacy", "Gizlilik", "Privasi"),
    ("Troubleshooting", "Sorun giderme", "Pemecahan masalah"),
)
"""The sections of the short READMEs, in order: in each language, as the program lists them."""
FILM_LIMIT = 1_500_000
"""Bytes."""


def headings(document: Path) -> list[str]:
    """The titles of a document's sections, code blocks left out."""
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """The anchors that GitHub makes of a document's headings."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def section(document: Path, number: int) -> str:
    """The text of one section of SECTIONS in a README."""
    title = SECTIONS[number][READMES.index(document)]
    return document.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
def test_a_readme_is_short(document: Path) -> None:
    """It has no more lines than it may."""
    assert len(document.read_text("utf-8").splitlines()) <= LIMITS[document]


@pytest.mark.parametrize("document", SHORT, ids=lambda path: path.name)
def test_the_short_readmes_have_the_same_sections_in_the_same_order(document: Path) -> None:
    """Each section stands in the table, and the table has no other."""
    assert headings(document) == [titles[READMES.index(document)] for titles in SECTIONS]


def test_each_language_has_a_readme_that_the_english_one_links() -> None:
    """By the language's own name, and the short one leads back."""
    english = ENGLISH.read_text("utf-8")
    for language, document in zip(LANGUAGES[1:], SHORT, strict=True):
        assert f"[{language.name}]({document.name})" in english
        assert f"]({ENGLISH.name})" in document.read_text("utf-8")


def test_each_section_of_the_short_readmes_is_in_the_english_one() -> None:
    """In the same order, with others between them."""
    wanted = [english for english, *_ in SECTIONS]
    assert [title for title in headings(ENGLISH) if title in wanted] == wanted


@pytest.mark.parametrize("document", SHORT, ids=lambda path: path.name)
def test_the_table_of_icons_is_the_same_in_each_language(document: Path) -> None:
    """The same pictures in the same order."""

    def pictures(readme: Path) -> list[str]:
        return re.findall(r'src="(assets/looks/[^"]+)"', section(readme, 0))

    assert pictures(document) == pictures(ENGLISH) != []


@pytest.mark.parametrize("document", SHORT, ids=lambda path: path.name)
def test_the_commands_are_the_same_in_each_language(document: Path) -> None:
    """A short README names no file, command or setting in these sections that the English one does not name."""
    known = ENGLISH.read_text("utf-8")
    for number, titles in enumerate(SECTIONS):
        for code in re.findall(r"`([^`\n]+)`", section(document, number)):
            assert code in known, f"{titles[0]}: {code}"


@pytest.mark.parametrize("document", [*READMES, USAGE, MEASUREMENTS], ids=lambda path: path.name)
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    """To a file that is there and, where it names one, to a heading in it."""
    text = document.read_text("utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        file, _, anchor = link.partition("#")
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", [*READMES, USAGE], ids=lambda path: path.name)
def test_every_command_exists_with_its_options(document: Path) -> None:
    """What stands behind the program's name in code is a command of it, and its options are that command's."""
    top = build_parser(load_translator())
    (commands,) = [
        action.choices for action in top._actions if isinstance(action, argparse._SubParsersAction)
    ]
    found = re.findall(r"(?<![./\w-])openai-status-tray((?: [^`\n|]+)?)", document.read_text("utf-8"))
    named = [words for words in found if words.split() and words.split()[0].strip('[",') in commands]
    assert named, "no command at all"
    for words in named:
        command = commands[words.split()[0].strip('[",')]
        for option in re.findall(r"(?<!\S)\[?(--[a-z-]+)", words):
            assert option in command._option_string_actions, words


def test_the_film_is_small_and_moves() -> None:
    """It stays under its limit and has a frame for each change of the story."""
    film = ROOT / "assets" / "outage.gif"
    assert film.stat().st_size < FILM_LIMIT
    with Image.open(film) as picture:
        assert getattr(picture, "n_frames", 1) > 10
