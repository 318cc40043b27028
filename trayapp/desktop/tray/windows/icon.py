"""Shows the icon, its menu and its balloon on Windows, on pystray's window and loop, and works around its faults.

Faults of pystray 0.19.5 `_win32.py`; drop each workaround when a later version mends it: setters run on the caller's
thread (moses-palmer/pystray#60); every change writes an icon file to disk (#190); a menu is destroyed while it is
open; the shell's refusals go unnoticed; it refuses the end of the session, for it answers unknown messages with 0.
"""

# ruff: noqa: SLF001  # what needs mending in pystray is private there

from __future__ import annotations

import ctypes
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

from trayapp import APP_ID
from trayapp.desktop.tray.base import Balloon, Draw, OnCommand
from trayapp.desktop.tray.windows.icon_handle import IconHandle
from trayapp.desktop.tray.windows.notification_area import (
    ICON_EVENT,
    FieldFlags,
    NotificationArea,
    ShellCommand,
)
from trayapp.desktop.tray.windows.popup_menu import PopupMenu
from trayapp.desktop.tray.windows.winapi import IconKind, WindowsApi
from trayapp.model import TrayView

REFRESH = 0x8000 + 1
SHOW_BALLOON = 0x8000 + 2
"""The program's window messages (WM_APP and on): there is a newer view; there is a balloon."""
_CLOSE = 0x0010
"""WM_CLOSE, which another program sends to end this one."""

FIRST_RETRY, LAST_RETRY = 1.0, 60.0
"""Seconds until the shell is asked again, doubled each time up to the last; at login Explorer starts late."""

_TIMER = 1
_QUERY_END, _END, _TIME, _POWER, _DPI_CHANGED = 0x0011, 0x0016, 0x0113, 0x0218, 0x02E0
_SUSPENDS, _RESUMED, _WOKE = 0x4, 0x7, 0x12
"""Power events (PBT_APM*): it goes to sleep; a person woke it; it woke for any reason, which is sent first."""
_DOUBLE_CLICK = 0x0203
_HIDDEN, _TIMED_OUT, _CLICKED = 0x0403, 0x0404, 0x0405
"""A balloon's events (NIN_BALLOON*): it was hidden, timed out, or was clicked."""


class IconOwner(Protocol):
    """The icon's tray, as the icon calls it on its own thread."""

    def newest_view(self) -> TrayView | None:
        """The view to show, None before there is one."""

    def show_waiting_balloons(self) -> None:
        """Show the balloons that wait."""

    def show_without_icon(self, view: TrayView) -> None:
        """Show the view in another way: the shell has taken no icon for a while."""

    def handle_docked(self) -> None:
        """React to the icon's being taken by the shell."""

    def handle_suspend(self) -> None:
        """Prepare for sleep, which begins soon after the return; the icon then shows the newest view at once."""

    def handle_resume(self) -> None:
        """React to the computer's waking."""

    def end_session(self) -> None:
        """End the program with the session; Windows may kill it once this returns."""


