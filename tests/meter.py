"""What a day of the program costs others: its real rhythm, judge and sources against a server that counts bytes.

The clock is virtual, the requests are real ones over loopback. Hosts that end with `.test` are found on this computer.
"""

from __future__ import annotations

import gzip
import json
import random
import socket
import socketserver
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.core.films import moment
from tests.film import Scene
from trayapp.core.schedule import start_schedule
from trayapp.core.state.memory import Memory
from trayapp.demo.listener import LoopbackServer
from trayapp.demo.server import CannedAnswer
from trayapp.engine.step import Progress, take_step
from trayapp.model import Limits, Miss, PollPlan, ProbeSpec, SystemConnectivity, Transition
from trayapp.model.defaults import PROBES
from trayapp.settings.schema import Config
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse
from trayapp.sources.poll import Sources

DAY = 86400.0
# Of the size that Cloudflare's real answers have: policies, cookies and tracing take most of a head.
_EDGE = {"Server": "cloudflare", "CF-RAY": "0123456789abcdef-FRA", "Date": "Sat, 14 Mar 2026 09:00:00 GMT"}
PAGE_HEAD = {**_EDGE, "Content-Type": "application/json; charset=utf-8", "X-Filler": "p" * 600}
_CHALLENGE_HEAD = {**_EDGE, "Content-Type": "text/html; charset=UTF-8", "X-Filler": "c" * 1700}
_CHALLENGE = random.Random(1).randbytes(2600).hex().encode()  # noqa: S311  # nothing secret
"""Some 5 kB that gzip halves, as it does a challenge page with its long tokens."""

_KEYLESS = CannedAnswer(
    401, b'{"error": {"message": "Missing bearer authentication"}}' * 4, {**_EDGE, "X": "a" * 500}
)
PATHS = {spec.name: f"/{spec.name.lower()}" for spec in PROBES}
"""Where the stand-in of each default probe answers, as an API without a key would unless `ENDPOINTS` knows better."""
ENDPOINTS: Scene = {
    **dict.fromkeys(PATHS.values(), _KEYLESS),
    "/chatgpt": CannedAnswer(403, _CHALLENGE, _CHALLENGE_HEAD),
    "/login": CannedAnswer(403, _CHALLENGE, _CHALLENGE_HEAD),
    "/success.txt": CannedAnswer(200, b"success\n"),
    "/generate_204": CannedAnswer(204),
    "/trace": CannedAnswer(200, b"colo=TEST\n", _EDGE),
}
DOWN = CannedAnswer(503, b"upstream connect error", _EDGE)


def limits() -> Limits:
    """The defaults, their probes on hosts of our own."""
    default = Config()
    probes = (replace(spec, url=PATHS[spec.name]) for spec in default.probes)
    return replace(default.build_limits(), probes=tuple(probes))


class Meter(LoopbackServer):
    """Answers from a table of paths, as the request allows (gzip, 304), and counts all bytes of HTTP by path."""

    def __init__(self, scene: Scene) -> None:
        self.scene = {**ENDPOINTS, **scene}
        self.bytes: Counter[str] = Counter()
        super().__init__(_Handler)


class _Handler(socketserver.BaseRequestHandler):
    server: Meter

    def handle(self) -> None:
        with suppress(OSError):  # who asked for the head alone hangs up on the body
            while (head := self._head()) and self._answer(head):
                pass

    def _head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and (more := self.request.recv(65536)):
            head += more
        return head

    def _answer(self, head: bytes) -> bool:
        path = head.split(b" ", 2)[1].decode()
        served = self.server.scene.get(path) or self.server.scene.get("/proxy/") or CannedAnswer(404)
        body, headers = served.body, dict(served.headers)
        if b"gzip" in head and body:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        status = served.status
        if (tag := headers.get("ETag", "").encode()) and b"If-None-Match: " + tag in head:
            status, body = 304, b""
        if status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        lines = [f"HTTP/1.1 {status} Word", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        answer = "\r\n".join(lines).encode() + body
        self.server.bytes[path] += len(head) + len(answer)
        self.request.sendall(answer)
        return b"Connection: close" not in head


def scene_of(film: Scene) -> Scene:
    """A film's scene with heads of a real size, and a feed that knows one group and of no incident whom it concerns."""
    components = json.loads(film["/api/v2/components.json"].body)["components"]
    group = {"name": "ChatGPT", "components": [{"component_id": components[0]["id"]}]}
    listed = [{"id": c["id"], "name": c["name"]} for c in components]
    feed = {"summary": {"components": listed, "structure": {"items": [{"group": group}]}}}
    return {
        **{path: replace(served, headers=PAGE_HEAD) for path, served in film.items()},
        "/proxy/": CannedAnswer(200, json.dumps(feed).encode(), PAGE_HEAD),
    }


class Counting(HttpClient):
    """The real one, counting what it is asked for by path, what reached nobody included."""

    def __init__(self) -> None:
        super().__init__(user_agent="openai-status-tray/1.0.0")
        self.asked: Counter[str] = Counter()

    def fetch(self, asks: Sequence[HttpRequest], deadline: float) -> list[HttpResponse | Miss]:
        """Count, then ask."""
        self.asked.update(urlsplit(ask.url).path for ask in asks)
        return super().fetch(asks, deadline)


@dataclass
class Living:
    """A program that runs on a virtual clock."""

    sources: Sources
    http: Counting
    limits: Limits
    second: float = 0.0

    def __post_init__(self) -> None:
        self._dice = random.Random(1).random  # noqa: S311  # a fixed seed: the same day each time
        self.progress = Progress(Memory(), start_schedule(moment(0), self.limits, self._dice))

    def plan(self) -> PollPlan:
        """The next look."""
        return self.progress.plan_next(moment(self.second), self.limits)

    def live(self, until: float) -> list[Transition]:
        """Look whenever the rhythm has it, and what was told."""
        told: list[Transition] = []
        while True:
            plan = self.plan()
            if self.second + plan.wait > until:
                return told
            told += self.poll(plan)

    def poll(self, plan: PollPlan) -> tuple[Transition, ...]:
        """Wait and ask as that plan says, and return what was told."""
        self.second += plan.wait
        round_ = self.sources.poll(plan, lambda: moment(self.second))
        self.progress, _, news = take_step(self.progress, plan, round_, self.limits, self._dice)
        return news

    def change_memory(self, **changes: Any) -> None:
        """Remember something else from now on."""
        self.progress = replace(self.progress, memory=replace(self.progress.memory, **changes))


@contextmanager
def living(meter: Meter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Living]:
    """A program whose page, probes and references are all on that server, each by a name of its own."""
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if name.endswith(".test") else name, *more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    http = Counting()
    port, ours = meter.server_port, limits()
    ours = replace(ours, probes=tuple(_spec_on_port(spec, port) for spec in ours.probes))
    sources = Sources(
        http=http,
        page_url=f"http://page.test:{port}",
        probes=ours.probes,
        references=[f"http://reference.test:{port}{path}" for path in ("/success.txt", "/generate_204")],
        read_system_connectivity=lambda: SystemConnectivity.UNKNOWN,
        trace_url=f"http://trace.test:{port}/trace",
    )
    try:
        yield Living(sources, http, ours)
    finally:
        http.close()


def _spec_on_port(spec: ProbeSpec, port: int) -> ProbeSpec:
    return replace(spec, url=f"http://{spec.name.lower()}.test:{port}{spec.url}")
