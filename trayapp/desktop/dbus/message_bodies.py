"""Checks that messages have the form that was asked for, because peers may send anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jeepney import HeaderFields, Message

from trayapp.desktop.dbus.connection import Body, BusError

_UNIQUE = re.compile(r":[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_LONGEST_NAME = 255
SignalCallback = Callable[[str, Body], None]
"""Takes the sender's unique name and the signal's first values, those of `Subscription.begins`."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A callback and the signals it is for; an empty field matches any."""

    interface: str
    member: str
    callback: SignalCallback
    sender: str
    path: str
    begins: str
    """The D-Bus types of the first values, a letter each; later values are not passed on."""

    def is_for(self, message: Message) -> bool:
        """Whether the message is this signal, by any sender."""
        path = message.header.fields.get(HeaderFields.path, "")
        right_place = signal_key(message) == (self.interface, self.member) and self.path in {"", path}
        return right_place and has_signature_prefix(message, self.begins)

    def select_values(self, message: Message) -> Body:
        """Cut the body to the values of `begins`: a callback that reads more then fails at every signal, not at a rare one."""
        body: Body = message.body
        return body[: len(self.begins)]


def signal_key(message: Message) -> tuple[str, str]:
    """Read the interface and the name of a signal."""
    fields = message.header.fields
    return fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")


def unpack_body(body: Body, *kinds: type) -> Body:
    """Return the body if its values are of these types, one each. Raises BusError for another body."""
    if len(body) != len(kinds) or not all(
        isinstance(one, kind) for one, kind in zip(body, kinds, strict=True)
    ):
        raise BusError("a reply of another kind")
    return body


def select_texts(values: Body) -> frozenset[str]:
    """Select the texts of a reply's list."""
    return frozenset(value for value in values if isinstance(value, str))


def has_signature_prefix(message: Message, signature: str) -> bool:
    """Whether a message's signature starts with this one."""
    return str(message.header.fields.get(HeaderFields.signature, "")).startswith(signature)


def parse_owner(name: str) -> str:
    """Return the name if it is a unique bus name, else ""."""
    return name if len(name) <= _LONGEST_NAME and _UNIQUE.fullmatch(name) else ""
