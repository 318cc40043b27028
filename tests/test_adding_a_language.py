"""A further language is one line and its catalogue: played with German in a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LIST = Path("trayapp/i18n/languages.py")
CATALOGUE = Path("trayapp/locale/de/LC_MESSAGES/openai-status-tray.po")
LINE = '    Language("de", "Deutsch", ONE_AND_OTHER),\n'
USE = """
from pathlib import Path
from trayapp.app.languages import choose_language, load_translator
from trayapp.core.tray_view.settings_menu import settings_line
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import MenuChoices
from trayapp.settings.schema import load_config
from trayapp.settings.template import load_template

Path("my.toml").write_text('language = "de"')
print(load_config(Path("my.toml")).language, choose_language({"LANG": "de_DE.UTF-8"}))
german = load_translator("de")
print(german.say("Quit"))
print(*(german.ngettext("{services} is back", "{services} are back", n) for n in (0, 1, 2)), sep="|")
print(*(line.text for line in settings_line(MenuChoices(language="de"), german).lines if line.checked))
words = [line for line in load_template().splitlines() if "language = " in line][0].partition("# auto, ")[2]
print(words == ", ".join(LANGUAGE_CODES))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the product in which the list has German, and nothing else has it yet."""
    for folder in ("trayapp", "build", "assets"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree((tmp_path / CATALOGUE).parents[1], ignore_errors=True)
    text = (tmp_path / LIST).read_text("utf-8").replace(LINE, "")
    end = text.index(")\nLANGUAGE_CODES")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / LIST).write_text(text[:end] + LINE + text[end:], "utf-8")
    return tmp_path


def _run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _translate(catalogue: Path) -> None:
    """As a translator would, only quicker: each text gets a German word before it, and a plural both its forms."""
    with catalogue.open("rb") as file:
        german = read_po(file, locale="de")
    for message in german:
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = tuple(f"Nun {form}" for form in forms)
            message.string = texts if len(texts) > 1 else texts[0]
    with catalogue.open("wb") as file:
        write_po(file, german, width=110)


@pytest.mark.long
def test_a_line_and_a_catalogue_are_all_that_a_language_needs(tree: Path) -> None:
    """Settings, menu, plurals, catalogue tool, desktop entry, installer and example take it from the list."""
    begun = _run(tree, "build/catalogues.py")
    assert begun.returncode == 1, begun.stderr
    assert all(line.startswith("untranslated: de: ") for line in begun.stdout.splitlines())
    _translate(tree / CATALOGUE)
    assert (
        _run(tree, "build/catalogues.py").returncode,
        _run(tree, "build/catalogues.py", "--check").returncode,
    ) == (0, 0)

    used = _run(tree, "-c", USE)
    assert used.stdout.splitlines() == [
        "de de",
        "Nun Quit",
        "Nun {services} are back|Nun {services} is back|Nun {services} are back",
        "Deutsch",
        "True",
    ], used.stderr
    assert '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"' in (tree / CATALOGUE).read_text("utf-8")
    assert '"Natural Language :: German",' in (tree / "pyproject.toml").read_text("utf-8")
    installer = (tree / "build/installer.nsi").read_text("utf-8")
    assert '\n!insertmacro MUI_LANGUAGE "German"\n' in installer
    assert '\nLangString RUNS ${LANG_GERMAN} "Nun ${TITLE} is still' in installer
    assert "\nComment[de]=Nun See at a glance" in (tree / "assets/openai-status-tray.desktop").read_text(
        "utf-8"
    )


@pytest.mark.long
def test_a_language_without_a_catalogue_is_missed(tree: Path) -> None:
    """The line alone does not pass: the catalogue tool says what is not there."""
    checked = _run(tree, "build/catalogues.py", "--check")
    assert checked.returncode == 1
    assert f"stale: {CATALOGUE}" in checked.stdout.splitlines()
    assert "untranslated: de: 'Quit'" in checked.stdout.splitlines()
