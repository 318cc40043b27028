"""Runs the network's event loop on a daemon thread, where nothing can delay the program's exit."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from trayapp.sources.dns import NameResolver

_T = TypeVar("_T")

_GRACE_SECONDS = 0.5
"""Seconds that callers wait for the loop after a deadline."""


class NetworkLoop:
    """Runs coroutines for callers on other threads; their deadlines hold even if the loop hangs."""

    def __init__(self) -> None:
        self._loop = _ResolvingLoop()
        self._thread = threading.Thread(target=self._run_loop, name="network", daemon=True)
        self._thread.start()

    @property
    def resolver(self) -> NameResolver:
        """The resolver of its requests; only for coroutines on this loop."""
        return self._loop.names

    def run(self, work: Coroutine[Any, Any, _T], deadline: float) -> _T:
        """Runs `work` and returns its result. Raises TimeoutError 0.5 s after `deadline` seconds if the loop hangs."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(deadline + _GRACE_SECONDS)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise

    def post(self, work: Coroutine[Any, Any, None]) -> None:
        """Schedules `work` without waiting for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def forget_lookups(self) -> None:
        """Makes the resolver look up every name anew, even those whose look-up still runs."""
        self._loop.call_soon_threadsafe(self._loop.names.forget_all)

    def stop(self, last: Coroutine[Any, Any, None]) -> None:
        """Runs a last coroutine and ends the thread, or abandons it if it hangs."""
        self.post(last)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GRACE_SECONDS)

    def _run_loop(self) -> None:
        self._loop.run_forever()
        unfinished = asyncio.all_tasks(self._loop)
        if unfinished:
            self._loop.run_until_complete(asyncio.wait(unfinished, timeout=_GRACE_SECONDS))
        self._loop.close()


class _ResolvingLoop(asyncio.SelectorEventLoop):
    """An event loop that looks names up by `NameResolver`."""

    def __init__(self) -> None:
        super().__init__()
        self.names = NameResolver(self)

    async def getaddrinfo(  # noqa: PLR0913 - the arguments are asyncio's
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the name is asyncio's
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """Does the same as the base class's, but does not wait for the look-up when the caller is cancelled."""
        return await self.names.look_up((host, port, family, type, proto, flags))
