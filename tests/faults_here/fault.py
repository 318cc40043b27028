"""One fault of this computer, and what came of a life with it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults_here.life import Life


@dataclass(frozen=True)
class Fault:
    """Its name, and a life with it: the program begins, the fault comes, and what is said of it is waited for."""

    name: str
    live: Callable[[Life], None]
    has_panel: bool = False
    goes_on: bool = True
    """Whether the program must tell an outage afterwards; else the fault is one that it may end with."""
    keeps: bool = True
    """Whether what was told must be on the disk at the end."""
    logs_why: bool = False
    """Whether it ends over the fault, and its log says where."""


@dataclass(frozen=True)
class Lived:
    """What came of it."""

    name: str
    said: str
    seconds: float
    told: float
    """Seconds until an outage after it was told; 0 where none was due."""
    faults: tuple[str, ...]


def try_fault(fault: Fault) -> Lived:
    """Have it happen."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        life = Life(Path(folder), has_panel=fault.has_panel)
        try:
            with life:
                _live(fault, life)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this case's, and the others go on
            life.faults.append(f"{type(error).__name__}: {error}")
    return Lived(fault.name, life.said, life.seconds, life.told, tuple(life.faults))


def _live(fault: Fault, life: Life) -> None:
    fault.live(life)
    if not fault.goes_on:
        life.left_no_traceback(life.program.output if fault.logs_why else life.text())
        return
    if not life.told:
        life.tells()
    life.ends()
    if fault.keeps:
        life.keeps()
