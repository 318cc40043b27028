"""Checks that a path is the user's own, or the administrators': that nobody else can change or replace it.

ssh's StrictModes demands the same of a person's keys, for the same reason: in a folder that others may write, a file's
own owner and mode prove nothing, because others may replace it. Every part of the path counts, links and their targets too.
"""

from __future__ import annotations

import errno
import ntpath
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

_MAX_LINKS = 40
"""The number of links that the kernel follows."""
_MACOS_ADMINISTRATORS = frozenset({0, 80})
_OWN_DISK = re.compile(r"(?:\\\\[?.]\\)?[A-Za-z]:")


class UntrustedPathError(PermissionError):
    """Others may change a part of a path; `filename` says which."""

    def __init__(self, part: str, mode: int | None = None) -> None:
        super().__init__(errno.EACCES, "others may change it", part)
        self.mode = mode
        """The mode, if it lets others change the part; None if the part belongs to somebody else."""


def resolve_owned(path: Path) -> Path:
    """Resolves a path and checks its parts; those that are missing pass. Raises UntrustedPathError, OSError.

    On Windows, which has no such owners and modes, nothing is checked: a user's folder is private there.
    """
    if sys.platform == "win32":
        return path.absolute()
    return _resolve_checked(path, frozenset({os.geteuid(), 0}), _is_private_group)


def resolve_administered(path: Path) -> Path:
    """Resolves a path and checks that nobody but administrators may change its parts. Not for Windows, which has no such modes.

    Raises UntrustedPathError, OSError.
    """
    return _resolve_checked(path, frozenset({0}), _is_administrators_group)


def _resolve_checked(path: Path, owners: frozenset[int], may_group_add: Callable[[int], bool]) -> Path:
    """Resolves a path of which each part must belong to `owners`; a group that may write a folder must pass `may_group_add`."""
    parts = [*path.absolute().parts[1:]]
    here, links = Path("/"), 0
    while parts:
        _check_part(here, os.lstat(here), owners, may_group_add)
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
            _check_owner(here, status, owners)
            links += 1
            if links > _MAX_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            target = here.readlink()
            here = Path("/") if target.is_absolute() else here.parent
            parts = [*target.parts[target.is_absolute() :], *parts]
    _check_part(here, os.lstat(here), owners, may_group_add)
    return here


def resolve_owned_program(path: Path) -> Path:
    """Resolves a program, or a file that names one, in the same way; on Windows it must be on a local disk."""
    if sys.platform == "win32":
        given = ntpath.abspath(path)  # checked before any request goes to its server
        if is_on_other_computer(given) or is_on_other_computer(ntpath.realpath(given)):
            raise UntrustedPathError(given)
    return resolve_owned(path)


def is_on_other_computer(path: str) -> bool:
    """Whether a full Windows path is not on a local disk, so that it is not known who may write there."""
    drive, _ = ntpath.splitdrive(path.replace("/", "\\"))
    return not _OWN_DISK.fullmatch(drive)


def open_private(path: str, flags: int) -> int:
    """Opens a file, as the opener of `open`: follows no link and makes the file its owner's alone. Raises OSError."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode):  # not /dev/null, which others need too
            if sys.platform != "win32":
                _check_owner(Path(path), status, frozenset({os.geteuid(), 0}))
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
        }:  # some file systems have no such modes
            raise


def _check_part(
    here: Path, status: os.stat_result, owners: frozenset[int], may_group_add: Callable[[int], bool]
) -> None:
    _check_owner(here, status, owners)
    mode = status.st_mode
    is_folder = stat.S_ISDIR(mode)
    if is_folder and mode & stat.S_ISVTX:  # as /tmp: others may add files, but move only their own
        return
    if not is_folder and not stat.S_ISREG(mode):  # a device as /dev/null keeps no contents
        return
    if mode & stat.S_IWOTH or (mode & stat.S_IWGRP and not (is_folder and may_group_add(status.st_gid))):
        raise UntrustedPathError(str(here), stat.S_IMODE(mode))


def _check_owner(here: Path, status: os.stat_result, owners: frozenset[int]) -> None:
    if status.st_uid not in owners:  # root, who can change everything anyway, is always among them
        raise UntrustedPathError(str(here))


def _is_administrators_group(group: int) -> bool:
    """Whether a group's members administer the computer: macOS' wheel and admin, which own folders there.

    Not Linux' group of root: where a file has an access list, its group's mode is that of anybody in the list (acl(5)).
    """
    return sys.platform == "darwin" and group in _MACOS_ADMINISTRATORS


def _is_private_group(group: int) -> bool:
    """Whether a group has this user alone: some systems give each user such a group, which may write new folders."""
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
