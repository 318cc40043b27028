"""The icon as a StatusNotifierItem: the way of every Wayland panel and of most X11 ones, without GTK or Qt.

Format: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/; the habits of real hosts are noted where
they decide something. All answers are given on the bus thread from one snapshot, swapped before its signals are sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from trayapp.desktop.dbus.bus import Body, Bus, BusError, Call, Reply
from trayapp.desktop.tray.base import Act, Draw
from trayapp.desktop.tray.linux.click_limit import Clicks
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES, answer_properties
from trayapp.desktop.tray.linux.dbusmenu import DbusMenu
from trayapp.desktop.tray.linux.dbusmenu_rows import Variant
from trayapp.desktop.tray.linux.sni_item import (
    INTERFACE,
    METHODS,
    SIGNALS,
    Pixmaps,
    Said,
    changes,
    describe,
    introspection,
    variants,
)
from trayapp.desktop.tray.pystray_menu import menu_of
from trayapp.model import Command, Look, View

_log = logging.getLogger(__name__)

PATH = "/StatusNotifierItem"
WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
NOBODY = "no program on the session bus shows icons"

SIZES = (16, 22, 24, 32, 48)
"""Some hosts take the nearest, some the largest and scale it down: more than 48 would only cost bytes there."""


class StatusNotifierItem:
    """One icon, registered with whatever watcher there is whenever a host is there to show it."""

    def __init__(
        self,
        bus: Bus,
        draw: Draw,
        act: Act,
        on_change: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.docked = False
        self.why = NOBODY
        self._bus = bus
        self._draw = draw
        self._clicks = Clicks(act, now)
        self._on_change = on_change
        self._view: View | None = None
        self._said: Said | None = None
        self._menu = DbusMenu(bus)
        self._pixmaps: tuple[Look, Pixmaps] | None = None
        self._token = ""
        self._watcher = ""
        """The unique name of whoever owns the watcher's name; empty for nobody."""
        bus.serve(PATH, self._answer)
        bus.on_lost(self._undocked)
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.on_signal(WATCHER, member, lambda _sender, _body: self._look_for_host(), sender=WATCHER)
        bus.watch_name(WATCHER, self._watcher_changed)

    def show(self, view: View) -> None:
        """Show this; tell hosts only what differs, for each signal makes them read again."""
        before, self._view = self._view, view
        if before is None or before.menu != view.menu:
            self._menu.show(menu_of(view.menu, self._chosen, with_pictures=True))
        self._say(describe(view, is_hidden=False))
        if before is None:
            self._look_for_host()

    def stop(self) -> None:
        """Hide at once; the host forgets the icon when the bus is left."""
        if self._view is not None:
            self._say(describe(self._view, is_hidden=True))

    def _say(self, said: Said) -> None:
        """Swap what is said, then announce each difference."""
        before, self._said = self._said, said
        for member in changes(before, said) if before else ():
            body = (said["Status"],) if SIGNALS[member] else ()
            self._bus.emit(PATH, INTERFACE, member, SIGNALS[member], body)

    def _watcher_changed(self, owner: str) -> None:
        """What one watcher took the next one knows nothing of, also where the name goes over without a gap."""
        self._watcher, self.why = owner, NOBODY
        self._undocked()
        self._look_for_host()

    def _undocked(self) -> None:
        self._docked(is_docked=False)

    def _docked(self, *, is_docked: bool) -> None:
        if self.docked != is_docked:
            self.docked = is_docked
            self._on_change()

    def _look_for_host(self) -> None:
        """A watcher alone shows nothing: it is asked whether a host is there, and only then is the icon registered."""
        if self._watcher and self._view is not None:
            question = (WATCHER, "IsStatusNotifierHostRegistered")
            self._ask(PROPERTIES, "Get", "ss", question, self._host_known, "v")

    def _ask(  # noqa: PLR0913, PLR0917  # the words of a D-Bus call
        self,
        interface: str,
        member: str,
        signature: str,
        body: Body,
        then: Callable[[Body | None], None],
        begins: str,
    ) -> None:
        """Ask the watcher of now; what it answers when another has its name is of no use."""
        watcher = self._watcher

        def replied(reply: Body | None) -> None:
            if watcher == self._watcher:
                then(reply)

        self._bus.ask(watcher, WATCHER_PATH, interface, member, signature, body, replied, begins)

    def _host_known(self, reply: Body | None) -> None:
        """Register also where it was done before: a watcher may have dropped the item, and passes over what it has."""
        if reply is None or reply[0] != ("b", True):
            self.why = NOBODY if reply is None else "a watcher without a host"
            self._undocked()
        else:
            # The path is enough: every host tried takes the sender's unique name with it.
            self._ask(WATCHER, "RegisterStatusNotifierItem", "s", (PATH,), self._registered, "")

    def _registered(self, reply: Body | None) -> None:
        if reply is None:
            self.why = "the watcher refused the icon"
        self._docked(is_docked=reply is not None)

    def _answer(self, call: Call) -> Reply:
        if call.interface == PROPERTIES:
            return answer_properties(call, INTERFACE, self._properties())
        if call.member == "Introspect":
            return Reply("s", (introspection(),))
        call.refuse_unless(INTERFACE, METHODS)
        if call.member in {"Activate", "SecondaryActivate"}:
            # Some hosts call this even for an item that says it is only a menu, so it always does something.
            self._menu_default()
        elif call.member == "ProvideXdgActivationToken":
            (self._token,) = call.body
        return Reply()

    def _menu_default(self) -> None:
        if self._view is not None:
            menu_of(self._view.menu, self._chosen)(None)

    def _chosen(self, command: Command) -> None:
        """Hand a command over with the desktop's leave to raise a window, which is good for one."""
        token, self._token = self._token, ""
        self._clicks.pass_on(replace(command, token=token))

    def _properties(self) -> dict[str, Variant]:
        if self._said is None:
            raise BusError("nothing to show yet")
        return variants(self._said, self._pixmaps_of)

    def _pixmaps_of(self, look: Look) -> Pixmaps:
        if self._pixmaps is None or self._pixmaps[0] != look:
            self._pixmaps = (look, [(size, size, _argb(self._draw(look, size))) for size in SIZES])
        return self._pixmaps[1]


def _argb(image: Image.Image) -> bytes:
    """ARGB32 in network byte order, as the specification of IconPixmap demands."""
    red, green, blue, alpha = image.split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()
