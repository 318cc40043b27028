"""Runs the tray on Linux: uses the best back end that has a host now, and a better one as soon as it has.

A StatusNotifierItem where a host shows them; else X11's old tray, with a menu where GTK is installed; else a line in
the terminal. The back ends have their own threads, so the main thread only waits for changes and stops at once.
"""

from __future__ import annotations

import logging
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TextIO

from trayapp.desktop.tray.base import BackEnd, Draw, OnCommand, TranslatorPort
from trayapp.desktop.tray.linux.gtk import GtkTray
from trayapp.desktop.tray.linux.x11 import X11Tray, is_x11_forbidden
from trayapp.desktop.tray.terminal import Terminal
from trayapp.model import TrayView

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus
    from trayapp.desktop.tray.linux.sni import StatusNotifierItem

_log = logging.getLogger(__name__)

FIRST_DELAYS = (0.3, 1.5)
"""Seconds without a StatusNotifierItem host until X11 is tried, and until the terminal is used."""
RESTART_DELAYS = (2.0, 3.5)
"""The same after an icon was shown: a panel that restarts needs about 2 s."""


class LinuxTray:
    """Implements `Tray`."""

    def __init__(
        self, bus: Bus | None, draw: Draw, act: OnCommand, translator: TranslatorPort, out: TextIO | None
    ) -> None:
        self._bus = bus
        self._draw = draw
        self._act = act
        self._translator = translator
        self._terminal = Terminal(out)
        self._news: SimpleQueue[None] = SimpleQueue()
        self._newest: TrayView | None = None
        self._stopping = False
        self._sni: StatusNotifierItem | None = None
        self._x11: X11Tray | None = None
        self._gtk: GtkTray | None = None
        self._without_since = 0.0
        self._patience = FIRST_DELAYS

    def run(self) -> None:
        """See `Tray`."""
        self._without_since = time.monotonic()
        if self._bus is not None:
            # A Mac without a desktop gets this tray for its terminal, and has no D-Bus library.
            from trayapp.desktop.tray.linux.sni import StatusNotifierItem

            self._sni = StatusNotifierItem(self._bus, self._draw, self._act, self._wake_loop)
        while not self._stopping:
            self._wait_for_news(self._show_newest())
        for back_end in self._back_ends():
            back_end.stop()
        self._terminal.end_line()

    def show(self, view: TrayView) -> None:
        """See `Tray`."""
        if view != self._newest:
            self._newest = view
            self._wake_loop()

    def stop(self) -> None:
        """See `Tray`."""
        self._stopping = True
        self._wake_loop()

    def is_docked(self) -> bool:
        """See `Tray`."""
        return any(back_end.is_docked for back_end in self._back_ends())

    def explain(self) -> list[str]:
        """See `Tray`."""
        return [
            f"StatusNotifierItem: {_describe_state(self._sni) if self._sni else 'no session bus'}",
            f"X11 tray: {_describe_state(self._x11) if self._x11 else 'not tried'}",
            f"X11 tray through GTK: {_describe_state(self._gtk) if self._gtk else 'not tried'}",
        ]

    def has_lost_display(self) -> bool:
        """See `LosesDisplay`."""
        return self._x11 is not None and self._x11.is_display_gone

    def _back_ends(self) -> list[BackEnd]:
        return [back_end for back_end in (self._sni, self._x11, self._gtk) if back_end is not None]

    def _wake_loop(self) -> None:
        self._news.put(None)

    def _wait_for_news(self, seconds: float | None) -> None:
        try:
            self._news.get(timeout=seconds)
        except Empty:
            return

    def _show_newest(self) -> float | None:
        """Show the newest view in the best back end; returns the seconds until a lesser one is due, if any."""
        view = self._newest
        if view is None:
            return None
        if self._sni is not None:
            self._sni.show(view)
            if self._sni.is_docked:
                self._stop_fallbacks()
                return None
        return self._show_fallback(view)

    def _stop_fallbacks(self) -> None:
        """End the lesser back ends, because a host shows the icon."""
        self._without_since = 0.0
        self._patience = RESTART_DELAYS
        self._terminal.end_line()
        for lesser in (self._x11, self._gtk):
            if lesser is not None:
                lesser.stop()
        self._x11 = self._gtk = None

    def _show_fallback(self, view: TrayView) -> float | None:
        now = time.monotonic()
        self._without_since = self._without_since or now
        x11_at, terminal_at = (self._without_since + seconds for seconds in self._patience)
        if now < x11_at:
            return x11_at - now
        self._show_in_x11_tray(view)
        if self.is_docked():
            self._terminal.end_line()
            return None
        if now < terminal_at:
            return terminal_at - now
        if self._terminal.show_without_icon(self._translator, view):
            _log.info("no tray: %s", "; ".join(self.explain()))
        return None

    def _show_in_x11_tray(self, view: TrayView) -> None:
        """Use X11's tray. GTK doubles the program's memory, so it is loaded only once `X11Tray` has found a tray."""
        if is_x11_forbidden(has_bus=self._bus is not None):
            return
        if self._x11 is None and self._gtk is None:
            self._x11 = X11Tray(self._draw, self._act, self._wake_loop)
        if self._gtk is None and self._x11 is not None and self._x11.is_docked:
            self._gtk = GtkTray(self._draw, self._act, self._wake_loop)
        if self._x11 is not None and self._gtk is not None and self._gtk.is_docked:
            self._x11.stop()
            self._x11 = None
        for old in (self._x11, self._gtk):
            if old is not None:
                old.show(view)


def _describe_state(back_end: BackEnd) -> str:
    return "shows the icon" if back_end.is_docked else back_end.reason
