"""One running program a person, and the place where a second start or a script speaks to it.

Here is who asks. A prompt of a shell waits for that, so nothing is imported for it that it can do without.
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

    Raises NotRunning when there is none, Elsewhere when it runs on another computer, NoAnswer when it stays silent for
    `timeout` seconds, talks nonsense, or says more than `most` bytes.
    """
    deadline = time.monotonic() + timeout
    try:
        dialled = connect_to_program(directory, deadline)
    except NotRunningError as error:
        from trayapp.desktop.control.host_computer import find_other_host

        if host := find_other_host(directory):
            raise OtherComputerError(host) from error
        raise
    with dialled as connection:
        try:
            ours = connection.is_same_user()
        except OSError as error:
            raise NotRunningError("the program is not running") from error
        if not ours:
            raise NotRunningError("somebody else's program is in its place")
        return exchange_messages(connection, request, deadline, most)
