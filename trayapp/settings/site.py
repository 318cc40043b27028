"""Reads the site's settings. Whatever is wrong with them, the program starts: what cannot be used is named and skipped."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from trayapp.desktop.administrators import resolve_administered
from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.ownership import UntrustedPathError
from trayapp.settings.file import read_toml
from trayapp.settings.layers import NO_SITE, SiteFile, SiteSettings
from trayapp.settings.values import ValueReader, list_problems, problem_in_file

LOCKED_TABLE = "locked"


def read_site_settings(paths: tuple[Path, ...], before: SiteSettings = NO_SITE) -> SiteSettings:
    """Read the files that are there.

    Of a file that cannot be used any more, such as a half-written one, `before` gives what it said until then.
    """
    known = {file.path: file for file in before.files}
    files = (_read_site_file(path, known.get(path, SiteFile(path))) for path in paths)
    return SiteSettings(paths, tuple(file for file in files if file is not None))


def _read_site_file(path: Path, before: SiteFile) -> SiteFile | None:
    """Read one file; None if there is none."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _unusable_file(before, _unreadable_phrase(error))
    try:
        table = read_toml(resolve_administered(path))
    except UntrustedPathError as error:
        return _unusable_file(before, _trust_phrase(error))
    except OSError as error:
        return _unusable_file(before, _unreadable_phrase(error))
    except Refusal as error:
        return _unusable_file(before, error.phrase)
    reader, lock_reader = ValueReader(), ValueReader(prefix=f"{LOCKED_TABLE}.")
    locked = table.pop(LOCKED_TABLE, {})
    values, locks = reader.read_values(table), {}
    if isinstance(locked, dict):
        locks = lock_reader.read_values(locked)
    else:
        reader.add_problem(LOCKED_TABLE, locked, phrase("a table, [{section}]", section=LOCKED_TABLE))
    problems = (*reader.problems, *lock_reader.problems)
    problem = problem_in_file(path, list_problems(problems)) if problems else None
    return SiteFile(path, values, locks, problem)


def _unusable_file(before: SiteFile, why: Phrase) -> SiteFile:
    return replace(before, problem=problem_in_file(before.path, why))


def _unreadable_phrase(error: OSError) -> Phrase:
    return phrase("cannot be read: {why}", why=os_error_phrase(error))


def _trust_phrase(error: UntrustedPathError) -> Phrase:
    why = os_error_phrase(error)
    if error.mode is None:
        why = phrase("others than administrators may change {path}", path=str(error.filename))
    return phrase("does not count: {why}", why=why)
