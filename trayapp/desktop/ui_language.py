"""Reads the person's language from the operating system, for when no environment variable names it."""

from __future__ import annotations

import locale
import re
import subprocess
import sys
from collections.abc import Sequence

from trayapp.desktop.system32 import load_library


def ui_languages() -> Sequence[str]:
    """Read language tags, the preferred first: "tr_TR", "tr-TR"; empty where the system has no such setting."""
    return _windows_languages() or _mac_languages()


def _windows_languages() -> Sequence[str]:
    """Read the language of menus, which may differ from the regional format that `locale` reports."""
    if sys.platform != "win32":
        return ()
    tag = locale.windows_locale.get(load_library("kernel32").GetUserDefaultUILanguage())
    return (tag,) if tag else ()


def _mac_languages() -> Sequence[str]:
    """Read the languages by `defaults`, because a program started from Finder has no LANG."""
    if sys.platform != "darwin":
        return ()
    try:
        asked = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLanguages"],
            capture_output=True,
            text=True,
            timeout=2,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_languages(asked.stdout)


def parse_languages(said: str) -> Sequence[str]:
    """Parse the tags in a property list as `defaults` prints it."""
    return re.findall(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*", said)
