"""Offers calls, signals, names and served objects on a bus. Tray and notifications share one session connection.

Callbacks and handlers run on the bus thread and must be quick: while one runs, every peer of this program waits. A
lost bus is reported once, in the log and through `on_lost`; only threads that call the bus get an exception.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageFlag,
    MessageType,
    new_method_call,
    new_signal,
)

from trayapp.desktop.dbus.connection import (
    TIMEOUT,
    Body,
    BusConnection,
    BusError,
    BusKind,
    NoReply,
    open_socket,
    wire_text,
)
from trayapp.desktop.dbus.message_bodies import (
    SignalCallback,
    Subscription,
    has_signature_prefix,
    parse_owner,
    select_texts,
    signal_key,
    unpack_body,
)
from trayapp.desktop.dbus.served_objects import CallHandler, MethodCall, MethodReply, ServedObjects

__all__ = [
    "TIMEOUT",
    "Body",
    "Bus",
    "BusError",
    "BusKind",
    "MethodCall",
    "MethodReply",
    "NoReply",
    "select_texts",
    "unpack_body",
    "wire_text",
]

_log = logging.getLogger(__name__)

DAEMON = "org.freedesktop.DBus"
DAEMON_PATH = "/org/freedesktop/DBus"

OwnerCallback = Callable[[str], None]
"""Takes the unique name of a name's owner, "" for none."""


