"""Runs the tray on Windows: the icon has its own thread, so that a hanging shell delays neither the program nor its end.

The main thread only waits for the end. This also allows a clean exit with the session: Windows may kill the program
as soon as it returns from the session's last message, and the icon's thread holds that return back.
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
"""Seconds to wait for the icon's removal; a hanging shell later notices that the icon's window is gone."""
SESSION_END_TIME = 4.0
"""Seconds for the program to end with the session; Windows grants 5."""


@dataclass(eq=False)
class _PendingBalloon:
    """A balloon queued for the icon's thread, and the queue for the answer."""

    balloon: Balloon
    on_ended: Callable[[bool], None]
    answer: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    is_abandoned: bool = False


class WindowsTray:
    """Implements `Tray`, `ShowsBalloons` and `IconOwner`."""

    def __init__(
        self,
        draw: Draw,
        act: OnCommand,
        translator: TranslatorPort,
        out: TextIO | None,
        sleep_signals: SleepSignals | None = None,
    ) -> None:
        self._draw = draw
        self._act = act
        self._translator = translator
        self._sleep_signals = sleep_signals
        self._terminal = Terminal(out)
        self._newest: TrayView | None = None
        self._pending_balloons: SimpleQueue[_PendingBalloon] = SimpleQueue()
        self._over: SimpleQueue[bool] = SimpleQueue()
        """True ends the main thread's wait; False wakes it to print the newest view where there is no window."""
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
        """See `ShowsBalloons`. May be called from any thread but the icon's."""
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
        if self._terminal.show_without_icon(self._translator, view):
            log.info("no tray: %s", "; ".join(self.explain()))

    def handle_docked(self) -> None:
        """See `IconOwner`. Also shows balloons that came before the icon, if their callers still wait."""
        self._terminal.end_line()
        self.show_waiting_balloons()

    def handle_suspend(self) -> None:
        """See `IconOwner`."""
        if self._sleep_signals is not None and (drawn := self._sleep_signals.begin_sleep()):
            drawn.wait(DRAW_TIMEOUT)

    def handle_resume(self) -> None:
        """See `IconOwner`."""
        if self._sleep_signals is not None:
            self._sleep_signals.end_sleep()

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
            # This happens in a session without a desktop; the terminal and the notifications still work.
            log.exception("there is no window for the icon")
            self._windowless = True
            self._over.put(False)
        else:
            self.stop()
