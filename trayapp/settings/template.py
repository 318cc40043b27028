"""The settings file a person begins with: every setting with its default, out of force until its # is taken away."""

from __future__ import annotations

import re
from pathlib import Path

import trayapp

FILE = Path("assets") / "config.example.toml"
_HEADER = "# Nothing here is in force: take the # from a line to change what it says.\n"


def example() -> str:
    """The example as a file that changes nothing, so that later versions' defaults still hold; empty without it."""
    package = Path(trayapp.__file__).parent
    for folder in (package, package.parent):  # installed, and in a checkout
        if (folder / FILE).is_file():
            return _HEADER + out_of_force((folder / FILE).read_text("utf-8"))
    return ""


def out_of_force(text: str) -> str:
    """The same with every setting as a comment; only the headings of plain tables stay."""
    return re.sub(r"^(?=[^#\n])(?!\[\w+\])", "# ", text, flags=re.MULTILINE)
