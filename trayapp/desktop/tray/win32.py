"""The tray on Windows, on pystray's window and its loop, with the faults of its back end mended.

Mended in pystray 0.19.5 `_win32.py`, each to be dropped when a later version has it: setters run on the caller's
thread (moses-palmer/pystray#60); an icon is a file on disk with every change (#190); a menu is destroyed while it is
open; what the shell refuses is not noticed; the end of the session is refused, for what it does not know it answers
with 0.
"""

# ruff: noqa: SLF001  # what needs mending in pystray is private there

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TextIO

from trayapp.desktop.tray.area import EVENT, Area, Order, Part
from trayapp.desktop.tray.base import APP_ID, Act, Balloon, Draw, Says
from trayapp.desktop.tray.ground import back_end
from trayapp.desktop.tray.menu import menu_of
from trayapp.desktop.tray.picture import Picture
from trayapp.desktop.tray.popup import Popup
from trayapp.desktop.tray.terminal import Terminal
from trayapp.desktop.tray.winapi import Api, IconKind
from trayapp.model import View

_log = logging.getLogger(__name__)

REFRESH = 0x8000 + 1
HANG = 0x8000 + 2
"""Our own window messages (WM_APP and on): there is a newer View; there is a balloon."""

FIRST_RETRY, LAST_RETRY = 1.0, 60.0
"""Seconds until the shell is asked again for the first time, doubled each time; at login Explorer comes late."""

LEAVING = 0.5
"""Seconds; a shell that hangs keeps a caller for longer, and finds out by itself that the icon's window is gone."""

_TIMER = 1
_CLOSE, _QUERY_END, _END, _TIME, _DPI_CHANGED = 0x0010, 0x0011, 0x0016, 0x0113, 0x02E0
_DOUBLE_CLICK = 0x0203
_HIDDEN, _TIMED_OUT, _CLICKED = 0x0403, 0x0404, 0x0405
"""What becomes of a balloon (NIN_BALLOON*)."""


@dataclass(eq=False)
class _Hanging:
    """A balloon on its way to the tray's thread, and the answer on its way back."""

    balloon: Balloon
    ended: Callable[[bool], None]
    taken: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    given_up: bool = False


