"""What the tests of this room share: clients and servers that end with the test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.sources.servers import Manner, Server
from trayapp.sources.http import Http

NOON = datetime(2026, 9, 22, 12, tzinfo=UTC)

Serve = Callable[[Manner], Server]


@pytest.fixture(autouse=True)
def _no_system_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda manner: stack.enter_context(Server(manner).running())


@pytest.fixture
def http() -> Iterator[Http]:
    """A client with the system's settings."""
    client = Http(user_agent="openai-status-tray/test", now=lambda: NOON)
    yield client
    client.close()
