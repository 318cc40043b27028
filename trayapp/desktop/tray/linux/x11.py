"""Shows the icon in X11's old tray on its own thread, so that a dead X server blocks nothing else.

pystray's setters wait without limit for its loop; here a caller only stores the newest view and wakes the thread.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from types import ModuleType

from trayapp.desktop.tray.base import Draw, OnCommand
from trayapp.desktop.tray.linux.xembed import XembedIcon
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end
from trayapp.model import TrayView

_log = logging.getLogger(__name__)


def is_x11_forbidden(*, has_bus: bool) -> bool:
    """Whether X11 may not be used: on Wayland even connecting to its display starts a server for it.

    The trays of Wayland are on the session bus, where one may come later, after the login or a locked screen. So on
    Wayland X11 is used only without a bus.
    """
    env = os.environ
    on_wayland = bool(env.get("WAYLAND_DISPLAY")) or env.get("XDG_SESSION_TYPE") == "wayland"
    return on_wayland and has_bus


class X11Tray:
    """Docks in the tray that is there or comes later."""

    def __init__(self, draw: Draw, act: OnCommand, on_change: Callable[[], None]) -> None:
        self.is_docked = False
        self.is_display_gone = False
        """Whether the display has ended."""
        self.reason = "no tray on this display"
        self._draw = draw
        self._act = act
        self._on_change = on_change
        self._view: TrayView | None = None
        self._stopping = False
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._thread = threading.Thread(target=self._run_thread, name="x11", daemon=True)
        self._thread.start()

    def show(self, view: TrayView) -> None:
        """Replace the shown view."""
        self._view = view
        self._wake_thread()

    def stop(self) -> None:
        """Remove the icon; waits at most 0.5 s for a display that does not answer."""
        self._stopping = True
        self._wake_thread()
        self._thread.join(0.5)

    def _wake_thread(self) -> None:
        try:
            self._ringer.send(b"!")
        except OSError as error:
            _log.debug("the X11 thread is over: %s", error)

    def _run_thread(self) -> None:
        try:
            xorg = load_back_end("xorg")
            while not self._stopping:
                self._run_window(xorg)
        except Unavailable as error:
            self.reason = f"no X11: {error}"
        except Exception as error:  # noqa: BLE001  # the display may end in many ways; each ends only this icon
            self.is_display_gone, self.reason = True, f"the display is gone: {error}"
            _log.warning("no icon on X11 any more: %s", error)
        self._bell.close()
        self._ringer.close()
        self._report_docked(docked=False)

    def _run_window(self, xorg: ModuleType) -> None:
        """Run one window from its making to its end."""
        icon = XembedIcon(xorg, self._draw, self._act)
        try:
            while not self._stopping and not icon.is_destroyed:
                self._run_once(icon, xorg)
        finally:
            icon.close()

    def _run_once(self, icon: XembedIcon, xorg: ModuleType) -> None:
        """Show the newest view, handle all events, then wait for more."""
        try:
            if self._view is not None:
                icon.show(self._view)
            # Sending reads events too, which no longer make the display readable: repeat until there is none.
            while icon.display.flush() or icon.display.pending_events():
                icon.handle_event(icon.display.next_event())
        except (xorg.XError, xorg.Xlib.error.XError) as error:
            _log.debug("a window went away meanwhile: %s", error)
            return
        self._report_docked(docked=icon.is_docked)
        ready, _, _ = select.select([icon.display, self._bell], [], [])
        if self._bell in ready:
            self._bell.recv(4096)

    def _report_docked(self, *, docked: bool) -> None:
        if self.is_docked != docked:
            self.is_docked = docked
            self._on_change()
