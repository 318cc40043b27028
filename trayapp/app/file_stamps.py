"""Tells by a file's times, size, owner and modes whether it has changed, without reading it."""

from __future__ import annotations

from pathlib import Path

from trayapp.settings.layers import SiteSettings

FileStamp = tuple[int, ...] | None
"""What changes with a file, such as its modification time in ns; None if it does not exist."""


def file_stamp(file: Path) -> FileStamp:
    """Return what changes with a file's content, even if another file takes its place."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def site_stamps(site: SiteSettings) -> tuple[FileStamp, ...]:
    """Return what changes with the site's files, and with who may write or replace them."""
    return tuple(
        stamp
        for path in site.paths
        for stamp in (file_stamp(path), _permission_stamp(path), _permission_stamp(path.parent))
    )


def _permission_stamp(path: Path) -> FileStamp:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mode, stat.st_uid, stat.st_gid
