"""Connects to the first of a host's addresses that answers, without waiting for those that stay silent (RFC 8305)."""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, zip_longest
from typing import Any

from trayapp.sources.deadline import Deadline

AddressInfo = tuple[Any, ...]
"""One entry of what `socket.getaddrinfo` returns: the family comes first, the address last."""

NEXT_AFTER = 0.25
"""Seconds after which the next address is tried beside those that have not answered yet."""
# Those of epoll and kqueue would each need an open file more.
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def connect_first(addresses: Sequence[AddressInfo], deadline: Deadline) -> socket.socket:
    """Returns the first connection that is made. Raises ExceptionGroup if none can be, TimeoutError if time is up."""
    waiting, failures = _alternate_families(addresses), list[OSError]()
    running: list[socket.socket] = []
    next_at = 0.0
    try:
        while waiting or running:
            now = time.monotonic()
            if waiting and (now >= next_at or not running):
                next_at = now + NEXT_AFTER
                try:
                    running.append(_begin_connection(waiting.pop(0)))
                except OSError as error:
                    failures.append(error)
                continue
            left = deadline.time_left()
            for sock in _wait_for_any(running, min(left, next_at - now) if waiting else left):
                running.remove(sock)
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not code:
                    return sock
                sock.close()
                failures.append(OSError(code, os.strerror(code)))
                next_at = now  # no need to wait any longer
    finally:
        for sock in running:
            sock.close()
    raise ExceptionGroup("no address can be connected to", failures)


def is_readable(sock: socket.socket) -> bool:
    """Whether a read would return at once: there are bytes, or the connection has ended."""
    with _Selector() as selector:
        try:
            selector.register(sock, selectors.EVENT_READ)
        except ValueError:  # closed
            return True
        return bool(selector.select(0))


def _wait_for_any(sockets: Sequence[socket.socket], seconds: float) -> list[socket.socket]:
    """Waits until some of these sockets have connected or failed, and returns them."""
    with _Selector() as selector:
        numbers = {selector.register(sock, selectors.EVENT_WRITE).fd: sock for sock in sockets}
        return [numbers[key.fd] for key, _ in selector.select(seconds)]


def _alternate_families(addresses: Sequence[AddressInfo]) -> list[AddressInfo]:
    """Orders the addresses so that each family's are tried early; the system's order stands within a family."""
    first = [address for address in addresses if address[0] == addresses[0][0]]
    others = [address for address in addresses if address[0] != addresses[0][0]]
    return [address for address in chain.from_iterable(zip_longest(first, others)) if address is not None]


def _begin_connection(address: AddressInfo) -> socket.socket:
    """Begins to connect. Raises OSError if the system refuses at once."""
    family, kind, protocol, _, place = address
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(BlockingIOError):
            sock.connect(place)
    except BaseException:
        sock.close()
        raise
    return sock
