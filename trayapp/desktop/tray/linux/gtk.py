"""Shows the icon in X11's old tray through GTK, where gi is installed: as `X11Tray` does, but with a menu.

AppIndicator shows its icons as a StatusNotifierItem, as this program does without it, or else through GtkStatusIcon.
This module uses GtkStatusIcon directly, because only then can it ask whether a tray has taken the icon. The icon goes
to GTK from memory, for pystray writes a temporary file that outlives a killed program (moses-palmer/pystray#194).
When the display dies, GTK ends the whole program, which cannot be prevented.
"""

# ruff: noqa: SLF001  # pystray's icon is private where it is mended

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.tray.base import Draw, OnCommand
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end
from trayapp.desktop.tray.pystray_menu import build_pystray_menu
from trayapp.model import TrayView

_log = logging.getLogger(__name__)

ICON_SIZE = 48
"""Width in pixels of the icon given to GTK, which scales it to the tray."""


class GtkTray:
    """Docks in the tray that is there or comes later; GTK is used on the thread "gtk" only."""

    def __init__(self, draw: Draw, act: OnCommand, on_change: Callable[[], None]) -> None:
        self.is_docked = False
        self.reason = "no tray on this display"
        self._draw = draw
        self._act = act
        self._on_change = on_change
        self._newest: TrayView | None = None
        self._shown: TrayView | None = None
        self._icon: Any = None
        self._glib: Any = None
        self._loop: Any = None
        self._menu: Any = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run_loop, name="gtk", daemon=True)
        self._thread.start()

    def show(self, view: TrayView) -> None:
        """Replace the shown view."""
        self._newest = view
        self._call_on_gtk_thread(self._show_newest)

    def stop(self) -> None:
        """Remove the icon; waits at most 0.5 s for a display that does not answer."""
        self._stopping = True
        self._call_on_gtk_thread(self._quit_loop)
        self._thread.join(0.5)

    def _call_on_gtk_thread(self, task: Callable[[], None]) -> None:
        """Have GTK's thread run the task, once it runs; the task's None tells GLib not to call it again."""
        if self._glib is not None:
            self._glib.idle_add(task)

    def _run_loop(self) -> None:
        try:
            gtk = load_back_end("gtk")
        except Unavailable as error:
            self.reason = f"no GTK: {error}"
            return
        from gi.repository import GLib

        self._icon = gtk.Icon(APP_ID, title=APP_TITLE)
        self._icon._update_menu = (
            self._rebuild_menu
        )  # pystray renews it after each click, also under the pointer
        self._icon._status_icon.connect("notify::embedded", lambda *_: self._report_docked())
        self._loop = GLib.MainLoop.new(None, False)
        self._glib = GLib
        self._call_on_gtk_thread(self._show_newest)
        if not self._stopping:
            self._loop.run()
        self._icon._status_icon.set_visible(False)
        self._report_docked()

    def _quit_loop(self) -> None:
        self._loop.quit()

    def _show_newest(self) -> None:
        """Show what differs from the shown view; runs on GTK's thread."""
        view, before = self._newest, self._shown
        if view is None:
            return
        self._shown = view
        if before is None or before.look != view.look:
            self._icon._status_icon.set_from_pixbuf(self._draw_pixbuf(view))
        if before is None or before.tooltip != view.tooltip:
            self._icon._status_icon.set_tooltip_text(view.tooltip.replace("\0", ""))
        if before is None or before.menu != view.menu:
            self._icon._menu = build_pystray_menu(view.menu, self._act)
            self._rebuild_menu()

    def _rebuild_menu(self) -> None:
        """Build the menu's widgets again; those of an open menu only when it is closed."""
        if self._menu is not None and self._menu.get_mapped():
            self._menu.connect("deactivate", lambda _: self._call_on_gtk_thread(self._rebuild_menu))
            return
        self._menu = self._icon._menu_handle = self._icon._create_menu(self._icon._menu)

    def _draw_pixbuf(self, view: TrayView) -> Any:
        from gi.repository import GdkPixbuf

        pixels = self._glib.Bytes.new(self._draw(view.look, ICON_SIZE).tobytes())
        return GdkPixbuf.Pixbuf.new_from_bytes(
            pixels,
            GdkPixbuf.Colorspace.RGB,
            True,
            8,
            ICON_SIZE,
            ICON_SIZE,
            4 * ICON_SIZE,
        )

    def _report_docked(self) -> None:
        docked = self._loop.is_running() and self._icon._status_icon.is_embedded()
        if self.is_docked != docked:
            self.is_docked = docked
            self._on_change()
