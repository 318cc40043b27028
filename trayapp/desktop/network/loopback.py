"""Finds out which user is at the other end of a local connection, where the system says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_TCP_TABLE = Path("/proc/net/tcp")


def is_this_user(port: int) -> bool:
    """Whether a client on 127.0.0.1 is this user's program, by its source port; True where that is not known.

    The list of processes shows all users the address given to the browser, so another user could open it first.
    """
    if sys.platform != "linux":
        return True
    try:
        lines = _TCP_TABLE.read_text("ascii").splitlines()[1:]
    except OSError:  # in a sandbox
        return True
    client = f"0100007F:{port:04X}" if sys.byteorder == "little" else f"7F000001:{port:04X}"
    owners = {int(line.split()[7]) for line in lines if line.split()[1] == client}
    return owners <= {os.geteuid()}
