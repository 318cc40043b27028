"""Starts the program at login on Linux by a file (freedesktop.org: Desktop Application Autostart 0.5, Desktop Entry 1.5)."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.autostart.base import Argv, AutostartEntry
from trayapp.places import create_folder

FILE_NAME = f"{APP_ID}.desktop"

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_PLAIN_WORD = re.compile(r"[A-Za-z0-9@_+:,./-]+")
_EXEC_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', re.DOTALL)

# Some launchers cannot start a program whose path has such characters in it, but give them on as an argument; env has no
# such name. GLib 2.74 looks for Exec's first word before it makes one % of %% (g_desktop_app_info_load_from_keyfile), and
# so does systemd's generator of units, which also refuses quotes and tabs there (seen in 252, systemd/systemd#36044). Can
# go when both start a program from "100% sure". No detour is left for $, ` and \\, which that generator spoils also in
# arguments, and none for a path that env would take for a variable's setting.
_ENV_COMMAND = ("/usr/bin/env",)
_NEEDS_ENV = re.compile(r"[^=]*[%\"'\x00-\x1f][^=]*")


class XdgAutostart:
    """The person's autostart folder, which overrides the system's folders."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        dirs = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        self._system_files = [Path(folder) / "autostart" / FILE_NAME for folder in dirs.split(":") if folder]

    @property
    def _own_file(self) -> Path:
        """Find the person's own file. Raises OSError for a user without a home, as in containers."""
        named = Path(self._environment.get("XDG_CONFIG_HOME", ""))
        try:
            # The base directory specification ignores a relative path.
            folder = named if named.is_absolute() else Path.home() / ".config"
        except RuntimeError as error:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "~") from error
        return folder / "autostart" / FILE_NAME

    def read(self) -> AutostartEntry | None:
        """Read the first file that exists, also one that forbids the start. Raises OSError."""
        for file in (self._own_file, *self._system_files):
            with suppress(FileNotFoundError):
                return parse_entry(file.read_text("utf-8", errors="replace"))
        return None

    def write(self, command: Argv) -> None:
        """Replace the person's own file in one step. Raises OSError."""
        self._write_file(build_entry(command))

    def remove(self) -> None:
        """Delete the person's own file, and forbid a system-wide entry for this person. Raises OSError."""
        self._own_file.unlink(missing_ok=True)
        if self.read() is not None:
            self._write_file(f"[Desktop Entry]\nType=Application\nName={APP_TITLE}\nHidden=true\n")

    def _write_file(self, text: str) -> None:
        data, own = text.encode(), self._own_file
        create_folder(own.parent)
        new = own.with_suffix(".new")
        new.write_bytes(data)
        new.replace(own)


def build_entry(command: Argv) -> str:
    """Build the entry's text; TryExec disables it once the program is uninstalled."""
    started = (*_ENV_COMMAND, *command) if _NEEDS_ENV.fullmatch(command[0]) else command
    return "\n".join(
        [
            "[Desktop Entry]",
            "Type=Application",
            f"Name={APP_TITLE}",
            f"TryExec={_escape_value(command[0])}",
            f"Exec={_escape_value(' '.join(map(_quote_argument, started)))}",
            f"Icon={APP_ID}",
            "Terminal=false",
            "StartupNotify=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        ]
    )


def parse_entry(text: str) -> AutostartEntry:
    """Parse an entry, whether the program or the desktop's settings wrote it."""
    keys = dict(_read_keys(text))
    forbidden = keys.get("Hidden") == "true" or keys.get("X-GNOME-Autostart-enabled") == "false"
    command = tuple(_split_words(_unescape_value(keys.get("Exec", ""))))
    return AutostartEntry(command[1:] if command[:1] == _ENV_COMMAND else command, is_allowed=not forbidden)


def _read_keys(text: str) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of the first group, the entry itself."""
    group = 0
    for line in text.split("\n"):
        group += line.startswith("[")
        key, equals, value = line.partition("=")
        if group == 1 and equals:
            yield key.strip(), value.strip()


def _quote_argument(word: str) -> str:
    """Quote one argument of Exec unless it is plain, and double `%`, which begins a field code."""
    if _PLAIN_WORD.fullmatch(word):
        return word
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%") + '"'


def _split_words(line: str) -> Iterator[str]:
    for quoted, plain in _EXEC_WORD.findall(line):
        yield (re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) or plain).replace("%%", "%")


def _escape_value(value: str) -> str:
    """Escape a string for a key's value, the outer of the two layers of escapes."""
    return re.sub(r"[\\\n\t\r]", lambda found: _ESCAPES[found[0]], value)


def _unescape_value(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPES.get(found[1], found[0]), value)
