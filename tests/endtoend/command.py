"""The installed command as a person runs it: a process of its own, with a home and an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trayapp import APP_ID
from trayapp.demo.server import API_PATH, CHATGPT_PATH, LOGIN_PATH, SUCCESS_PATH
from trayapp.places import HOME_VARIABLE

COMMAND = str(Path(sys.executable).with_name("openai-status-tray"))
CALL = (sys.executable, "-m", "trayapp") if sys.platform == "win32" else (COMMAND,)
"""Windows' Python here was unpacked and not installed, so it has no command."""
LIMIT = 60.0
"""Seconds after which a command that should have ended is killed and the test fails."""

SHORT = 'interval = "15s"\ninterval_in_trouble = "15s"\n'
"""The shortest intervals there are: lines for the table [page]."""

PROBES = (("API", "APIs", API_PATH), ("ChatGPT", "ChatGPT", CHATGPT_PATH), ("Login", "ChatGPT", LOGIN_PATH))


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def environment(home: Path, **more: str) -> dict[str, str]:
    """A terminal's: English, no display, no session bus, no proxy, the program's files under `home`."""
    system = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        HOME_VARIABLE: str(home),
        **system,
        **more,
    }


def ran(home: Path, *arguments: str, **more: str) -> Ended:
    """Run the command to its end; `more` are environment variables."""
    began = time.monotonic()
    done = subprocess.run(
        [*CALL, *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


def configure_home(home: Path, text: str) -> Path:
    """A home whose config says that."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(text, encoding="utf-8")
    return home


def settings(
    page: str, references: str | None = None, *, probes: bool = False, top: str = "", more: str = ""
) -> str:
    """A config that asks servers on loopback alone.

    Args:
        page: address of the status page, and of the probes where `probes`.
        references: address of the reference; the page's own server when None.
        probes: whether the three probes are asked.
        top: more lines before the first table.
        more: more tables, and lines of the last one, [page].
    """
    reference = (page if references is None else references) + SUCCESS_PATH
    lines = [top, "" if probes else "probes = []"]
    lines += [f'[connectivity]\nreferences = ["{reference}"]']
    lines += _probes(page) if probes else ()
    return "\n".join([*lines, f'[page]\nurl = "{page}"', more]) + "\n"


def _probes(url: str) -> Iterable[str]:
    return (
        f'[[probes]]\nname = "{name}"\nproduct = "{product}"\nurl = "{url}{path}"\ninterval = "150s"'
        for name, product, path in PROBES
    )


def write_site_settings(folder: Path, text: str) -> Path:
    """Settings of an administrator's below a folder for XDG_CONFIG_DIRS."""
    file = folder / APP_ID / "config.toml"
    file.parent.mkdir(parents=True, mode=0o755)
    file.write_text(text, "utf-8")
    file.chmod(0o644)
    return file
