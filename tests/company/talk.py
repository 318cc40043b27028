"""How a desk and `office` speak: by lines. A desk says one and gets one back; at last it says what it found, as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

FOUND = "found"
SCENE = "scene"


def becomes(scene: str) -> None:
    """A desk has the world become so."""
    answer(f"{SCENE} {scene}")


def answer(line: str) -> str:
    """A desk says a line; what `office` says to that: the seconds since the world last changed."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def tell(found: object) -> None:
    """A desk says all that it found."""
    sys.stdout.write(f"{FOUND} {json.dumps(found)}\n")


def listen(process: subprocess.Popen[str], reply: Callable[[str, str], str]) -> Any:
    """`office` answers a desk until that has ended; what it found. `reply` gets a line's first word and its rest."""
    found: Any = None
    assert process.stdin
    assert process.stdout
    for line in process.stdout:
        word, _, rest = line.strip().partition(" ")
        if word == FOUND:
            found = json.loads(rest)
        else:
            process.stdin.write(reply(word, rest) + "\n")
            process.stdin.flush()
    if process.wait() or found is None:
        raise RuntimeError(f"the desk ended with {process.returncode}")
    return found
