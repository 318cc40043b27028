"""Real servers on loopback that answer well, badly, slowly or not at all."""

from __future__ import annotations

import contextlib
import functools
import gzip
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

JSON = "application/json"


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    connection: int
    """Which connection it came over, counted from 1."""


Manner = Callable[[Seen, socket.socket, threading.Event], bool]
"""How a server answers: it writes to the socket, and says whether the connection goes on. The event ends a wait."""


@dataclass
class Server:
    """A listening server; what it saw is in `seen`."""

    manner: Manner
    tls: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _served: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """The paths asked for, sorted."""
        return sorted(seen.path for seen in self.seen)

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        """Listen until the block ends; no thread and no socket is left behind."""
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            listener.settimeout(0.05)
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._accept, args=(listener,))
            thread.start()
            try:
                yield self
            finally:
                self._stop.set()
                _wake(listener, socket.SHUT_RDWR)
                thread.join()

    def _accept(self, listener: socket.socket) -> None:
        threads: list[threading.Thread] = []
        while not self._stop.is_set():
            with contextlib.suppress(OSError):  # nobody has come, or the test is over
                conn, _ = listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(conn, self.connections))
                threads.append(thread)
                thread.start()
        for conn in self._served:
            _wake(conn, socket.SHUT_RD)
        for thread in threads:
            thread.join()

    def _serve(self, conn: socket.socket, number: int) -> None:
        conn.settimeout(0.05)
        with contextlib.suppress(OSError), conn:
            if self.tls is not None:
                conn.settimeout(5)
                conn = self.tls.wrap_socket(conn, server_side=True)
                conn.settimeout(0.05)
            self._served.append(conn)
            with conn:
                while (seen := self._request(conn, number)) is not None:
                    self.seen.append(seen)
                    if not self.manner(seen, conn, self._stop):
                        return

    def _request(self, conn: socket.socket, number: int) -> Seen | None:
        head = b""
        while b"\r\n\r\n" not in head:
            if self._stop.is_set():
                return None
            with contextlib.suppress(TimeoutError):
                chunk = conn.recv(65536)
                if not chunk:
                    return None
                head += chunk
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        return Seen(method, path, headers, number)


def _wake(waiting: socket.socket, how: int) -> None:
    """End a wait for callers or for bytes at once; where a system cannot, the wait ends by its timeout."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(waiting, how)  # not that of TLS, which would write


def answer_bytes(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer; a header's underscores become hyphens."""
    fields = {"content-length": str(len(body)), "content-type": JSON}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Word\r\n{lines}\r\n".encode() + body


def say(status: int, body: bytes = b"", **headers: str) -> Manner:
    """Answer every request alike and keep the connection."""
    return raw(answer_bytes(status, body, **headers), keep=True)


def raw(data: bytes, *, keep: bool = False) -> Manner:
    """Send these bytes, then go on or close."""

    def manner(_seen: Seen, conn: socket.socket, _stop: threading.Event) -> bool:
        conn.settimeout(5)
        conn.sendall(data)
        conn.settimeout(0.05)
        return keep

    return manner


def by_path(manners: Mapping[str, Manner], other: Manner | None = None) -> Manner:
    """One manner for each path, and 404 elsewhere."""

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        return manners.get(seen.path, other or say(404))(seen, conn, stop)

    return manner


def in_turn(*manners: Manner) -> Manner:
    """One manner after the other, the last for good."""
    waiting = list(manners)

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        return (waiting.pop(0) if len(waiting) > 1 else waiting[0])(seen, conn, stop)

    return manner


def hang(_seen: Seen, _conn: socket.socket, stop: threading.Event) -> bool:
    """Never answer."""
    stop.wait()
    return False


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port that answers nothing, not even a connection's first packet: its queue of connections is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def drip(data: bytes, then: bytes) -> Manner:
    """Send some bytes at once and the others one by one, 20 a second."""

    def manner(_seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        conn.sendall(data)
        for byte in then:
            if stop.wait(0.05):
                break
            conn.sendall(bytes([byte]))
        return False

    return manner


drip_head = drip(b"", b"HTTP/1.1 200 OK\r\n" + b"x-filler: long\r\n" * 1000)
drip_body = drip(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"{" * 9999)


def _reset_now(conn: socket.socket) -> None:
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def reset(_seen: Seen, conn: socket.socket, _stop: threading.Event) -> bool:
    """Cut the connection with a TCP reset before answering."""
    _reset_now(conn)
    return False


def reset_in_body(_seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
    """Cut it with a reset in the middle of the body."""
    conn.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    stop.wait(0.2)
    _reset_now(conn)
    return False


cut_body = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
cut_chunk = raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf")
cut_head = raw(b"HTTP/1.1 200 OK\r\ncontent-le")
no_http = raw(b"220 mail.example ESMTP\r\n\r\n")
header_flood = raw(b"HTTP/1.1 200 OK\r\n" + b"x-flood: 0123456789\r\n" * 20000)


def gzip_bomb(decoded_size: int) -> Manner:
    """A small body that grows to `decoded_size` bytes of spaces."""

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        return say(200, _spaces_in_gzip(decoded_size), content_encoding="gzip")(seen, conn, stop)

    return manner


@functools.cache
def _spaces_in_gzip(size: int) -> bytes:
    """Packed by the first server that sends it, not where tests are collected."""
    return gzip.compress(b" " * size)


def proxy(*, password: str = "") -> Manner:
    """An HTTP proxy: CONNECT for https, absolute addresses for http; with a password it refuses those without one."""

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        if password and password not in seen.headers.get("proxy-authorization", ""):
            return raw(answer_bytes(407, proxy_authenticate="Basic"))(seen, conn, stop)
        tunnel = seen.method == "CONNECT"
        host, _, port = (seen.path if tunnel else seen.headers["host"]).partition(":")
        with socket.create_connection(("127.0.0.1", int(port or 80))) as beyond:
            if tunnel:
                conn.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                path = seen.path.removeprefix(f"http://{host}:{port}")
                beyond.sendall(f"GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
            _relay(conn, beyond, stop)
        return False

    return manner


def _relay(one: socket.socket, other: socket.socket, stop: threading.Event) -> None:
    towards = {one: other, other: one}
    while not stop.is_set():
        for ready in select.select(list(towards), [], [], 0.05)[0]:
            data = ready.recv(65536)
            if not data:
                return
            towards[ready].sendall(data)
