"""The application's icon and its entry in a desktop's menu."""

from __future__ import annotations

import configparser
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from trayapp.app.languages import load_translator
from trayapp.cli import build_parser
from trayapp.i18n.languages import LANGUAGE_CODES

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "assets"
ENTRY = ASSETS / "openai-status-tray.desktop"


def test_the_icons_are_what_their_script_makes(tmp_path: Path) -> None:
    """Nobody forgot to make the icons again after changing the drawing."""
    runpy.run_path(str(ROOT / "build" / "make_icons.py"))["make"](tmp_path)
    assert (tmp_path / "icon.svg").read_text("utf-8") == (ASSETS / "icon.svg").read_text("utf-8")
    for name in ("icon.png", "icon.ico", "icon.icns"):
        with Image.open(tmp_path / name) as made, Image.open(ASSETS / name) as kept:
            assert (made.size, made.tobytes()) == (kept.size, kept.tobytes()), name


def test_windows_gets_every_size_it_asks_for() -> None:
    """The .ico holds the sizes of title bars, task bars and file lists at all usual scales."""
    with Image.open(ASSETS / "icon.ico") as icon:
        sizes = icon.info["sizes"]
    assert {(size, size) for size in (16, 20, 24, 32, 40, 48, 64, 256)} <= sizes


def test_the_picture_for_the_readme_is_small() -> None:
    """The contact sheet stays under 100 kB."""
    assert (ASSETS / "looks.png").stat().st_size < 100_000


def test_the_desktop_entry_starts_the_program_and_speaks_its_languages() -> None:
    """It starts the tray without a terminal and says what it is in each language."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ENTRY, encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Exec"], entry["Terminal"]) == ("openai-status-tray run", "false")
    assert entry["Icon"] == ENTRY.stem
    assert all(entry[f"Comment[{code}]"] for code in LANGUAGE_CODES if code != "en")


def test_the_desktop_entry_is_valid() -> None:
    """The freedesktop project's own checker has nothing to say."""
    checker = shutil.which("desktop-file-validate")
    if checker is None:
        pytest.skip("needs desktop-file-validate; `make desktop-tools` installs it")
    done = subprocess.run([checker, str(ENTRY)], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_manual_page_names_every_command_and_option() -> None:
    """Whatever the command line takes stands in the manual page."""
    page = (ASSETS / "openai-status-tray.1").read_text("utf-8").replace("\\-", "-")
    options = [
        option for action in build_parser(load_translator())._actions for option in action.option_strings
    ]
    (commands,) = [
        action.choices
        for action in build_parser(load_translator())._actions
        if isinstance(action.choices, dict)
    ]
    own = [action for command in commands.values() for action in command._actions]
    options += [option for action in own for option in action.option_strings]
    for word in {*commands, *options} - {"-h"}:
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page), word
