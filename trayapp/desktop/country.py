"""Reads hints at the country that this computer is in, without asking the network."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from trayapp.desktop.system32 import load_library
from trayapp.desktop.ui_language import ui_languages

LOCALTIME_LINK = "/etc/localtime"
"""A link to the time zone's file, whose path holds its name, on Linux and macOS."""
_LOCALE_VARIABLES = ("LC_ALL", "LC_TIME", "LC_MESSAGES", "LANG")
_COUNTRY_BUFFER_SIZE = 8


def country_hints(environment: Mapping[str, str], localtime: str = LOCALTIME_LINK) -> Iterator[str]:
    """Yield the time zone's name, then locales such as tr_TR.UTF-8, the most reliable first.

    The time zone comes first: many people outside the United States use their English on the computer.
    """
    yield environment.get("TZ", "").removeprefix(":") or _zone_name(localtime)
    yield _windows_region()
    yield from filter(None, map(environment.get, _LOCALE_VARIABLES))
    yield from _system_languages()


def _zone_name(localtime: str) -> str:
    try:
        return Path(localtime).readlink().as_posix().partition("zoneinfo/")[2]
    except OSError:  # a copy of the file, which has no name; or Windows
        return ""


def _windows_region() -> str:
    """Read the country set in Windows, as a locale without a language."""
    if sys.platform != "win32":
        return ""
    name = ctypes.create_unicode_buffer(_COUNTRY_BUFFER_SIZE)
    try:
        told = load_library("kernel32").GetUserDefaultGeoName(name, _COUNTRY_BUFFER_SIZE)
    except AttributeError:  # before Windows 10 1709
        return ""
    return f"und_{name.value}" if told else ""


@lru_cache(maxsize=1)
def _system_languages() -> tuple[str, ...]:
    """Read the languages once: macOS is asked by running a program."""
    return tuple(ui_languages())
