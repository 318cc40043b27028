"""Shows the icon as a StatusNotifierItem, which every Wayland panel and most X11 ones take, without GTK or Qt.

Format: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/; comments note where real hosts differ.
The bus thread gives all answers from one snapshot, which is replaced before its signals are sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from trayapp.desktop.dbus.bus import Body, Bus, BusError, MethodCall, MethodReply
from trayapp.desktop.tray.base import Draw, OnCommand
from trayapp.desktop.tray.linux.click_limit import ClickLimit
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE, answer_properties
from trayapp.desktop.tray.linux.dbusmenu import DbusMenu
from trayapp.desktop.tray.linux.dbusmenu_rows import Variant
from trayapp.desktop.tray.linux.sni_item import (
    INTERFACE,
    METHODS,
    SIGNALS,
    ItemValues,
    Pixmaps,
    changed_signals,
    describe_item,
    encode_properties,
    introspection_xml,
)
from trayapp.model import Command, Look, TrayView

_log = logging.getLogger(__name__)

PATH = "/StatusNotifierItem"
WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
NO_HOST = "no program on the session bus shows icons"

SIZES = (16, 22, 24, 32, 48)
"""Pixels. Some hosts take the nearest size, some scale the largest down: more than 48 would only cost bytes there."""


class StatusNotifierItem:
    """One icon, registered with the session's watcher whenever a host is there to show it."""

    def __init__(
        self,
        bus: Bus,
        draw: Draw,
        act: OnCommand,
        on_change: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_docked = False
        self.reason = NO_HOST
        self._bus = bus
        self._draw = draw
        self._clicks = ClickLimit(act, now)
        self._on_change = on_change
        self._view: TrayView | None = None
        self._values: ItemValues | None = None
        self._menu = DbusMenu(bus, self._forward_command)
        self._pixmaps: tuple[Look, Pixmaps] | None = None
        self._token = ""
        self._watcher = ""
        """The unique name of whoever owns the watcher's name; empty for nobody."""
        bus.serve(PATH, self._answer_call)
        bus.on_lost(self._set_undocked)
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.on_signal(WATCHER, member, lambda _sender, _body: self._find_host(), sender=WATCHER)
        bus.watch_name(WATCHER, self._handle_watcher_change)

    def show(self, view: TrayView) -> None:
        """Replace the shown view; signal only what differs, since each signal makes hosts read again."""
        before, self._view = self._view, view
        if before is None or before.menu != view.menu:
            self._menu.show(view.menu)
        self._publish_values(describe_item(view, is_hidden=False))
        if before is None:
            self._find_host()

    def stop(self) -> None:
        """Hide the icon at once; the host forgets it when the program leaves the bus."""
        if self._view is not None:
            self._publish_values(describe_item(self._view, is_hidden=True))

    def _publish_values(self, values: ItemValues) -> None:
        """Replace the item's values, then announce each difference."""
        before, self._values = self._values, values
        for member in changed_signals(before, values) if before else ():
            body = (values["Status"],) if SIGNALS[member] else ()
            self._bus.emit(PATH, INTERFACE, member, SIGNALS[member], body)

    def _handle_watcher_change(self, owner: str) -> None:
        """Register anew: a new watcher knows nothing of the last one's items, also if the name passes at once."""
        self._watcher, self.reason = owner, NO_HOST
        self._set_undocked()
        self._find_host()

    def _set_undocked(self) -> None:
        self._set_docked(is_docked=False)

    def _set_docked(self, *, is_docked: bool) -> None:
        if self.is_docked != is_docked:
            self.is_docked = is_docked
            self._on_change()

    def _find_host(self) -> None:
        """Ask the watcher whether a host is there: a watcher alone shows nothing, so the icon registers only then."""
        if self._watcher and self._view is not None:
            question = (WATCHER, "IsStatusNotifierHostRegistered")
            self._ask_watcher(PROPERTIES_INTERFACE, "Get", "ss", question, self._handle_host_reply, "v")

    def _ask_watcher(  # noqa: PLR0913, PLR0917  # the words of a D-Bus call
        self,
        interface: str,
        member: str,
        signature: str,
        body: Body,
        then: Callable[[Body | None], None],
        begins: str,
    ) -> None:
        """Call the present watcher; drop its answer if another has taken its name meanwhile."""
        watcher = self._watcher

        def handle_reply(reply: Body | None) -> None:
            if watcher == self._watcher:
                then(reply)

        self._bus.call_async(watcher, WATCHER_PATH, interface, member, signature, body, handle_reply, begins)

    def _handle_host_reply(self, reply: Body | None) -> None:
        """Register the icon, also again: a watcher may have dropped the item, and ignores one that it has."""
        if reply is None or reply[0] != ("b", True):
            self.reason = NO_HOST if reply is None else "a watcher without a host"
            self._set_undocked()
        else:
            # The path is enough: every host tried adds the sender's unique name to it.
            self._ask_watcher(
                WATCHER, "RegisterStatusNotifierItem", "s", (PATH,), self._handle_registration, ""
            )

    def _handle_registration(self, reply: Body | None) -> None:
        if reply is None:
            self.reason = "the watcher refused the icon"
        self._set_docked(is_docked=reply is not None)

    def _answer_call(self, call: MethodCall) -> MethodReply:
        if call.interface == PROPERTIES_INTERFACE:
            return answer_properties(call, INTERFACE, self._encode_properties())
        if call.member == "Introspect":
            return MethodReply("s", (introspection_xml(),))
        call.refuse_unless(INTERFACE, METHODS)
        if call.member in {"Activate", "SecondaryActivate"}:
            # Some hosts call this even for an item that declares itself a menu, so it always does something.
            self._choose_default()
        elif call.member == "ProvideXdgActivationToken":
            (self._token,) = call.body
        return MethodReply()

    def _choose_default(self) -> None:
        if self._view is not None and (command := self._view.default_command):
            self._forward_command(command)

    def _forward_command(self, command: Command) -> None:
        """Pass a command on with the desktop's activation token, which allows raising one window."""
        token, self._token = self._token, ""
        self._clicks.pass_on(replace(command, token=token))

    def _encode_properties(self) -> dict[str, Variant]:
        if self._values is None:
            raise BusError("nothing to show yet")
        return encode_properties(self._values, self._draw_pixmaps)

    def _draw_pixmaps(self, look: Look) -> Pixmaps:
        if self._pixmaps is None or self._pixmaps[0] != look:
            self._pixmaps = (look, [(size, size, _encode_argb(self._draw(look, size))) for size in SIZES])
        return self._pixmaps[1]


def _encode_argb(image: Image.Image) -> bytes:
    """Encode the image as ARGB32 in network byte order, as the specification of IconPixmap demands."""
    red, green, blue, alpha = image.split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()
