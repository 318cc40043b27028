"""Where the program keeps its files: under OPENAI_STATUS_TRAY_HOME, or where the system wants them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from platformdirs import PlatformDirs

APP_NAME = "openai-status-tray"
HOME_VARIABLE = "OPENAI_STATUS_TRAY_HOME"


class NoHomeError(Exception):  # it is an answer, not a fault
    """This user has no home folder, or the variable names that of a user whom the system does not know."""

    def __init__(self, named: str) -> None:
        super().__init__(named or "no home folder")
        self.variable_value = named
        """What the variable says; empty if it is not set."""


class Places(NamedTuple):
    """Folders, none of which need exist; `made` makes one. One folder may serve several ends.

    Not a dataclass: a prompt of a shell that asks the running program needs these first, and `dataclasses` takes as
    long to import as all else it needs.
    """

    config: Path
    state: Path
    log: Path
    runtime: Path
    """For sockets: gone after logging out, where the system offers such a place."""

    @property
    def config_file(self) -> Path:
        """The person's own settings."""
        return self.config / "config.toml"

    @property
    def state_file(self) -> Path:
        """What outlives the program."""
        return self.state / "state.db"

    @property
    def log_file(self) -> Path:
        """The newest of the rotating log's files."""
        return self.log / "tray.log"


NOWHERE = Places(*[Path(os.devnull) / APP_NAME] * 4)
"""For what needs no files: nothing is ever found there, and nothing can be made."""


def find_places() -> Places:
    """The places for this environment; touches nothing. Raises NoHome."""
    home = os.environ.get(HOME_VARIABLE, "")
    try:
        return _places_under(Path(home).expanduser().absolute()) if home else _system_places()
    except RuntimeError as error:  # as pathlib says it
        raise NoHomeError(home) from error


def _places_under(folder: Path) -> Places:
    return Places(config=folder, state=folder, log=folder, runtime=folder)


def _system_places() -> Places:
    dirs = PlatformDirs(APP_NAME, appauthor=False)
    return Places(
        config=dirs.user_config_path,
        state=dirs.user_state_path,
        log=dirs.user_log_path,
        runtime=_runtime_folder() or dirs.user_state_path,
    )


def create_folder(folder: Path) -> Path:
    """The folder, there and ours alone if it was not there before. Raises OSError."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    return folder


def _runtime_folder() -> Path | None:
    """The session's own folder. None without one, or when it is another person's, as under `sudo -E` or `su`."""
    if sys.platform == "win32":  # it has no user ids, and no such folder either
        return None
    base = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    try:
        ours = base.is_absolute() and base.is_dir() and base.stat().st_uid == os.geteuid()
    except OSError:
        return None
    return base / APP_NAME if ours else None
