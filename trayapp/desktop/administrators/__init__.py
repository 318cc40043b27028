"""Checks that nobody but administrators may change a path: by owners and modes, on Windows by access lists."""

from __future__ import annotations

import ntpath
import sys
from collections.abc import Iterator
from pathlib import Path

from trayapp import ownership
from trayapp.desktop.administrators.access_list import may_others_change
from trayapp.ownership import UntrustedPathError, is_on_other_computer

if sys.platform == "win32":
    from trayapp.desktop.administrators.windows import read_permissions


def resolve_administered(path: Path) -> Path:
    """Resolve a file that nobody but administrators may change or replace. Raises UntrustedPathError, OSError.

    On Windows a path with a link in it is refused, as it is not worth telling whose each link is.
    """
    if sys.platform == "win32":
        given = ntpath.abspath(path)
        if is_on_other_computer(given) or _has_link(given):  # in this order: the other computer is not asked
            raise UntrustedPathError(given)
        for part in _with_folders_above(given):
            if may_others_change(read_permissions(part), is_folder=part != given):
                raise UntrustedPathError(part)
        return Path(given)
    return ownership.resolve_administered(path)


def _has_link(path: str) -> bool:
    return ntpath.normcase(ntpath.realpath(path)) != ntpath.normcase(path)


def _with_folders_above(path: str) -> Iterator[str]:
    above = ntpath.dirname(path)
    yield path
    if above != path:
        yield from _with_folders_above(above)
