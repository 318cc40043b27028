"""What surrounds the program: its clock, its environment, and what a page may write."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import partial

from tests.endtoend.running import NORMAL, QUICK
from tests.endtoend.scenes import calm, incident
from tests.endtoend.slept import COMMAND, SET, SLEPT
from tests.faults_here.fault import Fault
from tests.faults_here.life import Life
from trayapp.demo.server import JSON_HEADERS, CannedAnswer
from trayapp.demo.server import EndpointFault as NoAnswer

DAY = 86400.0
HOSTILE: Mapping[str, tuple[str, str]] = {
    "markup": ("</b><img src='/etc/passwd'><a href=\"https://evil.example\">here</a>", "</b><img src='/etc/passwd'>"),
    "a terminal's own characters": ("\x1b]0;owned\x07\x1b[31mred\nok      Network: works", "red ok Network: works"),
    "right to left": ("Fixed \u202egnp.exe\u202c \u2067now\u2069", "Fixed gnp.exe now"),
    "commands": ("--help $(touch /tmp/x) `id` %s {0} \\n", "--help $(touch /tmp/x) `id` %s {0} \\n"),
    "without an end": ("x" * 200_000, "xxxxxxxxxx…"),
}  # fmt: skip
"""A name of an incident, and what of it is told."""
STEERING = frozenset("\x1b\x07\x00\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


def _clock(change: float, life: Life) -> None:
    """The clock on the wall is set while the program runs: what was known is shown no longer, and is looked at anew."""
    for name in (SLEPT, SET):
        (life.folder / name).write_text("0")
    life.begin({name: str(life.folder / name) for name in (SLEPT, SET)}, COMMAND)
    life.is_calm()
    (life.folder / SET).write_text(str(change))
    life.says("the computer slept or its clock was set")
    life.program.wait_for("fine")


def _hostile(name: str, life: Life) -> None:
    """It is told as plain text, and steers nothing."""
    text, plain = HOSTILE[name]
    life.begin()
    life.is_calm()
    life.server.set_answers(incident(text, text))
    life.hears(lambda: plain[:60] if plain in _notification_text(life) else "", plain)
    if steering := STEERING.intersection(_notification_text(life) + life.program.output):
        life.faults.append(f"steers: {steering!r}")


def _notification_text(life: Life) -> str:
    return html.unescape(" ".join(f"{one.title} {one.body}" for one in life.notices.all()))


def _page(answer: CannedAnswer | NoAnswer, why: str, life: Life) -> None:
    """The page gives something that is no answer, from the start; then it is well again."""
    well = calm()
    life.server.set_answers(dict.fromkeys(well, answer))
    life.begin()
    life.says(why)
    life.server.set_answers(well)
    life.program.wait_for("fine")


def _environment(changes: Mapping[str, str], life: Life) -> None:
    """The program begins in such an environment and says that all is well, in English."""
    life.begin(changes)
    life.says("fine")


def _without(variable: str, life: Life) -> None:
    """The same without a variable."""
    life.begin(command=("env", "-u", variable, *QUICK))
    life.says("fine")


def _under_limit(limit: str, says: str, life: Life) -> None:
    """The program begins under a limit that it cannot live in, and says which in one line."""
    life.begin(command=("sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *NORMAL))
    life.says(says)
    if (lines := life.program.output.count("\n")) > 2:
        life.faults.append(f"{lines} lines")


def faults() -> Iterator[Fault]:
    """Each by its name."""
    yield Fault("clock: set back by a day", partial(_clock, -DAY))
    yield Fault("clock: set on by a month", partial(_clock, 30 * DAY))
    for name in HOSTILE:
        yield Fault(f"text: {name}", partial(_hostile, name))
    deep = CannedAnswer(200, b"[" * 100_000 + b"]" * 100_000, JSON_HEADERS)
    large = CannedAnswer(200, b'{"padding": "' + b"x" * 2_000_000 + b'"}', JSON_HEADERS)
    for name, answer, why in (
        ("nested without an end", deep, r"[^\n]*[Uu]nknown[^\n]*"),
        ("of two megabytes", large, r"[^\n]*[Uu]nknown[^\n]*"),
    ):
        yield Fault(f"page: {name}", partial(_page, answer, why))
    for name, changes in (
        ("a language that is none", {"LANG": "xx_YY.klingon", "LC_ALL": "xx_YY.klingon"}),
        ("no folder for temporary files", {"TMPDIR": "/nowhere", "TEMP": "/nowhere", "TMP": "/nowhere"}),
        ("a terminal that is none", {"TERM": "none-such", "COLUMNS": "0", "LINES": "-1"}),
        ("no programs", {"PATH": "/nowhere"}),
        ("a time zone that is none", {"TZ": "Nowhere/At_All"}),
    ):
        yield Fault(f"environment: {name}", partial(_environment, changes))
    yield Fault("environment: no HOME", partial(_without, "HOME"))
    yield Fault(
        "environment: few open files",
        partial(_under_limit, "-n 16", "[Tt]oo many open files|out of open files"),
        goes_on=False,
        logs_why=True,
    )
