"""Looks names up: callers share a look-up, wait no longer than their deadline, and answers are kept for a while.

The system's resolver answers only when it has the addresses of both families. If queries for IPv6 get no answer
(https://github.com/raspberrypi/bookworm-feedback/issues/362), this takes longer than a round lasts. So in place of a
slow look-up, the answer that came after an earlier round ended is used, or that of a look-up for IPv4 alone.
"""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from trayapp.sources.deadline import Deadline

_LookupKey = tuple[str, int, int]
"""Host, port and family of addresses, as `socket.getaddrinfo` takes them."""

ABANDON_AFTER = 600.0
"""Seconds after which a hanging look-up is abandoned for a new one on another thread."""
SLOW_AFTER = 1.0
"""Seconds after which a look-up counts as slow."""
ANSWER_LIFETIME = 300.0
"""Seconds for which an answer may be used in place of a slow look-up."""


@dataclass(slots=True, eq=False)
class _Lookup:
    """A look-up on its thread; it is done when it has brought addresses or an error."""

    began: float = field(default_factory=time.monotonic)
    found: list[Any] | None = None
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.found is not None or self.error is not None


class NameResolver:
    """Looks names up on daemon threads, because the system's resolver takes no deadline. Any thread may call it.

    At most one look-up of a kind runs at a time, so that hanging ones do not pile up.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        """Guards the two below, and wakes the callers when a look-up is done."""
        self._pending: dict[_LookupKey, _Lookup] = {}
        self._found: dict[_LookupKey, tuple[list[Any], float]] = {}
        """The last answers, and when they came."""

    def look_up(self, host: str, port: int, deadline: Deadline) -> list[Any]:
        """Looks up as `socket.getaddrinfo` does. Raises TimeoutError if time is up; the answer is kept even then."""
        key = (host, port, socket.AF_UNSPEC)
        with self._changed:
            lookups = [self._shared_lookup(key)]
            self._changed.wait_for(lambda: lookups[0].is_done, min(SLOW_AFTER, deadline.time_left()))
            if not lookups[0].is_done:
                if self._is_recent(key):
                    return self._found[key][0]
                deadline.time_left()
                lookups.append(self._shared_lookup((host, port, socket.AF_INET)))
            while True:
                for lookup in lookups:
                    if lookup.found is not None:
                        return lookup.found
                if lookups[0].error is not None and lookups[-1].is_done:
                    raise lookups[0].error
                self._changed.wait(deadline.time_left())

    def is_hanging(self, host: str) -> bool:
        """Whether the look-up of a host still runs and no recent answer is known."""
        with self._changed:
            return any(key[0] == host for key in self._pending) and not self._known_addresses(host)

    def known_addresses(self, host: str) -> list[str]:
        """Returns the addresses that the last look-up of a host gave."""
        with self._changed:
            return self._known_addresses(host)

    def forget_all(self) -> None:
        """Forgets all answers and running look-ups, so that every name is looked up anew."""
        with self._changed:
            self._pending.clear()
            self._found.clear()

    def _known_addresses(self, host: str) -> list[str]:
        recent = (key for key in self._found if key[0] == host and self._is_recent(key))
        return [address[0] for key in recent for *_, address in self._found[key][0]]

    def _is_recent(self, key: _LookupKey) -> bool:
        return key in self._found and time.monotonic() - self._found[key][1] <= ANSWER_LIFETIME

    def _shared_lookup(self, key: _LookupKey) -> _Lookup:
        lookup = self._pending.get(key)
        if lookup is None or time.monotonic() - lookup.began > ABANDON_AFTER:
            lookup = _Lookup()
            # Started before it is shared: if no thread can start, the next caller must not wait for it.
            threading.Thread(
                target=self._run_lookup, args=(lookup, key), name="name look-up", daemon=True
            ).start()
            self._pending[key] = lookup
        return lookup

    def _run_lookup(self, lookup: _Lookup, key: _LookupKey) -> None:
        found, failure = None, None
        try:
            found = list(socket.getaddrinfo(*key, socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - the waiting callers get it, whatever it is
            failure = error
        with self._changed:
            lookup.found, lookup.error = found, failure
            if self._pending.get(key) is lookup:  # else forgotten or abandoned: the network may have changed
                del self._pending[key]
                self._found.pop(key, None)
                if found is not None:
                    self._found[key] = found, time.monotonic()
            self._changed.notify_all()
