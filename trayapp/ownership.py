"""Whether a path is ours: nobody else may change it, or put another thing in its place.

As ssh's StrictModes asks of a person's keys, and for the same reason: in a folder that others may write, a file's own
owner and mode say nothing, because they may replace it. Each part of the path counts, links and where they lead as well.
"""

from __future__ import annotations

import errno
import ntpath
import os
import re
import stat
import sys
from pathlib import Path

_MAX_LINKS = 40
"""As many links as the kernel follows."""
_OWN_DISK = re.compile(r"(?:\\\\[?.]\\)?[A-Za-z]:")


class UntrustedPathError(PermissionError):  # it is an answer, not a fault
    """Others may change a part of a path; `filename` says which."""

    def __init__(self, part: str, mode: int | None = None) -> None:
        super().__init__(errno.EACCES, "others may change it", part)
        self.mode = mode
        """Its mode, where that is what lets them; None where it belongs to somebody else."""


def resolve_owned(path: Path) -> Path:
    """Where a path leads, once nobody else may change that. What is not there yet will be ours. Raises NotOurs, OSError.

    Windows has neither such owners nor modes; a person's folder is theirs alone there.
    """
    if sys.platform == "win32":
        return path.absolute()
    parts = [*path.absolute().parts[1:]]
    here, links = Path("/"), 0
    while parts:
        _check_part(here, os.lstat(here))
        part = parts.pop(0)
        if part == "..":
            here = here.parent
            continue
        try:
            status = os.lstat(here / part)
        except FileNotFoundError:
            return here.joinpath(part, *parts)
        here /= part
        if stat.S_ISLNK(status.st_mode):
            _check_owner(here, status)
            links += 1
            if links > _MAX_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            target = here.readlink()
            here = Path("/") if target.is_absolute() else here.parent
            parts = [*target.parts[target.is_absolute() :], *parts]
    _check_part(here, os.lstat(here))
    return here


def resolve_owned_program(path: Path) -> Path:
    """The same for what is run or names what is run, which on Windows must be on this computer's own disks."""
    if sys.platform == "win32":
        given = ntpath.abspath(path)  # looked at before its server is asked for anything
        if is_on_other_computer(given) or is_on_other_computer(ntpath.realpath(given)):
            raise UntrustedPathError(given)
    return resolve_owned(path)


def is_on_other_computer(path: str) -> bool:
    """Whether a full path of Windows leads to another computer, or to no disk: who may write there is not known here."""
    drive, _ = ntpath.splitdrive(path.replace("/", "\\"))
    return not _OWN_DISK.fullmatch(drive)


def open_private(path: str, flags: int) -> int:
    """For `open` as its opener: the file itself and no link, for its owner alone, whatever it was before. Raises OSError."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode):  # and not /dev/null, which others need too
            _check_owner(Path(path), status)
            if stat.S_IMODE(status.st_mode) != 0o600:
                _make_private(handle)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _make_private(handle: int) -> None:
    if sys.platform == "win32":
        return
    try:
        os.fchmod(handle, 0o600)
    except OSError as error:
        if error.errno not in {
            errno.EPERM,
            errno.ENOTSUP,
            errno.ENOSYS,
        }:  # not every kind of disk has such modes
            raise


def _check_part(here: Path, status: os.stat_result) -> None:
    _check_owner(here, status)
    mode = status.st_mode
    is_folder = stat.S_ISDIR(mode)
    if is_folder and mode & stat.S_ISVTX:  # as /tmp: others may add to it, and move only what is theirs
        return
    if not is_folder and not stat.S_ISREG(mode):  # a device as /dev/null keeps nothing that could be changed
        return
    if mode & stat.S_IWOTH or (mode & stat.S_IWGRP and not (is_folder and _is_private_group(status.st_gid))):
        raise UntrustedPathError(str(here), stat.S_IMODE(mode))


def _check_owner(here: Path, status: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    if status.st_uid not in (os.geteuid(), 0):  # root needs no permission of ours
        raise UntrustedPathError(str(here))


def _is_private_group(group: int) -> bool:
    """Whether a group is this user's alone: where each user has one, new folders may be written by it."""
    if sys.platform == "win32":
        return True
    import grp
    import pwd

    try:
        entry, user = grp.getgrgid(group), pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return (
        entry.gr_gid == user.pw_gid and entry.gr_name == user.pw_name and set(entry.gr_mem) <= {user.pw_name}
    )
