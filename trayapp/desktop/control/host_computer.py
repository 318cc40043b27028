"""Notes on which computer the program runs, for a folder that several computers share.

A network file system shares a lock among them, but a socket in it works on its own computer alone.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import filelock

from trayapp.ownership import open_private

LOCK_FILE = "lock"
HOST_FILE = "lock.host"
"""The file with the name of the computer whose program holds the lock."""
_MAX_HOST_NAME = 255


def write_host(directory: Path) -> None:
    """Write this computer's name beside the lock; if that fails, others cannot find out where the program runs."""
    with suppress(OSError), open(directory / HOST_FILE, "w", encoding="utf-8", opener=open_private) as file:
        file.write(socket.gethostname())


def remove_host(directory: Path) -> None:
    """Delete the computer's name."""
    with suppress(OSError):
        (directory / HOST_FILE).unlink(missing_ok=True)


def create_lock(directory: Path) -> filelock.FileLock:
    """Make the lock that one program at a time holds."""
    return filelock.FileLock(directory / LOCK_FILE, timeout=0, mode=0o600, thread_local=False)


def find_other_host(directory: Path) -> str:
    """Find the other computer whose program holds the lock; empty where there is none."""
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
