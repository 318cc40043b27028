"""The icon in X11's old tray, on a thread of its own, so that a dead X server blocks nobody.

pystray's own setters wait without limit for its loop; here a caller only leaves the newest view and wakes the thread.
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
    """Whether X11 may not be touched: on Wayland a mere knock at its display starts a server for it.

    The trays of Wayland are on the session bus, and one that is not there may come: after the login, after a lock of
    the screen. So only where there is no bus is X11 the way that is left.
    """
    env = os.environ
    on_wayland = bool(env.get("WAYLAND_DISPLAY")) or env.get("XDG_SESSION_TYPE") == "wayland"
    return on_wayland and has_bus


class X11Tray:
    """Docks wherever a tray is or comes."""

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
        """Show this from now on."""
        self._view = view
        self._wake_thread()

    def stop(self) -> None:
        """Take the icon away; a display that does not answer is left to itself."""
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
        """The life of one window."""
        icon = XembedIcon(xorg, self._draw, self._act)
        try:
            while not self._stopping and not icon.is_destroyed:
                self._run_once(icon, xorg)
        finally:
            icon.close()

    def _run_once(self, icon: XembedIcon, xorg: ModuleType) -> None:
        """Do what there is to do, then sleep until there is more."""
        try:
            if self._view is not None:
                icon.show(self._view)
            # Sending reads events too, which no longer make the display readable: look again until there is none.
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
