"""The calls of Windows 10 and later that the tray needs beside those that pystray declares."""

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
"""Half of it exists on Windows only, where a type checker elsewhere cannot look."""
_PER_MONITOR = -4
_ICON_FORMAT = 0x00030000
_CLOSE_WAIT = 4.0
"""Seconds; Windows grants a console program five after its window was closed."""


class IconKind(IntEnum):
    """Where an icon stands (the system metric of its width)."""

    LARGE = 11
    SMALL = 49


class WindowsApi:
    """Wraps pystray's table of calls, `win32`, which is kept for what it has."""

    def __init__(self, win32: ModuleType | Any) -> None:
        dlls = win32.windll
        user, handle = dlls.user32, wintypes.HANDLE
        self.set_timer = _declare_function(
            user.SetTimer, handle, ctypes.c_size_t, wintypes.UINT, wintypes.LPVOID
        )
        self.kill_timer = _declare_function(user.KillTimer, handle, ctypes.c_size_t)
        self.end_menu = _declare_function(user.EndMenu)
        # Without it a computer with Modern Standby says nothing to a window.
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
        """Say who we are, and that we draw for each screen's own resolution; before the first window.

        To that name, whichever file was started, the installer gives the words and the picture that Windows shows.
        Where either was settled before, by a manifest for one, that stands.
        """
        self._set_id(APP_ID)
        self._set_awareness(_PER_MONITOR)

    def icon_size(self, kind: IconKind, window: int) -> int:
        """Pixels of such an icon on the window's screen."""
        return int(self._metric(kind, self._dpi_of(window)))

    def new_icon(self, image: Image.Image) -> int:
        """A handle of the icon, to be destroyed. Raises OSError."""
        bits = icon_bits(image)
        handle = self._new_icon(bits, len(bits), True, _ICON_FORMAT, *image.size, 0)
        if not handle:
            raise OSError(f"Windows made no icon of {image.width} pixels")
        return int(handle)

    def destroy_icon(self, handle: int) -> None:
        """Give an icon's handle back."""
        self._destroy_icon(handle)

    @contextmanager
    def stop_on_console_close(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when Ctrl-C is pressed in the program's console or the console is closed.

        Python's own handler only notes a signal, and the main thread would take it up with the next window message.
        """

        def told(event: int) -> bool:
            stop()
            if event > 1:  # neither Ctrl-C nor Ctrl-Break: with our return the process is ended
                threading.Event().wait(_CLOSE_WAIT)
            return False

        handler = self._console_handler(told)
        self._set_console_handler(handler, True)
        try:
            yield
        finally:
            self._set_console_handler(handler, False)


def icon_bits(image: Image.Image) -> bytes:
    """An RGBA image as an icon's resource: a bitmap, its lowest line first, and an empty mask, for alpha says it all.

    Its header speaks of both together: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10) .
    """
    width, height = image.size
    header = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 32, 0, 0, 0, 0, 0, 0)
    mask = bytes((width + 31) // 32 * 4 * height)
    return header + image.tobytes("raw", "BGRA", 0, -1) + mask


def _declare_function(function: Any, *arguments: Any) -> Any:
    function.argtypes = arguments
    return function
