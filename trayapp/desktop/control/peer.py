"""Asks the kernel which user's process is at the other end of a socket.

Linux: SO_PEERCRED (socket(7)). macOS and the BSDs: LOCAL_PEERCRED with a `struct xucred` (sys/un.h, sys/ucred.h).
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys

_UCRED = struct.Struct("=iII")
"""Process, user, group."""
_SOL_LOCAL, _LOCAL_PEERCRED = 0, 1
_XUCRED = struct.Struct("=IIh2x16I")
"""Version, user, how many groups, the groups."""
_XUCRED_VERSION = 0


def read_peer_user(connected: socket.socket) -> int:
    """Read the user id of the other end. Raises OSError, also for an unknown form of the kernel's answer."""
    if sys.platform == "linux":
        answer = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        if len(answer) == _UCRED.size:
            return int(_UCRED.unpack(answer)[1])
    else:
        answer = connected.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED.size)
        if len(answer) == _XUCRED.size and _XUCRED.unpack(answer)[0] == _XUCRED_VERSION:
            return int(_XUCRED.unpack(answer)[1])
    raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))
