"""The house stands as it was drawn, and a crooked one is found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import trayapp
from tests.house import (
    FLOOR,
    FLOORS,
    LONGEST,
    RULES,
    circles,
    double_types,
    impure,
    mislaid,
    misnamed,
    old_words,
    participles,
    recased,
    says_what,
    strayed,
    too_long,
    undone,
    unsafely_loaded,
    upward,
)

HOUSE = Path(trayapp.__file__).parent


def planted(place: Path, files: Mapping[str, str]) -> Path:
    """A small house with these files: path within it -> text."""
    for name, text in files.items():
        path = place / name
        assert place in path.resolve().parents, f"{name} would lie outside"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return place


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[Path], list[str]]) -> None:
    """No file of the program breaks this rule."""
    assert rule(HOUSE) == []


def test_every_part_has_one_floor() -> None:
    """The table names no part twice."""
    assert len(FLOOR) == sum(map(len, FLOORS))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("core/judge.py", "from trayapp.sources import http"),
        ("core/judge.py", "import trayapp.store"),
        ("sources/http.py", "def f():\n    from trayapp.core.judge import judge_round"),
        ("model.py", "from trayapp import places"),
        ("places.py", "from trayapp.redact import redact"),
        ("desktop/icon/drawing.py", "from trayapp.app.languages import load_translator"),
        ("store/file.py", "from trayapp.engine.poller import Poller"),
        ("settings/schema.py", "from trayapp.app.context import create_sources"),
        ("engine/poller.py", "from trayapp import commands"),
        ("commands/run.py", "from trayapp.cli import main"),
        ("core/judge.py", "from ..store import Store"),
        ("core/judge.py", "from .. import store"),
        ("core/judge.py", "import importlib\nimportlib.import_module('trayapp.store')"),
        (
            "core/judge.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from trayapp.store import Store",
        ),
    ],
)
def test_an_import_that_does_not_look_down_is_found(tmp_path: Path, file: str, text: str) -> None:
    """Neighbours, upper floors, late, relative and named imports are all seen."""
    everything = planted(
        tmp_path,
        dict.fromkeys(
            (
                *("core/__init__.py", "sources/__init__.py", "store/__init__.py", "commands/__init__.py"),
                *("app/__init__.py", "engine/__init__.py", "settings/__init__.py"),
                *("redact.py", "cli.py", "places.py"),
            ),
            "",
        ),
    )
    (found,) = upward(planted(everything, {file: text}))
    assert found.startswith(f"{file}:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "core/judge.py",
            "from trayapp.core.state.memory import Memory\nfrom .memory import Says\nfrom . import case",
        ),
        ("core/judge.py", "from trayapp.model import State\nfrom trayapp import __version__"),
        ("desktop/autostart/xdg.py", "from trayapp.places import create_folder"),
        (
            "commands/run.py",
            "from trayapp.engine.poller import Poller\nfrom trayapp.app.context import create_sources",
        ),
        ("engine/poller.py", "import trayapp.core.judge\nimport dataclasses"),
        ("__main__.py", "from trayapp.cli import main"),
    ],
)
def test_an_import_that_looks_down_is_fine(tmp_path: Path, file: str, text: str) -> None:
    """One's own room, lower floors and the outside are open."""
    below = (
        "model.py", "places.py", "engine/poller.py", "app/context.py", "cli.py", "core/memory.py",
    )  # fmt: skip
    everything = planted(tmp_path, dict.fromkeys(below, ""))
    assert upward(planted(everything, {file: text})) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from trayapp.desktop.tray.other import b", "def f():\n    from trayapp.desktop.tray.one import a"),
        ("from trayapp.desktop.tray import other", "from . import one"),
    ],
)
def test_files_of_one_room_that_need_each_other_are_found(tmp_path: Path, one: str, other: str) -> None:
    """Also where one of them asks late."""
    house = planted(
        tmp_path,
        {"desktop/tray/__init__.py": "", "desktop/tray/one.py": one, "desktop/tray/other.py": other},
    )
    (ring,) = circles(house)
    assert set(ring.split(" needs ")) == {"desktop/tray/one.py", "desktop/tray/other.py"}


