"""Serves a status page, the probes' endpoints and the neutral references on loopback; each can be set to fail."""

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

from trayapp.demo.listener import LoopbackServer, reset_on_close

log = logging.getLogger(__name__)


class EndpointFault(StrEnum):
    """The ways in which an endpoint gives no answer."""

    HANG = "hang"
    """It accepts the request and sends nothing."""
    RESET = "reset"
    """It resets the connection."""


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """One answer, sent unchanged with its length added."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


EndpointAnswer = CannedAnswer | EndpointFault

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}
_TEXT_HEADERS = {"Content-Type": "text/plain; charset=utf-8"}

UNAVAILABLE = CannedAnswer(503, b"upstream connect error", _TEXT_HEADERS)
NOT_FOUND = CannedAnswer(404, b"no such page", _TEXT_HEADERS)

SUCCESS_PATH = "/success.txt"
NO_CONTENT_PATH = "/generate_204"
TRACE_PATH = "/cdn-cgi/trace"
API_PATH = "/v1/models"
CHATGPT_PATH = "/chatgpt"
LOGIN_PATH = "/login"

HEALTHY_ANSWERS: Mapping[str, EndpointAnswer] = {
    SUCCESS_PATH: CannedAnswer(200, b"success\n", _TEXT_HEADERS),
    NO_CONTENT_PATH: CannedAnswer(204),
    TRACE_PATH: CannedAnswer(
        200, b"h=127.0.0.1\nip=127.0.0.1\nvisit_scheme=http\ncolo=DEMO\n", _TEXT_HEADERS
    ),
    # The real endpoints answer so without a key or a browser: alive by law 5 (`docs/law.md`).
    API_PATH: CannedAnswer(
        401, json.dumps({"error": {"message": "No key was given."}}).encode(), JSON_HEADERS
    ),
    CHATGPT_PATH: CannedAnswer(403, b"<!doctype html><title>One moment</title>", _HTML_HEADERS),
    LOGIN_PATH: CannedAnswer(403, b"<!doctype html><title>One moment</title>", _HTML_HEADERS),
}
"""The answers of all endpoints except the status page on a calm day."""


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One received request."""

    method: str
    path: str
    """With the query."""
    at: float
    """Seconds on the monotonic clock."""
    headers: Mapping[str, str]
    """Names in lower case."""


class StatusServer(LoopbackServer):
    """Answers by a table of paths, which may be changed at any time; unknown paths get 404.

    Use it as a context manager. `asked` lists the received requests, oldest first.
    """

    def __init__(
        self, answers: Mapping[str, EndpointAnswer] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.asked: list[ReceivedRequest] = []
        self._answers = {**HEALTHY_ANSWERS, **(answers or {})}
        super().__init__(_Handler, tls)

    def set_answer(self, path: str, answer: EndpointAnswer) -> None:
        """Sets the answer of one path."""
        self.set_answers({path: answer})

    def set_answers(self, answers: Mapping[str, EndpointAnswer]) -> None:
        """Sets the answers of several paths at once: no request sees only some of them."""
        self._answers = {**self._answers, **answers}

    def find_answer(self, path: str) -> EndpointAnswer:
        """Returns the present answer of a path."""
        return self._answers.get(path, NOT_FOUND)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one packet, else Nagle's algorithm holds the body back for 40 ms
    server: StatusServer

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(ReceivedRequest(self.command, self.path, time.monotonic(), headers))
        match self.server.find_answer(urlsplit(self.path).path):
            case EndpointFault.HANG:
                self.server.closing.wait()
                self.close_connection = True
            case EndpointFault.RESET:
                reset_on_close(self.connection)
                self.close_connection = True
            case CannedAnswer() as served:
                self._send_answer(served)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_answer(self, served: CannedAnswer) -> None:
        self.send_response(served.status)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if served.status != 204:  # RFC 9110 §8.6: no length where there can be no content
            self.send_header("Content-Length", str(len(served.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(served.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Writes to the log instead of stderr, where the live status line is."""
        log.debug(format, *args)
