"""Finds the program's folders: under OPENAI_STATUS_TRAY_HOME, or where the system keeps such files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from platformdirs import PlatformDirs

from trayapp import APP_ID

HOME_VARIABLE = "OPENAI_STATUS_TRAY_HOME"
CONFIG_NAME = "config.toml"


class NoHomeError(Exception):
    """This user has no home folder, or the variable names the home of an unknown user."""

    def __init__(self, named: str) -> None:
        super().__init__(named or "no home folder")
        self.variable_value = named
        """The value of the variable; empty if it is not set."""


class Places(NamedTuple):
    """The program's folders. They need not exist (`create_folder` creates one), and several may be the same.

    Not a dataclass: a shell prompt that asks the running program needs this module first, and to import `dataclasses`
    takes as long as everything else that it needs.
    """

    config: Path
    state: Path
    log: Path
    runtime: Path
    """For sockets: removed at log-out if the system has such a folder."""

    @property
    def config_file(self) -> Path:
        """The file of the person's settings."""
        return self.config / CONFIG_NAME

    @property
    def state_file(self) -> Path:
        """The SQLite file of the program's memory."""
        return self.state / "state.db"

    @property
    def log_file(self) -> Path:
        """The newest file of the rotating log."""
        return self.log / "tray.log"


NOWHERE = Places(*[Path(os.devnull) / APP_ID] * 4)
"""For commands that need no files: nothing exists there and nothing can be created."""


def find_places() -> Places:
    """Finds the folders for this environment; creates none. Raises NoHomeError."""
    home = os.environ.get(HOME_VARIABLE, "")
    try:
        return _places_under(Path(home).expanduser().absolute()) if home else _system_places()
    except RuntimeError as error:  # pathlib's error for a missing home
        raise NoHomeError(home) from error


def _places_under(folder: Path) -> Places:
    return Places(config=folder, state=folder, log=folder, runtime=folder)


def _system_places() -> Places:
    dirs = PlatformDirs(APP_ID, appauthor=False)
    return Places(
        config=dirs.user_config_path,
        state=dirs.user_state_path,
        log=dirs.user_log_path,
        runtime=_runtime_folder() or dirs.user_state_path,
    )


def find_site_files() -> tuple[Path, ...]:
    """Finds where an administrator may put settings for all users, the most important first; the files need not exist."""
    return tuple(folder / APP_ID / CONFIG_NAME for folder in _site_folders())


def _site_folders() -> Iterator[Path]:
    if sys.platform == "win32":
        # Asked of Windows itself, because a user may set %ProgramData% to a folder of their own.
        yield PlatformDirs(APP_ID, appauthor=False).site_config_path.parent
    elif sys.platform == "darwin":
        yield Path("/Library/Application Support")
    else:
        named = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        # The XDG specification has relative folders ignored. A folder that is named twice counts once.
        yield from dict.fromkeys(Path(folder) for folder in named.split(":") if folder.startswith("/"))


def create_folder(folder: Path) -> Path:
    """Creates a folder if it is missing, for this user alone, and returns it. Raises OSError."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    return folder


def _runtime_folder() -> Path | None:
    """Returns the session's folder; None if there is none or it is another user's, as under `sudo -E` or `su`."""
    if sys.platform == "win32":  # Windows has no user ids and no such folder
        return None
    base = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    try:
        ours = base.is_absolute() and base.is_dir() and base.stat().st_uid == os.geteuid()
    except OSError:
        return None
    return base / APP_ID if ours else None
