"""Answers method calls on the objects that this program serves on the bus."""

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
        """Accept only a method of the interface with its signature in `methods`.

        Raises BusError with the specification's error names. A peer may leave out the interface.
        """
        if self.interface not in {"", interface}:
            raise BusError(f"no interface {self.interface}", f"{_ERROR}.UnknownInterface")
        if self.member not in methods:
            raise BusError(f"no method {self.member}", f"{_ERROR}.UnknownMethod")
        if self.signature != methods[self.member]:
            raise BusError(f"{self.member} takes ({methods[self.member]})", f"{_ERROR}.InvalidArgs")


@dataclass(frozen=True, slots=True)
class MethodReply:
    """A handler's answer: D-Bus signature and body."""

    signature: str = ""
    body: Body = ()


CallHandler = Callable[[MethodCall], MethodReply]
"""Answers a call; raises BusError for an error reply."""


class ServedObjects:
    """The handlers of served paths."""

    def __init__(self) -> None:
        self._handlers: dict[str, CallHandler] = {}

    def serve(self, path: str, handler: CallHandler) -> None:
        """Let a handler answer all calls on a path."""
        self._handlers[path] = handler

    def reply_to(self, message: Message) -> Message:
        """Make the reply to a method call; never raises."""
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
        except Exception:  # noqa: BLE001  # one failing handler must not end the loop for all others
            _log.exception("no answer to %s.%s", call.interface, call.member)
            return new_error(message, f"{_ERROR}.Failed", "s", ("internal error",))
        return new_method_return(message, reply.signature or None, reply.body)


def _refuse_unknown_object(call: MethodCall) -> MethodReply:
    """Refuse a call on a path that is not served."""
    raise BusError(f"no object at {call.path}", f"{_ERROR}.UnknownObject")
