"""docs/settings.md says what the program does: it is fresh, leaves no key out, and its defaults are in force."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from trayapp.settings.keys import KNOWN_KEYS, SECTIONS, TOP_KEYS
from trayapp.settings.schema import Config, load_config

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "settings.md"


def _rows() -> dict[str, list[str]]:
    """The cells of each key's row: its whole name as in "notify.level" -> type, default if any, limits, meaning."""
    rows, section = {}, ""
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].strip("[]") + "." if "[" in line else ""
        if found := re.match(r"\| `([a-z_]+)` \|", line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[2:-1]]
            rows[section + found[1]] = cells
    return rows


def test_the_document_is_fresh() -> None:
    """Writing it once more would change nothing."""
    run = subprocess.run(
        [sys.executable, ROOT / "build" / "settings_doc.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_field_of_the_model_has_a_check() -> None:
    """Without one the file could not set it, and nothing else would say so."""
    for model, checks in SECTIONS.values():
        assert {field.name for field in fields(model)} == set(checks), model.__name__
    assert {field.name for field in fields(Config)} == {*TOP_KEYS, *SECTIONS, "probes"}


def test_every_key_is_there_with_a_meaning() -> None:
    """And no other; none of its cells is empty."""
    sections = {key.partition(".")[0] for key in KNOWN_KEYS if "." in key}
    rows = _rows()
    assert set(rows) == {key for key in KNOWN_KEYS if key not in sections}
    assert [key for key, cells in rows.items() if not all(cells)] == []


def test_the_defaults_that_it_names_are_the_defaults(tmp_path: Path) -> None:
    """A file that sets each key to its default as it is written there changes nothing."""
    lines, last = [], ""
    for key, cells in _rows().items():
        section, _, name = key.rpartition(".")
        if section == "probes":
            continue
        if section != last:
            lines.append(f"[{section}]")
            last = section
        lines.append(f"{name} = {cells[1].strip('`')}")
    file = tmp_path / "config.toml"
    file.write_text("\n".join(lines), "utf-8")
    assert load_config(file) == Config()
