"""Opens addresses in the person's browser: few hosts, no shell, an environment without the bundle's settings.

An address may come from a status page, so it is judged as written by an enemy.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from trayapp.desktop.system32 import system_program
from trayapp.model.other_sources import OTHER_SOURCE_URLS

log = logging.getLogger(__name__)

ALLOWED_HOSTS = frozenset({"status.openai.com", "chatgpt.com", "platform.openai.com", "help.openai.com"})
"""Hosts that may always be opened; the configured page and `[links] allow` are added."""

MAX_URL_LENGTH = 2048
"""Characters of an address that all browsers and proxies take."""

OPENER_WAIT = 1.0
"""Seconds within which an opener that finds no browser gives up."""

WINDOWED_BROWSERS = "x-www-browser:firefox:chromium:google-chrome:epiphany:konqueror"
"""The browsers that xdg-open may try without a display: these browsers fail there and so report it. By default xdg-open would run a
text browser that nobody sees and report success (xdg-utils 1.1.3 and 1.2)."""

# Printable ASCII without the characters that RFC 3986 leaves out: neither a host nor a path can then be read
# in two ways. No "@" and no ":" before the first slash means no user and no port.
_HTTPS_URL = re.compile(r"https://([A-Za-z0-9.-]+)(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?", re.ASCII)
_ACTIVATION_TOKEN = re.compile(r"[\x21-\x7e]{1,256}", re.ASCII)


def is_allowed_url(url: str, hosts: AbstractSet[str], own: AbstractSet[str] = frozenset()) -> bool:
    """Whether an address may be opened: https on exactly one of `hosts`, or a known whole address.

    Known are the program's `own` pages and the pages of other sources.
    """
    if url in own or url in OTHER_SOURCE_URLS:
        return True
    match = _HTTPS_URL.fullmatch(url) if len(url) <= MAX_URL_LENGTH else None
    return match is not None and match[1].lower() in hosts


def open_url(
    url: str, hosts: AbstractSet[str], token: str = "", *, own: AbstractSet[str] = frozenset()
) -> bool:
    """Open an allowed address by the desktop; False, with a log entry, when no program took it within a second.

    `token` is the desktop's activation token that lets the browser's window come to the front.
    """
    if not is_allowed_url(url, hosts, own):
        log.warning("not opened, the address is not on an allowed host: %.200r", url)
        return False
    return _open_place(url, token)


def open_file(path: Path, token: str = "") -> bool:
    """Open one of the person's files in the desktop's editor; False when no program took it."""
    return _open_place(str(path.absolute()), token)


def _open_place(place: str, token: str) -> bool:
    try:
        return _start_opener(place, token)
    except OSError as error:
        log.warning("no program opened the address: %s", error)
        return False


if sys.platform == "win32":

    def _start_opener(place: str, token: str) -> bool:
        del token  # Windows has no such tokens
        try:
            os.startfile(place)  # noqa: S606 - an allowed https address or our own file, no shell between
        except OSError:
            if place.startswith("http"):
                raise
            # Few people have a program for .toml; this one is always there.
            os.startfile(system_program("notepad.exe"), "open", f'"{place}"')  # noqa: S606 - our own file
        return True

else:

    def _start_opener(place: str, token: str) -> bool:
        env = add_token(clean_environment(os.environ, getattr(sys, "_MEIPASS", None)), token)
        if sys.platform == "linux" and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
            if place.startswith("/"):
                log.warning("not opened, there is no display to show a file on")
                return False
            env.setdefault("BROWSER", WINDOWED_BROWSERS)
        # It begins with "http" or "/", so it cannot be taken for an option; xdg-open knows no "--".
        child = subprocess.Popen(  # noqa: S603 - argv, no shell, an allowed address or our own file
            [*opener_command(place), place],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return _check_exit_code(child.wait(OPENER_WAIT))
        except subprocess.TimeoutExpired:
            # It may be the browser and run for days: a thread waits for it, so that the caller need not.
            threading.Thread(
                target=lambda: _check_exit_code(child.wait()), name="opener", daemon=True
            ).start()
            return True


def add_token(env: Mapping[str, str], token: str) -> dict[str, str]:
    """Set the activation token in the environment, or remove it: the one of the program's own start is used up.

    Wayland's programs read the one name, X11's the other, as GLib sets them.
    """
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    rest = {name: value for name, value in env.items() if name not in names}
    return {**rest, **dict.fromkeys(names, token)} if _ACTIVATION_TOKEN.fullmatch(token) else rest


def opener_command(place: str) -> tuple[str, ...]:
    """Choose the program that opens an address or a file; macOS has none for .toml, so there it opens as text."""
    if sys.platform != "darwin":
        return ("xdg-open",)
    return ("/usr/bin/open", "-t") if place.startswith("/") else ("/usr/bin/open",)


def _check_exit_code(code: int) -> bool:
    if code:
        log.warning("the program that opens addresses ended with %d", code)
    return not code


def clean_environment(env: Mapping[str, str], bundle: str | None) -> dict[str, str]:
    """Undo the changes of PyInstaller's boot loader and hooks that point the environment to `bundle`.

    Without this a browser started from the frozen program loads the bundle's libraries and dies (pyinstaller#6334).
    `bundle` is None when the program is not frozen; then nothing is changed.
    """
    if bundle is None:
        return dict(env)
    clean = {}
    for name, value in env.items():
        parts = value.split(os.pathsep)
        kept = [part for part in parts if not _is_within(part, bundle)]
        if kept and not name.startswith(("_PYI_", "_MEI")):
            clean[name] = os.pathsep.join(kept)
    if (before := clean.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
        clean["LD_LIBRARY_PATH"] = before
    return clean


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
