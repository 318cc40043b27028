"""The program itself, on a real panel and a status page on loopback."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.desktop.desktops import WATCHER, wait_until
from tests.desktop.xfce import Xfce
from tools.bench.cost import Cost, cost
from tools.bench.peers import Peer
from trayapp.demo.server import API_PATH, CHATGPT_PATH, JSON_HEADERS, LOGIN_PATH, CannedAnswer, StatusServer
from trayapp.demo.story import build_frames, show_frame
from trayapp.desktop.control import send_request
from trayapp.desktop.dbus.bus import Bus

CALM, TROUBLE = -1, 5
"""Frames of the demo's story. Its first is calm too, but of 60 days before: after trouble it would be passed over as a
slower cache's."""
SOURCE = Path(sys.executable).with_name("openai-status-tray")
BUNDLE = Path(__file__).parents[2] / "dist" / "openai-status-tray" / "openai-status-tray"
"""The program as `make bundle` leaves it."""
QUIET = 75.0
"""Seconds without a request after which what changed last has been read again and is over: then nothing is due for
an hour."""
PATIENCE = 900.0
"""Seconds to wait for that: trouble that a probe saw too is over once each was alive for ten minutes."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program of ours cost."""

    early: Cost
    """After the warm-up."""
    late: Cost
    """After all of them."""
    rounds: int
    warm_up: int
    """Rounds of them in which caches fill: they end after some 500, and memory then grows as it will for years."""
    changes: int
    idle_seconds: float
    idle_switches: int
    idle_cpu: float
    round_cpu: float
    """Seconds of processor time a round."""
    round_bytes: float
    """Bytes of the answers a round."""


class EndedError(Exception):
    """A peer ended before it was ready; its last word."""


def config(url: str) -> str:
    """Long intervals, so that only the rounds that are asked for happen."""
    probes = {
        "API": ("APIs", API_PATH),
        "ChatGPT": ("ChatGPT", CHATGPT_PATH),
        "Login": ("ChatGPT", LOGIN_PATH),
    }
    tables = "".join(
        f'[[probes]]\nname = "{name}"\nproduct = "{product}"\nurl = "{url}{path}"\ninterval = "1h"\n'
        for name, (product, path) in probes.items()
    )
    page = f'[page]\nurl = "{url}"\ninterval = "1h"\ninterval_in_trouble = "1h"\n'
    return f'{page}[connectivity]\nreferences = ["{url}/success.txt"]\n[notify]\nlevel = "nothing"\n{tables}'


@contextmanager
def program(
    desktop: Xfce,
    home: Path,
    url: str,
    environment: Mapping[str, str] | None = None,
    executable: Path = SOURCE,
) -> Iterator[subprocess.Popen[bytes]]:
    """The tray program, ended when left."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(config(url))
    environment = {**(environment or desktop.env), "OPENAI_STATUS_TRAY_HOME": str(home)}
    process = subprocess.Popen([str(executable), "run"], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def run_program(desktop: Xfce, home: Path, rounds: int, changes: int, idle: float) -> Run:
    """Let it live through so many rounds with so many changes of state, then leave it alone for `idle` seconds."""
    warm_up = rounds // 3
    with StatusServer() as server:
        _turn_page(server, CALM, 0)
        with program(desktop, home, server.url) as process:
            wait_until(lambda: _looks(server) >= 1, what="the first poll")
            time.sleep(1.0)
            early, begun = cost(process.pid), cost(process.pid)
            for number in range(rounds):
                if number % (rounds // changes) == 0:
                    change = number // (rounds // changes)
                    _turn_page(server, TROUBLE if change % 2 == 0 else CALM, change + 1)
                _round(server, home)
                if number == warm_up:
                    early = cost(process.pid)
            busy = cost(process.pid)
            _turn_page(server, CALM, changes + 1)
            _round(server, home)
            _settle(server)
            before = cost(process.pid)
            time.sleep(idle)
            after = cost(process.pid)
    answered = sum(
        len(a.body) for a in (server.find_answer(asked.path) for asked in server.asked) if hasattr(a, "body")
    )
    return Run(
        early=early,
        late=after,
        rounds=rounds,
        warm_up=warm_up,
        changes=changes,
        idle_seconds=idle,
        idle_switches=after.switches - before.switches,
        idle_cpu=after.seconds - before.seconds,
        round_cpu=(busy.seconds - begun.seconds) / rounds,
        round_bytes=answered / max(1, _looks(server)),
    )


def _turn_page(server: StatusServer, frame: int, number: int) -> None:
    """Each page is of a later hour than the last: an older one would be taken for a slower cache's.

    Only the page: a probe that failed would be asked each minute for ten more.
    """
    story = build_frames(datetime.now(UTC) + timedelta(hours=number - 1000))
    server.set_answers(
        {path: CannedAnswer(200, body, JSON_HEADERS) for path, body in story[frame].pages.items()}
    )


def _settle(server: StatusServer) -> None:
    ends = time.monotonic() + PATIENCE
    asked, since = len(server.asked), time.monotonic()
    while time.monotonic() < min(ends, since + QUIET):
        time.sleep(1.0)
        if len(server.asked) != asked:
            asked, since = len(server.asked), time.monotonic()


def _looks(server: StatusServer) -> int:
    return sum(asked.path.endswith("summary.json") for asked in list(server.asked))


def _round(server: StatusServer, home: Path) -> None:
    looks = _looks(server)
    send_request(home, {"do": "check"})
    wait_until(lambda: _looks(server) > looks, what="a round")


def seconds_to_icon(desktop: Xfce, home: Path, executable: Path = SOURCE) -> float:
    """From the start of the process to the moment the panel's watcher announces its icon."""
    seen: list[float] = []
    bus = Bus.connect()
    bus.on_signal(WATCHER, "StatusNotifierItemRegistered", lambda *_: seen.append(time.monotonic()))
    try:
        with StatusServer() as server:
            begun = time.monotonic()
            with program(desktop, home, server.url, executable=executable):
                wait_until(lambda: seen, what="the icon")
                return seen[0] - begun
    finally:
        bus.close()


def libraries(desktop: Xfce, home: Path) -> list[str]:
    """All modules that the running program has loaded, its own apart: what a bare process must import to compare."""
    home.mkdir(exist_ok=True)
    found = home / "modules.txt"
    (home / "sitecustomize.py").write_text(
        "import atexit, pathlib, sys\n"
        f"atexit.register(lambda: pathlib.Path({str(found)!r}).write_text(chr(10).join(sys.modules)))\n"
    )
    environment = {**desktop.env, "PYTHONPATH": str(home)}
    with StatusServer() as server:
        show_frame(server, build_frames(datetime.now(UTC))[CALM])
        with program(desktop, home, server.url, environment):
            wait_until(lambda: _looks(server), what="the first poll")
            time.sleep(2.0)
    return [m for m in found.read_text().split() if not m.startswith(("trayapp", "__", "sitecustomize"))]


def measure_peer(desktop: Xfce, peer: Peer, idle: float) -> tuple[float, Cost, Cost]:
    """Seconds to `ready` of a peer, and its cost before and after some idle seconds."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [peer.python, "-c", peer.code],
        env={**desktop.env, **peer.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        if process.stdout.readline() != b"ready\n":
            process.kill()
            raise EndedError(process.stderr.read().decode(errors="replace").strip().rpartition("\n")[2])
        ready = time.monotonic() - begun
        time.sleep(2.0)
        before = cost(process.pid)
        time.sleep(idle)
        after = cost(process.pid)
        process.kill()
        process.wait()
    return ready, before, after
