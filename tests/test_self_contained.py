"""A clone is all that a person needs: no file of the repository counts on what lies beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MADE = {"out", "dist", "__pycache__", "node_modules"}
"""Folders that are made, beside those whose name begins with a dot."""
OUTSIDE = re.compile(
    r"""(?<![\w$}.\]])/(?:work|workspace|builds)/        # a folder of one machine
    |\.\./shared\b                                     # beside the repository
    |(?:Path|open|glob|get)\([^()]*["']\.\./            # read from above the current folder
    """,
    re.VERBOSE,
)


def _files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".github", ".gitignore"} for part in parts)
        if path.is_file() and path != Path(__file__) and not hidden and not MADE.intersection(parts):
            yield path


def test_no_file_names_a_path_outside() -> None:
    """Neither a folder of one machine nor one beside the clone."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in _files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if OUTSIDE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'DATA = Path("/work/data")',
        'DATA = Path(os.environ.get("DATA", "../elsewhere"))',
        "see ../shared/facts for more",
    ],
)
def test_a_path_outside_is_found(line: str) -> None:
    """However it is written."""
    assert OUTSIDE.search(line)
