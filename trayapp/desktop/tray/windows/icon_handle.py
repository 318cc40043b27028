"""A look as Windows takes it: the handle of an icon made in memory, never a file, given back when it is replaced."""

from __future__ import annotations

import logging

from trayapp.desktop.tray.base import Draw
from trayapp.desktop.tray.windows.winapi import IconKind, WindowsApi
from trayapp.model import Look

log = logging.getLogger(__name__)

SMALLEST = 16
"""The smallest size that icons are drawn for."""


class IconHandle:
    """Owns at most two handles: of the picture that is shown, and of the one that comes after it."""

    def __init__(self, api: WindowsApi, kind: IconKind, draw: Draw) -> None:
        self._api = api
        self._kind = kind
        self._draw = draw
        self._drawn: tuple[Look, int] | None = None
        self._handle = 0
        self._former = 0

    def handle_for(self, look: Look, window: int) -> int:
        """The handle of a look, in the size that such icons have on the window's screen; 0 while Windows has none to give."""
        wanted = look, max(self._api.icon_size(self._kind, window), SMALLEST)
        if wanted != self._drawn:
            try:
                handle = self._api.new_icon(self._draw(*wanted))
            except OSError as error:
                log.warning("no picture: %s", error)
                return 0
            self.release_previous()
            self._former, self._handle, self._drawn = self._handle, handle, wanted
        return self._handle

    def release_previous(self) -> None:
        """Give back what is shown no longer."""
        if self._former:
            self._api.destroy_icon(self._former)
            self._former = 0

    def close(self) -> None:
        """Give back all; nothing may be shown any more."""
        self.release_previous()
        self._former = self._handle
        self.release_previous()
