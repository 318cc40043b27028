"""Reads and answers one request, on the program's side."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

from trayapp.desktop.control.messages import (
    CLIENT_DEADLINE,
    ControlConnection,
    Json,
    encode_message,
    read_line,
)

log = logging.getLogger(__name__)

RequestHandler = Callable[[Json], Json]


def serve_request(connection: ControlConnection, handle: RequestHandler, heard: Callable[[], None]) -> None:
    """Read one request, call `heard` and answer it. Raises OSError when the client has gone."""
    try:
        answer = _read_and_answer(connection, handle, heard)
    finally:
        heard()
    if answer:
        connection.write(answer, time.monotonic() + CLIENT_DEADLINE)


def _read_and_answer(
    connection: ControlConnection, handle: RequestHandler, heard: Callable[[], None]
) -> bytes:
    if not connection.is_same_user():
        log.warning("a command from another user was refused")
        return b""
    try:
        request = json.loads(read_line(connection, time.monotonic() + CLIENT_DEADLINE))
    except (ValueError, RecursionError, TimeoutError) as error:
        return encode_message({"error": f"bad request: {error}"})
    heard()
    return _run_handler(request, handle)


def _run_handler(request: object, handle: RequestHandler) -> bytes:
    if not isinstance(request, dict):
        return encode_message({"error": "bad request: not a JSON object"})
    try:
        return encode_message(handle(request))
    except Exception:
        log.exception("a command from outside failed")
        return encode_message({"error": "the command failed; the log says why"})
