"""Lists a StatusNotifierItem's properties and the signals that announce their changes.

Hosts read everything once and then only what a signal announces, so each change must have its signal sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.dbus.bus import wire_text
from trayapp.desktop.tray.linux.dbusmenu import PATH as MENU_PATH
from trayapp.desktop.tray.linux.dbusmenu_rows import Variant
from trayapp.model import Look, TrayView

INTERFACE = "org.kde.StatusNotifierItem"

Pixmaps = list[tuple[int, int, bytes]]
_NO_MARKUP = str.maketrans({"&": "+", "<": "‹", ">": "›"})
"""For the tooltip: Waybar (0.9.17 to 0.14, `item.cpp`) reads it as markup and shows nothing where that is not well
formed, and other hosts show escapes literally. So the characters of markup are replaced by similar ones."""

ItemValues = Mapping[str, object]
"""Property -> value; a picture is given as its Look, so that it is drawn only when a host asks for it."""


@dataclass(frozen=True, slots=True)
class Property:
    """How a property is sent over the bus."""

    signature: str
    """Its D-Bus signature."""
    signal: str = ""
    """The signal that announces a change; empty where the value never changes."""


_PIXMAPS_SIGNATURE = "a(iiay)"
PROPERTIES: Mapping[str, Property] = {
    "Category": Property("s"),
    "Id": Property("s"),
    "Title": Property("s", "NewTitle"),
    "WindowId": Property("i"),
    "IconThemePath": Property("s"),
    "IconName": Property("s"),
    "IconPixmap": Property(_PIXMAPS_SIGNATURE, "NewIcon"),
    "IconAccessibleDesc": Property("s", "NewIcon"),
    "OverlayIconName": Property("s"),
    "OverlayIconPixmap": Property(_PIXMAPS_SIGNATURE),
    "AttentionIconName": Property("s"),
    "AttentionIconPixmap": Property(_PIXMAPS_SIGNATURE, "NewAttentionIcon"),
    "AttentionAccessibleDesc": Property("s", "NewAttentionIcon"),
    "AttentionMovieName": Property("s"),
    # After the picture for it: a host that is told to mark the icon shows the other picture at once.
    "Status": Property("s", "NewStatus"),
    "ToolTip": Property("(sa(iiay)ss)", "NewToolTip"),
    "ItemIsMenu": Property("b"),
    "Menu": Property("o"),
}
"""In the order in which changes are announced."""
METHODS = {"Activate": "ii", "SecondaryActivate": "ii", "ContextMenu": "ii", "Scroll": "is", "ProvideXdgActivationToken": "s"}  # fmt: skip
SIGNALS = {p.signal: "s" if p.signal == "NewStatus" else "" for p in PROPERTIES.values() if p.signal}
"""Signal -> its arguments: NewStatus alone carries its value."""


def describe_item(view: TrayView, *, is_hidden: bool) -> ItemValues:
    """Build all properties of the item for a view."""
    title = wire_text(view.title) or APP_TITLE
    status = "NeedsAttention" if view.needs_attention else "Active"
    values: dict[str, object] = {
        "Category": "ApplicationStatus",
        "Id": APP_ID,
        "Title": title,
        "IconPixmap": view.look,
        # Screen readers read it; GNOME's extension logs a complaint where it is missing.
        "IconAccessibleDesc": title,
        # A host that marks the icon shows this picture instead, and nothing where it is empty.
        "AttentionIconPixmap": view.look if view.needs_attention else None,
        "AttentionAccessibleDesc": title if view.needs_attention else "",
        "Status": "Passive" if is_hidden else status,
        "ToolTip": ("", [], wire_text(view.tooltip).translate(_NO_MARKUP), ""),
        "WindowId": 0,
        "ItemIsMenu": False,
        "Menu": MENU_PATH,
    }
    empty: Mapping[str, object] = {"s": "", _PIXMAPS_SIGNATURE: None}
    return {name: values.get(name, empty.get(p.signature)) for name, p in PROPERTIES.items()}


def changed_signals(before: ItemValues, after: ItemValues) -> list[str]:
    """List the signals, each once, that announce all differences."""
    differing = (p.signal for name, p in PROPERTIES.items() if before[name] != after[name])
    return list(dict.fromkeys(differing))


def encode_properties(values: ItemValues, draw: Callable[[Look], Pixmaps]) -> dict[str, Variant]:
    """Encode the properties for the bus, pictures drawn."""
    return {name: (p.signature, _encode_value(p, values[name], draw)) for name, p in PROPERTIES.items()}


def _encode_value(form: Property, value: object, draw: Callable[[Look], Pixmaps]) -> object:
    if form.signature != _PIXMAPS_SIGNATURE:
        return value
    return draw(value) if isinstance(value, Look) else []


def introspection_xml() -> str:
    """Describe the object in the introspection XML of the D-Bus specification, which lxqt-panel asks for first."""
    properties = "".join(
        f'<property name="{n}" type="{p.signature}" access="read"/>' for n, p in PROPERTIES.items()
    )
    methods = "".join(
        f'<method name="{name}">{_arguments_xml(types, "in")}</method>' for name, types in METHODS.items()
    )
    signals = "".join(
        f'<signal name="{name}">{_arguments_xml(types, "out")}</signal>' for name, types in SIGNALS.items()
    )
    return f'<node><interface name="{INTERFACE}">{properties}{methods}{signals}</interface></node>'


def _arguments_xml(types: str, direction: str) -> str:
    return "".join(f'<arg type="{kind}" direction="{direction}"/>' for kind in types)
