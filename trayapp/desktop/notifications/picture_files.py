"""Pictures of looks as files, for a notification server that is better given a file's name than pixels."""

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
"""Pixels; the panel's largest too, so that nothing is drawn for it alone."""


class PictureFiles:
    """Files in `folder`, each there from its first use to `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Look, Path] = {}

    def file_for(self, look: Look) -> Path | None:
        """The file of a look; None, and a line in the log, where none can be written."""
        try:
            if not (look in self._files and self._files[look].exists()):
                self._files[look] = self._write_picture(look)
        except OSError as error:
            log.warning("no picture for a notice: %s", error)
            return None
        return self._files[look]

    def close(self) -> None:
        """Leave nothing behind."""
        for file in self._files.values():
            with suppress(OSError):
                file.unlink()
        self._files.clear()

    def _write_picture(self, look: Look) -> Path:
        folder = resolve_owned(create_folder(self._folder))
        file = folder / f"notice-{look.state}{'-hollow' if look.hollow else ''}.png"
        with open(file, "wb", opener=open_private) as picture:
            picture.write(encode_png(look, PICTURE_SIZE))
        return file
