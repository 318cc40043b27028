"""One request and its answer, on the program's side."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

from trayapp.desktop.control.messages import CLIENT_DEADLINE, Connection, Json, encoded, read_line

log = logging.getLogger(__name__)

Handle = Callable[[Json], Json]


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
        request = json.loads(read_line(connection, time.monotonic() + CLIENT_DEADLINE))
    except (ValueError, RecursionError, TimeoutError) as error:
        return encoded({"error": f"bad request: {error}"})
    heard()
    return _answer(request, handle)


def _answer(request: object, handle: Handle) -> bytes:
    if not isinstance(request, dict):
        return encoded({"error": "bad request: not a JSON object"})
    try:
        return encoded(handle(request))
    except Exception:
        log.exception("a command from outside failed")
        return encoded({"error": "the command failed; the log says why"})
