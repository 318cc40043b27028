"""Learns of sleep from logind over the system bus, and delays a sleep for a moment by a lock.

A separate thread connects to the bus, so that a hanging bus blocks nothing; without the bus the clocks show a sleep.
Only logind's one signal and changes of its name's owner wake this connection.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from trayapp import APP_TITLE
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, BusKind
from trayapp.desktop.sleep.signals import DRAW_TIMEOUT, PANEL_DRAW_TIME, SleepSignals, SleepSupport

log = logging.getLogger(__name__)

LOGIND = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER = "org.freedesktop.login1.Manager"
SLEEP_SIGNAL = "PrepareForSleep"
INHIBIT_ARGUMENTS = (
    "sleep",
    APP_TITLE,
    "Shows that nothing is known until it has polled again",
    "delay",
)

NO_LOGIND = "no logind on the system bus"
NO_LOCK = "logind gives no delay lock"


class LogindListener:
    """Passes logind's signals on to `SleepSignals` until closed."""

    def __init__(self, signals: SleepSignals) -> None:
        self._signals = signals
        self._bus: Bus | None = None
        self._lock: Any = None
        self._is_lock_requested = False
        self._closing = False
        threading.Thread(target=self._connect_bus, name="logind", daemon=True).start()

    def close(self) -> None:
        """Stop listening and release the lock."""
        self._closing = True
        self._release_lock()
        if self._bus is not None:
            self._bus.close()

    def _connect_bus(self) -> None:
        try:
            bus = self._bus = Bus.connect(which=BusKind.SYSTEM)
        except BusError as error:
            self._report_unheard(str(error))
            return
        if self._closing:
            bus.close()
            return
        bus.on_lost(self._handle_lost_bus)
        bus.on_signal(MANAGER, SLEEP_SIGNAL, self._handle_signal, LOGIND, PATH, begins="b")
        bus.watch_name(LOGIND, self._handle_owner)

    def _report_unheard(self, why: str) -> None:
        self._signals.unheard_reason = why
        log.info("sleep is noticed by the clocks: %s", why)

    def _handle_lost_bus(self) -> None:
        self._release_lock()
        self._report_unheard("the system bus is gone")

    def _handle_owner(self, owner: str) -> None:
        """Take a lock from a new logind; runs on the bus thread."""
        self._release_lock()  # it was another logind's
        if owner:
            self._signals.unheard_reason = ""
            self._request_lock()
        else:
            self._report_unheard(NO_LOGIND)

    def _handle_signal(self, _sender: str, body: Body) -> None:
        """Pass on sleep or waking; runs on the bus thread."""
        if not body[0]:
            if self._signals.end_sleep():
                self._request_lock()
            return
        lock, self._lock = self._lock, None
        drawn = self._signals.begin_sleep()
        if lock is None:
            return
        if drawn is None:
            lock.close()
        else:
            threading.Thread(
                target=_delay_sleep, args=(lock, drawn), name="falling asleep", daemon=True
            ).start()

    def _request_lock(self) -> None:
        if self._bus is None or self._lock is not None or self._is_lock_requested:
            return
        self._is_lock_requested = True
        self._signals.no_lock_reason = NO_LOCK  # until it is given, which a logind that hangs never does
        self._bus.call_async(LOGIND, PATH, MANAGER, "Inhibit", "ssss", INHIBIT_ARGUMENTS, self._receive_lock)

    def _receive_lock(self, body: Body | None) -> None:
        """Keep the lock that logind gave; runs on the bus thread."""
        self._is_lock_requested = False
        lock: Any = body[0] if body else None
        if not hasattr(lock, "close"):
            log.info("sleep may come before the icon is grey: %s", NO_LOCK)
        elif self._closing:
            lock.close()
        else:
            self._signals.no_lock_reason = ""
            self._lock = lock

    def _release_lock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()


def _delay_sleep(lock: Any, drawn: threading.Event) -> None:
    """Let the computer sleep once the icon is grey, or after a moment."""
    drawn.wait(DRAW_TIMEOUT)
    time.sleep(PANEL_DRAW_TIME)
    lock.close()


def examine_logind(timeout: float = 1.0) -> SleepSupport:
    """Find out now whether logind announces sleep and gives a lock; takes `timeout` seconds at most for each step."""
    ends = time.monotonic() + timeout
    try:
        bus = Bus.connect(timeout, BusKind.SYSTEM)
    except BusError as error:
        return SleepSupport(str(error))
    try:
        (has_owner,) = bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (LOGIND,), timeout)
        left = max(0.1, ends - time.monotonic())
        return SleepSupport(unlocked=_no_lock_reason(bus, left)) if has_owner else SleepSupport(NO_LOGIND)
    except BusError as error:
        return SleepSupport(str(error))
    finally:
        bus.close()


def _no_lock_reason(bus: Bus, timeout: float) -> str:
    """Take a lock and release it; returns why none is given, empty where one is."""
    try:
        (lock,) = bus.call(LOGIND, PATH, MANAGER, "Inhibit", "ssss", INHIBIT_ARGUMENTS, timeout)
        lock.close()
    except BusError as error:
        return f"{NO_LOCK}: {error}"
    except (AttributeError, ValueError):
        return NO_LOCK
    return ""
