"""Makes one icon window for X11's old tray, on pystray's back end, and works around its faults.

https://specifications.freedesktop.org/systemtray-spec/latest/ . Faults of pystray 0.19.5 `_xorg.py`; drop each
workaround when a later version mends it: clicks never arrive, for ButtonPress is not selected
(moses-palmer/pystray#151); transparency is painted black; a tray that comes later is not noticed; a lost tray ends the
loop with AttributeError.
"""

# ruff: noqa: SLF001  # what needs mending in pystray is private there

from __future__ import annotations

import logging
import threading
from functools import partial
from types import ModuleType
from typing import Any

from PIL import Image

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.tray.base import Draw, OnCommand
from trayapp.model import Look, TrayView

_log = logging.getLogger(__name__)

PANEL_COLOUR = (0x38, 0x3B, 0x40)
"""RGB assumed for the panel where its background cannot be seen through the window."""
MAX_DOCK_REQUESTS = 3
"""How often a tray that released the window and is still there is asked again."""
SMALLEST = 16
"""Pixels of the smallest icon that is drawn; a smaller window gets it scaled down."""


class XembedIcon:
    """A window that asks to be docked. All of it runs on the thread that made it."""

    def __init__(self, xorg: ModuleType, draw: Draw, act: OnCommand) -> None:
        self.is_docked = False
        self.is_destroyed = False
        """Whether the tray destroyed the window along with its own, so that a new one is needed."""
        self._xorg = xorg
        self._x = xorg.Xlib.X
        self._draw = draw
        self._act = act
        self._view: TrayView | None = None
        self._see_through = False
        self._asks_left = MAX_DOCK_REQUESTS
        # pystray's __del__ closes the display a second time, which raises.
        self._icon = type("Icon", (xorg.Icon,), {"__del__": lambda _: None})(APP_ID, title=APP_TITLE)
        self._icon._thread = threading.current_thread()  # else its methods wait for a loop that is not run
        self._icon._get_systray_manager = self._find_tray_window
        self.display: Any = self._icon._display
        self._window: Any = self._icon._window
        self._root: Any = self.display.screen().root
        self._manager_atom = self.display.intern_atom("MANAGER")
        self.display.set_error_handler(lambda error, _request: _log.debug("X11: %s", error))
        self._window.change_attributes(
            event_mask=self._x.ExposureMask | self._x.StructureNotifyMask | self._x.ButtonPressMask,
            # A tray that ends hands the window back to the desktop and maps it there: no window manager may frame it.
            override_redirect=True,
        )
        self._root.change_attributes(event_mask=self._x.StructureNotifyMask)
        self._icon._dock_window()

    def show(self, view: TrayView) -> None:
        """Paint the view's look and set the window's name to its tooltip."""
        before, self._view = self._view, view
        if before is None or before.look != view.look:
            self._icon._assert_icon_data = partial(self._compose_image, view.look)
            self._paint_icon()
        if before is None or before.tooltip != view.tooltip:
            name = self.display.intern_atom("_NET_WM_NAME")
            text = view.tooltip.encode("utf-8", "replace")
            self._window.change_property(name, self.display.intern_atom("UTF8_STRING"), 8, text)

    def handle_event(self, event: Any) -> None:
        """Handle one event of the display."""
        x = self._x
        is_icon_window = getattr(event, "window", None) == self._window
        if event.type == x.ButtonPress:
            self._choose_default()
        elif event.type in {x.Expose, x.ConfigureNotify} and is_icon_window:
            self._paint_icon()
        elif event.type == x.ReparentNotify and is_icon_window:
            self._update_docking()
        elif event.type == x.MapNotify and is_icon_window:
            self._hide_outside()
        elif event.type == x.DestroyNotify and is_icon_window:
            self.is_destroyed, self.is_docked = True, False
        elif event.type == x.DestroyNotify or self._is_new_tray(event):
            self._asks_left = MAX_DOCK_REQUESTS
            self._icon._dock_window()

    def close(self) -> None:
        """Destroy the window and close the display."""
        self._window.destroy()
        self.display.close()

    def _find_tray_window(self) -> Any:
        """Find the tray's window, None for none. pystray would grab the server, and a stopped program the desktop.

        A tray that goes just then causes an error that is ignored, and the next tray announces itself.
        """
        return self.display.get_selection_owner(self._icon._net_system_tray_sx) or None

    def _is_new_tray(self, event: Any) -> bool:
        """Whether a tray announces itself, as the specification of selection managers demands."""
        if event.type != self._x.ClientMessage or event.client_type != self._manager_atom:
            return False
        return bool(event.data[1][1] == self._icon._net_system_tray_sx)

    def _update_docking(self) -> None:
        """Find out where the window is now; it may have moved since the event."""
        self.is_docked = self._is_in_tray()
        if self.is_docked:
            self._see_through = self._use_parent_background()
            # One tray's end and the next one's start may overlap: the window may have been hidden in between.
            self._window.map()
        else:
            self._hide_outside()
            self._ask_again()

    def _is_in_tray(self) -> bool:
        """Whether the window lies in a window of the program that owns the tray's selection.

        Any other parent but the desktop is a window manager's frame.
        """
        tray = self._find_tray_window()
        if tray is None:
            return False
        # The other bits of an id name its program. The window that owns the selection need not be the one icons are in.
        own_bits = self.display.display.info.resource_id_mask
        window = self._window
        try:
            while (window := window.query_tree().parent) not in {0, self._root}:
                if (window.id ^ tray.id) & ~own_bits == 0:
                    return True
        except self._xorg.Xlib.error.XError as error:
            _log.debug("the tray went away meanwhile: %s", error)
        return False

    def _hide_outside(self) -> None:
        """Hide the window outside a tray, where it would float over the desktop."""
        if not self.is_docked:
            self._window.unmap()

    def _ask_again(self) -> None:
        """Ask the present tray to take the window back, at most `MAX_DOCK_REQUESTS` times."""
        if self._asks_left:
            self._asks_left -= 1
            self._icon._dock_window()

    def _use_parent_background(self) -> bool:
        """Ask the server to fill the window from its parent; False for a panel of another depth."""
        try:
            with self._xorg.display_manager(self.display):
                self._window.change_attributes(background_pixmap=self._x.ParentRelative)
        except self._xorg.XError:
            return False
        return True

    def _choose_default(self) -> None:
        """Run the default line's command on any button, because this tray has no menu."""
        if self._view is not None and (command := self._view.default_command):
            self._act(command)

    def _paint_icon(self) -> None:
        if self._view is not None and self.is_docked:
            self._icon._draw()

    def _compose_image(self, look: Look, width: int, height: int) -> None:
        """Draw the icon on the panel's background and store it where pystray reads it."""
        background = self._panel_background(width, height)
        side = min(width, height)
        image = self._draw(look, max(side, SMALLEST))
        if image.width != side:
            image = image.resize((side, side))
        background.paste(image, ((width - side) // 2, (height - side) // 2), image)
        self._icon._icon_data = background

    def _panel_background(self, width: int, height: int) -> Image.Image:
        plain = Image.new("RGB", (width, height), PANEL_COLOUR)
        if not self._see_through:
            return plain
        self._window.clear_area()
        try:
            data = self._window.get_image(0, 0, width, height, self._x.ZPixmap, 0xFFFFFFFF).data
        except self._xorg.Xlib.error.XError as error:  # BadMatch while any part of it is not on the screen
            _log.debug("the panel's background cannot be read: %s", error)
            return plain
        if len(data) != 4 * width * height:
            return plain
        order = "BGRX" if self.display.display.info.image_byte_order == 0 else "XRGB"
        background = Image.frombytes("RGB", (width, height), data, "raw", order)
        # A panel that composes its icons itself, as Budgie's, has no background behind them: nothing was cleared, and
        # the look before would show around the next.
        self._see_through = background != self._icon._icon_data
        return background if self._see_through else plain