def test_a_part_without_a_floor_is_found(tmp_path: Path) -> None:
    """A new module must be given its floor in the table."""
    assert upward(planted(tmp_path, {"attic.py": "", "cellar/wine.py": ""})) == [
        "attic has no floor",
        "cellar has no floor",
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sources/probes.py", "import httpx"),
        ("core/judge.py", "from httpx import Client"),
        ("desktop/icon/drawing.py", "import pystray._base"),
        ("desktop/tray/linux/sni.py", "from plyer import notification"),
        ("sources/poll.py", "import jeepney.io"),
        ("engine/poller.py", "def f():\n    import sqlite3"),
        ("desktop/notifications/x.py", "from importlib import import_module\nimport_module('pystray._xorg')"),
    ],
)
def test_a_library_outside_its_room_is_found(tmp_path: Path, file: str, text: str) -> None:
    """Each is known to one place only, late imports included."""
    (found,) = strayed(planted(tmp_path, {file: text}))
    assert "which belongs to" in found


def test_a_library_in_its_room_is_fine(tmp_path: Path) -> None:
    """That is where it belongs."""
    house = planted(
        tmp_path,
        {
            "sources/http.py": "import httpx",
            "desktop/tray/linux/x11.py": "import pystray._xorg",
            "desktop/notifications/plyer_fallback.py": "import plyer",
            "desktop/dbus/bus.py": "import jeepney",
            "store/file.py": "import sqlite3",
        },
    )
    assert strayed(house) == []


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from time import monotonic",
        "from random import random",
        "import os.path",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.today()",
        "from datetime import date\ndate.today()",
        "from datetime import datetime\ndatetime.utcnow()",
        "def f():\n    import socket",
        "open('x')",
    ],
)
def test_a_clock_dice_disk_or_network_in_core_is_found(tmp_path: Path, text: str) -> None:
    """Core gets all of these as values."""
    (found,) = impure(planted(tmp_path, {"core/judge.py": text}))
    assert found.startswith("core/judge.py:")


def test_a_moment_that_came_in_as_a_value_is_fine(tmp_path: Path) -> None:
    """`now` is a word like any other; and outside core the clock may be read."""
    house = planted(
        tmp_path,
        {
            "core/judge.py": "from datetime import datetime\n"
            "def f(case): return case.now, case.now(), datetime.min",
            "poller.py": "import time\nfrom datetime import datetime\ndatetime.now()",
        },
    )
    assert impure(house) == []


def test_a_file_that_is_too_long_is_found(tmp_path: Path) -> None:
    """300 lines are the most."""
    long = "x = 1\n" * (LONGEST + 1)
    house = planted(tmp_path, {"core/judge.py": long, "core/case.py": long[: -len("x = 1\n")]})
    assert too_long(house) == [f"core/judge.py has {LONGEST + 1} lines"]


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "Not" + "ImplementedError"])
def test_what_is_still_to_be_done_is_found(tmp_path: Path, word: str) -> None:
    """In comments and in code."""
    assert undone(planted(tmp_path, {"core/judge.py": f"x = 1\n# {word}: later"})) == [
        f"core/judge.py:2: {word}"
    ]


def test_letters_made_large_or_small_are_found(tmp_path: Path) -> None:
    """Where sentences are made; addresses and keys elsewhere are no language."""
    house = planted(
        tmp_path,
        {
            "core/wording/headline.py": "def f(say): return say('quit').capitalize()",
            "config.py": "x = 'A'.lower()",
        },
    )
    assert recased(house) == ["core/wording/headline.py:1: capitalize()"]


