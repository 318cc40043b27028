"""The network's own event loop on a daemon thread. Nothing in it can delay the program's exit."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from trayapp.sources.dns import NameResolver

_T = TypeVar("_T")

_GRACE_SECONDS = 0.5
"""Seconds for which a thread beyond its deadline is waited for."""


class NetworkLoop:
    """A thread that runs coroutines for callers on other threads, each with a deadline that holds even if it hangs."""

    def __init__(self) -> None:
        self._loop = _ResolvingLoop()
        self._thread = threading.Thread(target=self._run_loop, name="network", daemon=True)
        self._thread.start()

    @property
    def resolver(self) -> NameResolver:
        """The look-ups of its requests, for coroutines that it runs."""
        return self._loop.names

    def run(self, work: Coroutine[Any, Any, _T], deadline: float) -> _T:
        """What `work` returns. Raises TimeoutError shortly after `deadline` seconds if the loop does not answer."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(deadline + _GRACE_SECONDS)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise

    def post(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` when there is time; nobody waits for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def forget_lookups(self) -> None:
        """Ask afresh for every name, also for those whose look-up still hangs."""
        self._loop.call_soon_threadsafe(self._loop.names.forget_all)

    def stop(self, last: Coroutine[Any, Any, None]) -> None:
        """Do one last thing and end the thread, or abandon it if it hangs."""
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
    """A loop whose name look-ups are those of `dns.py`."""

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
        """As the base's, but abandoned when the caller is cancelled."""
        return await self.names.look_up((host, port, family, type, proto, flags))
