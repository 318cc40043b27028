"""Notices that another version of the program has replaced this one on the disk while it runs.

Modules that are loaded late may then be missing or belong to the other version. The person is asked to restart the
program instead of being shown an error.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trayapp
from trayapp import __version__

log = logging.getLogger(__name__)

_VERSION = re.compile(r'^__version__ = "([^"]+)"', re.MULTILINE)


class ProgramReplacedError(Exception):
    """A module that is loaded late is missing, or is that of another version."""


class UpgradeWatch:
    """Compares the version on the disk with the running one."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` is the source with the version in it; it is read as text and never run."""
        self._file = file or Path(trayapp.__file__).with_name("__init__.py")
        self._stamp: tuple[int, int] | None = None
        self._is_other_version = False
        self._has_load_failed = False

    def needs_restart(self) -> bool:
        """Whether a restart is due; costs one `stat` of a file. A missing file does not count as a replacement."""
        stamp = self._read_stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            self._is_other_version = self._read_version() not in {"", __version__}
        return self._is_other_version or self._has_load_failed

    @contextmanager
    def guard_loading(self) -> Iterator[None]:
        """Guard late imports. Raises ProgramReplacedError if one fails because the program was replaced."""
        try:
            yield
        # SystemExit: PyInstaller's loader ends the thread when its file is away (6.22, pyimod01_archive.py).
        except (Exception, SystemExit) as error:
            if not self.needs_restart() and not isinstance(
                error, ImportError | FileNotFoundError | SystemExit
            ):
                raise
            self._has_load_failed = True
            log.warning("another version may be in this one's place, a part cannot be loaded: %s", error)
            raise ProgramReplacedError from error

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _read_version(self) -> str:
        try:
            found = _VERSION.search(self._file.read_text("utf-8", errors="replace"))
        except OSError:
            return ""
        return found[1] if found else ""
