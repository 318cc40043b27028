"""A stand-in for logind on a private bus, for what no real one can be made to do: lie, refuse, hang."""

from __future__ import annotations

import os
import select
import threading
from typing import Any

from jeepney import DBusAddress, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from trayapp.desktop.sleep.logind import LOGIND, MANAGER, PATH, SLEEP_SIGNAL


class Login:
    """Owns logind's name, hands out locks as pipes as the real one does, and says what the test wants."""

    def __init__(self, address: str, *, refuses: bool = False, silent: bool = False) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.released = 0
        """Locks that their holders have let go."""
        self.at_signal = 0
        self.address = address
        self.refuses = refuses
        self.silent = silent
        self._held: list[int] = []
        self._over = threading.Event()
        self._connection: DBusConnection = open_dbus_connection(address, enable_fds=True)
        self._connection.send_and_get_reply(message_bus.RequestName(LOGIND, 4))
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    @property
    def held(self) -> int:
        """Locks that are held now."""
        return len(self._held)

    def says(self, sleeps: bool) -> None:
        """Send PrepareForSleep."""
        self.emit(sleeps)

    def emit(self, *values: Any, signature: str = "b") -> None:
        """Send PrepareForSleep with whatever values."""
        address = DBusAddress(PATH, interface=MANAGER)
        self._connection.send(new_signal(address, SLEEP_SIGNAL, signature, values))

    def close(self) -> None:
        """Leave the bus."""
        self._over.set()
        self._thread.join(5)
        self._connection.close()
        for lock in self._held:
            os.close(lock)

    def _live(self) -> None:
        while not self._over.is_set():
            try:
                self._answer(self._connection.receive(timeout=0.01))
            except TimeoutError:
                pass
            except OSError:  # the bus has ended
                return
            for lock in tuple(self._held):
                if select.select([lock], [], [], 0)[0]:  # the other end is closed
                    self._held.remove(lock)
                    os.close(lock)
                    self.released += 1

    def _answer(self, message: Any) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        self.asked.append(message.body)
        if self.silent:
            return
        if self.refuses:
            denied = "org.freedesktop.DBus.Error.AccessDenied"
            self._connection.send(new_error(message, denied, "s", ("Permission denied",)))
            return
        read, write = os.pipe()
        self._connection.send(new_method_return(message, "h", (write,)))
        os.close(write)
        self._held.append(read)
