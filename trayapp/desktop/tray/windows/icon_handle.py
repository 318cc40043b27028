"""Makes the icon handle of a look in memory, without a file, and frees it when it is replaced."""

from __future__ import annotations

import logging

from trayapp.desktop.tray.base import Draw
from trayapp.desktop.tray.windows.winapi import IconKind, WindowsApi
from trayapp.model import Look

log = logging.getLogger(__name__)

SMALLEST = 16
"""The smallest size that icons are drawn for."""


class IconHandle:
    """Owns at most two handles: of the shown picture and of the one that replaces it."""

    def __init__(self, api: WindowsApi, kind: IconKind, draw: Draw) -> None:
        self._api = api
        self._kind = kind
        self._draw = draw
        self._drawn: tuple[Look, int] | None = None
        self._handle = 0
        self._former = 0

    def handle_for(self, look: Look, window: int) -> int:
        """Make the handle of a look in the size for the window's screen; 0 while Windows cannot make one."""
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
        """Free the handle that is shown no longer."""
        if self._former:
            self._api.destroy_icon(self._former)
            self._former = 0

    def close(self) -> None:
        """Free all handles; nothing may be shown afterwards."""
        self.release_previous()
        self._former = self._handle
        self.release_previous()
