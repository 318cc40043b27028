"""Loads Windows' libraries and finds its programs in Windows' own folder and no other.

By its name alone Windows looks for either beside the program and in the current folder first, where another program of
that name may lie. https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-security
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import PureWindowsPath
from typing import Any

_LOAD_LIBRARY_SEARCH_SYSTEM32 = 0x800
_MAX_PATH = 260
_windows: Any = ctypes
"""ctypes without types: parts of it exist on Windows only, so a type checker elsewhere would complain."""


@cache
def load_library(name: str) -> Any:
    """Load a library that keeps the last error for `ctypes.get_last_error`. Raises OSError where there is none."""
    return _windows.WinDLL(name, use_last_error=True, winmode=_LOAD_LIBRARY_SEARCH_SYSTEM32)


def system_program(name: str) -> str:
    """Find the full path of a program that comes with Windows. Raises OSError."""
    folder = ctypes.create_unicode_buffer(_MAX_PATH)
    if not load_library("kernel32").GetSystemDirectoryW(folder, _MAX_PATH):
        raise _windows.WinError(_windows.get_last_error())
    return str(PureWindowsPath(folder.value, name))
