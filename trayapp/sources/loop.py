"""The network's own event loop on a daemon thread. Nothing in it can delay the program's exit."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import socket
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_Key = tuple[Any, ...]

ABANDON_AFTER = 600.0
"""Seconds after which a look-up that never came back is given up for a new one on another thread."""
_GRACE = 0.5
"""Seconds for which a thread beyond its deadline is waited for."""


class NetworkLoop:
    """A thread that runs coroutines for callers on other threads, each with a deadline that holds even if it hangs."""

    def __init__(self) -> None:
        self._loop = _Loop()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T], deadline: float) -> _T:
        """What `work` returns. Raises TimeoutError shortly after `deadline` seconds if the loop does not answer."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(deadline + _GRACE)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise

    def post(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` when there is time; nobody waits for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def forget_lookups(self) -> None:
        """Ask afresh for every name, also for those whose look-up still hangs."""
        self._loop.call_soon_threadsafe(self._loop.pending.clear)

    def stop(self, last: Coroutine[Any, Any, None]) -> None:
        """Do one last thing and end the thread, or abandon it if it hangs."""
        self.post(last)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GRACE)

    def _run(self) -> None:
        self._loop.run_forever()
        unfinished = asyncio.all_tasks(self._loop)
        if unfinished:
            self._loop.run_until_complete(asyncio.wait(unfinished, timeout=_GRACE))
        self._loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose name look-ups run on daemon threads.

    The base's run in `concurrent.futures` threads, which the interpreter joins when it exits (`_python_exit` in
    `concurrent/futures/thread.py`), so a hanging look-up would hang the exit. This can go when asyncio looks names up
    without them. One look-up a name runs at a time, so that hanging ones do not pile up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pending: dict[_Key, tuple[asyncio.Future[list[Any]], float]] = {}
        """Look-ups under way, with when they began."""

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
        key = (host, port, family, type, proto, flags)
        future, began = self.pending.get(key, (None, 0.0))
        if future is None or time.monotonic() - began > ABANDON_AFTER:
            future = self._look_up(key)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError as error:
            # A caller's deadline ended it: this tells a hanging look-up from a silent host. As the context, because
            # httpcore removes causes ("raise exc from None" in its connection pool).
            error.__context__ = socket.gaierror(socket.EAI_AGAIN, "the name look-up hangs")
            raise

    def _look_up(self, key: _Key) -> asyncio.Future[list[Any]]:
        future: asyncio.Future[list[Any]] = self.create_future()
        self.pending[key] = future, time.monotonic()
        future.add_done_callback(lambda done: self._forget(key, done))
        threading.Thread(target=self._ask, args=(future, key), name="name look-up", daemon=True).start()
        return future

    def _ask(self, future: asyncio.Future[list[Any]], key: _Key) -> None:
        found: list[Any] | Exception
        try:
            found = list(socket.getaddrinfo(*key))
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who waits gets it
            found = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
            self.call_soon_threadsafe(_settle, future, found)

    def _forget(self, key: _Key, future: asyncio.Future[list[Any]]) -> None:
        if self.pending.get(key, (None, 0.0))[0] is future:
            del self.pending[key]


def _settle(future: asyncio.Future[list[Any]], found: list[Any] | Exception) -> None:
    if isinstance(found, Exception):
        future.set_exception(found)
        future.exception()  # if everybody has gone, asyncio would log it as never retrieved
    else:
        future.set_result(found)
