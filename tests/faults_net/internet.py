"""A small internet in a network namespace of its own: the hosts that the program asks by default, names, and a proxy.

Every host has a public-looking address and TLS of an authority that the program is given, and does what a case wants.
Blocking sockets with a thread for each: dozens of these run at once, and do nothing most of the time.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path

from trayapp.demo.page_json import PageContent, build_pages
from trayapp.model import State

PAGE, API, CHATGPT, LOGIN = "status.openai.com", "api.openai.com", "chatgpt.com", "auth.openai.com"
TRACE, FIREFOX, GSTATIC = "www.cloudflare.com", "detectportal.firefox.com", "connectivitycheck.gstatic.com"
OPENAI = (PAGE, API, CHATGPT, LOGIN)
ADDRESSES = {
    PAGE: ("104.18.40.1", "2606:4700:40::1"),
    API: ("104.18.40.2", "2606:4700:40::2"),
    CHATGPT: ("104.18.40.3", "2606:4700:40::3"),
    LOGIN: ("104.18.40.4", "2606:4700:40::4"),
    TRACE: ("104.18.40.5", "2606:4700:40::5"),
    FIREFOX: ("34.107.221.82", "2600:1901:0:38d7::"),
    GSTATIC: ("142.250.74.35", "2a00:1450:400f::3"),
}
NUMBERS = ("1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9")
"""Hosts that are known by their addresses: they answer HTTP, with and without TLS, and name look-ups over TCP."""
GATEWAY, PROXY_PORT = "10.0.0.1", 3128

CLOUDFLARE = {"Server": "cloudflare", "CF-RAY": "8a1b2c3d4e5f6789-FRA"}
PATIENCE = 30.0
DAY = 86400
PAPERS = {"ours": 0, "ahead": 400, "behind": -400, "foreign": 0}
"""What servers prove themselves with, and by how many days it is valid sooner or later; the last is nobody's known."""


@dataclass(frozen=True)
class Does:
    """What becomes of a connection: it is answered, with this; or it hangs or is reset after the first words of TLS."""

    kind: str = "answers"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    foreign: bool = False
    """The certificate is of an authority that the program does not know."""


HANGS, RESETS = Does("hangs"), Does("resets")


def answers(status: int, body: bytes = b"", **headers: str) -> Does:
    """An answer; underscores in a header's name are hyphens."""
    return Does(status=status, headers=tuple((k.replace("_", "-"), v) for k, v in headers.items()), body=body)


def cloudflare_answers(status: int, body: bytes = b"", **headers: str) -> Does:
    """An answer with Cloudflare's signature."""
    return answers(status, body, **CLOUDFLARE, **headers)


@dataclass
class Names:
    """What is said to who looks a name up."""

    dead: bool = False
    drops_aaaa: bool = False
    has_aaaa: bool = False
    missing: frozenset[str] = frozenset()
    zeroed: frozenset[str] = frozenset()


@dataclass
class World:
    """All that a case may change while it goes on."""

    hosts: dict[str, Does] = field(default_factory=dict)
    over_ipv6: Does | None = None
    """What becomes of every connection over IPv6, where that differs."""
    names: Names = field(default_factory=Names)
    content: PageContent = field(default_factory=lambda: PageContent(datetime.now(UTC), {}))
    proxied: dict[str, str] = field(default_factory=dict)
    """What the proxy does to who wants to reach a host: drops, hangs, resets, closes, inspects; else it lets through."""
    proxy_wants_login: str = ""
    days: int = 0
    """How many days all clocks and certificates are ahead of the program's computer: its own clock is wrong."""

    def does(self, host: str) -> Does:
        """What a host does now."""
        return self.hosts.get(host) or USUAL.get(host, answers(200, b"hello"))


USUAL = {
    API: cloudflare_answers(401, b'{"error": {}}', x_request_id="req_1"),
    CHATGPT: cloudflare_answers(403, b"challenge", cf_mitigated="challenge"),
    LOGIN: cloudflare_answers(403, b"challenge", cf_mitigated="challenge"),
    TRACE: cloudflare_answers(200, b"fl=1\ncolo=FRA\n"),
    FIREFOX: answers(200, b"success\n"),
    GSTATIC: answers(204),
    PAGE: cloudflare_answers(200),
}
PORTAL = replace(answers(302, Location="http://portal.hotel.example/login"), foreign=True)


def page_with_trouble(*troubled: tuple[str, str], state: State = State.MAJOR) -> PageContent:
    """The page, with these components in trouble."""
    return PageContent(datetime.now(UTC), dict.fromkeys(troubled, state))


