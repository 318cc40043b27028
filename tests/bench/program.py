"""The program itself, on a real panel and a status page on loopback."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.cost import Cost, cost
from tests.bench.peers import Peer
from tests.desktop.desktops import WATCHER, Xfce, wait_until
from trayapp.demo.server import API, CHATGPT, LOGIN, StatusServer
from trayapp.demo.story import frames, show
from trayapp.desktop.bus import Bus
from trayapp.desktop.control import ask

CALM, TROUBLE = 0, 5
"""Frames of the demo's story."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program of ours cost."""

    early: Cost
    """After the first 100 rounds."""
    late: Cost
    """After all of them."""
    rounds: int
    changes: int
    idle_seconds: float
    idle_switches: int
    idle_cpu: float
    round_cpu: float
    """Seconds of processor time a round."""
    round_bytes: float
    """Bytes of the answers a round."""


def config(url: str) -> str:
    """Long intervals, so that only the rounds that are asked for happen."""
    probes = {"API": ("APIs", API), "ChatGPT": ("ChatGPT", CHATGPT), "Login": ("ChatGPT", LOGIN)}
    tables = "".join(
        f'[[probes]]\nname = "{name}"\nproduct = "{product}"\nurl = "{url}{path}"\ninterval = "1h"\n'
        for name, (product, path) in probes.items()
    )
    page = f'[page]\nurl = "{url}"\ninterval = "1h"\ninterval_in_trouble = "1h"\n'
    return f'{page}[connectivity]\nreferences = ["{url}/success.txt"]\n[notify]\nlevel = "nothing"\n{tables}'


@contextmanager
def program(desktop: Xfce, home: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The tray program, ended when left."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(config(url))
    environment = {**desktop.env, "OPENAI_STATUS_TRAY_HOME": str(home)}
    command = str(Path(sys.executable).with_name("openai-status-tray"))
    process = subprocess.Popen([command, "run"], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def lived(desktop: Xfce, home: Path, rounds: int, changes: int, idle: float) -> Run:
    """Let it live through so many rounds with so many changes of state, then leave it alone for `idle` seconds."""
    story = frames(datetime.now(UTC))
    with StatusServer() as server:
        show(server, story[CALM])
        with program(desktop, home, server.url) as process:
            wait_until(lambda: _looks(server) >= 1, what="the first look")
            time.sleep(1.0)
            early, begun = cost(process.pid), cost(process.pid)
            for number in range(rounds):
                if number % (rounds // changes) == 0:
                    show(server, story[TROUBLE if (number // (rounds // changes)) % 2 == 0 else CALM])
                _round(server, home)
                if number == rounds // 10:
                    early = cost(process.pid)
            busy = cost(process.pid)
            show(server, story[CALM])
            _round(server, home)
            time.sleep(
                35.0
            )  # the page's new word is read again at once; after that nothing is due for an hour
            before = cost(process.pid)
            time.sleep(idle)
            after = cost(process.pid)
    answered = sum(
        len(a.body) for a in (server.find(asked.path) for asked in server.asked) if hasattr(a, "body")
    )
    return Run(
        early=early,
        late=after,
        rounds=rounds,
        changes=changes,
        idle_seconds=idle,
        idle_switches=after.switches - before.switches,
        idle_cpu=after.seconds - before.seconds,
        round_cpu=(busy.seconds - begun.seconds) / rounds,
        round_bytes=answered / max(1, _looks(server)),
    )


def _looks(server: StatusServer) -> int:
    return sum(asked.path.endswith("summary.json") for asked in list(server.asked))


def _round(server: StatusServer, home: Path) -> None:
    looks = _looks(server)
    ask(home, {"do": "check"})
    wait_until(lambda: _looks(server) > looks, what="a round")


def seconds_to_icon(desktop: Xfce, home: Path) -> float:
    """From the start of the process to the moment the panel's watcher announces its icon."""
    seen: list[float] = []
    bus = Bus.connect()
    bus.on_signal(WATCHER, "StatusNotifierItemRegistered", lambda *_: seen.append(time.monotonic()))
    try:
        with StatusServer() as server:
            begun = time.monotonic()
            with program(desktop, home, server.url):
                wait_until(lambda: seen, what="the icon")
                return seen[0] - begun
    finally:
        bus.close()


def settled(desktop: Xfce, peer: Peer, idle: float) -> tuple[float, Cost, Cost]:
    """Seconds to `ready` of a peer, and its cost before and after some idle seconds."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [peer.python, "-c", peer.code],
        env={**desktop.env, **peer.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        ready = time.monotonic() - begun
        time.sleep(2.0)
        before = cost(process.pid)
        time.sleep(idle)
        after = cost(process.pid)
        process.kill()
        process.wait()
    return ready, before, after
