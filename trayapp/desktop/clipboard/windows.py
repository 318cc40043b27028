"""Copies a text to Windows' clipboard (user32, by ctypes)."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import time
    from ctypes import wintypes

    from trayapp.desktop.system32 import load_library

    _UNICODE_TEXT = 13
    _MOVEABLE = 0x2
    _ATTEMPTS, _RETRY_INTERVAL = 10, 0.05
    """Another program may have it open, for as long as it reads."""

    _user, _kernel = load_library("user32"), load_library("kernel32")
    # Without these ctypes would pass handles and pointers as 32 bits.
    _user.OpenClipboard.argtypes = (wintypes.HWND,)
    _user.SetClipboardData.argtypes = (wintypes.UINT, wintypes.HANDLE)
    _user.SetClipboardData.restype = wintypes.HANDLE
    _kernel.GlobalAlloc.argtypes = (wintypes.UINT, ctypes.c_size_t)
    _kernel.GlobalAlloc.restype = wintypes.HGLOBAL
    for _taking in (_kernel.GlobalLock, _kernel.GlobalUnlock, _kernel.GlobalFree):
        _taking.argtypes = (wintypes.HGLOBAL,)
    _kernel.GlobalLock.restype = ctypes.c_void_p

    def set_clipboard_text(text: str) -> None:
        """Give Windows the text, which keeps it also after this program has ended. Raises OSError."""
        held = _allocate_text(text.replace("\n", "\r\n"))
        try:
            _open_clipboard()
            try:
                _user.EmptyClipboard()
                _check_result(_user.SetClipboardData(_UNICODE_TEXT, held))
            finally:
                _user.CloseClipboard()
        except OSError:
            _kernel.GlobalFree(held)
            raise

    def _allocate_text(text: str) -> int:
        """Allocate a block of memory that Windows may take over."""
        data = text.encode("utf-16-le", errors="replace") + b"\0\0"
        block = int(_check_result(_kernel.GlobalAlloc(_MOVEABLE, len(data))))
        ctypes.memmove(_check_result(_kernel.GlobalLock(block)), data, len(data))
        _kernel.GlobalUnlock(block)
        return block

    def _open_clipboard() -> None:
        for attempt in range(_ATTEMPTS):
            if _user.OpenClipboard(None):
                return
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_RETRY_INTERVAL)
        raise ctypes.WinError(ctypes.get_last_error())

    def _check_result(result: int | None) -> int:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
        return result
