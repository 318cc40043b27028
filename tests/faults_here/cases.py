"""All faults of this computer, and how they are lived through: a few at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.desktop.tools import missing_tools
from tests.faults_here import desks, disks, surroundings
from tests.faults_here.fault import Fault, Lived, try_fault
from tests.namespaces import missing

FAULTS: tuple[Fault, ...] = (*disks.faults(), *desks.faults(), *surroundings.faults())
AT_ONCE = 3
"""So many desktops at the same time: with more, the program's start would take as long as a fault may."""


def why_not() -> str:
    """Why they cannot be tried here; empty where they can."""
    lacking = missing_tools()
    return (
        f"needs {', '.join(lacking)}; `make desktop-tools` installs them"
        if lacking
        else missing("nsenter", "mount")
    )


def try_all(faults: Sequence[Fault], delay: float = 0.0) -> list[Lived]:
    """What comes of these faults; begun after so many seconds, in which others start their programs."""
    time.sleep(delay if faults else 0.0)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(try_fault, faults))


def try_again(results: Sequence[Lived]) -> list[Lived]:
    """The same with those that failed tried once more, one after the other."""
    faults = {fault.name: fault for fault in FAULTS}
    return [try_fault(faults[result.name]) if result.faults else result for result in results]