class Internet:
    """Listens on all addresses of its namespace until the process ends."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.asked: list[tuple[str, str]] = []
        """Host and path of each request, those within TLS included; the oldest first."""
        self._tls = {papers: _context(folder / f"{papers}.pem") for papers in PAPERS}
        self._by_address = {address: host for host, both in ADDRESSES.items() for address in both}
        for family in (socket.AF_INET, socket.AF_INET6):
            _listen(family, 80, self._plain)
            _listen(family, 443, self._secure)
        _listen(socket.AF_INET, 53, self._names_over_tcp)
        _listen(socket.AF_INET, PROXY_PORT, self._proxy)
        threading.Thread(target=self._names, daemon=True).start()

    def _plain(self, connection: socket.socket) -> None:
        host = self._host(connection)
        self._serve(connection, host, self._doing(connection, host))

    def _secure(self, connection: socket.socket) -> None:
        host = self._host(connection)
        does = self._doing(connection, host)
        if does.kind == "answers":
            with self._tls["foreign" if does.foreign else self._papers()].wrap_socket(
                connection, server_side=True
            ) as secure:
                self._serve(secure, host, does)
        else:
            _spoil(connection, does.kind)

    def _papers(self) -> str:
        return next(name for name, days in PAPERS.items() if days == self.world.days)

    def _answer(self, connection: socket.socket, request: str, does: Does) -> None:
        headers = dict(does.headers)
        headers["Date"] = formatdate(time.time() + self.world.days * DAY, usegmt=True)
        if does.status != 204:
            headers["Content-Length"] = str(len(does.body))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = b"" if request.startswith("HEAD") else does.body
        connection.sendall(f"HTTP/1.1 {does.status} So\r\n{head}\r\n".encode() + body)

    def _host(self, connection: socket.socket) -> str:
        address: str = connection.getsockname()[0]
        return self._by_address.get(address, address)

    def _doing(self, connection: socket.socket, host: str) -> Does:
        over_ipv6 = self.world.over_ipv6 if connection.family == socket.AF_INET6 else None
        # A black hole for large packets lets small ones through: what goes without TLS.
        return over_ipv6 if over_ipv6 and host not in {FIREFOX, GSTATIC} else self.world.does(host)

    def _serve(self, connection: socket.socket, host: str, does: Does) -> None:
        if does.kind != "answers":
            _spoil(connection, does.kind)
            return
        while request := _request(connection):
            self.asked.append((host, request.split(" ", 2)[1]))
            self._answer(connection, request, self._fill_in_page(host, request, self.world.does(host)))

    def _fill_in_page(self, host: str, request: str, does: Does) -> Does:
        if host != PAGE or does is not USUAL[PAGE]:
            return does
        path = request.split(" ", 2)[1]
        body = build_pages(self.world.content).get(path)
        return (
            cloudflare_answers(404)
            if body is None
            else cloudflare_answers(200, body, Content_Type="application/json")
        )

    def _proxy(self, connection: socket.socket) -> None:
        while request := _request(connection):
            method, target = request.split(" ", 2)[:2]
            if self.world.proxy_wants_login:
                offer = self.world.proxy_wants_login
                self._answer(connection, request, answers(407, Proxy_Authenticate=offer))
            elif method == "CONNECT":
                self._tunnel(connection, target.rpartition(":")[0])
                return
            else:
                host = target.split("/")[2]
                self._answer(connection, request, self.world.does(host))

    def _tunnel(self, connection: socket.socket, host: str) -> None:
        way = self.world.proxied.get(host, "")
        if way in {"hangs", "resets"}:
            _spoil(connection, way)
            return
        if way == "drops":
            return
        if way.startswith("refuses"):
            connection.sendall(f"HTTP/1.1 {way.split()[1]} No\r\nContent-Length: 0\r\n\r\n".encode())
            return
        if way != "closes" and not way and host not in ADDRESSES:
            connection.sendall(b"HTTP/1.1 502 No such host\r\nContent-Length: 0\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if way == "closes":
            return
        if way.startswith("inspects"):
            _, status, server = way.split(" ", 2)
            said = answers(int(status), b"<html>", Server=server, Via=f"1.1 {server}")
            with self._tls[self._papers()].wrap_socket(connection, server_side=True) as secure:
                while request := _request(secure):
                    self._answer(secure, request, said)
            return
        with socket.create_connection((ADDRESSES[host][0], 443), PATIENCE) as beyond:
            _splice(connection, beyond)

    def _names(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("", 53))
            while True:
                question, who = server.recvfrom(4096)
                if (said := _resolve(question, self.world.names)) is not None:
                    server.sendto(said, who)

    def _names_over_tcp(self, connection: socket.socket) -> None:
        (length,) = struct.unpack("!H", connection.recv(2))
        said = _resolve(connection.recv(length), self.world.names)
        if said is not None:
            connection.sendall(struct.pack("!H", len(said)) + said)


def _listen(family: int, port: int, serve: Callable[[socket.socket], None]) -> None:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("", port))
    listener.listen(64)

    def one(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with suppress(OSError, IndexError, struct.error, ValueError), connection:
            serve(connection)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def _spoil(connection: socket.socket, kind: str) -> None:
    """Take the first words and never answer; or reset the connection."""
    connection.recv(1)
    if kind == "hangs":
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and connection.recv(65536):
            pass
    else:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _request(connection: socket.socket) -> str:
    """The head of the next request; empty when there is none."""
    head = b""
    while b"\r\n\r\n" not in head:
        if not (data := connection.recv(4096)):
            return ""
        head += data
    return head.decode("latin-1")


def _resolve(question: bytes, names: Names) -> bytes | None:
    """The answer to a question of the domain name system; None where none comes."""
    labels, place = [], 12
    while length := question[place]:
        labels.append(question[place + 1 : place + 1 + length].decode())
        place += 1 + length
    name = ".".join(labels).lower()
    (kind,) = struct.unpack("!H", question[place + 1 : place + 3])
    if names.dead or (names.drops_aaaa and kind == 28):
        return None
    asked = question[12 : place + 5]
    found = b""
    if name in ADDRESSES and name not in names.missing:
        four, six = ("0.0.0.0", "::") if name in names.zeroed else ADDRESSES[name]
        if kind == 1:
            found = socket.inet_aton(four)
        elif kind == 28 and (names.has_aaaa or name in names.zeroed):
            found = socket.inet_pton(socket.AF_INET6, six)
    code = 0 if name in ADDRESSES and name not in names.missing else 3
    head = question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if found else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 1, len(found)) + found if found else b""
    return head + asked + record


def _splice(one: socket.socket, other: socket.socket) -> None:
    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    back = threading.Thread(target=carry, args=(other, one), daemon=True)
    back.start()
    carry(one, other)
    back.join()


def _context(papers: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers)
    return context
