"""Message buses without a desktop, and a stand-in for services that no real part can be made to play."""

import os
import subprocess
from pathlib import Path

from tests.desktop.desktops import BUS_CONFIG
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, BusError, MethodCall, MethodReply
from trayapp.desktop.dbus.bus import Bus as Connection

UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod"


class PrivateBus:
    """A message bus of one test."""

    def __init__(self, home: Path) -> None:
        config = home / "bus.conf"
        config.write_text(BUS_CONFIG)
        read, write = os.pipe()
        with os.fdopen(read) as ready:
            self._process = subprocess.Popen(
                [
                    "dbus-daemon",
                    f"--config-file={config}",
                    "--nofork",
                    "--nopidfile",
                    f"--print-address={write}",
                ],
                pass_fds=[write],
                stderr=subprocess.DEVNULL,
            )
            os.close(write)
            self.address = ready.readline().strip()
        assert self.address
        self.path = self.address.split("path=")[1].split(",")[0]

    def close(self) -> None:
        """End the bus."""
        self._process.terminate()
        self._process.wait(20)


class Service:
    """A program on the bus that owns a name, answers with what it is given, and notes what it was asked."""

    def __init__(self, name: str, path: str) -> None:
        self.answers: dict[str, MethodReply] = {}
        self.calls: list[tuple[str, Body]] = []
        self.bus = Connection.connect()
        self.bus.serve(path, self._answer)
        self.bus.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", (name, 0))

    def _answer(self, call: MethodCall) -> MethodReply:
        self.calls.append((call.member, call.body))
        if call.member not in self.answers:
            raise BusError("no such method", UNKNOWN_METHOD)
        return self.answers[call.member]
