"""The icon in X11's old tray through GTK, where gi is there: as in X11's own back end, but with a menu.

AppIndicator shows its icons as a StatusNotifierItem, as this program does without it, or else through the same
GtkStatusIcon that is used here directly: only so can it be asked whether a tray has taken it. The icon goes to GTK
from memory, for pystray writes a temporary file that outlives a killed program (moses-palmer/pystray#194).
When the display dies, GTK ends the whole program: it cannot be told not to.
"""

# ruff: noqa: SLF001  # pystray's icon is private where it is mended

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from trayapp.desktop.tray.base import APP_ID, APP_NAME, Act, Draw
from trayapp.desktop.tray.pystray_loader import Unavailable, back_end
from trayapp.desktop.tray.pystray_menu import menu_of
from trayapp.model import View

_log = logging.getLogger(__name__)

SIZE = 48
"""The pixels given to GTK, which scales them to its tray."""


class GtkTray:
    """Docks wherever a tray is or comes; GTK lives on a thread of its own and is touched nowhere else."""

    def __init__(self, draw: Draw, act: Act, on_change: Callable[[], None]) -> None:
        self.docked = False
        self.why = "no tray on this display"
        self._draw = draw
        self._act = act
        self._on_change = on_change
        self._newest: View | None = None
        self._shown: View | None = None
        self._icon: Any = None
        self._glib: Any = None
        self._loop: Any = None
        self._menu: Any = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="gtk", daemon=True)
        self._thread.start()

    def show(self, view: View) -> None:
        """Show this from now on."""
        self._newest = view
        self._post(self._apply)

    def stop(self) -> None:
        """Take the icon away; a display that does not answer is left to itself."""
        self._stopping = True
        self._post(self._end)
        self._thread.join(0.5)

    def _post(self, task: Callable[[], None]) -> None:
        """Hop to GTK's thread, once it lives; what it returns tells GLib not to call again."""
        if self._glib is not None:
            self._glib.idle_add(task)

    def _run(self) -> None:
        try:
            gtk = back_end("gtk")
        except Unavailable as error:
            self.why = f"no GTK: {error}"
            return
        from gi.repository import GLib

        self._icon = gtk.Icon(APP_ID, title=APP_NAME)
        self._icon._update_menu = (
            self._renew_menu
        )  # pystray renews it after each click, also under the pointer
        self._icon._status_icon.connect("notify::embedded", lambda *_: self._tell())
        self._loop = GLib.MainLoop.new(None, False)
        self._glib = GLib
        self._post(self._apply)
        if not self._stopping:
            self._loop.run()
        self._icon._status_icon.set_visible(False)
        self._tell()

    def _end(self) -> None:
        self._loop.quit()

    def _apply(self) -> None:
        """On GTK's thread."""
        view, before = self._newest, self._shown
        if view is None:
            return
        self._shown = view
        if before is None or before.look != view.look:
            self._icon._status_icon.set_from_pixbuf(self._pixbuf(view))
        if before is None or before.tooltip != view.tooltip:
            self._icon._status_icon.set_tooltip_text(view.tooltip.replace("\0", ""))
        if before is None or before.menu != view.menu:
            self._icon._menu = menu_of(view.menu, self._act)
            self._renew_menu()

    def _renew_menu(self) -> None:
        """Make the widgets anew; those of an open menu only when it is closed."""
        if self._menu is not None and self._menu.get_mapped():
            self._menu.connect("deactivate", lambda _: self._post(self._renew_menu))
            return
        self._menu = self._icon._menu_handle = self._icon._create_menu(self._icon._menu)

    def _pixbuf(self, view: View) -> Any:
        from gi.repository import GdkPixbuf

        pixels = self._glib.Bytes.new(self._draw(view.look, SIZE).tobytes())
        return GdkPixbuf.Pixbuf.new_from_bytes(
            pixels,
            GdkPixbuf.Colorspace.RGB,
            True,
            8,
            SIZE,
            SIZE,
            4 * SIZE,
        )

    def _tell(self) -> None:
        docked = self._loop.is_running() and self._icon._status_icon.is_embedded()
        if self.docked != docked:
            self.docked = docked
            self._on_change()
