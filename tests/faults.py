"""Servers on loopback that fail in one way each, whatever path is asked for: what a network can do to a program.

with faulty("gzip_bomb") as url:
    ...
"""

from __future__ import annotations

import gzip
import socket
import socketserver
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event

from trayapp.demo.listener import LoopbackServer, reset_on_close

Fault = Callable[["Caller"], None]


class Caller:
    """One connection, its request already read except where the fault is to stay silent from the start."""

    def __init__(self, connection: socket.socket, port: int, closing: Event, pause: float) -> None:
        """Pause is the seconds between two bytes of a drip."""
        self.connection, self.port, self.closing, self.pause = connection, port, closing, pause
        self.path = "/"

    def read_request(self) -> None:
        """Take the head of a request."""
        head = b""
        while b"\r\n\r\n" not in head and (more := self.connection.recv(65536)):
            head += more
        words = head.split(b" ", 2)
        self.path = words[1].decode() if len(words) == 3 else "/"

    def send(self, data: bytes) -> None:
        """Send bytes as they stand."""
        self.connection.sendall(data)

    def answer(self, body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> None:
        """Send an answer, of a claimed length where one is given, and end."""
        promised = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {promised}", *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def drip(self) -> None:
        """Send a byte each pause until somebody gives up."""
        while not self.closing.wait(self.pause):
            self.send(b"x")


JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
CALM = b'{"status": {"indicator": "none"}, "components": []}'


def _hang(caller: Caller) -> None:
    caller.closing.wait()


def _drip_head(caller: Caller) -> None:
    caller.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    caller.drip()


def _drip_body(caller: Caller) -> None:
    caller.answer(b"{", JSON, length=1_000_000)
    caller.drip()


def _reset(caller: Caller) -> None:
    reset_on_close(caller.connection)


def _reset_in_body(caller: Caller) -> None:
    caller.answer(CALM, JSON, length=1000)
    reset_on_close(caller.connection)


def _short_body(caller: Caller) -> None:
    caller.answer(CALM, JSON, length=1000)


def _truncated_json(caller: Caller) -> None:
    caller.answer(CALM[:-9], JSON)


def _gzip_bomb(caller: Caller) -> None:
    caller.answer(gzip.compress(b" " * 100_000_000, 1), JSON, "Content-Encoding: gzip")


def _redirect_loop(caller: Caller) -> None:
    caller.answer(b"", f"Location: {caller.path}", status="302 Found")


def _redirect_to_portal(caller: Caller) -> None:
    if caller.path == "/portal":
        caller.answer(b"<!doctype html><title>Welcome to the hotel</title>", HTML)
    else:
        caller.answer(b"", f"Location: http://localhost:{caller.port}/portal", status="302 Found")


def _html(caller: Caller) -> None:
    caller.answer(b"<!doctype html><title>All fine</title>", HTML)


def _big_json(caller: Caller) -> None:
    caller.answer(b'{"padding": "' + b"x" * 2_000_000 + b'"}', JSON)


def _deep_json(caller: Caller) -> None:
    caller.answer(b"[" * 100_000 + b"]" * 100_000, JSON)


def _not_http(caller: Caller) -> None:
    caller.send(b"220 mail.example ESMTP ready\r\n")


FAULTS: Mapping[str, Fault] = {
    "hang": _hang,
    "drip_head": _drip_head,
    "drip_body": _drip_body,
    "reset": _reset,
    "reset_in_body": _reset_in_body,
    "truncated": _short_body,
    "truncated_json": _truncated_json,
    "gzip_bomb": _gzip_bomb,
    "redirect_loop": _redirect_loop,
    "redirect_to_portal": _redirect_to_portal,
    "html": _html,
    "big_json": _big_json,
    "deep_json": _deep_json,
    "not_http": _not_http,
}
"""Every fault by its name. `nothing_listening` is one more."""


class _Faulty(LoopbackServer):
    def __init__(self, fault: Fault, pause: float) -> None:
        self.fault, self.pause = fault, pause
        super().__init__(_Handler)


class _Handler(socketserver.BaseRequestHandler):
    server: _Faulty

    def handle(self) -> None:
        caller = Caller(self.request, self.server.server_port, self.server.closing, self.server.pause)
        with suppress(OSError):  # the client gave up, as it should
            caller.read_request()
            self.server.fault(caller)


@contextmanager
def faulty(name: str, pause: float = 1.0) -> Iterator[str]:
    """The address of a server that fails in the named way; `pause` is the seconds between bytes of a drip."""
    with _Faulty(FAULTS[name], pause) as server:
        yield server.url


@contextmanager
def nothing_listening() -> Iterator[str]:
    """An address whose port is taken but not listened on: it refuses, and nobody else can come to serve it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
