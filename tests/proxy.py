"""A forward proxy on loopback: absolute requests and CONNECT tunnels, with a password where one is set."""

from __future__ import annotations

import base64
import http.client
import select
import socket
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from trayapp.demo.listener import LoopbackServer

HOP_BY_HOP = {"connection", "proxy-connection", "proxy-authorization", "keep-alive", "transfer-encoding"}
PATIENCE = 10.0


class ForwardProxy(LoopbackServer):
    """Use it as a context manager. `passed` lists what went through, as "GET http://…" or "CONNECT host:port"."""

    def __init__(self, credentials: str = "") -> None:
        """With credentials ("user:password"), requests without them get 407."""
        self.passed: list[str] = []
        self.refused: list[str] = []
        self.wanted = "Basic " + base64.b64encode(credentials.encode()).decode() if credentials else None
        super().__init__(_Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ForwardProxy

    def do_CONNECT(self) -> None:
        if not self._admit():
            return
        host, _, port = self.path.rpartition(":")
        try:
            upstream = socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
        except OSError:
            self._refuse(502)
            return
        with upstream:
            self.send_response_only(200, "Connection established")
            self.end_headers()
            _splice(self.connection, upstream)
        self.close_connection = True

    def do_GET(self) -> None:
        if not self._admit():
            return
        parts = urlsplit(self.path)
        upstream = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
        try:
            upstream.request(
                "GET", parts._replace(scheme="", netloc="").geturl() or "/", headers=self._passed_on()
            )
            answer = upstream.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self._refuse(502)
            return
        finally:
            upstream.close()
        self._relay(answer, body)

    def _admit(self) -> bool:
        line = f"{self.command} {self.path}"
        if self.server.wanted not in (None, self.headers.get("Proxy-Authorization")):
            self.server.refused.append(line)
            self._refuse(407)
            return False
        self.server.passed.append(line)
        return True

    def _passed_on(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}

    def _relay(self, answer: http.client.HTTPResponse, body: bytes) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: int) -> None:
        self.send_response_only(status)
        if status == 407:
            self.send_header("Proxy-Authenticate", 'Basic realm="loopback"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Tests read `passed` and `refused`."""


def _splice(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends, which the proxy's own end brings about too."""
    beyond = {one: other, other: one}
    while True:
        for ready in select.select([one, other], [], [])[0]:
            try:
                data = ready.recv(65536)
                beyond[ready].sendall(data)
            except OSError:
                return
            if not data:
                return
