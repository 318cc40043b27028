"""The house stands as it was drawn, and a crooked one is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import trayapp
from tests.house import (
    FLOOR,
    FLOORS,
    LONGEST,
    RULES,
    circles,
    impure,
    recased,
    strayed,
    too_long,
    undone,
    upward,
)

HOUSE = Path(trayapp.__file__).parent


def planted(place: Path, **files: str) -> Path:
    """A small house with these files, `__` standing for a folder's stroke."""
    for name, text in files.items():
        path = place / (name.replace("__", "/") + ".py")
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
        ("core__judge", "from trayapp.sources import http"),
        ("core__judge", "import trayapp.store"),
        ("sources__http", "def f():\n    from trayapp.core.judge import step"),
        ("model", "from trayapp import places"),
        ("places", "from trayapp.redact import redact"),
        ("desktop__icon", "from trayapp.languages import speech"),
        ("store__file", "from trayapp.poller import Poller"),
        ("config", "from trayapp.settings import save"),
        ("poller", "from trayapp import commands"),
        ("commands__run", "from trayapp.cli import main"),
        ("core__judge", "from ..store import Store"),
        ("core__judge", "from .. import store"),
        ("core__judge", "import importlib\nimportlib.import_module('trayapp.store')"),
        (
            "core__judge",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from trayapp.store import Store",
        ),
    ],
)
def test_an_import_that_does_not_look_down_is_found(tmp_path: Path, file: str, text: str) -> None:
    """Neighbours, upper floors, late, relative and named imports are all seen."""
    everything = planted(
        tmp_path,
        **dict.fromkeys(
            ("store____init__", "settings", "redact", "cli", "places", "languages", "poller"), ""
        ),
        **dict.fromkeys(("core____init__", "sources____init__", "commands____init__"), ""),
    )
    (found,) = upward(planted(everything, **{file: text}))
    assert found.startswith(file.replace("__", "/") + ".py:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "core__judge",
            "from trayapp.core.state.memory import Memory\nfrom .memory import Says\nfrom . import case",
        ),
        ("core__judge", "from trayapp.model import State\nfrom trayapp import __version__"),
        ("desktop__autostart__xdg", "from trayapp.places import made"),
        ("commands__run", "from trayapp.poller import Poller\nfrom trayapp.commands.prepared import reached"),
        ("poller", "import trayapp.core.judge\nimport dataclasses"),
        ("__main__", "from trayapp.cli import main"),
    ],
)
def test_an_import_that_looks_down_is_fine(tmp_path: Path, file: str, text: str) -> None:
    """One's own room, lower floors and the outside are open."""
    everything = planted(tmp_path, **dict.fromkeys(("model", "places", "poller", "cli", "core__memory"), ""))
    assert upward(planted(everything, **{file: text})) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from trayapp.desktop.tray.other import b", "def f():\n    from trayapp.desktop.tray.one import a"),
        ("from trayapp.desktop.tray import other", "from . import one"),
    ],
)
def test_files_of_one_room_that_need_each_other_are_found(tmp_path: Path, one: str, other: str) -> None:
    """Also where one of them asks late."""
    house = planted(tmp_path, desktop__tray____init__="", desktop__tray__one=one, desktop__tray__other=other)
    (ring,) = circles(house)
    assert set(ring.split(" needs ")) == {"desktop/tray/one.py", "desktop/tray/other.py"}


def test_a_part_without_a_floor_is_found(tmp_path: Path) -> None:
    """A new module must be given its floor in the table."""
    assert upward(planted(tmp_path, attic="", cellar__wine="")) == [
        "attic has no floor",
        "cellar has no floor",
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sources__probes", "import httpx"),
        ("core__judge", "from httpx import Client"),
        ("desktop__icon", "import pystray._base"),
        ("desktop__tray__sni", "from plyer import notification"),
        ("sources__look", "import jeepney.io"),
        ("poller", "def f():\n    import sqlite3"),
        ("desktop__notify__x", "from importlib import import_module\nimport_module('pystray._xorg')"),
    ],
)
def test_a_library_outside_its_room_is_found(tmp_path: Path, file: str, text: str) -> None:
    """Each is known to one place only, late imports included."""
    (found,) = strayed(planted(tmp_path, **{file: text}))
    assert "which belongs to" in found


def test_a_library_in_its_room_is_fine(tmp_path: Path) -> None:
    """That is where it belongs."""
    house = planted(
        tmp_path,
        sources__http="import httpx",
        desktop__tray__xorg="import pystray._xorg",
        desktop__notify__fallback="import plyer",
        desktop__bus="import jeepney",
        store__file="import sqlite3",
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
    (found,) = impure(planted(tmp_path, core__judge=text))
    assert found.startswith("core/judge.py:")


def test_a_moment_that_came_in_as_a_value_is_fine(tmp_path: Path) -> None:
    """`now` is a word like any other; and outside core the clock may be read."""
    house = planted(
        tmp_path,
        core__judge="from datetime import datetime\ndef f(case): return case.now, case.now(), datetime.min",
        poller="import time\nfrom datetime import datetime\ndatetime.now()",
    )
    assert impure(house) == []


def test_a_file_that_is_too_long_is_found(tmp_path: Path) -> None:
    """250 lines are the most."""
    long = "x = 1\n" * (LONGEST + 1)
    house = planted(tmp_path, core__judge=long, core__case=long[: -len("x = 1\n")])
    assert too_long(house) == [f"core/judge.py has {LONGEST + 1} lines"]


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "Not" + "ImplementedError"])
def test_what_is_still_to_be_done_is_found(tmp_path: Path, word: str) -> None:
    """In comments and in code."""
    assert undone(planted(tmp_path, core__judge=f"x = 1\n# {word}: later")) == [f"core/judge.py:2: {word}"]


def test_letters_made_large_or_small_are_found(tmp_path: Path) -> None:
    """Where sentences are made; addresses and keys elsewhere are no language."""
    house = planted(
        tmp_path, core__words="def f(say): return say('quit').capitalize()", config="x = 'A'.lower()"
    )
    assert recased(house) == ["core/words.py:1: capitalize()"]
