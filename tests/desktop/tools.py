"""Which programs the desktop tests need, and where they lie."""

from __future__ import annotations

import shutil
from pathlib import Path

TOOLS = ("Xvfb", "dbus-daemon", "dbus-send", "xfwm4", "xfce4-panel", "dunst", "trayer", "xdotool")


def missing_tools() -> list[str]:
    """The programs a desktop needs and this computer has not."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return missing if xfconfd() else [*missing, "xfconfd"]


def find_program(*places: str) -> str:
    """A program that lies among the libraries, in no folder of PATH; empty for none.

    Distributions, and releases of one, put it into different folders: each of `places` is looked for in all of them.
    """
    folders = (Path("/usr/libexec"), Path("/usr/lib"), *Path("/usr/lib").glob("*-linux-gnu*"))
    files = (folder / place for place in places for folder in folders)
    return next((str(file) for file in files if file.exists()), "")


def xfconfd() -> str:
    """XFCE's settings server."""
    return find_program("xfce4/xfconf/xfconfd")