class WindowsTray:
    """Implements `Tray` and `ShowsBalloons`. What is not said to be from any thread happens on that of `run`."""

    def __init__(self, draw: Draw, act: Act, speech: Says, out: TextIO | None) -> None:
        self._draw = draw
        self._act = act
        self._speech = speech
        self._terminal = Terminal(out)
        self._newest: View | None = None
        self._shown: View | None = None
        self._hanging: SimpleQueue[_Hanging] = SimpleQueue()
        self._balloon_ended: Callable[[bool], None] | None = None
        self._stopping = False
        self._window = 0
        self._second_click = False
        self._retry = FIRST_RETRY
        self._area = Area(self._tell_shell)
        self._icon: Any = None
        self._win32: Any = None
        self._api: Api
        self._picture: Picture
        self._balloon_picture: Picture
        self._popup: Popup

    def run(self) -> None:
        """See `Tray`."""
        module = back_end("win32")
        self._win32 = module.win32
        self._api = Api(module.win32)
        self._api.introduce()
        self._picture = Picture(self._api, IconKind.SMALL, self._draw)
        self._balloon_picture = Picture(self._api, IconKind.LARGE, self._draw)
        self._icon = module.Icon(APP_ID)
        self._popup = Popup(self._icon, module.win32, self._act)
        self._icon._menu_handle = None  # its loop looks for one at its end
        self._icon._mark_ready = self._begin
        self._icon._hide = self._end
        self._icon._message_handlers = self._handlers()
        with self._api.console_heeded(self.stop):
            self._icon._run()

    def show(self, view: View) -> None:
        """See `Tray`."""
        if view != self._newest:
            self._newest = view
            self._post(REFRESH)

    def stop(self) -> None:
        """See `Tray`."""
        self._stopping = True
        self._post(_CLOSE)

    def docked(self) -> bool:
        """See `Tray`."""
        return self._area.docked

    def explain(self) -> list[str]:
        """See `Tray`."""
        state = "shows the icon" if self._area.docked else "takes no icon"
        return [f"notification area: {state}"]

    def balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """See `ShowsBalloons`. From any other thread."""
        hanging = _Hanging(balloon, ended)
        self._hanging.put(hanging)
        self._post(HANG)
        try:
            return hanging.taken.get(timeout=limit)
        except Empty:
            hanging.given_up = True
            return False

    def _handlers(self) -> dict[int, Callable[[int, int], object]]:
        win32 = self._win32
        again = lambda _w, _l: self._put()  # noqa: E731  # one of a table
        return {
            REFRESH: lambda _w, _l: self._refresh(),
            HANG: lambda _w, _l: self._hang(),
            EVENT: lambda _w, event: self._happened(event),
            win32.WM_TASKBARCREATED: again,
            win32.WM_DISPLAYCHANGE: again,
            _DPI_CHANGED: again,
            _TIME: again,
            _CLOSE: lambda _w, _l: self._quit(),
            _QUERY_END: lambda _w, _l: True,
            _END: lambda ending, _l: self._quit() if ending else None,
        }

    def _post(self, message: int) -> None:
        """Wake the loop. A queue that is full holds a message of ours already."""
        if self._window:
            self._win32.PostMessage(self._window, message, 0, 0)

    def _begin(self) -> None:
        """There is a window from here on; what was asked for before it was, is done now."""
        self._window = self._icon._hwnd
        for message in (REFRESH, HANG, *((_CLOSE,) if self._stopping else ())):
            self._post(message)

    def _end(self) -> None:
        """The loop is over."""
        self._window = 0
        leaving = threading.Thread(target=self._area.leave, name="leaving", daemon=True)
        leaving.start()
        leaving.join(LEAVING)
        self._terminal.rest()
        self._picture.close()
        self._balloon_picture.close()

    def _quit(self) -> None:
        self._api.end_menu()
        self._win32.PostQuitMessage(0)

    def _tell_shell(self, order: Order, parts: Part, /, **fields: Any) -> bool:
        data = self._win32.NOTIFYICONDATAW(
            cbSize=ctypes.sizeof(self._win32.NOTIFYICONDATAW), hWnd=self._icon._hwnd, uFlags=parts, **fields
        )
        return bool(self._win32.Shell_NotifyIcon(order, data))

    def _refresh(self) -> None:
        """Show what is newest, where it differs from what is shown."""
        before, view = self._shown, self._newest
        if view is None or view == before:
            return
        self._shown = view
        if before is None or (before.look, before.tooltip) != (view.look, view.tooltip):
            self._put()
        elif not self._area.docked:
            self._speak()

    def _put(self) -> None:
        """Show the icon, whether or not the shell has it."""
        if self._shown is None:
            return
        self._area.put(self._picture.of(self._shown.look, self._window), self._shown.tooltip)
        self._picture.drop_former()
        if self._area.docked:
            self._at_home()
        else:
            self._wait()

    def _at_home(self) -> None:
        self._api.kill_timer(self._window, _TIMER)
        self._retry = FIRST_RETRY
        self._terminal.rest()

    def _wait(self) -> None:
        """Ask again later."""
        if self._retry > FIRST_RETRY:
            self._speak()
        self._api.set_timer(self._window, _TIMER, round(1000 * self._retry), None)
        self._retry = min(2 * self._retry, LAST_RETRY)

    def _speak(self) -> None:
        if self._shown is not None and self._terminal.stand_in(self._speech, self._shown):
            _log.info("no tray: %s", "; ".join(self.explain()))

    def _hang(self) -> None:
        """Show the balloons that were asked for."""
        while not self._hanging.empty():
            hanging = self._hanging.get()
            taken = not hanging.given_up and self._hang_one(hanging.balloon)
            if taken:
                self._balloon_ended = hanging.ended
            hanging.taken.put(taken)

    def _hang_one(self, balloon: Balloon) -> bool:
        picture = self._balloon_picture.of(balloon.look, self._window) if balloon.look else 0
        # Shells are particular about a picture's size; the notice is worth more than its picture.
        taken = self._area.hang(balloon, picture) or (picture != 0 and self._area.hang(balloon))
        self._balloon_picture.drop_former()
        return taken

    def _happened(self, event: int) -> None:
        """Something happened on the icon: a mouse's message, or the fate of a balloon."""
        if event == _DOUBLE_CLICK:
            self._second_click = True
        elif event == self._win32.WM_LBUTTONUP:
            self._clicked()
        elif event == self._win32.WM_RBUTTONUP:
            self._popup.open(self._shown.menu if self._shown else ())
        elif event in {_HIDDEN, _TIMED_OUT, _CLICKED} and self._balloon_ended:
            # It stays known: Windows' list of notifications keeps what has left the screen, and a click there counts.
            self._balloon_ended(event == _CLICKED)

    def _clicked(self) -> None:
        """Do what the default line says; once, for many people click twice."""
        second, self._second_click = self._second_click, False
        if self._shown is not None and not second:
            menu_of(self._shown.menu, self._act)(None)
