"""Notices that another version of the program has taken this one's place on the disk while it runs.

What is loaded only when it is first needed may then be missing or of the other version. So the person is asked for a
restart, instead of being shown a fault.
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
    """What was to be loaded is not there any more, or not as this version knew it."""


class UpgradeWatch:
    """What is on the disk, compared with what runs."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` is the source with the version in it; it is read as text and never run."""
        self._file = file or Path(trayapp.__file__).with_name("__init__.py")
        self._stamp: tuple[int, int] | None = None
        self._is_other_version = False
        self._has_load_failed = False

    def needs_restart(self) -> bool:
        """Whether a restart is due; costs a look at one file's date. A file that is absent says nothing."""
        stamp = self._read_stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            self._is_other_version = self._read_version() not in {"", __version__}
        return self._is_other_version or self._has_load_failed

    @contextmanager
    def guard_loading(self) -> Iterator[None]:
        """Within it parts of the program are loaded. Raises Gone when that failed because they are not what they were."""
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
