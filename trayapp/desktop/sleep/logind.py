"""logind's word on sleep, with a lock that holds a sleep up for a moment. It comes over the system bus.

The bus is joined on a thread of its own, so that one that hangs holds up nobody; without it the clocks are gone by.
Nothing but logind's one signal and changes of its name wake this connection.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, Which
from trayapp.desktop.sleep.signals import DRAWN_WITHIN, SEEN_AFTER, Hearing, Naps

log = logging.getLogger(__name__)

LOGIND = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER = "org.freedesktop.login1.Manager"
SIGNAL = "PrepareForSleep"
INHIBIT = ("sleep", "OpenAI Status Tray", "Shows that nothing is known until it has looked again", "delay")

NOBODY = "no logind on the system bus"
NO_LOCK = "logind gives no delay lock"


class Logind:
    """Listens until closed."""

    def __init__(self, naps: Naps) -> None:
        self._naps = naps
        self._bus: Bus | None = None
        self._lock: Any = None
        self._asked = False
        self._closing = False
        threading.Thread(target=self._join, name="logind", daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self._closing = True
        self._release()
        if self._bus is not None:
            self._bus.close()

    def _join(self) -> None:
        try:
            bus = self._bus = Bus.connect(which=Which.SYSTEM)
        except BusError as error:
            self._unheard(str(error))
            return
        if self._closing:
            bus.close()
            return
        bus.on_lost(self._lost)
        bus.on_signal(MANAGER, SIGNAL, self._heard, LOGIND, PATH, begins="b")
        bus.watch_name(LOGIND, self._came)

    def _unheard(self, why: str) -> None:
        self._naps.why_unheard = why
        log.info("sleep is noticed by the clocks: %s", why)

    def _lost(self) -> None:
        self._release()
        self._unheard("the system bus is gone")

    def _came(self, owner: str) -> None:
        """On the bus thread."""
        self._release()  # it was another logind's
        if owner:
            self._naps.why_unheard = ""
            self._take_lock()
        else:
            self._unheard(NOBODY)

    def _heard(self, _sender: str, body: Body) -> None:
        """On the bus thread."""
        if not body[0]:
            if self._naps.end():
                self._take_lock()
            return
        lock, self._lock = self._lock, None
        drawn = self._naps.begin()
        if lock is None:
            return
        if drawn is None:
            lock.close()
        else:
            threading.Thread(target=_hold_up, args=(lock, drawn), name="falling asleep", daemon=True).start()

    def _take_lock(self) -> None:
        if self._bus is None or self._lock is not None or self._asked:
            return
        self._asked = True
        self._naps.why_unlocked = NO_LOCK  # until it is given, which a logind that hangs never does
        self._bus.ask(LOGIND, PATH, MANAGER, "Inhibit", "ssss", INHIBIT, self._locked)

    def _locked(self, body: Body | None) -> None:
        """On the bus thread."""
        self._asked = False
        lock: Any = body[0] if body else None
        if not hasattr(lock, "close"):
            log.info("sleep may come before the icon is grey: %s", NO_LOCK)
        elif self._closing:
            lock.close()
        else:
            self._naps.why_unlocked = ""
            self._lock = lock

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()


def _hold_up(lock: Any, drawn: threading.Event) -> None:
    """Let the computer sleep once the icon is grey, or after a moment."""
    drawn.wait(DRAWN_WITHIN)
    time.sleep(SEEN_AFTER)
    lock.close()


def examine(timeout: float = 1.0) -> Hearing:
    """How well logind's word would come through, asked now."""
    ends = time.monotonic() + timeout
    try:
        bus = Bus.connect(timeout, Which.SYSTEM)
    except BusError as error:
        return Hearing(str(error))
    try:
        (there,) = bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (LOGIND,), timeout)
        left = max(0.1, ends - time.monotonic())
        return Hearing(unlocked=_why_unlocked(bus, left)) if there else Hearing(NOBODY)
    except BusError as error:
        return Hearing(str(error))
    finally:
        bus.close()


def _why_unlocked(bus: Bus, timeout: float) -> str:
    """Take a lock and let it go; why none is given, empty where one is."""
    try:
        (lock,) = bus.call(LOGIND, PATH, MANAGER, "Inhibit", "ssss", INHIBIT, timeout)
        lock.close()
    except BusError as error:
        return f"{NO_LOCK}: {error}"
    except (AttributeError, ValueError):
        return NO_LOCK
    return ""
