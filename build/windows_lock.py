"""Prints which of the locked packages go to Windows, pinned and with their hashes: python build/windows_lock.py

pip reads markers for the system that it runs on, also when it is told to fetch for another; so they are read here.
"""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "python_version": "3.14"}
NOT_THERE = {
    # Style, types and catalogues are looked after on Linux.
    *("ruff", "mypy", "mypy-extensions", "librt", "ast-serialize", "pathspec", "babel"),
    # So are the floors.
    *("import-linter", "grimp", "rich", "markdown-it-py", "mdurl"),
    # The wheel is built on Linux.
    *("build", "hatchling", "pyproject-hooks", "trove-classifiers", "editables"),
    # Tests run one after the other there.
    *("pytest-xdist", "execnet"),
    # So are the workflow and the issue forms.
    *("check-jsonschema", "attrs", "charset-normalizer", "click", "jsonschema", "jsonschema-specifications"),
    *("referencing", "regress", "requests", "rpds-py", "ruamel-yaml", "urllib3"),
    # cryptography wants a python3.dll, which is not among panda3d's files.
    *("trustme", "cryptography", "cffi", "pycparser"),
}


def main() -> None:
    """One requirement a line."""
    for entry in re.split(r"\n(?=\S)", LOCK.read_text("utf-8").replace("\\\n", " ").strip()):
        pin, *hashes = re.split(r"\s+(?=--hash=)", entry)
        wanted = Requirement(pin)
        if wanted.name not in NOT_THERE and (wanted.marker is None or wanted.marker.evaluate({**WINDOWS})):
            print(f"{wanted.name}{wanted.specifier}", *hashes)


if __name__ == "__main__":
    main()
