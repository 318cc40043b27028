"""One running program a person, and the place where a second start or a script speaks to it.

Here is who asks. A prompt of a shell waits for that, so nothing is imported for it that it can do without.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from trayapp.desktop.control.messages import MAX_LINE, STATUS, Elsewhere, Json, NoAnswer, NotRunning, asked

if sys.platform == "win32":
    from trayapp.desktop.control.windows_pipe import dial
else:
    from trayapp.desktop.control.unix_socket import dial

__all__ = ["STATUS", "Elsewhere", "Json", "NoAnswer", "NotRunning", "ask"]


def ask(directory: Path, request: Json, timeout: float = 5.0, most: int = MAX_LINE) -> Json:
    """Send the running program one request and return its answer.

    Raises NotRunning when there is none, Elsewhere when it runs on another computer, NoAnswer when it stays silent for
    `timeout` seconds, talks nonsense, or says more than `most` bytes.
    """
    deadline = time.monotonic() + timeout
    try:
        dialled = dial(directory, deadline)
    except NotRunning as error:
        from trayapp.desktop.control.host_computer import other_host

        if host := other_host(directory):
            raise Elsewhere(host) from error
        raise
    with dialled as connection:
        try:
            ours = connection.same_person()
        except OSError as error:
            raise NotRunning("the program is not running") from error
        if not ours:
            raise NotRunning("somebody else's program is in its place")
        return asked(connection, request, deadline, most)
