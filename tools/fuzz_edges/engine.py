"""Feeds inputs to one place where they come in, and notes what must not be: an exception, a traceback, a hang, growth."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, Protocol

from tools.fuzz_edges.mutate import Mutator

SECONDS = 2.0
"""Of this process's time, which one input may take."""
PATIENCE = 30.0
"""Seconds after which something hangs, on however busy a computer."""
GROWTH = 48.0
"""MB that a run may add to the process once it has begun."""
WARM = 300
"""Inputs until everything is loaded."""
KEPT = 400
"""Inputs that are changed further because something new came of them."""


class Wrong(Exception):  # noqa: N818  # it names what came of an input
    """What must not be."""


class Target(Protocol):
    """One place where something comes in."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def seeds(self) -> Sequence[bytes]:
        """Inputs that mean something there."""

    @property
    def mutator(self) -> Mutator:
        """How they are changed."""

    def feed(self, data: bytes) -> str:
        """Give it one input; a word for what came of it. Whatever it raises is a fault."""

    def close(self) -> None:
        """End what was started."""


@dataclass(frozen=True, slots=True)
class Found:
    """A fault, and what brings it about."""

    target: str
    data: bytes
    why: str


@dataclass
class Tally:
    """What came of a run."""

    target: str
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    """Seconds of the process."""
    grown: float = 0.0
    """MB."""
    found: list[Found] = field(default_factory=list)


class _Listener(logging.Handler):
    """Notes every traceback that goes into the log, or past it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.heard.append(logging.Formatter("%(name)s: %(message)s").format(record))

    def take(self) -> str:
        """What was heard since."""
        heard, self.heard = self.heard, []
        return "\n".join(heard)


def run(target: Target, seed: int, goes_on: Callable[[Tally], bool]) -> Tally:
    """Feed it its seeds, then changed ones, as long as it is to go on."""
    dice = Random(seed)  # noqa: S311  # chance for tests
    tally, begun_at, corpus = Tally(target.name), 0.0, list(target.seeds)
    with _listening() as listener:
        for data in _inputs(target, corpus, dice):
            if not goes_on(tally):
                break
            before = time.process_time()
            outcome, why = _feed(target, data)
            took = time.process_time() - before
            tally.inputs += 1
            tally.slowest = max(tally.slowest, took)
            why = why or listener.take() or (f"took {took:.1f} s" if took > SECONDS else "")
            if outcome not in tally.outcomes and len(corpus) < KEPT:
                corpus.append(data)
            tally.outcomes[outcome] += 1
            if tally.inputs == WARM:
                begun_at = _megabytes()
            if tally.inputs % 100 == 0 and tally.inputs > WARM:
                tally.grown = _megabytes() - begun_at
                if tally.grown > GROWTH:
                    gc.collect()
                    why = why or f"grew by {tally.grown:.0f} MB"
                    begun_at = _megabytes()
            if why:
                tally.found.append(Found(target.name, data, why))
    return tally


def _inputs(target: Target, corpus: list[bytes], dice: Random) -> Iterator[bytes]:
    yield from target.seeds
    while True:
        yield target.mutator.mutate(dice.choice(corpus), dice.choice(corpus), dice)


def _feed(target: Target, data: bytes) -> tuple[str, str]:
    """What came of an input: its outcome, and why that is a fault."""
    try:
        with _in_time():
            return target.feed(data), ""
    except Wrong as error:
        return "wrong", str(error)
    except Exception:  # noqa: BLE001  # the fault that is looked for
        return "raised", traceback.format_exc()


@contextmanager
def _in_time() -> Iterator[None]:
    """End a loop without an end. Only the main thread can be interrupted, and only where there are such timers."""
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield
        return

    def over(_signal: int, frame: FrameType | None) -> None:
        where = "".join(traceback.format_stack(frame)[-4:])
        raise Wrong(f"hangs:\n{where}")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _listening() -> Iterator[_Listener]:
    listener, root = _Listener(), logging.getLogger()
    hooks = threading.excepthook, sys.unraisablehook

    def thread_died(died: Any) -> None:
        listener.heard.append("".join(traceback.format_exception(died.exc_value)))

    root.addHandler(listener)
    threading.excepthook = thread_died
    sys.unraisablehook = thread_died
    try:
        yield listener
    finally:
        threading.excepthook, sys.unraisablehook = hooks
        root.removeHandler(listener)


def _megabytes() -> float:
    """What this process has in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
