"""Namespaces of a test's own: a network, a table of mounts. Linux, and root or a kernel that lets others make them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache


@cache
def missing(*tools: str) -> str:
    """Why there are none here; empty where there are. `tools` are programs that are needed besides."""
    if sys.platform != "linux":
        return "needs Linux' namespaces"
    lacking = [tool for tool in ("unshare", "ip", *tools) if shutil.which(tool) is None]
    if lacking:
        return f"needs {', '.join(lacking)}"
    made = subprocess.run([*ENTER, "ip", "link", "set", "lo", "up"], check=False, capture_output=True)
    return "" if made.returncode == 0 else "no network and mount namespaces can be made here"


ENTER: Sequence[str] = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
"""Begins a program in a network and with mounts of its own; what it started ends with it."""


def run_inside(*command: str, limit: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run a program there to its end."""
    return subprocess.run([*ENTER, *command], check=False, capture_output=True, text=True, timeout=limit)
