"""A status page on loopback that answers as it is told to, and counts what it is asked."""

from __future__ import annotations

import gzip
import json
import ssl
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self


def document(**said: Any) -> bytes:
    """A `summary.json` with these words in it."""
    page = {"id": "1", "name": "OpenAI", "url": "https://status.openai.com/"}
    return json.dumps({"page": page, "status": {"indicator": "none", "description": "fine"}, **said}).encode()


@dataclass
class Reply:
    """What the page answers."""

    status: int = 200
    body: bytes = field(default_factory=document)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Besides a Content-Type of JSON, which they may replace."""
    after: float = 0.0
    """Seconds."""
    is_reset: bool = False
    """Whether the connection is closed without an answer."""


class Page(ThreadingHTTPServer):
    """Serves within a `with` block; what it replies may be changed at any time."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.reply = Reply()
        self.replies: dict[str, Reply] = {}
        """Path -> what is answered to it instead."""
        self.asked: list[tuple[float, str]] = []
        """The monotonic second and the path of each request."""
        self.headers: list[Mapping[str, str]] = []
        """Of each request, names in lower case."""
        self.lock = Lock()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def counts(self, since: float = 0.0) -> Counter[str]:
        """How often each path was asked for since then."""
        with self.lock:
            return Counter(path for at, path in self.asked if at >= since)

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A mirror that gave up waiting is no fault of the page's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Page

    def do_GET(self) -> None:
        page = self.server
        with page.lock:
            page.asked.append((time.monotonic(), self.path))
            page.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = page.replies.get(self.path, page.reply)
        time.sleep(reply.after)
        if reply.is_reset:
            self.close_connection = True
            return
        headers, body = {"Content-Type": "application/json", **reply.headers}, reply.body
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.compress(body)
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
