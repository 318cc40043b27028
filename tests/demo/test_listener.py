"""The loopback server underneath everything that is served."""

from __future__ import annotations

import http.client
import socket
import threading
import time

from trayapp.demo.server import SUCCESS_PATH, EndpointFault, StatusServer

PROMPT = 5.0


def test_it_ends_at_once_though_a_client_keeps_its_connection_open() -> None:
    """An idle keep-alive connection neither delays the end nor leaves a thread behind."""
    threads = threading.active_count()
    with StatusServer() as server:
        client = http.client.HTTPConnection("127.0.0.1", server.server_port)
        client.request("GET", SUCCESS_PATH)
        client.getresponse().read()
        asked_to_end = time.monotonic()
    assert time.monotonic() - asked_to_end < PROMPT
    assert threading.active_count() == threads
    client.close()


def test_it_ends_at_once_though_a_request_hangs() -> None:
    """A hanging endpoint lets go of its client when the server ends."""
    with StatusServer({"/slow": EndpointFault.HANG}) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.server_port)
        client.request("GET", "/slow")
        asked_to_end = time.monotonic()
    assert time.monotonic() - asked_to_end < PROMPT
    client.close()


def test_it_ends_at_once_though_a_client_never_says_anything() -> None:
    """A client that connects and stays silent does not hold the server."""
    with StatusServer() as server:
        silent = socket.create_connection(("127.0.0.1", server.server_port))
        asked_to_end = time.monotonic()
    assert time.monotonic() - asked_to_end < PROMPT
    silent.close()
