"""`python -m tests.faults_net.inside CASE FOLDER`: one case, in namespaces of its own; prints what came of it as JSON.

Two computers: this process is everybody else, with all addresses and a gateway; a second network namespace is the
program's, with one wire to that gateway. Both share this process's mounts: its /etc/resolv.conf and /etc/hosts.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults_net.case import WITHIN, Case, Change
from tests.faults_net.cases import CASES
from tests.faults_net.internet import ADDRESSES, GATEWAY, NUMBERS, Internet, World

CALM_FOR = 25.0
"""Seconds in which `wait` sees all well, where a case begins so."""
SLOTS = max(2, (os.cpu_count() or 1) * 2)
"""So many cases start a program at the same time: with more, the start alone would take as long as the fault may."""
TRIES = 3
STARTING = 3.0
"""Seconds for which a program that starts keeps others from it."""
WIRE = f"""
ip link add wire type veth peer name far netns 1
ip link set lo up; ip link set wire up
$BEYOND ip link set far address 02:00:00:00:00:01 up
$BEYOND ip address add {GATEWAY}/24 dev far
$BEYOND ip address add 2001:4860:1::1/64 dev far nodad
ip address add 10.0.0.2/24 dev wire
ip route add default via {GATEWAY}
"""


class Place:
    """The two computers of a case."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.world = World()
        self._folder = folder
        self._home = Path(tempfile.mkdtemp(dir=folder))
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for both in ADDRESSES.values():
            for address in both:
                _add(address)
        for address in NUMBERS:
            _add(address)
        for name, text in {
            "resolv.conf": f"nameserver {GATEWAY}\n",
            "hosts": "127.0.0.1 localhost\n",
        }.items():
            (self._home / name).write_text(text)
            subprocess.run(["mount", "--bind", self._home / name, f"/etc/{name}"], check=True)
        Internet(self.world, folder)
        self._computer = subprocess.Popen(["unshare", "--net", "sleep", "100000"])
        ours = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{self._computer.pid}/ns/net").readlink() == ours:
            time.sleep(0.01)
        self.shell(WIRE)

    def shell(self, command: str) -> None:
        """Run a command on the program's computer."""
        enter = ["nsenter", f"--net=/proc/{self._computer.pid}/ns/net"]
        beyond = "nsenter --net=/proc/1/ns/net"
        done = subprocess.run(
            [*enter, "sh", "-ec", command],
            env={**os.environ, "BEYOND": beyond},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr}")

    def change(self, change: Change) -> None:
        """Have something change."""
        if command := change(self.world):
            self.shell(command)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program there, with its default configuration."""
        enter = ["nsenter", f"--net=/proc/{self._computer.pid}/ns/net"]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "OPENAI_STATUS_TRAY_HOME": str(self._home / "program"),
            "LANG": "C.UTF-8",
            "SSL_CERT_FILE": str(self._folder / "authority.pem"),
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere",
            **self.case.environment,
        }
        return subprocess.Popen(
            [*enter, sys.executable, "-m", "trayapp", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One of few at a time."""
        number = 0
        while True:
            with (self._folder / f"slot-{number % SLOTS}").open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    number += 1
                    time.sleep(0.05)
                    continue
                yield
                return


def live(case: Case, folder: Path, minutes: float) -> dict[str, Any]:
    """Have it happen; what the program said of it. Without minutes nothing is waited for."""
    place = Place(case, folder)
    if not minutes:
        place.change(case.fault)
        return _status(place)
    waiting = None
    if case.begins_calm:
        waiting, begun = _wait(place, minutes)
        time.sleep(max(0.0, begun + CALM_FOR - time.monotonic()))
    place.change(case.fault)
    found = _status(place)
    if waiting is None:
        waiting, begun = _wait(place, minutes)
    for at, change in case.later:
        time.sleep(max(0.0, begun + at - time.monotonic()))
        place.change(change)
    out, error = waiting.communicate(timeout=minutes * 60 + 60)
    said = (out if waiting.returncode == 0 else error).strip().rpartition("\n")[2]
    return {**found, "wait": waiting.returncode, "said": said, "waited": time.monotonic() - begun}


def _wait(place: Place, minutes: float) -> tuple[subprocess.Popen[str], float]:
    with place.slot():
        begun = time.monotonic()
        waiting = place.start("--verbose", "wait", "--for", "trouble", "--timeout", f"{minutes * 60:.0f}s")
        time.sleep(STARTING)
    return waiting, begun


def _status(place: Place) -> dict[str, Any]:
    """The quickest of a few: that it takes too long may be a busy computer's fault."""
    asked: list[dict[str, Any]] = []
    while not asked or (asked[-1]["seconds"] > WITHIN and len(asked) < TRIES):
        with place.slot():
            asked.append(_ask_status(place))
    return min(asked, key=lambda found: float(found["seconds"]))


def _ask_status(place: Place) -> dict[str, Any]:
    begun = time.monotonic()
    out, error = place.start("status", "--json").communicate(timeout=60)
    seconds = time.monotonic() - begun
    try:
        return {"status": json.loads(out), "seconds": seconds}
    except ValueError:
        return {"status": None, "seconds": seconds, "error": error[-2000:]}


def _add(address: str) -> None:
    nodad = ["nodad"] if ":" in address else []
    subprocess.run(["ip", "address", "add", address, "dev", "lo", *nodad], check=True)


def main() -> None:
    """Print the result as one line of JSON."""
    name, folder, minutes = sys.argv[1:]
    (case,) = (case for case in CASES if case.name == name)
    sys.stdout.write(json.dumps(live(case, Path(folder), float(minutes))) + "\n")


if __name__ == "__main__":
    main()
