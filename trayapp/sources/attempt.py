"""How far one request got: it decides what a failure means, and whether to try once more."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any


class Attempt:
    """One request's progress, told by the HTTP library's trace.

    An idle connection can be dead without a word (a router forgot it, the Wi-Fi changed). So a reused one gets half
    of the time only, and the ask is made once more over a new one.
    """

    def __init__(self, ends: float) -> None:
        now = asyncio.get_running_loop().time()
        self._ends = ends
        self._towards: tuple[str, int | None] = ("", None)
        self.patience = asyncio.timeout_at(now + (ends - now) / 2)
        self.reused = True
        self.connected = False
        self.by_proxy = False
        self.head_came = False

    def set_out(self, host: str, port: int | None) -> None:
        """A request to this place begins; redirects make several of one attempt."""
        self._towards = host, port
        self.head_came = False

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Hear of a step. The events are httpcore's, as its documentation of the "trace" extension names them."""
        if event == "connection.connect_tcp.started":
            self.reused = self.connected = False
            with contextlib.suppress(RuntimeError):  # it ran out in this very moment
                self.patience.reschedule(self._ends)
            self.by_proxy = (info["host"], info["port"]) != self._towards
        elif event == "connection.connect_tcp.complete":
            self.connected = True
