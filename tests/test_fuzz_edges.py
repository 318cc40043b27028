"""A share of `make fuzz-edges` with fixed seeds, and that what fuzzes finds what is wrong."""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import time
from collections.abc import Callable

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has neither such a bus nor such sockets", allow_module_level=True)

from tools.fuzz_edges.engine import Target, Wrong, run
from tools.fuzz_edges.mutate import Mutator
from tools.fuzz_edges.targets import GROUPS

INPUTS = {"bus daemon": 60, "bus peer": 250, "recording": 60, "page": 150, "state": 150}
"""As many as take a second or two; of the others more."""
USUAL = 400


@pytest.mark.long
@pytest.mark.parametrize(
    "make", [make for targets in GROUPS.values() for make in targets], ids=lambda make: make.__name__
)
def test_nothing_from_outside_raises_hangs_or_grows(make: Callable[[], Target]) -> None:
    """Whatever comes in there: no exception, no traceback in the log, no two seconds of work, no memory that stays."""
    if "bus peer" in str(getattr(make, "name", "")) and not shutil.which("dbus-daemon"):
        pytest.skip("needs dbus-daemon; `make desktop-tools` installs them")
    target = make()
    try:
        tally = run(
            target, 1, lambda tally: tally.inputs < INPUTS.get(target.name, USUAL) and not tally.found
        )
    finally:
        target.close()
    assert not tally.found
    assert tally.inputs >= len(target.seeds)
    assert len(tally.outcomes) > 2


class Stand:
    """A place that does with an input what a test says."""

    name = "stand"
    seeds = (b"a", b"b")
    mutator = Mutator((b"x",))

    def __init__(self, do: Callable[[bytes], object]) -> None:
        self._do = do

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        return str(self._do(data))

    def close(self) -> None:
        """Nothing was started."""


def _fail(_data: bytes) -> None:
    raise ValueError("as told")


def _be_wrong(_data: bytes) -> None:
    raise Wrong("as it should not be")


def _log(data: bytes) -> None:
    try:
        _fail(data)
    except ValueError:
        logging.getLogger("trayapp.somewhere").exception("a part failed")


def _die_on_a_thread(data: bytes) -> None:
    thread = threading.Thread(target=_fail, args=(data,))
    thread.start()
    thread.join()


def _work_on(_data: bytes) -> None:
    until = time.process_time() + 2.1
    while time.process_time() < until:
        pass


@pytest.mark.parametrize(
    ("do", "why"),
    [
        (_fail, "ValueError: as told"),
        (_be_wrong, "as it should not be"),
        (_log, "a part failed"),
        (_die_on_a_thread, "ValueError: as told"),
        pytest.param(_work_on, "took 2.", marks=pytest.mark.long),
    ],
)
def test_a_fault_is_found_with_its_input(do: Callable[[bytes], object], why: str) -> None:
    """An exception, a wrong answer, a traceback in the log or on another thread, and what takes too long."""
    tally = run(Stand(do), 1, lambda tally: not tally.found)
    (found,) = tally.found
    assert found.data == b"a"
    assert why in found.why


@pytest.mark.long
def test_memory_that_stays_is_found() -> None:
    """A place that keeps a megabyte of each input."""
    kept: list[bytes] = []
    tally = run(Stand(lambda _data: kept.append(bytes(range(256)) * 4096)), 1, lambda tally: not tally.found)
    assert "grew by" in tally.found[0].why


def test_an_input_of_which_something_new_came_is_changed_further() -> None:
    """So what lies deep is found by small steps: here three letters, one after the other."""
    deepest = []

    def read(data: bytes) -> int:
        depth = next((n for n in (3, 2, 1) if data.startswith(b"xxx"[:n])), 0)
        deepest.append(depth)
        return depth

    run(Stand(read), 1, lambda tally: tally.inputs < 20_000 and 3 not in deepest)
    assert 3 in deepest


def test_the_same_seed_gives_the_same_inputs() -> None:
    """What was found can be found again."""

    def inputs_of(seed: int) -> list[bytes]:
        inputs: list[bytes] = []
        run(Stand(inputs.append), seed, lambda tally: tally.inputs < 200)
        return inputs

    assert inputs_of(7) == inputs_of(7) != inputs_of(8)
