"""A real gnome-keyring on a private bus, and a stand-in for one that hangs, lies or asks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.desktop.buses import Service
from tests.desktop.desktops import wait_until
from tests.desktop.key_forms import KEY
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, MethodCall, MethodReply
from trayapp.desktop.keys.secret_service import SERVICE_INTERFACE, SERVICE_NAME, SERVICE_PATH

DAEMON_PROGRAM = "gnome-keyring-daemon"
LOGIN = "/org/freedesktop/secrets/collection/login"


def missing() -> str:
    """What is not here; empty for nothing."""
    return "" if shutil.which(DAEMON_PROGRAM) else DAEMON_PROGRAM


class Keyring:
    """gnome-keyring with the collection "login", unlocked as at a person's log-in."""

    def __init__(self, home: Path, address: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        runtime = home / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self._process = subprocess.Popen(
            [
                DAEMON_PROGRAM,
                "--foreground",
                "--unlock",
                "--components=secrets",
                f"--control-directory={runtime}",
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "XDG_DATA_HOME": str(home / "data"),
                "XDG_RUNTIME_DIR": str(runtime),
                "DBUS_SESSION_BUS_ADDRESS": address,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin
        self._process.stdin.write(b"log-in password")
        self._process.stdin.close()
        self.bus = Bus.connect()
        wait_until(self._is_there, what="the keyring is on the bus")

    def _is_there(self) -> bool:
        (owned,) = self.bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (SERVICE_NAME,))
        return bool(owned) and self.call("ReadAlias", "s", ("default",)) != ("/",)

    def call(self, member: str, signature: str, body: Body) -> Body:
        """Ask the service itself, as any other program may."""
        return self.bus.call(SERVICE_NAME, SERVICE_PATH, SERVICE_INTERFACE, member, signature, body)

    def lock(self) -> None:
        """Lock it, as when the screen is locked."""
        self.call("Lock", "ao", ([LOGIN],))

    def items(self) -> int:
        """How many secrets it keeps for this program."""
        unlocked, locked = self.call("SearchItems", "a{ss}", ({"application": "openai-status-tray"},))
        return len(unlocked) + len(locked)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait(20)

    def close(self) -> None:
        """End it."""
        self.bus.close()
        self.kill()


class StandIn(Service):
    """A service of that name that answers as it is told, and as a good one in all else."""

    def __init__(self) -> None:
        super().__init__(SERVICE_NAME, SERVICE_PATH)
        self.answers |= {
            "OpenSession": MethodReply("vo", (("s", ""), f"{SERVICE_PATH}/session/s1")),
            "ReadAlias": MethodReply("o", (LOGIN,)),
            "SearchItems": MethodReply("aoao", ([f"{LOGIN}/1"], [])),
            "CreateItem": MethodReply("oo", (f"{LOGIN}/1", "/")),
            "Delete": MethodReply("o", ("/",)),
            "Dismiss": MethodReply(),
        }
        self.answers["GetSecrets"] = secret_of(KEY.encode())
        for path in (LOGIN, f"{LOGIN}/1", f"{SERVICE_PATH}/prompt/p1"):
            self.bus.serve(path, self.answer)

    def answer(self, call: MethodCall) -> MethodReply:
        """Answer on any path."""
        return self._answer(call)


def secret_of(content: bytes) -> MethodReply:
    """What a keyring answers that has this secret."""
    return MethodReply(
        "a{o(oayays)}", ({f"{LOGIN}/1": (f"{SERVICE_PATH}/session/s1", b"", content, "text/plain")},)
    )