@pytest.mark.parametrize("call", ["ctypes.windll.kernel32.Sleep(1)", "ctypes.WinDLL('iphlpapi')"])
def test_a_library_that_is_loaded_from_wherever_it_lies_is_found(tmp_path: Path, call: str) -> None:
    """One place alone knows how to load Windows' own."""
    text = f"import ctypes\n{call}"
    house = planted(tmp_path, {"desktop/clocks.py": text, "desktop/system32.py": text})
    (found,) = unsafely_loaded(house)
    assert found.startswith("desktop/clocks.py:2: ctypes.")


def test_a_name_that_is_gone_is_found(tmp_path: Path) -> None:
    """In a docstring, and below a constant; what the system calls so is known by the code's own texts."""
    text = '"""Waits `LONGEST_WAIT`, as `OldTray` does, but for `NO_HOME`."""\nMAX = 3\n"""As `MAX` and `LEAST_WAIT`."""\nX = "NO_HOME"'
    assert misnamed(planted(tmp_path, {"core/judge.py": text})) == [
        "core/judge.py:1: LONGEST_WAIT",
        "core/judge.py:1: OldTray",
        "core/judge.py:3: LEAST_WAIT",
    ]


def test_a_module_that_is_gone_is_found(tmp_path: Path) -> None:
    """A module of the house, or a name in one; what is no part of it is nobody's business here."""
    text = '"""As `core.judge`, `trayapp.core.judge.step`, `core.words` and `os.path`."""\nstep = 1'
    assert mislaid(planted(tmp_path, {"core/judge.py": text})) == [
        "core/judge.py:1: core.words",
    ]


def test_two_types_of_one_name_are_found(tmp_path: Path) -> None:
    """In two packages; the same thing on two systems may bear one name in one package."""
    house = planted(
        tmp_path,
        {
            "core/a.py": "class Answer: ...",
            "sources/a.py": "class Answer: ...",
            "desktop/unix.py": "class Listener: ...",
            "desktop/windows.py": "class Listener: ...",
        },
    )
    assert double_types(house) == ["sources/a.py:1: Answer is also a type of core/a.py"]


def test_a_docstring_that_begins_with_what_is_found(tmp_path: Path) -> None:
    """Of a module, a class and a function."""
    text = '"""What it is."""\nclass A:\n    """What it is."""\n    def f(self):\n        """Whatever comes is read."""'
    house = planted(tmp_path, {"core/a.py": text})
    assert says_what(house) == ["core/a.py:1: the module", "core/a.py:2: A"]


@pytest.mark.parametrize("folder", ["tools", "build"])
def test_no_function_of_the_tools_is_named_by_a_participle(folder: str) -> None:
    """What acts begins with a verb there too."""
    assert participles(HOUSE.parent / folder) == []


@pytest.mark.parametrize("name", ["done", "_told", "counted"])
def test_a_function_named_by_a_participle_is_found(tmp_path: Path, name: str) -> None:
    """Within a function as well."""
    (found,) = participles(planted(tmp_path, {"a.py": f"def f():\n    async def {name}(): ..."}))
    assert found == f"a.py:2: {name}()"


@pytest.mark.parametrize(
    "text", ["def feed(): ...", "def add_told(): ...", "class A:\n    @property\n    def locked(self): ..."]
)
def test_verbs_and_values_are_no_participles(tmp_path: Path, text: str) -> None:
    """A verb that ends in -ed, a name that begins with a verb, a value."""
    assert participles(planted(tmp_path, {"a.py": text})) == []


@pytest.mark.parametrize(
    "text", ["log.info('next look in %s', 3)", "say('The notice was shown.')", "mark('Not looked')"]
)
def test_an_old_word_in_a_sentence_is_found(tmp_path: Path, text: str) -> None:
    """A poll is no look, and a notification no notice."""
    assert len(old_words(planted(tmp_path, {"a.py": text}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "say('since you last looked')",
        "say('the name look-up failed')",
        "say('Look at the page')",
        "f('a look')",
    ],
)
def test_a_person_may_look(tmp_path: Path, text: str) -> None:
    """The words have their plain meaning too."""
    assert old_words(planted(tmp_path, {"a.py": text})) == []
