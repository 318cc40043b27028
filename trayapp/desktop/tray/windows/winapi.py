"""Declares the Windows calls that the tray needs beside those that pystray declares; Windows 10 and later."""

from __future__ import annotations

import ctypes
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import wintypes
from enum import IntEnum
from types import ModuleType
from typing import Any

from PIL import Image

from trayapp import APP_ID

_windows: Any = ctypes
"""ctypes without types: parts of it exist on Windows only, so a type checker elsewhere would complain."""
_PER_MONITOR = -4
_ICON_FORMAT = 0x00030000
_CLOSE_WAIT = 4.0
"""Seconds; Windows grants a console program 5 after its window was closed."""


class IconKind(IntEnum):
    """The size of an icon, by the system metric of its width."""

    LARGE = 11
    SMALL = 49


class WindowsApi:
    """Calls Windows; `win32` is pystray's table of calls, used for what it has."""

    def __init__(self, win32: ModuleType | Any) -> None:
        dlls = win32.windll
        user, handle = dlls.user32, wintypes.HANDLE
        self.set_timer = _declare_function(
            user.SetTimer, handle, ctypes.c_size_t, wintypes.UINT, wintypes.LPVOID
        )
        self.kill_timer = _declare_function(user.KillTimer, handle, ctypes.c_size_t)
        self.end_menu = _declare_function(user.EndMenu)
        # Without this call a computer with Modern Standby sends a window no power events.
        self.register_sleep_notification = _declare_function(
            user.RegisterSuspendResumeNotification, handle, wintypes.DWORD
        )
        self._destroy_icon = win32.DestroyIcon
        self._dpi_of = _declare_function(user.GetDpiForWindow, handle)
        self._metric = _declare_function(user.GetSystemMetricsForDpi, ctypes.c_int, wintypes.UINT)
        self._new_icon = _declare_function(
            user.CreateIconFromResourceEx,
            ctypes.c_char_p, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD, ctypes.c_int, ctypes.c_int, wintypes.UINT,
        )  # fmt: skip
        self._new_icon.restype = wintypes.HICON
        self._console_handler = _windows.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
        self._set_console_handler = dlls.kernel32.SetConsoleCtrlHandler
        self._set_awareness = _declare_function(user.SetProcessDpiAwarenessContext, handle)
        self._set_id = _declare_function(
            dlls.shell32.SetCurrentProcessExplicitAppUserModelID, wintypes.LPCWSTR
        )

    def set_process_identity(self) -> None:
        """Set the program's id and per-screen resolution; call it before the first window.

        The installer gives that id the name and picture that Windows shows, whichever file was started. A value that
        was set before, for example by a manifest, stays.
        """
        self._set_id(APP_ID)
        self._set_awareness(_PER_MONITOR)

    def icon_size(self, kind: IconKind, window: int) -> int:
        """Read the width in pixels of such an icon on the window's screen."""
        return int(self._metric(kind, self._dpi_of(window)))

    def new_icon(self, image: Image.Image) -> int:
        """Make an icon's handle, which the caller destroys. Raises OSError."""
        bits = icon_bits(image)
        handle = self._new_icon(bits, len(bits), True, _ICON_FORMAT, *image.size, 0)
        if not handle:
            raise OSError(f"Windows made no icon of {image.width} pixels")
        return int(handle)

    def destroy_icon(self, handle: int) -> None:
        """Free an icon's handle."""
        self._destroy_icon(handle)

    @contextmanager
    def stop_on_console_close(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when Ctrl-C is pressed in the program's console or the console is closed.

        Python's own handler only notes a signal, and the main thread would handle it with the next window message.
        """

        def handle_event(event: int) -> bool:
            stop()
            if event > 1:  # neither Ctrl-C nor Ctrl-Break: Windows ends the process when this returns
                threading.Event().wait(_CLOSE_WAIT)
            return False

        handler = self._console_handler(handle_event)
        self._set_console_handler(handler, True)
        try:
            yield
        finally:
            self._set_console_handler(handler, False)


def icon_bits(image: Image.Image) -> bytes:
    """Encode an RGBA image as an icon resource: a bitmap, lowest row first, and an empty mask, since alpha suffices.

    The header's height counts both: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10) .
    """
    width, height = image.size
    header = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 32, 0, 0, 0, 0, 0, 0)
    mask = bytes((width + 31) // 32 * 4 * height)
    return header + image.tobytes("raw", "BGRA", 0, -1) + mask


def _declare_function(function: Any, *arguments: Any) -> Any:
    function.argtypes = arguments
    return function
