"""Creates the settings file that a person starts with: every setting with its default, commented out."""

from __future__ import annotations

import re
from pathlib import Path

import trayapp

EXAMPLE_FILE = Path("assets") / "config.example.toml"
_HEADER = "# Nothing here is in force: take the # from a line to change what it says.\n"


def load_template() -> str:
    """Return the example file, all settings commented out so that later defaults hold; "" if there is none."""
    package = Path(trayapp.__file__).parent
    for folder in (package, package.parent):  # installed, and in a checkout
        if (folder / EXAMPLE_FILE).is_file():
            return _HEADER + comment_out((folder / EXAMPLE_FILE).read_text("utf-8"))
    return ""


def comment_out(text: str) -> str:
    """Comment out every setting; only the headings of plain tables stay."""
    return re.sub(r"^(?=[^#\n])(?!\[\w+\])", "# ", text, flags=re.MULTILINE)
