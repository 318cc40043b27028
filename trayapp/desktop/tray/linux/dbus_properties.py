"""Answers org.freedesktop.DBus.Properties for objects whose properties are read-only."""

from __future__ import annotations

from collections.abc import Mapping

from trayapp.desktop.dbus.bus import BusError, MethodCall, MethodReply
from trayapp.desktop.tray.linux.dbusmenu_rows import Variant

PROPERTIES_INTERFACE = "org.freedesktop.DBus.Properties"
_METHODS = {"Get": "ss", "GetAll": "s", "Set": "ssv"}
_ERROR = "org.freedesktop.DBus.Error"


def answer_properties(call: MethodCall, interface: str, values: Mapping[str, Variant]) -> MethodReply:
    """Answer Get and GetAll of one interface. Raises BusError for anything else."""
    call.refuse_unless(PROPERTIES_INTERFACE, _METHODS)
    if call.member == "Set":
        raise BusError("read only", f"{_ERROR}.PropertyReadOnly")
    if call.body[0] != interface:
        raise BusError(f"no interface {call.body[0]}", f"{_ERROR}.UnknownInterface")
    if call.member == "GetAll":
        return MethodReply("a{sv}", (dict(values),))
    name = call.body[1]
    if name not in values:
        raise BusError(f"no property {name}", f"{_ERROR}.UnknownProperty")
    return MethodReply("v", (values[name],))
