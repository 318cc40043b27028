"""Defines the protocol: one line of JSON as the request, one as its answer, one pair to a connection.

JSON because it is only data; pickles, which `multiprocessing.connection` would use, can run code.
"""

from __future__ import annotations

import json
from typing import Any, Protocol, Self

MAX_LINE = 64 * 1024
"""Bytes of a request or an answer."""
CLIENT_DEADLINE = 2.0
"""Seconds a client has for its whole request, and again for taking the answer."""

STATUS = "status"
"""The request for the finished text of `status --cached`."""

Json = dict[str, Any]


class NotRunningError(Exception):
    """No program of this person runs."""


class OtherComputerError(NotRunningError):
    """The program runs on another computer that shares the folder, and cannot be reached from here."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the program runs on {host}")
        self.host = host


class NoAnswerError(NotRunningError):
    """The program runs, or seems to, but gave no answer in time."""


class ControlConnection(Protocol):
    """One end of a connection. Methods raise OSError; TimeoutError after the deadline, a time of `time.monotonic`."""

    def is_same_user(self) -> bool:
        """Whether the other end runs as this user."""

    def read(self, deadline: float) -> bytes:
        """Read the next bytes; empty when no more will come."""

    def write(self, data: bytes, deadline: float) -> None:
        """Write all bytes."""

    def interrupt(self) -> None:
        """End a `read` under way on another thread. Does not raise."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


def exchange_messages(
    connection: ControlConnection, request: Json, deadline: float, most: int = MAX_LINE
) -> Json:
    """Send a request and return the answer. Raises NoAnswerError for a late or malformed one."""
    try:
        connection.write(encode_message(request), deadline)
        answer = json.loads(read_line(connection, deadline, most))
    except (OSError, ValueError, RecursionError) as error:
        raise NoAnswerError(f"the running program does not answer ({error})") from error
    if not isinstance(answer, dict):
        raise NoAnswerError("the running program does not answer in the expected form")
    return answer


def encode_message(value: Json) -> bytes:
    """Encode a request or an answer as a line of JSON."""
    return json.dumps(value).encode() + b"\n"


def read_line(connection: ControlConnection, deadline: float, most: int = MAX_LINE) -> bytes:
    """Read one line without its end. Raises ValueError for one too long or broken off, TimeoutError at the deadline."""
    received = bytearray()
    while b"\n" not in received:
        if len(received) > most:
            raise ValueError("line too long")
        part = connection.read(deadline)
        if not part:
            raise ValueError("line broken off")
        received += part
    return bytes(received.partition(b"\n")[0])
