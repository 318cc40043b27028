"""A computer without Python, as far as a program can see: an empty environment, and next to nothing on PATH."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

TOOLS = Path("/usr/bin")


def path(folder: Path) -> str:
    """A PATH of one folder that has a shell's tools and no Python."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("sh", "env", "printf"):
        if not (tools / name).exists():
            (tools / name).symlink_to(TOOLS / name)
    return str(tools)


def run(program: Path, *arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end with these variables alone; `home` is made."""
    home.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [program, *arguments],
        env={"HOME": str(home), "PATH": path(home), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def report(done: subprocess.CompletedProcess[str]) -> Mapping[str, str]:
    """What a selftest says of each part; fails when it found one broken."""
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.removeprefix("ok").strip().partition(": ") for line in done.stdout.splitlines()]
    return {name: found for name, _, found in lines}
