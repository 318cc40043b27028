"""The house stands as it was drawn, and a crooked one is found out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import trayapp
from tests.house import (
    LONGEST,
    PACKAGE,
    PROJECT,
    RULES,
    double_types,
    impure,
    leaning_on_own_room,
    missing_modules,
    missing_names,
    old_words,
    participles,
    recased_letters,
    says_what,
    stray_imports,
    todo_words,
    too_long,
    unsafe_loads,
)

HOUSE = Path(trayapp.__file__).parent
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CROOKED = (
    # A neighbour or a floor above, in every form that an import has.
    ("core/judge.py", "from trayapp.sources import http", "trayapp.sources.http"),
    ("core/schedule.py", "import trayapp.store", "trayapp.store"),
    ("core/selection.py", "from ..store import Store", "trayapp.store"),
    ("core/page_reading.py", "from .. import demo", "trayapp.demo"),
    ("core/state/memory.py", "def f():\n    from trayapp.desktop import hooks", "trayapp.desktop.hooks"),
    (
        "core/state/verdict.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from trayapp.web_page import server",
        "trayapp.web_page.server",
    ),
    ("model/levels.py", "from trayapp import places", "trayapp.places"),
    ("places.py", "from trayapp.redact import redact", "trayapp.redact"),
    ("desktop/icon/drawing.py", "from trayapp.app.languages import load_translator", "trayapp.app.languages"),
    ("store/reader.py", "from trayapp.engine.poller import Poller", "trayapp.engine.poller"),
    ("settings/schema.py", "from trayapp.app.context import create_sources", "trayapp.app.context"),
    ("engine/poller.py", "from trayapp import commands", "trayapp.commands"),
    ("commands/run.py", "from trayapp.cli import main", "trayapp.cli"),
    ("__init__.py", "from trayapp.model.levels import Level", "trayapp.model.levels"),
    # A library outside its place.
    ("sources/probes.py", "import httpx", "httpx"),
    ("app/context.py", "from httpx import Client", "httpx"),
    ("sources/http.py", "import httpcore", "httpcore"),
    ("sources/poll.py", "from truststore import SSLContext", "truststore"),
    ("settings/values.py", "import tomlkit", "tomlkit"),
    ("sources/poll.py", "import jeepney.io", "jeepney"),
    ("desktop/links.py", "import Xlib.display", "Xlib"),
    ("engine/ledger.py", "def f():\n    import sqlite3", "sqlite3"),
    ("store/rows.py", "import importlib", "importlib"),
    # A clock, dice, disk or network in core.
    ("core/alerts/rules.py", "import time", "time"),
    ("core/alerts/eligibility.py", "from time import monotonic", "time"),
    ("core/history/observations.py", "from random import random", "random"),
    ("core/wording/headline.py", "import os.path", "os"),
    ("core/wording/reasons.py", "def f():\n    import socket", "socket"),
)
"""File, what is written into it, and the module that it must not import."""
CIRCLES = (
    ("demo/one.py", "from trayapp.demo import other"),
    ("demo/other.py", "from . import one"),
    ("store/one.py", "from trayapp.store.other import b"),
    ("store/other.py", "def f():\n    from trayapp.store.one import a"),
)


def build_house(place: Path, files: Mapping[str, str]) -> Path:
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


def test_the_contracts_find_every_crooked_import(tmp_path: Path) -> None:
    """Those of `pyproject.toml`, in a copy of the house that breaks each of them, as does a part without a floor."""
    shutil.copytree(HOUSE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("locale", "__pycache__"))
    for file, text, _ in CROOKED:
        path = tmp_path / PACKAGE / file
        path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    build_house(tmp_path / PACKAGE, {**dict(CIRCLES), "attic.py": ""})
    linted = subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache", PROJECT],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (linted.returncode, linted.stderr) == (1, "")
    for file, _, module in CROOKED:
        name = ".".join((PACKAGE, *Path(file).with_suffix("").parts)).removesuffix(".__init__")
        assert re.search(rf"- +{name} -> {module} \(", linted.stdout), (file, module, linted.stdout)
    for ring in ("demo", "store"):
        assert f"No cycles are allowed in {PACKAGE}.{ring}.\n" in linted.stdout
    assert f"not listed as layers:\n\n- {PACKAGE}.attic\n" in linted.stdout
    assert "KEPT" not in linted.stdout, linted.stdout


def test_a_file_that_needs_a_name_of_its_own_room_is_found(tmp_path: Path) -> None:
    """The room's own file needs it; another file of the room may be asked for."""
    house = build_house(
        tmp_path,
        {
            "store/__init__.py": "from trayapp.store.file import File",
            "store/file.py": "from trayapp.store import Store, other\nfrom . import other\nfrom trayapp import places",
            "store/deep/file.py": "def f():\n    from .. import Store",
            "store/other.py": "from trayapp.core import judge_round",
            "core/__init__.py": "",
        },
    )
    assert leaning_on_own_room(house) == [
        "store/deep/file.py:2: imports Store of its own room",
        "store/file.py:1: imports Store of its own room",
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("desktop/icon/drawing.py", "import pystray._base"),
        ("desktop/tray/linux/sni.py", "from plyer import notification"),
        ("desktop/notifications/x.py", "from importlib import import_module\nimport_module('pystray._xorg')"),
        ("desktop/notifications/x.py", "import importlib\nimportlib.import_module(f'pystray._{name}')"),
        ("desktop/tray/x.py", "import importlib\nimportlib.import_module('httpx')"),
        ("core/judge.py", "import importlib\nimportlib.import_module('trayapp.store')"),
        ("core/judge.py", "__import__('socket')"),
    ],
)
def test_what_is_imported_by_its_name_outside_its_place_is_found(
    tmp_path: Path, file: str, text: str
) -> None:
    """Each is known to one place only, and what has no place is imported by a statement."""
    (found,) = stray_imports(build_house(tmp_path, {file: text}))
    assert "which belongs to" in found


