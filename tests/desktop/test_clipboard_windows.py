"""Windows' clipboard: another program that pastes gets the text."""

from __future__ import annotations

import sys

import pytest

if sys.platform == "win32":
    import ctypes
    import threading
    import time
    from ctypes import wintypes

    from trayapp.desktop.clipboard import ClipboardError, copy_text
else:
    pytest.skip("needs Windows' clipboard", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further

TEXT = "ChatGPT: büyük kesinti – “Answers”\nhttps://status.openai.com/incidents/x\n✓ 😀 <b>&\t"
user, kernel = ctypes.WinDLL("user32"), ctypes.WinDLL("kernel32")
user.OpenClipboard.argtypes = (wintypes.HWND,)
user.GetClipboardData.restype = wintypes.HANDLE
kernel.GlobalLock.argtypes = kernel.GlobalUnlock.argtypes = (wintypes.HANDLE,)
kernel.GlobalLock.restype = ctypes.c_void_p


def paste() -> str:
    """What is there."""
    assert user.OpenClipboard(None)
    try:
        held = user.GetClipboardData(13)
        place = kernel.GlobalLock(held)
        try:
            return ctypes.wstring_at(place)
        finally:
            kernel.GlobalUnlock(held)
    finally:
        user.CloseClipboard()


def test_it_is_given_to_who_pastes() -> None:
    """With Windows' own ends of lines; the next copy takes its place."""
    copy_text(TEXT)
    assert paste() == TEXT.replace("\n", "\r\n")
    copy_text("second")
    assert paste() == "second"


def test_a_program_that_reads_it_just_then_is_waited_for() -> None:
    """It lets go in a moment, or that is said."""
    opened, enough = threading.Event(), threading.Event()

    def hold() -> None:
        assert user.OpenClipboard(user.GetDesktopWindow())
        opened.set()
        enough.wait(10)
        user.CloseClipboard()

    for lets_go in (True, False):
        opened.clear()
        enough.clear()
        holder = threading.Thread(target=hold)
        holder.start()
        assert opened.wait(10)
        try:
            if lets_go:
                threading.Timer(0.15, enough.set).start()
                copy_text("in time")
            else:
                began = time.monotonic()
                with pytest.raises(ClipboardError):
                    copy_text("too late")
                assert time.monotonic() - began < 3.0
        finally:
            enough.set()
            holder.join()
    assert paste() == "in time"
