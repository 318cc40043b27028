"""What comes over a bus is of the form that was asked for, or it is something else: peers may say what they like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jeepney import HeaderFields, Message

from trayapp.desktop.dbus.connection import Body, BusError

_UNIQUE = re.compile(r":[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_LONGEST_NAME = 255


SignalCallback = Callable[[str, Body], None]
"""Gets the sender's unique name, and of the signal's values those whose kinds it has named."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear which signal; what is empty may be any."""

    interface: str
    member: str
    callback: SignalCallback
    sender: str
    path: str
    begins: str
    """The kinds of the first values, a letter each; those after them are not handed over."""

    def is_for(self, message: Message) -> bool:
        """Whether it is this signal, whoever sent it."""
        path = message.header.fields.get(HeaderFields.path, "")
        right_place = signal_key(message) == (self.interface, self.member) and self.path in {"", path}
        return right_place and has_signature_prefix(message, self.begins)

    def select_values(self, message: Message) -> Body:
        """The values whose kinds are named: whoever reads another one is wrong at every signal, not at an odd one."""
        body: Body = message.body
        return body[: len(self.begins)]


def signal_key(message: Message) -> tuple[str, str]:
    """The interface and the name of a signal."""
    fields = message.header.fields
    return fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")


def unpack_body(body: Body, *kinds: type) -> Body:
    """A reply's values, one of each kind. Raises BusError for another reply."""
    if len(body) != len(kinds) or not all(
        isinstance(one, kind) for one, kind in zip(body, kinds, strict=True)
    ):
        raise BusError("a reply of another kind")
    return body


def select_texts(values: Body) -> frozenset[str]:
    """Those of a reply's list that are texts."""
    return frozenset(value for value in values if isinstance(value, str))


def has_signature_prefix(message: Message, signature: str) -> bool:
    """Whether a message has at least the values of these kinds."""
    return str(message.header.fields.get(HeaderFields.signature, "")).startswith(signature)


def parse_owner(name: str) -> str:
    """The unique name of a name's owner; empty for what is none, and cannot be spoken to."""
    return name if len(name) <= _LONGEST_NAME and _UNIQUE.fullmatch(name) else ""