def test_a_library_in_its_room_is_fine(tmp_path: Path) -> None:
    """That is where it belongs."""
    house = build_house(
        tmp_path,
        {
            "cli.py": "from importlib import import_module\nimport_module('trayapp.app.startup_failure')",
            "desktop/tray/linux/x11.py": "import pystray._xorg",
            "desktop/notifications/plyer_fallback.py": "import importlib\nimportlib.import_module('plyer')",
            "store/file.py": "import sqlite3\nfrom trayapp import places",
        },
    )
    assert stray_imports(house) == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.today()",
        "from datetime import date\ndate.today()",
        "from datetime import datetime\ndatetime.utcnow()",
        "open('x')",
    ],
)
def test_a_clock_or_a_file_that_core_asks_is_found(tmp_path: Path, text: str) -> None:
    """Core gets both as values."""
    (found,) = impure(build_house(tmp_path, {"core/judge.py": text}))
    assert found.startswith("core/judge.py:")


def test_a_moment_that_came_in_as_a_value_is_fine(tmp_path: Path) -> None:
    """`now` is a word like any other; and outside core the clock may be read."""
    house = build_house(
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
    house = build_house(tmp_path, {"core/judge.py": long, "core/case.py": long[: -len("x = 1\n")]})
    assert too_long(house) == [f"core/judge.py has {LONGEST + 1} lines"]


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "Not" + "ImplementedError"])
def test_what_is_still_to_be_done_is_found(tmp_path: Path, word: str) -> None:
    """In comments and in code."""
    assert todo_words(build_house(tmp_path, {"core/judge.py": f"x = 1\n# {word}: later"})) == [
        f"core/judge.py:2: {word}"
    ]


def test_letters_made_large_or_small_are_found(tmp_path: Path) -> None:
    """Where sentences are made; addresses and keys elsewhere are no language."""
    house = build_house(
        tmp_path,
        {
            "core/wording/headline.py": "def f(say): return say('quit').capitalize()",
            "config.py": "x = 'A'.lower()",
        },
    )
    assert recased_letters(house) == ["core/wording/headline.py:1: capitalize()"]


@pytest.mark.parametrize("call", ["ctypes.windll.kernel32.Sleep(1)", "ctypes.WinDLL('iphlpapi')"])
def test_a_library_that_is_loaded_from_wherever_it_lies_is_found(tmp_path: Path, call: str) -> None:
    """One place alone knows how to load Windows' own."""
    text = f"import ctypes\n{call}"
    house = build_house(tmp_path, {"desktop/clocks.py": text, "desktop/system32.py": text})
    (found,) = unsafe_loads(house)
    assert found.startswith("desktop/clocks.py:2: ctypes.")


def test_a_name_that_is_gone_is_found(tmp_path: Path) -> None:
    """In a docstring, and below a constant; what the system calls so is known by the code's own texts."""
    text = '"""Waits `LONGEST_WAIT`, as `OldTray` does, but for `NO_HOME`."""\nMAX = 3\n"""As `MAX` and `LEAST_WAIT`."""\nX = "NO_HOME"'
    assert missing_names(build_house(tmp_path, {"core/judge.py": text})) == [
        "core/judge.py:1: LONGEST_WAIT",
        "core/judge.py:1: OldTray",
        "core/judge.py:3: LEAST_WAIT",
    ]


def test_a_module_that_is_gone_is_found(tmp_path: Path) -> None:
    """A module of the house, or a name in one; what is no part of it is nobody's business here."""
    text = '"""As `core.judge`, `trayapp.core.judge.step`, `core.words` and `os.path`."""\nstep = 1'
    assert missing_modules(build_house(tmp_path, {"core/judge.py": text})) == [
        "core/judge.py:1: core.words",
    ]


def test_two_types_of_one_name_are_found(tmp_path: Path) -> None:
    """In two packages; the same thing on two systems may bear one name in one package."""
    house = build_house(
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
    house = build_house(tmp_path, {"core/a.py": text})
    assert says_what(house) == ["core/a.py:1: the module", "core/a.py:2: A"]


@pytest.mark.parametrize("folder", ["tools", "build", "tests"])
def test_no_function_beside_the_program_is_named_by_a_participle(folder: str) -> None:
    """What acts begins with a verb in the tools and the tests' helpers too."""
    assert participles(HOUSE.parent / folder) == []


@pytest.mark.parametrize("name", ["done", "_told", "counted"])
def test_a_function_named_by_a_participle_is_found(tmp_path: Path, name: str) -> None:
    """Within a function as well."""
    (found,) = participles(build_house(tmp_path, {"a.py": f"def f():\n    async def {name}(): ..."}))
    assert found == f"a.py:2: {name}()"


@pytest.mark.parametrize(
    "text", ["def feed(): ...", "def add_told(): ...", "class A:\n    @property\n    def locked(self): ..."]
)
def test_verbs_and_values_are_no_participles(tmp_path: Path, text: str) -> None:
    """A verb that ends in -ed, a name that begins with a verb, a value."""
    assert participles(build_house(tmp_path, {"a.py": text})) == []


@pytest.mark.parametrize(
    "text", ["log.info('next look in %s', 3)", "say('The notice was shown.')", "mark('Not looked')"]
)
def test_an_old_word_in_a_sentence_is_found(tmp_path: Path, text: str) -> None:
    """A poll is no look, and a notification no notice."""
    assert len(old_words(build_house(tmp_path, {"a.py": text}))) == 1


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
    assert old_words(build_house(tmp_path, {"a.py": text})) == []
