"""The tray on Windows: an icon on a thread of its own, so that a shell that hangs holds up nobody, least of all the end.

The main thread only waits for the end. At the end of a session that makes a clean one possible: Windows may end the
program as soon as it returns from the message that says so, and that return waits on the icon's thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TextIO

from trayapp.desktop.sleep.signals import DRAWN_WITHIN, Naps
from trayapp.desktop.tray.base import Act, Balloon, Draw, Says
from trayapp.desktop.tray.pystray_loader import back_end
from trayapp.desktop.tray.terminal import Terminal
from trayapp.desktop.tray.windows.icon import HANG, REFRESH, WindowsIcon
from trayapp.desktop.tray.windows.winapi import Api
from trayapp.model import View

log = logging.getLogger(__name__)

LEAVING = 0.5
"""Seconds for the icon to go; if a shell hangs, it finds out by itself that the icon's window is gone."""
SESSION_END = 4.0
"""Seconds for the program to end with the session; Windows grants five."""


@dataclass(eq=False)
class _Hanging:
    """A balloon on its way to the icon's thread, and the answer on its way back."""

    balloon: Balloon
    ended: Callable[[bool], None]
    taken: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    given_up: bool = False


class WindowsTray:
    """Implements `Tray`, `ShowsBalloons` and the icon's `Errands`."""

    def __init__(
        self, draw: Draw, act: Act, speech: Says, out: TextIO | None, naps: Naps | None = None
    ) -> None:
        self._draw = draw
        self._act = act
        self._speech = speech
        self._naps = naps
        self._terminal = Terminal(out)
        self._newest: View | None = None
        self._hanging: SimpleQueue[_Hanging] = SimpleQueue()
        self._over: SimpleQueue[bool] = SimpleQueue()
        """False: not yet, but there is news for the main thread, which shows it where there is no window."""
        self._windowless = False
        self._icon: WindowsIcon | None = None

    def run(self) -> None:
        """See `Tray`."""
        module = back_end("win32")
        api = Api(module.win32)
        api.introduce()
        icon = self._icon = WindowsIcon(module, api, self._draw, self._act, self)
        thread = threading.Thread(target=self._live, args=(icon,), name="tray", daemon=True)
        with api.console_heeded(self.stop):
            thread.start()
            while not self._over.get():
                if self._newest is not None:
                    self.stand_in(self._newest)
            icon.close()
            thread.join(LEAVING)
        self._terminal.rest()

    def show(self, view: View) -> None:
        """See `Tray`."""
        if view != self._newest:
            self._newest = view
            if self._windowless:
                self._over.put(False)
            else:
                self._post(REFRESH)

    def stop(self) -> None:
        """See `Tray`."""
        self._over.put(True)

    def docked(self) -> bool:
        """See `Tray`."""
        return self._icon is not None and self._icon.area.docked

    def explain(self) -> list[str]:
        """See `Tray`."""
        return [f"notification area: {'shows the icon' if self.docked() else 'takes no icon'}"]

    def balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """See `ShowsBalloons`. From any other thread than the icon's."""
        hanging = _Hanging(balloon, ended)
        self._hanging.put(hanging)
        self._post(HANG)
        try:
            return hanging.taken.get(timeout=limit)
        except Empty:
            hanging.given_up = True
            return False

    def newest(self) -> View | None:
        """See `Errands`."""
        return self._newest

    def hang_waiting(self) -> None:
        """See `Errands`."""
        while self._icon is not None and self.docked() and not self._hanging.empty():
            hanging = self._hanging.get()
            hanging.taken.put(not hanging.given_up and self._icon.hang(hanging.balloon, hanging.ended))

    def stand_in(self, view: View) -> None:
        """See `Errands`."""
        if self._terminal.stand_in(self._speech, view):
            log.info("no tray: %s", "; ".join(self.explain()))

    def rest(self) -> None:
        """See `Errands`. What came before there was an icon hangs on it now, if it is still waited for."""
        self._terminal.rest()
        self.hang_waiting()

    def falls_asleep(self) -> None:
        """See `Errands`."""
        if self._naps is not None and (drawn := self._naps.begin()):
            drawn.wait(DRAWN_WITHIN)

    def wakes(self) -> None:
        """See `Errands`."""
        if self._naps is not None:
            self._naps.end()

    def end(self) -> None:
        """See `Errands`."""
        self.stop()
        time.sleep(SESSION_END)  # as a rule the process is over long before

    def _post(self, message: int) -> None:
        if self._icon is not None:
            self._icon.post(message)

    def _live(self, icon: WindowsIcon) -> None:
        try:
            icon.live()
        except Exception:
            # As in a session without a desktop: the terminal and the notices are of use all the same.
            log.exception("there is no window for the icon")
            self._windowless = True
            self._over.put(False)
        else:
            self.stop()
