"""Objects that this program serves on the bus: method calls in, replies out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jeepney import HeaderFields, Message, new_error, new_method_return

from trayapp.desktop.dbus.connection import Body, BusError, wire_text

_log = logging.getLogger(__name__)

_ERROR = "org.freedesktop.DBus.Error"


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A method call that a peer made on a served path."""

    sender: str
    path: str
    interface: str
    member: str
    signature: str
    body: Body

    def refuse_unless(self, interface: str, methods: Mapping[str, str]) -> None:
        """Let only a method of the interface pass, with the signature that `methods` has for it.

        Raises BusError by the specification's names. A caller may leave the interface away.
        """
        if self.interface not in {"", interface}:
            raise BusError(f"no interface {self.interface}", f"{_ERROR}.UnknownInterface")
        if self.member not in methods:
            raise BusError(f"no method {self.member}", f"{_ERROR}.UnknownMethod")
        if self.signature != methods[self.member]:
            raise BusError(f"{self.member} takes ({methods[self.member]})", f"{_ERROR}.InvalidArgs")


@dataclass(frozen=True, slots=True)
class MethodReply:
    """What a handler answers: D-Bus signature and body."""

    signature: str = ""
    body: Body = ()


CallHandler = Callable[[MethodCall], MethodReply]
"""Raises BusError for an error reply."""


class ServedObjects:
    """Handlers by path."""

    def __init__(self) -> None:
        self._handlers: dict[str, CallHandler] = {}

    def serve(self, path: str, handler: CallHandler) -> None:
        """Let a handler answer for a path."""
        self._handlers[path] = handler

    def reply_to(self, message: Message) -> Message:
        """The answer to a method call; never raises."""
        fields = message.header.fields
        path, member = fields[HeaderFields.path], fields[HeaderFields.member]
        call = MethodCall(
            fields.get(HeaderFields.sender, ""),
            path,
            fields.get(HeaderFields.interface, ""),
            member,
            fields.get(HeaderFields.signature, ""),
            message.body,
        )
        try:
            reply = self._handlers.get(path, _refuse_unknown_object)(call)
        except BusError as error:
            return new_error(message, error.name, "s", (wire_text(str(error)),))
        except Exception:  # noqa: BLE001  # a fault in one answer must not end the loop that carries all others
            _log.exception("no answer to %s.%s", call.interface, call.member)
            return new_error(message, f"{_ERROR}.Failed", "s", ("internal error",))
        return new_method_return(message, reply.signature or None, reply.body)


def _refuse_unknown_object(call: MethodCall) -> MethodReply:
    """The answer where nothing is served."""
    raise BusError(f"no object at {call.path}", f"{_ERROR}.UnknownObject")
