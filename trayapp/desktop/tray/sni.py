"""The icon as a StatusNotifierItem: the way of every Wayland panel and of most X11 ones, without GTK or Qt.

Format: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/; the habits of real hosts are noted where
they decide something. All answers are given on the bus thread from one snapshot, swapped before its signals are sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from trayapp.desktop.bus import Body, Bus, BusError, Call, Reply, wire_text
from trayapp.desktop.tray.base import APP_ID, APP_NAME, Act, Draw
from trayapp.desktop.tray.dbusmenu import PATH as MENU_PATH
from trayapp.desktop.tray.dbusmenu import DbusMenu
from trayapp.desktop.tray.menu import menu_of
from trayapp.desktop.tray.properties import PROPERTIES, answer_properties
from trayapp.desktop.tray.rows import Variant
from trayapp.model import Command, Look, View

_log = logging.getLogger(__name__)

PATH = "/StatusNotifierItem"
INTERFACE = "org.kde.StatusNotifierItem"
WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"

SIZES = (16, 22, 24, 32, 48)
"""Some hosts take the nearest, some the largest and scale it down: more than 48 would only cost bytes there."""

Pixmaps = list[tuple[int, int, bytes]]

_PROPERTIES = {
    "Category": "s", "Id": "s", "Title": "s", "Status": "s", "WindowId": "i", "IconThemePath": "s", "IconName": "s", "IconPixmap": "a(iiay)",
    "OverlayIconName": "s", "OverlayIconPixmap": "a(iiay)", "AttentionIconName": "s", "AttentionIconPixmap": "a(iiay)",
    "AttentionMovieName": "s", "IconAccessibleDesc": "s", "AttentionAccessibleDesc": "s", "ToolTip": "(sa(iiay)ss)", "ItemIsMenu": "b", "Menu": "o",
}  # fmt: skip
_METHODS = {"Activate": "ii", "SecondaryActivate": "ii", "ContextMenu": "ii", "Scroll": "is", "ProvideXdgActivationToken": "s"}  # fmt: skip
_SIGNALS = ("NewIcon", "NewTitle", "NewToolTip", "NewAttentionIcon", "NewStatus")


class StatusNotifierItem:
    """One icon, registered with whatever watcher there is whenever a host is there to show it."""

    def __init__(self, bus: Bus, draw: Draw, act: Act, on_change: Callable[[], None]) -> None:
        self.docked = False
        self.why = "no program on the session bus shows icons"
        self._bus = bus
        self._draw = draw
        self._act = act
        self._on_change = on_change
        self._view: View | None = None
        self._menu = DbusMenu(bus)
        self._pixmaps: tuple[Look, Pixmaps] | None = None
        self._token = ""
        self._stopped = False
        self._registering = False
        bus.serve(PATH, self._answer)
        bus.on_lost(self._undocked)
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.on_signal(WATCHER, member, lambda _sender, _body: self._look_for_host(), sender=WATCHER)
        bus.watch_name(WATCHER, self._watcher_changed)

    def show(self, view: View) -> None:
        """Show this; tell hosts only what differs, for each signal makes them read everything again."""
        before, self._view = self._view, view
        if before is None or before.menu != view.menu:
            self._menu.show(menu_of(view.menu, self._chosen))
        if before is None:
            self._look_for_host()
            return
        if before.look != view.look:
            self._emit("NewIcon")
        if before.title != view.title:
            self._emit("NewTitle")
        if before.tooltip != view.tooltip:
            self._emit("NewToolTip")
        if before.attention != view.attention:
            self._emit("NewAttentionIcon")
            self._emit("NewStatus", "s", (self._status(view),))

    def stop(self) -> None:
        """Hide at once; the host forgets the icon when the bus is left."""
        self._stopped = True
        self._emit("NewStatus", "s", ("Passive",))

    def _watcher_changed(self, owner: str) -> None:
        if owner:
            self._look_for_host()
        else:
            self._undocked()

    def _undocked(self) -> None:
        self._docked(is_docked=False)

    def _docked(self, *, is_docked: bool) -> None:
        if self.docked != is_docked:
            self.docked = is_docked
            self._on_change()

    def _look_for_host(self) -> None:
        """A watcher alone shows nothing: it is asked whether a host is there, and only then is the icon registered."""
        question = (WATCHER, "IsStatusNotifierHostRegistered")
        self._bus.ask(WATCHER, WATCHER_PATH, PROPERTIES, "Get", "ss", question, self._host_known)

    def _host_known(self, reply: Body | None) -> None:
        if reply is None or reply[0] != ("b", True):
            self.why = (
                "no program on the session bus shows icons" if reply is None else "a watcher without a host"
            )
            self._undocked()
        elif self._view is not None and not self.docked and not self._registering:
            self._registering = True
            # The path is enough: every host tried takes the sender's unique name with it.
            self._bus.ask(
                WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem", "s", (PATH,), self._registered
            )

    def _registered(self, reply: Body | None) -> None:
        self._registering = False
        if reply is None:
            self.why = "the watcher refused the icon"
        self._docked(is_docked=reply is not None)

    def _answer(self, call: Call) -> Reply:
        if call.interface == PROPERTIES:
            return answer_properties(call, INTERFACE, self._properties())
        if call.member == "Introspect":
            return Reply("s", (_introspection(),))
        call.refuse_unless(INTERFACE, _METHODS)
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
        self._act(replace(command, token=token))

    def _properties(self) -> dict[str, Variant]:
        view = self._view
        if view is None:
            raise BusError("nothing to show yet")
        pixmaps = self._pixmaps_of(view.look)
        title = wire_text(view.title) or APP_NAME
        values = {
            "Category": "ApplicationStatus",
            "Id": APP_ID,
            "Title": title,
            # What a screen reader says of the icon; GNOME's extension complains in its log where it is missing.
            "IconAccessibleDesc": title,
            "AttentionAccessibleDesc": title,
            "Status": self._status(view),
            "IconPixmap": pixmaps,
            # A host that marks the icon shows this one instead, and nothing where it is empty.
            "AttentionIconPixmap": pixmaps if view.attention else [],
            "ToolTip": ("", [], wire_text(view.tooltip), ""),
            "WindowId": 0,
            "ItemIsMenu": False,
            "Menu": MENU_PATH,
        }
        empty: dict[str, object] = {"s": "", "a(iiay)": []}
        return {name: (kind, values.get(name, empty.get(kind))) for name, kind in _PROPERTIES.items()}

    def _status(self, view: View) -> str:
        if self._stopped:
            return "Passive"
        return "NeedsAttention" if view.attention else "Active"

    def _pixmaps_of(self, look: Look) -> Pixmaps:
        if self._pixmaps is None or self._pixmaps[0] != look:
            self._pixmaps = (look, [(size, size, _argb(self._draw(look, size))) for size in SIZES])
        return self._pixmaps[1]

    def _emit(self, member: str, signature: str = "", body: Body = ()) -> None:
        self._bus.emit(PATH, INTERFACE, member, signature, body)


def _argb(image: Image.Image) -> bytes:
    """ARGB32 in network byte order, as the specification of IconPixmap demands."""
    red, green, blue, alpha = image.split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


def _introspection() -> str:
    """What the object offers, in the XML of the D-Bus specification; lxqt-panel asks before it believes."""
    properties = "".join(f'<property name="{n}" type="{t}" access="read"/>' for n, t in _PROPERTIES.items())
    methods = "".join(
        f'<method name="{name}">{"".join(f"""<arg type="{t}" direction="in"/>""" for t in types)}</method>'
        for name, types in _METHODS.items()
    )
    arguments = {"NewStatus": '<arg type="s"/>'}
    signals = "".join(f'<signal name="{name}">{arguments.get(name, "")}</signal>' for name in _SIGNALS)
    return f'<node><interface name="{INTERFACE}">{properties}{methods}{signals}</interface></node>'
