"""How long a shell's prompt waits for `status --cached`, beside a Python that does nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.desktop.desktops import wait_until
from tests.desktop.xfce import Xfce
from tools.bench.program import BUNDLE, CALM, SOURCE, program
from trayapp.demo.server import StatusServer
from trayapp.demo.story import build_frames, show_frame
from trayapp.desktop.control import NotRunningError, send_request

TURNS = 31
"""Taken in turns, so that all meet the same machine."""
MOST = 60.0
"""Milliseconds beyond a Python that does nothing."""


@dataclass(frozen=True, slots=True)
class Waited:
    """Milliseconds, in the middle of all turns."""

    name: str
    took: float
    more: float
    """Beyond a Python that does nothing, of the same turn."""


def measure_waits(desktop: Xfce, home: Path) -> list[Waited]:
    """For each way to the answer of a program that runs; the first is a Python that does nothing."""
    commands = {
        "`python -c pass`": (sys.executable, "-c", "pass"),
        "`status --cached`": (str(SOURCE), "status", "--cached"),
    }
    if BUNDLE.exists():
        commands["the bundle's `status --cached`"] = (str(BUNDLE), "status", "--cached")
    environment = {**os.environ, "OPENAI_STATUS_TRAY_HOME": str(home)}
    with StatusServer() as server:
        show_frame(server, build_frames(datetime.now(UTC))[CALM])
        with program(desktop, home, server.url):
            wait_until(lambda: _answers(home), what="an answer")
            turns = [
                {name: _milliseconds(command, environment) for name, command in commands.items()}
                for _ in range(TURNS)
            ]
    bare = next(iter(commands))
    return [
        Waited(
            name,
            statistics.median(turn[name] for turn in turns),
            statistics.median(turn[name] - turn[bare] for turn in turns),
        )
        for name in commands
    ]


def _answers(home: Path) -> bool:
    try:
        return send_request(home, {"do": "status", "format": "plain"}).get("code") == 0
    except NotRunningError:
        return False


def _milliseconds(command: tuple[str, ...], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return 1000 * (time.perf_counter() - began)
