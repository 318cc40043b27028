"""A tray of X11's old way that is of an odd kind, made by hand: a real one of that kind needs all of Budgie."""

from __future__ import annotations

import threading

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage


class Bare:
    """A tray that puts its icons together itself, and so has nothing behind them: its window has no background."""

    SIDE = 24

    def __init__(self) -> None:
        self._display = Display()
        self._screen = self._display.screen()
        self._window = self._screen.root.create_window(
            0, 0, self.SIDE, self.SIDE, 0, self._screen.root_depth, override_redirect=True
        )
        self._window.map()
        threading.Thread(target=self._serve, name="bare tray", daemon=True).start()

    def close(self) -> None:
        """End it, and its thread with it."""
        other = Display()  # the thread's own may not be used on another
        other.create_resource_object("window", self._window.id).destroy()
        other.sync()
        other.close()

    def _serve(self) -> None:
        display, root = self._display, self._screen.root
        selection = display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")
        self._window.change_attributes(event_mask=X.StructureNotifyMask)
        self._window.set_selection_owner(selection, X.CurrentTime)
        announced = (32, [X.CurrentTime, selection, self._window.id, 0, 0])
        manager = display.intern_atom("MANAGER")
        event = ClientMessage(window=root, client_type=manager, data=announced)
        root.send_event(event, event_mask=X.StructureNotifyMask)
        while (event := display.next_event()).type != X.DestroyNotify:
            if event.type == X.ClientMessage:
                icon = display.create_resource_object("window", event.data[1][2])
                icon.configure(width=self.SIDE, height=self.SIDE)
                icon.reparent(self._window, 0, 0)
                icon.map()
        display.close()
