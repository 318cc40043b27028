"""The tray on macOS: an icon in the menu bar. A click opens the menu, whose first line leads to the details.

AppKit may be touched on the main thread alone, so that everything hops there.
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
"""Seconds after which macOS has found a place for a new icon."""
CallOnMain = Callable[[Callable[[], None]], None]
"""Has a function called soon on the main thread, whose loop it wakes; from any thread."""


class MacTray:
    """Implements `Tray`."""

    def __init__(
        self,
        draw: Draw,
        act: base.OnCommand,
        naps: SleepSignals | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises Unavailable where there is no desktop."""
        self._back_end = load_menu_bar()
        self._on_main: CallOnMain = importlib.import_module("PyObjCTools.AppHelper").callAfter
        self._draw = draw
        self._act = act
        self._naps = naps
        self._icon: MenuBarIcon | None = None
        self._newest: TrayView | None = None
        self._hopping = False
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
        if not self._hopping:  # else the hop that is under way takes this View along
            self._hopping = True
            self._on_main(self._show_newest)

    def stop(self) -> None:
        """See `Tray`."""
        self._stopping = True
        self._on_main(self._end_loop)

    def is_docked(self) -> bool:
        """See `Tray`. An icon that the display's notch hides cannot be told from one that is seen."""
        return self._docked and not self._shut_out

    def explain(self) -> list[str]:
        """See `Tray`."""
        if self._shut_out:
            return ["menu bar: gives the icon no place"]
        return [f"menu bar: {'shows the icon' if self._docked else 'no icon yet'}"]

    def _show_newest(self) -> None:
        self._hopping = False  # first, so that a View that comes from now on hops again
        if self._icon is None or self._newest is None:
            return
        try:
            self._icon.show(self._newest)
        except Exception:
            # AppKit would end the program over it, and the next View may well be shown.
            log.exception("the icon could not be changed")
        else:
            self._docked = True
            self._check_placement(self._icon)

    def _check_placement(self, icon: MenuBarIcon) -> None:
        """Say once that the icon is kept out, when it has been for longer than macOS takes to place it."""
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
        """The computer is about to sleep, which waits for the return, or woke."""
        if self._naps is None:
            return
        if not begins:
            self._naps.end_sleep()
        elif drawn := self._naps.begin_sleep():
            drawn.wait(DRAW_TIMEOUT)
            self._show_newest()

    def _end_loop(self) -> None:
        if self._icon is not None:
            self._icon.end_loop()


@contextmanager
def wake_on_signals(on_main: CallOnMain) -> Iterator[None]:
    """Let Python's signal handlers run: it calls them between two of its own steps, of which AppKit's loop makes none."""
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
    """Before it Python looks for signals."""
