"""What is said: a line of JSON as a request, a line of JSON as its answer, one pair to a connection.

JSON because it can do nothing but be data; pickles, which `multiprocessing.connection` would bring, can run code.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol, Self

log = logging.getLogger(__name__)

MAX_LINE = 64 * 1024
"""Bytes of a request or an answer."""
CLIENT_DEADLINE = 2.0
"""Seconds a client has for its whole request, and again for taking the answer."""

Json = dict[str, Any]
Handle = Callable[[Json], Json]


class NotRunning(Exception):  # noqa: N818 - it names a state of the world, not a fault
    """No program of this person runs."""


class Elsewhere(NotRunning):
    """It runs on another computer that shares the folder, and cannot be spoken to from here."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the program runs on {host}")
        self.host = host


class NoAnswer(NotRunning):
    """It runs, or seems to, but gave no answer in time."""


class Connection(Protocol):
    """One end of a conversation. All raise OSError; TimeoutError, which is one, at a deadline of `time.monotonic`."""

    def same_person(self) -> bool:
        """Whether the other end runs as this user."""

    def read(self, deadline: float) -> bytes:
        """What comes next; empty when no more will come."""

    def write(self, data: bytes, deadline: float) -> None:
        """All of it."""

    def cut(self) -> None:
        """End a reading that is under way on another thread. Does not raise."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


def asked(connection: Connection, request: Json, deadline: float) -> Json:
    """The answer to a request. Raises NoAnswer when it does not come in time, or is nonsense."""
    try:
        connection.write(_encoded(request), deadline)
        answer = json.loads(_line(connection, deadline))
    except (OSError, ValueError, RecursionError) as error:
        raise NoAnswer(f"the running program does not answer ({error})") from error
    if not isinstance(answer, dict):
        raise NoAnswer("the running program does not answer in the expected form")
    return answer


def serve_one(connection: Connection, handle: Handle, heard: Callable[[], None]) -> None:
    """Read one request, say that it was `heard`, and answer it. Raises OSError when the client has gone."""
    try:
        answer = _answer_to(connection, handle, heard)
    finally:
        heard()
    if answer:
        connection.write(answer, time.monotonic() + CLIENT_DEADLINE)


def _answer_to(connection: Connection, handle: Handle, heard: Callable[[], None]) -> bytes:
    if not connection.same_person():
        log.warning("a command from another user was refused")
        return b""
    try:
        request = json.loads(_line(connection, time.monotonic() + CLIENT_DEADLINE))
    except (ValueError, RecursionError, TimeoutError) as error:
        return _encoded({"error": f"bad request: {error}"})
    heard()
    return _answer(request, handle)


def _answer(request: object, handle: Handle) -> bytes:
    if not isinstance(request, dict):
        return _encoded({"error": "bad request: not a JSON object"})
    try:
        return _encoded(handle(request))
    except Exception:
        log.exception("a command from outside failed")
        return _encoded({"error": "the command failed; the log says why"})


def _encoded(value: Json) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _line(connection: Connection, deadline: float) -> bytes:
    """One line without its end. Raises ValueError when it is too long or broken off, TimeoutError at the deadline."""
    received = bytearray()
    while b"\n" not in received:
        if len(received) > MAX_LINE:
            raise ValueError("line too long")
        part = connection.read(deadline)
        if not part:
            raise ValueError("line broken off")
        received += part
    return bytes(received.partition(b"\n")[0])
