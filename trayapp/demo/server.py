"""A status page, its probes' endpoints and the neutral references, all on loopback and all settable to fail."""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from trayapp.demo.listener import Listener, cut

log = logging.getLogger(__name__)


class Fault(StrEnum):
    """How an endpoint fails when it gives no answer at all."""

    HANG = "hang"
    """It takes the request and stays silent."""
    RESET = "reset"
    """It cuts the connection."""


@dataclass(frozen=True, slots=True)
class Served:
    """One answer, sent as it stands; its length is added."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Served | Fault

JSON = {"Content-Type": "application/json; charset=utf-8"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}

UNAVAILABLE = Served(503, b"upstream connect error", _TEXT)
NOT_FOUND = Served(404, b"no such page", _TEXT)

SUCCESS = "/success.txt"
NO_CONTENT = "/generate_204"
TRACE = "/cdn-cgi/trace"
API = "/v1/models"
CHATGPT = "/chatgpt"
LOGIN = "/login"

HEALTHY: Mapping[str, Answer] = {
    SUCCESS: Served(200, b"success\n", _TEXT),
    NO_CONTENT: Served(204),
    TRACE: Served(200, b"h=127.0.0.1\nip=127.0.0.1\nvisit_scheme=http\ncolo=DEMO\n", _TEXT),
    # What the real endpoints give somebody without a key or a browser: alive, by law 5.
    API: Served(401, json.dumps({"error": {"message": "No key was given."}}).encode(), JSON),
    CHATGPT: Served(403, b"<!doctype html><title>One moment</title>", _HTML),
    LOGIN: Served(403, b"<!doctype html><title>One moment</title>", _HTML),
}
"""Every endpoint besides the status page, as it is on a good day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    """With its query."""
    at: float
    """On the monotonic clock, seconds."""
    headers: Mapping[str, str]
    """Names in lower case."""


class StatusServer(Listener):
    """Answers by a table of paths that may change at any time; unknown paths are 404.

    Use it as a context manager. `asked` lists the requests that came, the oldest first.
    """

    def __init__(
        self, answers: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.asked: list[Asked] = []
        self._answers = {**HEALTHY, **(answers or {})}
        super().__init__(_Handler, tls)

    def answer(self, path: str, answer: Answer) -> None:
        """Set what one path gives from now on."""
        self.answer_all({path: answer})

    def answer_all(self, answers: Mapping[str, Answer]) -> None:
        """Set several paths in one stroke: no request sees half of it."""
        self._answers = {**self._answers, **answers}

    def find(self, path: str) -> Answer:
        """What a path gives now."""
        return self._answers.get(path, NOT_FOUND)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one packet, else Nagle's algorithm holds the body back for 40 ms
    server: StatusServer

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, time.monotonic(), headers))
        match self.server.find(urlsplit(self.path).path):
            case Fault.HANG:
                self.server.closing.wait()
                self.close_connection = True
            case Fault.RESET:
                cut(self.connection)
                self.close_connection = True
            case Served() as served:
                self._send(served)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, served: Served) -> None:
        self.send_response(served.status)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if served.status != 204:  # RFC 9110 §8.6: no length where there can be no content
            self.send_header("Content-Length", str(len(served.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(served.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Into the log instead of stderr, where the live status line is."""
        log.debug(format, *args)
