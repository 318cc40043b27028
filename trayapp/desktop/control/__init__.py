"""Lets one program run for each person, and sends it the requests of a second start or a script.

This module is the client's side. A shell prompt may wait for it, so it imports only what it needs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from trayapp.desktop.control.messages import (
    MAX_LINE,
    STATUS,
    Json,
    NoAnswerError,
    NotRunningError,
    OtherComputerError,
    exchange_messages,
)

if sys.platform == "win32":
    from trayapp.desktop.control.windows_pipe import connect_to_program
else:
    from trayapp.desktop.control.unix_socket import connect_to_program

__all__ = ["STATUS", "Json", "NoAnswerError", "NotRunningError", "OtherComputerError", "send_request"]


def send_request(directory: Path, request: Json, timeout: float = 5.0, most: int = MAX_LINE) -> Json:
    """Send the running program one request and return its answer.

    Raises NotRunningError when no program runs, OtherComputerError when it runs on another computer, NoAnswerError when
    it stays silent for `timeout` seconds, sends a malformed answer, or one longer than `most` bytes.
    """
    deadline = time.monotonic() + timeout
    try:
        unchecked_connection = connect_to_program(directory, deadline)
    except NotRunningError as error:
        from trayapp.desktop.control.host_computer import find_other_host

        if host := find_other_host(directory):
            raise OtherComputerError(host) from error
        raise
    with unchecked_connection as connection:
        try:
            is_same_user = connection.is_same_user()
        except OSError as error:
            raise NotRunningError("the program is not running") from error
        if not is_same_user:
            raise NotRunningError("somebody else's program is in its place")
        return exchange_messages(connection, request, deadline, most)
