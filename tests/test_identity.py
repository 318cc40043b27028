"""The application's id, its title and its version stand in `trayapp/__init__.py`, and everything else reads them there."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.source_files import nodes
from trayapp import APP_ID, APP_TITLE, PROGRAM_VERSION, __version__
from trayapp.desktop.notifications.user_notifications import BUNDLE_ID

ROOT = Path(__file__).parent.parent
HOME = ROOT / "trayapp" / "__init__.py"
SPEAKING = {"say", "say_many", "mark", "mark_many", "phrase"}
"""Sentences are whole for their translators, the title within them."""


def _spelled_out(inner: Sequence[ast.AST]) -> Iterator[str]:
    """The texts of a file that are neither documentation nor sentences."""
    left_out: set[int] = set()
    for node in inner:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in SPEAKING
        ):
            left_out |= {id(argument) for argument in node.args}
    for node in inner:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


def test_no_other_file_spells_out_the_name_or_the_version() -> None:
    """Neither the program's nor those that build it."""
    ours = re.compile("|".join(map(re.escape, (APP_ID, APP_TITLE, __version__))))
    found = {
        f"{folder}/{path.as_posix()}": texts
        for folder in ("trayapp", "build")
        for path, inner in nodes(ROOT / folder).items()
        if ROOT / folder / path != HOME
        if (texts := [text for text in _spelled_out(inner) if ours.search(text)])
    }
    templates = {name: len(texts) for name, texts in found.items()}
    # Whole texts for people: the package's description and licence, the document's introduction, a catalogue's title.
    assert templates == {"build/catalogues.py": 1, "build/deb.py": 2, "build/settings_doc.py": 1}


def test_files_that_are_no_code_bear_the_same_names() -> None:
    """The package's description, the desktop entry, the manual page, the installer and the bundle's id."""
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert package["project"]["name"] == APP_ID
    assert list(package["project"]["scripts"]) == [APP_ID]
    assert "version" in package["project"]["dynamic"]
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(ROOT / "assets" / f"{APP_ID}.desktop", encoding="utf-8")
    assert (entry["Desktop Entry"]["Name"], entry["Desktop Entry"]["Icon"]) == (APP_TITLE, APP_ID)
    recipe = (ROOT / "build" / "installer.nsi").read_text("utf-8")
    assert re.findall(r'!define (?:NAME|TITLE) "(.+)"', recipe) == [APP_ID, APP_TITLE]
    assert (ROOT / "assets" / f"{APP_ID}.1").is_file()
    assert BUNDLE_ID.endswith(f".{APP_ID}")
    assert f"{APP_ID} {__version__}" == PROGRAM_VERSION
