"""What the tests of this room share: clients and servers that end with the test."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import pytest

from tests.sources.servers import Manner, Server
from trayapp.sources.http import HttpClient

NOON = datetime(2026, 9, 22, 12, tzinfo=UTC)


class Serve(Protocol):
    """Starts a server."""

    def __call__(self, manner: Manner, tls: ssl.SSLContext | None = None) -> Server:
        """A running server with this manner."""


@pytest.fixture(autouse=True)
def _no_system_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda manner, tls=None: stack.enter_context(Server(manner, tls).running())


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client with the system's settings."""
    client = HttpClient(user_agent="openai-status-tray/test", now=lambda: NOON)
    yield client
    client.close()