class WindowsIcon:
    """The icon and its window; all but `post_message` and `close` runs on the thread that calls `run_loop`."""

    def __init__(
        self, module: ModuleType, api: WindowsApi, draw: Draw, act: OnCommand, owner: IconOwner
    ) -> None:
        self.area = NotificationArea(self._tell_shell)
        self._win32 = module.win32
        self._api = api
        self._act = act
        self._owner = owner
        self._shown: TrayView | None = None
        self._window = 0
        self._closing = False
        self._second_click = False
        self._retry = FIRST_RETRY
        self._balloon_ended: Callable[[bool], None] | None = None
        self._picture = IconHandle(api, IconKind.SMALL, draw)
        self._balloon_picture = IconHandle(api, IconKind.LARGE, draw)
        self._icon = module.Icon(APP_ID)
        self._popup = PopupMenu(self._icon, module.win32, act)
        self._icon._menu_handle = None  # its loop looks for one at its end
        self._icon._mark_ready = self._handle_ready
        self._icon._hide = self._handle_loop_end
        self._icon._message_handlers = self._build_handlers()

    def run_loop(self) -> None:
        """Handle window messages until `close` is called."""
        self._icon._run()

    def post_message(self, message: int) -> None:
        """Post a message to the window, if there is one. A full queue already holds one of the program's messages."""
        if self._window:
            self._win32.PostMessage(self._window, message, 0, 0)

    def close(self) -> None:
        """Make `run_loop` return."""
        self._closing = True
        self.post_message(_CLOSE)

    def show_balloon(self, balloon: Balloon, ended: Callable[[bool], None]) -> bool:
        """Show a balloon on the icon; returns True if the shell took it."""
        picture = self._balloon_picture.handle_for(balloon.look, self._window) if balloon.look else 0
        # A shell may refuse a picture for its size; the notification matters more than its picture.
        taken = self.area.show_balloon(balloon, picture) or (picture != 0 and self.area.show_balloon(balloon))
        self._balloon_picture.release_previous()
        if taken:
            self._balloon_ended = ended
        return taken

    def _build_handlers(self) -> dict[int, Callable[[int, int], object]]:
        win32 = self._win32
        again = lambda _w, _l: self._show_icon()  # noqa: E731  # one of a table
        return {
            REFRESH: lambda _w, _l: self._show_newest(),
            SHOW_BALLOON: lambda _w, _l: self._owner.show_waiting_balloons(),
            ICON_EVENT: lambda _w, event: self._handle_event(event),
            win32.WM_TASKBARCREATED: again,
            win32.WM_DISPLAYCHANGE: again,
            _DPI_CHANGED: again,
            _TIME: again,
            _CLOSE: lambda _w, _l: self._quit_loop(),
            _QUERY_END: lambda _w, _l: True,
            _POWER: lambda event, _l: self._handle_power(event),
            _END: lambda ending, _l: self._owner.end_session() if ending else None,
        }

    def _handle_ready(self) -> None:
        """Note that there is a window now, and post what was asked for before."""
        self._window = self._icon._hwnd
        self._api.register_sleep_notification(self._window, 0)
        for message in (REFRESH, SHOW_BALLOON, *((_CLOSE,) if self._closing else ())):
            self.post_message(message)

    def _handle_power(self, event: int) -> bool:
        if event == _SUSPENDS:
            self._owner.handle_suspend()
            self._show_newest()
        elif event in {_RESUMED, _WOKE}:
            self._owner.handle_resume()
        return True

    def _handle_loop_end(self) -> None:
        """Remove the icon and free its pictures at the end of the loop."""
        self._window = 0
        self.area.remove_icon()
        self._picture.close()
        self._balloon_picture.close()

    def _quit_loop(self) -> None:
        self._api.end_menu()
        self._win32.PostQuitMessage(0)

    def _tell_shell(self, order: ShellCommand, parts: FieldFlags, /, **fields: Any) -> bool:
        data = self._win32.NOTIFYICONDATAW(
            cbSize=ctypes.sizeof(self._win32.NOTIFYICONDATAW), hWnd=self._icon._hwnd, uFlags=parts, **fields
        )
        return bool(self._win32.Shell_NotifyIcon(order, data))

    def _show_newest(self) -> None:
        """Show the newest view where it differs from the shown one."""
        before, view = self._shown, self._owner.newest_view()
        if view is None or view == before:
            return
        self._shown = view
        if before is None or (before.look, before.tooltip) != (view.look, view.tooltip):
            self._show_icon()
        elif not self.area.is_docked:
            self._owner.show_without_icon(view)

    def _show_icon(self) -> None:
        """Show the icon, also when the shell may have it already."""
        if self._shown is None:
            return
        if picture := self._picture.handle_for(self._shown.look, self._window):
            self.area.show_icon(picture, self._shown.tooltip)
            self._picture.release_previous()
        else:
            self.area.remove_icon()  # better no icon than one with an outdated state
        if self.area.is_docked:
            self._handle_docked()
        else:
            self._retry_later(self._shown)

    def _handle_docked(self) -> None:
        self._api.kill_timer(self._window, _TIMER)
        self._retry = FIRST_RETRY
        self._owner.handle_docked()

    def _retry_later(self, view: TrayView) -> None:
        """Set the timer that asks the shell again, with a doubled delay the next time."""
        if self._retry > FIRST_RETRY:
            self._owner.show_without_icon(view)
        self._api.set_timer(self._window, _TIMER, round(1000 * self._retry), None)
        self._retry = min(2 * self._retry, LAST_RETRY)

    def _handle_event(self, event: int) -> None:
        """Handle a mouse message on the icon or an event of its balloon."""
        if event == _DOUBLE_CLICK:
            self._second_click = True
        elif event == self._win32.WM_LBUTTONUP:
            self._handle_click()
        elif event == self._win32.WM_RBUTTONUP:
            self._popup.open(self._shown.menu if self._shown else ())
        elif event in {_HIDDEN, _TIMED_OUT, _CLICKED} and self._balloon_ended:
            # The callback is kept: Windows lists balloons that have left the screen, and a click there counts.
            self._balloon_ended(event == _CLICKED)

    def _handle_click(self) -> None:
        """Run the default line's command, once for a double click: many people click twice."""
        second, self._second_click = self._second_click, False
        if self._shown is not None and not second and (command := self._shown.default_command):
            self._act(command)
