"""Runs the tray on macOS: an icon in the menu bar. A click opens the menu, whose first line opens the details.

AppKit may be used on the main thread alone, so every call is passed to it.
"""

from __future__ import annotations

import importlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trayapp.desktop.sleep.signals import DRAW_TIMEOUT, SleepSignals
from trayapp.desktop.tray import base
from trayapp.desktop.tray.base import Draw
from trayapp.desktop.tray.macos.menubar import MenuBarIcon, load_menu_bar
from trayapp.model import Action, Command, TrayView

log = logging.getLogger(__name__)

PLACEMENT_TIME = 10.0
"""Seconds within which macOS finds a place for a new icon."""
CallOnMain = Callable[[Callable[[], None]], None]
"""Has the main thread call a function soon, and wakes its loop; may be called from any thread."""


class MacTray:
    """Implements `Tray`."""

    def __init__(
        self,
        draw: Draw,
        act: base.OnCommand,
        sleep_signals: SleepSignals | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load the back end. Raises Unavailable where there is no desktop."""
        self._back_end = load_menu_bar()
        self._on_main: CallOnMain = importlib.import_module("PyObjCTools.AppHelper").callAfter
        self._draw = draw
        self._act = act
        self._sleep_signals = sleep_signals
        self._icon: MenuBarIcon | None = None
        self._newest: TrayView | None = None
        self._update_queued = False
        self._stopping = False
        self._docked = self._shut_out = False
        self._clock = clock
        self._unplaced_since: float | None = None

    def run(self) -> None:
        """See `Tray`."""
        icon = self._icon = MenuBarIcon(self._back_end, self._draw, self._act, self._handle_sleep)
        with wake_on_signals(self._on_main):
            self._show_newest()
            if not self._stopping:
                icon.run_loop()
        self._icon, self._docked = None, False
        icon.remove()

    def show(self, view: TrayView) -> None:
        """See `Tray`."""
        if view == self._newest:
            return
        self._newest = view
        if not self._update_queued:  # else the call under way shows this view too
            self._update_queued = True
            self._on_main(self._show_newest)

    def stop(self) -> None:
        """See `Tray`."""
        self._stopping = True
        self._on_main(self._end_loop)

    def is_docked(self) -> bool:
        """See `Tray`. It cannot find out that the display's notch hides the icon."""
        return self._docked and not self._shut_out

    def explain(self) -> list[str]:
        """See `Tray`."""
        if self._shut_out:
            return ["menu bar: gives the icon no place"]
        return [f"menu bar: {'shows the icon' if self._docked else 'no icon yet'}"]

    def _show_newest(self) -> None:
        self._update_queued = False  # first, so that a view that comes from now on is passed on again
        if self._icon is None or self._newest is None:
            return
        try:
            self._icon.show(self._newest)
        except Exception:
            # AppKit would end the program over an exception, and the next view may well be shown.
            log.exception("the icon could not be changed")
        else:
            self._docked = True
            self._check_placement(self._icon)

    def _check_placement(self, icon: MenuBarIcon) -> None:
        """Report once that the icon is shut out, after longer than macOS takes to place it."""
        if not icon.is_shut_out():
            self._shut_out, self._unplaced_since = False, None
            return
        now = self._clock()
        self._unplaced_since = now if self._unplaced_since is None else self._unplaced_since
        if not self._shut_out and now - self._unplaced_since >= PLACEMENT_TIME:
            self._shut_out = True
            log.warning("the menu bar gives the icon no place")
            self._act(Command(Action.ICON_HIDDEN))

    def _handle_sleep(self, *, begins: bool) -> None:
        """Pass on sleep, which waits for the return, or waking."""
        if self._sleep_signals is None:
            return
        if not begins:
            self._sleep_signals.end_sleep()
        elif drawn := self._sleep_signals.begin_sleep():
            drawn.wait(DRAW_TIMEOUT)
            self._show_newest()

    def _end_loop(self) -> None:
        if self._icon is not None:
            self._icon.end_loop()


@contextmanager
def wake_on_signals(on_main: CallOnMain) -> Iterator[None]:
    """Let Python's signal handlers run: Python calls them between its own steps, and AppKit's loop makes none."""
    bell, ringer = socket.socketpair()
    ringer.setblocking(False)
    listening = threading.Thread(target=_relay_signals, args=(bell, on_main), name="signals", daemon=True)
    listening.start()
    before = signal.set_wakeup_fd(ringer.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        ringer.close()
        listening.join()
        bell.close()


def _relay_signals(bell: socket.socket, on_main: CallOnMain) -> None:
    while bell.recv(64):
        on_main(_do_nothing)


def _do_nothing() -> None:
    """Give Python a step before which it handles signals."""
