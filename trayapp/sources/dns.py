"""Looks names up: callers share a look-up, wait no longer than their deadline, and answers are kept for a while.

The system's resolver answers only when it has the addresses of both families. If queries for IPv6 get no answer
(https://github.com/raspberrypi/bookworm-feedback/issues/362), this takes longer than a round lasts. So in place of a
slow look-up, the answer that came after an earlier round ended is used, or that of a look-up for IPv4 alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from typing import Any

LookupKey = tuple[Any, ...]
"""The arguments of `socket.getaddrinfo`; the host comes first."""

ABANDON_AFTER = 600.0
"""Seconds after which a hanging look-up is abandoned for a new one on another thread."""
SLOW_AFTER = 1.0
"""Seconds after which a look-up counts as slow."""
ANSWER_LIFETIME = 300.0
"""Seconds for which an answer may be used in place of a slow look-up."""


class NameResolver:
    """Looks names up on daemon threads; everything else runs on the thread of its loop.

    A loop's own look-ups run in `concurrent.futures` threads, which the interpreter joins when it exits (`_python_exit`
    in `concurrent/futures/thread.py`), so that a hanging one would hang the exit. This class can go when asyncio no
    longer uses them. At most one look-up of a kind runs at a time, so that hanging ones do not pile up.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pending: dict[LookupKey, tuple[asyncio.Future[list[Any]], float]] = {}
        """The running look-ups, and when they began."""
        self._found: dict[LookupKey, tuple[list[Any], float]] = {}
        """The last answers, and when they came."""

    async def look_up(self, key: LookupKey) -> list[Any]:
        """Looks up as `socket.getaddrinfo` does. If the caller stops waiting, the answer is still kept."""
        lookup = self._shared_lookup(key)
        await asyncio.wait([lookup], timeout=SLOW_AFTER)
        if not lookup.done() and self._is_recent(key):
            return self._found[key][0]
        waiting = {lookup}
        if not lookup.done() and key[2] == socket.AF_UNSPEC:
            waiting.add(self._shared_lookup((*key[:2], socket.AF_INET, *key[3:])))
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                if future.exception() is None:
                    return future.result()
        return lookup.result()

    def is_hanging(self, host: str) -> bool:
        """Whether the look-up of a host still runs and no recent answer is known."""
        return any(_host_of_key(key) == host for key in self._pending) and not self.known_addresses(host)

    def known_addresses(self, host: str) -> list[str]:
        """Returns the addresses that the last look-up of a host gave."""
        recent = (key for key in self._found if _host_of_key(key) == host and self._is_recent(key))
        return [address[0] for key in recent for *_, address in self._found[key][0]]

    def forget_all(self) -> None:
        """Forgets all answers and running look-ups, so that every name is looked up anew."""
        self._pending.clear()
        self._found.clear()

    def _is_recent(self, key: LookupKey) -> bool:
        return key in self._found and time.monotonic() - self._found[key][1] <= ANSWER_LIFETIME

    def _shared_lookup(self, key: LookupKey) -> asyncio.Future[list[Any]]:
        future, began = self._pending.get(key, (None, 0.0))
        if future is None or time.monotonic() - began > ABANDON_AFTER:
            future = self._loop.create_future()
            # Started before the future is shared: if no thread can start, the next caller must not wait for it.
            threading.Thread(
                target=self._run_lookup, args=(future, key), name="name look-up", daemon=True
            ).start()
            self._pending[key] = future, time.monotonic()
            future.add_done_callback(lambda done: self._keep_answer(key, done))
        return future

    def _run_lookup(self, future: asyncio.Future[list[Any]], key: LookupKey) -> None:
        found: list[Any] | Exception
        try:
            found = list(socket.getaddrinfo(*key))
        except Exception as error:  # noqa: BLE001 - the waiting caller gets it, whatever it is
            found = error
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self._loop.call_soon_threadsafe(_settle_future, future, found)

    def _keep_answer(self, key: LookupKey, future: asyncio.Future[list[Any]]) -> None:
        if self._pending.get(key, (None, 0.0))[0] is not future:
            return  # forgotten or abandoned: the network may have changed
        del self._pending[key]
        self._found.pop(key, None)
        if future.exception() is None:
            self._found[key] = future.result(), time.monotonic()


def _host_of_key(key: LookupKey) -> str:
    host = key[0]
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _settle_future(future: asyncio.Future[list[Any]], found: list[Any] | Exception) -> None:
    if isinstance(found, Exception):
        future.set_exception(found)
        future.exception()  # without waiters asyncio would log it as never retrieved
    else:
        future.set_result(found)
