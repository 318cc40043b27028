"""Of a host's addresses the first that answers is used, and none that is silent is waited for."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.sources.servers import silent
from trayapp.sources.connecting import AddressInfo, connect_first, is_readable
from trayapp.sources.deadline import Deadline


def at(port: int, host: str = "127.0.0.1") -> AddressInfo:
    """One of the addresses that a name leads to."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (host, port)


def soon(seconds: float = 10.0) -> Deadline:
    """A deadline so many seconds from now."""
    return Deadline(time.monotonic() + seconds)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_silent_addresses_cost_a_quarter_of_a_second_each(listener: socket.socket) -> None:
    """The system's own way waits for the first until it gives up, two minutes later."""
    port = listener.getsockname()[1]
    began = time.monotonic()
    with silent() as one, silent() as other, connect_first([at(one), at(other), at(port)], soon()) as sock:
        assert sock.getpeername()[1] == port
    assert 0.5 <= time.monotonic() - began < 5.0


def test_an_address_that_refuses_costs_nothing(listener: socket.socket, closed_port: int) -> None:
    """Nor does one to which there is no way: the next is tried at once."""
    began = time.monotonic()
    addresses = [at(closed_port), at(80, "fe80::1"), *[at(closed_port)] * 20, at(listener.getsockname()[1])]
    with connect_first(addresses, soon()) as sock:
        assert sock.getpeername() == listener.getsockname()
    assert time.monotonic() - began < 3.0


def test_a_host_without_an_address_that_answers_fails_with_each_ones_reason(closed_port: int) -> None:
    """The most telling one is chosen elsewhere."""
    with pytest.raises(ExceptionGroup) as caught:
        connect_first([at(closed_port), at(80, "255.255.255.255")], soon())
    assert len(caught.value.exceptions) == 2
    assert ConnectionRefusedError in {type(error) for error in caught.value.exceptions}


def test_the_deadline_ends_the_wait_for_silent_addresses() -> None:
    """However many there are."""
    began = time.monotonic()
    with silent() as port, pytest.raises(TimeoutError):
        connect_first([at(port)] * 9, soon(0.6))
    assert time.monotonic() - began < 3.0


def test_the_second_address_tried_is_of_the_other_family() -> None:
    """Where a whole family leads nowhere, its many addresses are not tried one after the other."""
    began = time.monotonic()
    with silent() as port, socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        addresses = [*[at(port)] * 20, at(other.getsockname()[1], "::1")]
        with connect_first(addresses, soon()) as sock:
            assert sock.family == socket.AF_INET6
    assert time.monotonic() - began < 4.0


def test_a_connection_is_readable_when_it_says_something_or_ends(listener: socket.socket) -> None:
    """And when it was closed here."""
    with socket.create_connection(listener.getsockname()) as here, listener.accept()[0] as there:
        assert not is_readable(here)
        there.sendall(b"x")
        assert is_readable(here)
        here.recv(1)
        assert not is_readable(here)
        there.close()
        assert is_readable(here)
        here.close()
        assert is_readable(here)
