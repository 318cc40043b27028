"""Reads one file's tables into checked values, and says what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.model import ProbeSpec, defaults
from trayapp.settings import checks as check
from trayapp.settings.file import format_value, printable_text
from trayapp.settings.keys import KNOWN_KEYS, MAX_PROBED, PROBE_KEYS, SECTIONS, TOP_KEYS, CheckTable

NAME_PHRASE = phrase("a different name for each probe")
_MAX_PROBLEMS = 10
"""Number of problems that one line names."""
_MAX_PATH_SHOWN = 300
"""Characters of the file's path that are shown."""


def problem_in_file(file: Path | None, why: Phrase | tuple[Phrase, ...]) -> Phrase:
    """Say in one line what is wrong with a file of settings."""
    return phrase("{what}: {cause}", what=printable_text(str(file), _MAX_PATH_SHOWN), cause=why)


def list_problems(problems: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return the first problems and how many more there are."""
    more = len(problems) - _MAX_PROBLEMS
    rest = [phrase("and {count} more", count=more)] if more > 0 else []
    return (*problems[:_MAX_PROBLEMS], *rest)


def find_repeated_names(probes: Iterable[ProbeSpec]) -> list[str]:
    """Return the names that two probes bear, as results are stored by name."""
    names = [probe.name for probe in probes]
    return sorted({name for name in names if names.count(name) > 1})


class ValueReader:
    """Reads the tables of one file into checked values and collects the problems. An invalid value is left out."""

    def __init__(self, prefix: str = "") -> None:
        """`prefix` is put before the keys that problems name."""
        self._prefix = prefix
        self.problems: list[Phrase] = []

    def read_values(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return the valid values by their whole keys."""
        tables = dict(table)
        values: dict[str, Any] = {}
        for name, (_, checks) in SECTIONS.items():
            read = self._read_table(name, tables.pop(name, {}), checks)
            values |= {f"{name}.{key}": value for key, value in read.items()}
        if "probes" in tables and (probes := self._read_probes(tables.pop("probes"))) is not None:
            values["probes"] = probes
        return values | self._read_table("", tables, TOP_KEYS)

    def _read_table(self, section: str, table: object, checks: CheckTable) -> dict[str, Any]:
        """Return the valid values of a table; add a problem for each other one."""
        if not isinstance(table, dict):
            self.add_problem(section, table, phrase("a table, [{section}]", section=section))
            return {}
        prefix = f"{section}." if section else ""
        values = {}
        for key, raw in table.items():
            if key not in checks:
                self.problems.append(
                    phrase(
                        "{key}: unknown key, the nearest known one is {nearest}",
                        key=printable_text(self._prefix + prefix + key),
                        nearest=self._prefix + self._nearest_key(prefix + key),
                    )
                )
                continue
            try:
                values[key] = checks[key](raw)
            except Refusal as error:
                self.add_problem(prefix + key, raw, error.phrase)
        return values

    def _nearest_key(self, key: str) -> str:
        """Return the nearest known key; "" once enough problems are shown, as thousands would take seconds."""
        return check.nearest_key(key, KNOWN_KEYS) if len(self.problems) < _MAX_PROBLEMS else ""

    def _read_probes(self, raw: object) -> tuple[ProbeSpec, ...] | None:
        """Return the probes; None, with a problem, if any of them is invalid."""
        before = len(self.problems)
        if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
            self.add_problem("probes", raw, phrase("[[probes]] tables, or [] for none"))
            return None
        try:
            check.check_length(MAX_PROBED, raw)
        except Refusal as error:
            self.add_problem("probes", raw, error.phrase)
            return None
        probes = tuple(probe for table in raw if (probe := self._read_probe(table)))
        for name in find_repeated_names(probes):
            self.add_problem("probes.name", name, NAME_PHRASE)
        return probes if len(self.problems) == before else None

    def _read_probe(self, table: dict[str, Any]) -> ProbeSpec | None:
        before = len(self.problems)
        values = {"interval": defaults.PROBE_INTERVAL, **self._read_table("probes", table, PROBE_KEYS)}
        if missing := [key for key in PROBE_KEYS if key not in values and key not in table]:
            self.problems.append(
                phrase(
                    "{key}: {table} lacks {keys}",
                    key=f"{self._prefix}probes",
                    table=format_value(table),
                    keys=", ".join(missing),
                )
            )
        return ProbeSpec(**values) if len(self.problems) == before else None

    def add_problem(self, key: str, raw: object, allowed: Phrase) -> None:
        """Add that a value is not what is allowed."""
        self.problems.append(
            phrase(
                "{key} = {value}: must be {allowed}",
                key=self._prefix + key,
                value=format_value(raw),
                allowed=allowed,
            )
        )
