"""Names and their addresses: look-ups that are shared, that end at the caller's deadline, and whose answers are kept.

A system's resolver answers for both families of addresses at once, and only when it has heard of both. Where questions
for IPv6 get no answer (https://github.com/raspberrypi/bookworm-feedback/issues/362) that takes longer than a round has.
So a slow look-up is helped out: by an answer that came after an earlier round had given up, or by one for IPv4 alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from typing import Any

LookupKey = tuple[Any, ...]
"""What is asked for, as `socket.getaddrinfo` takes it; the host comes first."""

ABANDON_AFTER = 600.0
"""Seconds after which a look-up that never came back is given up for a new one on another thread."""
SLOW_AFTER = 1.0
"""Seconds after which a look-up is slow."""
ANSWER_LIFETIME = 300.0
"""Seconds for which an answer may stand in for one that is slow to come."""


class NameResolver:
    """Looks names up on daemon threads; all else happens on the thread of its loop.

    A loop's own look-ups run in `concurrent.futures` threads, which the interpreter joins when it exits (`_python_exit`
    in `concurrent/futures/thread.py`), so a hanging one would hang the exit. This can go when asyncio looks names up
    without them. One look-up of a kind runs at a time, so that hanging ones do not pile up.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pending: dict[LookupKey, tuple[asyncio.Future[list[Any]], float]] = {}
        """Look-ups under way, with when they began."""
        self._found: dict[LookupKey, tuple[list[Any], float]] = {}
        """The last answers, with when they came."""

    async def look_up(self, key: LookupKey) -> list[Any]:
        """As `socket.getaddrinfo`. It may be abandoned: the answer is kept when it comes."""
        whole = self._shared_lookup(key)
        await asyncio.wait([whole], timeout=SLOW_AFTER)
        if not whole.done() and self._is_recent(key):
            return self._found[key][0]
        waiting = {whole}
        if not whole.done() and key[2] == socket.AF_UNSPEC:
            waiting.add(self._shared_lookup((*key[:2], socket.AF_INET, *key[3:])))
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                if future.exception() is None:
                    return future.result()
        return whole.result()

    def is_hanging(self, host: str) -> bool:
        """Whether a name is still looked up, and nothing is known of it."""
        return any(_host_of_key(key) == host for key in self._pending) and not self.known_addresses(host)

    def known_addresses(self, host: str) -> list[str]:
        """Where a name led to when it was looked up last."""
        recent = (key for key in self._found if _host_of_key(key) == host and self._is_recent(key))
        return [address[0] for key in recent for *_, address in self._found[key][0]]

    def forget_all(self) -> None:
        """Ask afresh for every name, also for those whose look-up still hangs."""
        self._pending.clear()
        self._found.clear()

    def _is_recent(self, key: LookupKey) -> bool:
        return key in self._found and time.monotonic() - self._found[key][1] <= ANSWER_LIFETIME

    def _shared_lookup(self, key: LookupKey) -> asyncio.Future[list[Any]]:
        future, began = self._pending.get(key, (None, 0.0))
        if future is None or time.monotonic() - began > ABANDON_AFTER:
            future = self._loop.create_future()
            # Before it is kept: who asks next would wait in vain for a thread that could not be started.
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
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who waits gets it
            found = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
            self._loop.call_soon_threadsafe(_settle_future, future, found)

    def _keep_answer(self, key: LookupKey, future: asyncio.Future[list[Any]]) -> None:
        if self._pending.get(key, (None, 0.0))[0] is not future:
            return  # forgotten or given up: the network may be another by now
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
        future.exception()  # if everybody has gone, asyncio would log it as never retrieved
    else:
        future.set_result(found)
