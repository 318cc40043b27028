"""On which computer the program runs, for a folder that several share.

A network file system keeps a lock for all of them, but a socket in it is heard on its own computer alone.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import filelock

from trayapp.ownership import open_private

LOCK_FILE = "lock"
HOST_FILE = "lock.host"
"""Names the computer of whoever holds the lock."""
_MAX_HOST_NAME = 255


def write_host(directory: Path) -> None:
    """Say that the lock is held on this computer; without room for it nobody else can say where."""
    with suppress(OSError), open(directory / HOST_FILE, "w", encoding="utf-8", opener=open_private) as file:
        file.write(socket.gethostname())


def remove_host(directory: Path) -> None:
    """Take that away."""
    with suppress(OSError):
        (directory / HOST_FILE).unlink(missing_ok=True)


def create_lock(directory: Path) -> filelock.FileLock:
    """What one program at a time holds."""
    return filelock.FileLock(directory / LOCK_FILE, timeout=0, mode=0o600, thread_local=False)


def find_other_host(directory: Path) -> str:
    """The other computer on which a program holds the lock; empty where there is none."""
    try:
        with (directory / HOST_FILE).open(encoding="utf-8", errors="replace") as file:
            host = file.read(_MAX_HOST_NAME)
    except OSError:
        return ""
    if not host or host == socket.gethostname():
        return ""
    try:
        create_lock(directory).acquire().lock.release()
    except filelock.Timeout:
        return host
    except OSError:
        pass
    return ""  # what a computer that went down has left behind
