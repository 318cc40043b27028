"""`python -m tests.no_netlink COMMAND…`: a command that is refused the kernel's tables of routes and neighbours.

As services and sandboxes are (systemd's RestrictAddressFamilies): socket(AF_NETLINK) is "permission denied". seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

_SOCKET = {"x86_64": 41, "aarch64": 198}
"""The number of socket(2)."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _FIRST_ARGUMENT = 0, 16
"""Where `struct seccomp_data` has them."""


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_netlink() -> None:
    """From now on, for this process and what it starts. Raises OSError where the kernel does not do it."""
    steps = b"".join(
        struct.pack("=HBBI", *step)
        for step in (
            (_LOAD, 0, 0, _NUMBER),
            (_IF_EQUAL, 0, 3, _SOCKET[platform.machine()]),
            (_LOAD, 0, 0, _FIRST_ARGUMENT),
            (_IF_EQUAL, 0, 1, socket.AF_NETLINK),
            (_RETURN, 0, 0, _ERROR | errno.EACCES),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    control = ctypes.CDLL(None, use_errno=True).prctl
    program = _Program(len(steps) // 8, steps)
    if control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or control(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter for system calls")


if __name__ == "__main__":
    refuse_netlink()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command is the caller's own