class Bus:
    """A connection to a bus; any thread may call every method unless its docstring says otherwise."""

    unique_name = ""
    """The name the bus gave this connection, as ":1.42"."""

    def __init__(self, timeout: float, which: BusKind) -> None:
        self._objects = ServedObjects()
        self._subscriptions: list[Subscription] = []
        self._owners: dict[str, str] = {}
        self._watchers: defaultdict[str, list[OwnerCallback]] = defaultdict(list)
        self._lost: list[Callable[[], None]] = []
        self._is_lost = False
        self._lock = threading.Lock()
        self._wire = BusConnection(
            open_socket(which, timeout), which, self._dispatch_message, self._tell_lost
        )

    @classmethod
    def connect(cls, timeout: float = TIMEOUT, which: BusKind = BusKind.SESSION) -> Bus:
        """Connect to a bus within `timeout` seconds. Raises BusError where there is none."""
        deadline = time.monotonic() + timeout
        bus = cls(timeout, which)
        try:
            remaining = max(0.1, deadline - time.monotonic())
            bus.unique_name = bus.call(DAEMON, DAEMON_PATH, DAEMON, "Hello", timeout=remaining)[0]
        except BusError:
            bus.close()
            raise
        return bus

    def call(  # noqa: PLR0913, PLR0917  # the parts of a D-Bus call, in every tool's order
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Body = (),
        timeout: float = TIMEOUT,
    ) -> Body:
        """Call a method and return the body of the reply; never on the bus thread.

        Raises BusError on an error reply, after `timeout` seconds and on a lost bus.
        """
        message = _method_call(destination, path, interface, member, signature, body)
        reply: Body = self._wire.call(message, timeout).body
        return reply

    def call_async(  # noqa: PLR0913, PLR0917  # the same parts
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str,
        body: Body,
        on_reply: Callable[[Body | None], None],
        begins: str = "",
    ) -> None:
        """Call without waiting: `on_reply` gets the reply's body when it comes; None for an error.

        A body whose signature does not start with `begins` counts as an error: a peer may send anything.
        """

        def handle_reply(reply: Message | None) -> None:
            good = reply is not None and reply.header.message_type is MessageType.method_return
            _call_safely(
                on_reply, reply.body if reply and good and has_signature_prefix(reply, begins) else None
            )

        try:
            self._wire.send(_method_call(destination, path, interface, member, signature, body), handle_reply)
        except BusError:
            handle_reply(None)

    def emit(self, path: str, interface: str, member: str, signature: str = "", body: Body = ()) -> None:
        """Send a signal to all listeners; on a lost bus nothing is sent."""
        self._wire.post(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))

    def serve(self, path: str, handler: CallHandler) -> None:
        """Let `handler` answer all calls on `path`, introspection and properties included; one handler a path."""
        self._objects.serve(path, handler)

    def on_signal(  # noqa: PLR0913, PLR0917  # the parts of a match rule
        self,
        interface: str,
        member: str,
        callback: SignalCallback,
        sender: str = "",
        path: str = "",
        begins: str = "",
    ) -> None:
        """Call `callback(sender, body)` for these signals; a well-known `sender` stands for its owner.

        A signal whose signature does not start with `begins` is ignored; `body` holds the values of `begins` alone.
        """
        if sender and not sender.startswith(":") and sender != DAEMON:
            self.watch_name(sender, lambda _: None)
        self._subscriptions.append(Subscription(interface, member, callback, sender, path, begins))
        conditions = {"sender": sender or None, "path": path or None}
        self._add_match(MatchRule(type="signal", interface=interface, member=member, **conditions))

    def watch_name(self, name: str, callback: OwnerCallback) -> None:
        """Call `callback(owner)` now and on each change of owner, "" for none; waits `TIMEOUT` at most for the first call."""
        rule = MatchRule(type="signal", sender=DAEMON, interface=DAEMON, member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        self._add_match(rule)
        first_call_over = threading.Event()

        def handle_first_owner(reply: Body | None) -> None:
            self._owners[name] = parse_owner(reply[0]) if reply else ""
            self._watchers[name].append(callback)
            _call_safely(callback, self._owners[name])
            first_call_over.set()

        self.call_async(DAEMON, DAEMON_PATH, DAEMON, "GetNameOwner", "s", (name,), handle_first_owner, "s")
        if not self._wire.is_bus_thread:
            first_call_over.wait(TIMEOUT)

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the connection is lost; at once if it is lost already."""
        with self._lock:
            self._lost.append(callback)
            is_lost = self._is_lost
        if is_lost:
            callback()

    def close(self) -> None:
        """Leave the bus; callers that wait for a reply get BusError, and `on_lost` callbacks are not called."""
        self._wire.close()

    def _add_match(self, rule: MatchRule) -> None:
        """Add a match rule without waiting: the bus reads in order, so it holds for all that is sent later."""
        request = _method_call(DAEMON, DAEMON_PATH, DAEMON, "AddMatch", "s", (rule.serialise(),))
        request.header.flags |= MessageFlag.no_reply_expected
        self._wire.post(request)

    def _tell_lost(self) -> None:
        with self._lock:
            self._is_lost = True
            callbacks = tuple(self._lost)
        for callback in callbacks:
            _call_safely(callback)

    def _dispatch_message(self, message: Message) -> None:
        if message.header.message_type is MessageType.method_call:
            self._answer_call(message)
        else:
            self._deliver_signal(message)

    def _deliver_signal(self, message: Message) -> None:
        """Pass a signal to its subscribers. A peer can send one past the match rules, so all is compared here."""
        fields = message.header.fields
        sender, key = fields.get(HeaderFields.sender, ""), signal_key(message)
        if sender == DAEMON and key == (DAEMON, "NameOwnerChanged") and has_signature_prefix(message, "sss"):
            self._change_owner(*message.body[:3])
        for wanted in tuple(self._subscriptions):
            # A well-known name without an owner sends nothing.
            right_sender = not wanted.sender or sender == self._owners.get(wanted.sender, wanted.sender)
            if right_sender and wanted.is_for(message):
                _call_safely(wanted.callback, sender, wanted.select_values(message))

    def _change_owner(self, name: str, _before: str, new_owner: str) -> None:
        owner = parse_owner(new_owner)
        if name in self._owners and self._owners[name] != owner:
            self._owners[name] = owner
            for callback in tuple(self._watchers[name]):
                _call_safely(callback, owner)

    def _answer_call(self, message: Message) -> None:
        reply = self._objects.reply_to(message)
        if not message.header.flags & MessageFlag.no_reply_expected:
            self._wire.post(reply)


def _method_call(  # noqa: PLR0913, PLR0917  # the same parts
    destination: str, path: str, interface: str, member: str, signature: str, body: Body
) -> Message:
    address = DBusAddress(path, bus_name=destination, interface=interface)
    return new_method_call(address, member, signature or None, body)


def _call_safely(callback: Callable[..., Any], *values: object) -> None:
    """Call a subscriber; its exception must not end the loop that serves the others."""
    try:
        callback(*values)
    except Exception:  # noqa: BLE001  # the subscriber may raise anything
        _log.exception("a subscriber failed")
