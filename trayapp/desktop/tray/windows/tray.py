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

from trayapp.desktop.sleep.signals import DRAW_TIMEOUT, SleepSignals
from trayapp.desktop.tray.base import Balloon, Draw, OnCommand, TranslatorPort
from trayapp.desktop.tray.pystray_loader import load_back_end
from trayapp.desktop.tray.terminal import Terminal
from trayapp.desktop.tray.windows.icon import REFRESH, SHOW_BALLOON, WindowsIcon
from trayapp.desktop.tray.windows.winapi import WindowsApi
from trayapp.model import TrayView

log = logging.getLogger(__name__)

REMOVAL_TIME = 0.5
"""Seconds for the icon to go; if a shell hangs, it finds out by itself that the icon's window is gone."""
SESSION_END_TIME = 4.0
"""Seconds for the program to end with the session; Windows grants five."""


@dataclass(eq=False)
class _PendingBalloon:
    """A balloon on its way to the icon's thread, and the answer on its way back."""

    balloon: Balloon
    on_ended: Callable[[bool], None]
    answer: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    is_abandoned: bool = False


class WindowsTray:
    """Implements `Tray`, `ShowsBalloons` and the icon's `IconOwner`."""

    def __init__(
        self,
        draw: Draw,
        act: OnCommand,
        speech: TranslatorPort,
        out: TextIO | None,
        naps: SleepSignals | None = None,
    ) -> None:
        self._draw = draw
        self._act = act
        self._speech = speech
        self._naps = naps
        self._terminal = Terminal(out)
        self._newest: TrayView | None = None
        self._pending_balloons: SimpleQueue[_PendingBalloon] = SimpleQueue()
        self._over: SimpleQueue[bool] = SimpleQueue()
        """False: not yet, but there is news for the main thread, which shows it where there is no window."""
        self._windowless = False
        self._icon: WindowsIcon | None = None

    def run(self) -> None:
        """See `Tray`."""
        module = load_back_end("win32")
        api = WindowsApi(module.win32)
        api.set_process_identity()
        icon = self._icon = WindowsIcon(module, api, self._draw, self._act, self)
        thread = threading.Thread(target=self._run_icon, args=(icon,), name="tray", daemon=True)
        with api.stop_on_console_close(self.stop):
            thread.start()
            while not self._over.get():
                if self._newest is not None:
                    self.show_without_icon(self._newest)
            icon.close()
            thread.join(REMOVAL_TIME)
        self._terminal.end_line()

    def show(self, view: TrayView) -> None:
        """See `Tray`."""
        if view != self._newest:
            self._newest = view
            if self._windowless:
                self._over.put(False)
            else:
                self._post_message(REFRESH)

    def stop(self) -> None:
        """See `Tray`."""
        self._over.put(True)

    def is_docked(self) -> bool:
        """See `Tray`."""
        return self._icon is not None and self._icon.area.is_docked

    def explain(self) -> list[str]:
        """See `Tray`."""
        return [f"notification area: {'shows the icon' if self.is_docked() else 'takes no icon'}"]

    def show_balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """See `ShowsBalloons`. From any other thread than the icon's."""
        hanging = _PendingBalloon(balloon, ended)
        self._pending_balloons.put(hanging)
        self._post_message(SHOW_BALLOON)
        try:
            return hanging.answer.get(timeout=limit)
        except Empty:
            hanging.is_abandoned = True
            return False

    def newest_view(self) -> TrayView | None:
        """See `IconOwner`."""
        return self._newest

    def show_waiting_balloons(self) -> None:
        """See `IconOwner`."""
        while self._icon is not None and self.is_docked() and not self._pending_balloons.empty():
            hanging = self._pending_balloons.get()
            hanging.answer.put(
                not hanging.is_abandoned and self._icon.show_balloon(hanging.balloon, hanging.on_ended)
            )

    def show_without_icon(self, view: TrayView) -> None:
        """See `IconOwner`."""
        if self._terminal.show_without_icon(self._speech, view):
            log.info("no tray: %s", "; ".join(self.explain()))

    def handle_docked(self) -> None:
        """See `IconOwner`. What came before there was an icon hangs on it now, if it is still waited for."""
        self._terminal.end_line()
        self.show_waiting_balloons()

    def handle_suspend(self) -> None:
        """See `IconOwner`."""
        if self._naps is not None and (drawn := self._naps.begin_sleep()):
            drawn.wait(DRAW_TIMEOUT)

    def handle_resume(self) -> None:
        """See `IconOwner`."""
        if self._naps is not None:
            self._naps.end_sleep()

    def end_session(self) -> None:
        """See `IconOwner`."""
        self.stop()
        time.sleep(SESSION_END_TIME)  # as a rule the process is over long before

    def _post_message(self, message: int) -> None:
        if self._icon is not None:
            self._icon.post_message(message)

    def _run_icon(self, icon: WindowsIcon) -> None:
        try:
            icon.run_loop()
        except Exception:
            # As in a session without a desktop: the terminal and the notices are of use all the same.
            log.exception("there is no window for the icon")
            self._windowless = True
            self._over.put(False)
        else:
            self.stop()
