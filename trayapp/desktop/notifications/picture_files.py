"""Writes pictures of looks to files, for notification servers that cannot take pixels."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from trayapp.desktop.icon.png import encode_png
from trayapp.model import Look
from trayapp.ownership import open_private, resolve_owned
from trayapp.places import create_folder

log = logging.getLogger(__name__)

PICTURE_SIZE = 48
"""Pixels; also the panel's largest size, so that no extra picture is drawn."""


class PictureFiles:
    """Files in `folder`, each kept from its first use to `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Look, Path] = {}

    def file_for(self, look: Look) -> Path | None:
        """Return a look's file, written if needed; None, with a log entry, where it cannot be written."""
        try:
            if not (look in self._files and self._files[look].exists()):
                self._files[look] = self._write_picture(look)
        except OSError as error:
            log.warning("no picture for a notification: %s", error)
            return None
        return self._files[look]

    def close(self) -> None:
        """Delete all files."""
        for file in self._files.values():
            with suppress(OSError):
                file.unlink()
        self._files.clear()

    def _write_picture(self, look: Look) -> Path:
        folder = resolve_owned(create_folder(self._folder))
        file = folder / f"notification-{look.state}{'-hollow' if look.hollow else ''}.png"
        with open(file, "wb", opener=open_private) as picture:
            picture.write(encode_png(look, PICTURE_SIZE))
        return file
