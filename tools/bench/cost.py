"""What the kernel says of a process: memory, wake-ups, processor time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """A process at one moment."""

    rss: int
    """KiB"""
    pss: int
    """KiB, shared pages counted by their share"""
    private: int
    """KiB written by it alone: what it truly adds, however many others share its libraries"""
    descriptors: int
    switches: int
    """Times that any of its threads went to sleep by itself since it began, hence woke up again."""
    seconds: float
    """Of processor time since it began."""


def cost(pid: int) -> Cost:
    """What a process has cost until now."""
    proc = Path("/proc") / str(pid)
    memory = dict(_lines(proc / "smaps_rollup"))
    times = (proc / "stat").read_text().rpartition(")")[2].split()
    switches = sum(map(_switches, (proc / "task").iterdir()))
    return Cost(
        rss=memory["Rss"],
        pss=memory["Pss"],
        private=memory["Private_Dirty"],
        descriptors=len(list((proc / "fd").iterdir())),
        switches=switches,
        seconds=(int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
    )


def _switches(task: Path) -> int:
    """A thread's; none of one that has just ended."""
    try:
        return dict(_lines(task / "status"))["voluntary_ctxt_switches"]
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _lines(file: Path) -> list[tuple[str, int]]:
    pairs = (line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)
    return [(name, int(words[0])) for name, value in pairs if (words := value.split()) and words[0].isdigit()]
