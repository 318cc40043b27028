"""Runs one D-Bus connection on its socket: sends whole messages, gives replies to their callers, the rest to `Bus`.

jeepney does the wire format and the authentication; the loop is in this module, because jeepney's router leaves a
pipe open after `close` and can block for ever when the bus no longer reads (jeepney 0.9, `io/threading.py`).
"""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

from jeepney import HeaderFields, Message, MessageType
from jeepney.fds import FileDescriptor, fds_buf_size
from jeepney.io.blocking import prep_socket

from trayapp.desktop.dbus.addresses import list_session_sockets, list_system_sockets
from trayapp.desktop.dbus.message_parser import BoundedParser

_log = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds a caller waits for an answer by default."""

Body = tuple[Any, ...]
OnReply = Callable[[Message | None], None]
"""Takes the reply, or None when the bus is lost before it comes."""


class BusKind(StrEnum):
    """The session's bus or the system's."""

    SESSION = "session"
    SYSTEM = "system"
    """The only bus on which peers may send open files, as logind does for its locks."""


class BusError(Exception):
    """An error reply, no reply in time, or no bus; raised by a handler, it becomes the error reply `name`."""

    def __init__(self, text: str, name: str = "org.freedesktop.DBus.Error.Failed") -> None:
        super().__init__(text)
        self.name = name


class NoReply(BusError):  # noqa: N818  # D-Bus's name for it
    """The call was sent and not answered in time."""


class BusConnection:
    """The socket, its daemon thread and the callers that wait for replies."""

    def __init__(
        self,
        connected: socket.socket,
        which: BusKind,
        on_message: Callable[[Message], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._socket = connected
        self._which = which
        self._on_message = on_message
        self._on_lost = on_lost
        self._serials = count(1)
        self._lock = threading.Lock()
        self._pending: dict[int, OnReply] = {}
        self._is_over = False
        self._closing = False
        self._thread = threading.Thread(target=self._receive_loop, name=f"{which} bus", daemon=True)
        self._thread.start()

    @property
    def is_bus_thread(self) -> bool:
        """Whether this is the bus thread, which must never wait."""
        return threading.current_thread() is self._thread

    def call(self, message: Message, timeout: float) -> Message:
        """Send a call and wait `timeout` seconds for its reply. Raises NoReply, and BusError for an error reply."""
        if self.is_bus_thread:
            raise RuntimeError("the bus thread would wait for itself")
        answer: SimpleQueue[Message | None] = SimpleQueue()
        serial = self.send(message, answer.put)
        try:
            reply = answer.get(timeout=timeout)
        except Empty:
            with self._lock:
                self._pending.pop(serial, None)
            fields = message.header.fields
            raise NoReply(
                f"{fields[HeaderFields.destination]} did not answer {fields[HeaderFields.member]} in {timeout:g} s"
            ) from None
        if reply is None:
            raise self._lost_error()
        if reply.header.message_type is MessageType.error:
            raise BusError(_error_text(reply), reply.header.fields[HeaderFields.error_name])
        return reply

    def post(self, message: Message) -> None:
        """Send a message without a reply; on a lost bus only log it, since the loss is reported elsewhere."""
        try:
            self.send(message)
        except BusError as error:
            _log.debug("not sent: %s", error)

    def send(self, message: Message, on_reply: OnReply | None = None) -> int:
        """Send a whole message and return its serial. Raises BusError on a lost bus."""
        with self._lock:
            if self._is_over:
                raise self._lost_error()
            serial = next(self._serials)
            data = message.serialise(serial)
            if on_reply:
                self._pending[serial] = on_reply
            try:
                self._socket.sendall(data)
            except OSError as error:
                # Half a message may be sent: the bus could not parse what follows.
                self._pending.pop(serial, None)
                self._hang_up()
                raise self._lost_error(f": {error}") from error
        return serial

    def close(self) -> None:
        """Leave the bus; callers that wait for a reply get BusError."""
        self._closing = True
        with self._lock:
            if not self._is_over:
                self._hang_up()
        if not self.is_bus_thread:
            self._thread.join(1.0)

    def _lost_error(self, why: str = "") -> BusError:
        return BusError(f"the {self._which} bus is gone{why}")

    def _hang_up(self) -> None:
        """Shut the socket down, which wakes and ends the receive loop."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            _log.debug("the bus had hung up before: %s", error)

    def _receive_loop(self) -> None:
        """Read and dispatch messages until the connection ends; runs as the bus thread."""
        parser = BoundedParser()
        why: Exception | str = "it hung up"
        try:
            while self._feed_parser(parser):
                while (message := parser.get_next_message()) is not None:
                    self._dispatch_message(message)
        except Exception as error:  # noqa: BLE001  # what cannot be parsed ends the connection as a hang-up does
            why = error
        self._end_connection(why)

    def _feed_parser(self, parser: BoundedParser) -> bool:
        """Wait for data and give it to the parser; False when the bus has hung up."""
        if self._which is BusKind.SESSION:
            data, files = self._socket.recv(65536), []
        else:
            data, passed, flags, _ = self._socket.recvmsg(65536, fds_buf_size())
            files = FileDescriptor.from_ancdata(passed)
            if flags & socket.MSG_CTRUNC:
                raise OSError("too many open files were handed over")
        parser.add_data(data, files)
        return bool(data)

    def _dispatch_message(self, message: Message) -> None:
        if message.header.message_type in {MessageType.method_call, MessageType.signal}:
            self._on_message(message)
            return
        with self._lock:
            on_reply = self._pending.pop(message.header.fields.get(HeaderFields.reply_serial, 0), None)
        if on_reply:
            on_reply(message)

    def _end_connection(self, why: Exception | str) -> None:
        """Close the socket and give all waiting callers None."""
        with self._lock:
            self._is_over = True
            waiting, self._pending = self._pending, {}
            self._socket.close()
        for on_reply in waiting.values():
            on_reply(None)
        if not self._closing:
            _log.warning("the %s bus is gone (%s); going on without it", self._which, why)
            self._on_lost()


def wire_text(text: str) -> str:
    """Make a text safe for the bus: the bus disconnects a sender of NUL, and a lone surrogate has no UTF-8."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def open_socket(which: BusKind, timeout: float) -> socket.socket:
    """Connect and authenticate to the first socket that answers. Raises BusError for none within `timeout` seconds."""
    system = which is BusKind.SYSTEM
    places = list_system_sockets(os.environ) if system else list_session_sockets(os.environ)
    deadline = time.monotonic() + timeout
    why = [] if places else [f"DBUS_{which.upper()}_BUS_ADDRESS names no place"]
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        try:
            # Each gets its share of the time: a socket that accepts and stays silent leaves some for the next.
            connected: socket.socket = prep_socket(
                place, enable_fds=system, timeout=max(0.1, deadline - time.monotonic()) / left
            )
        # Unreachable; malformed, or a name no socket can have; authentication refused.
        except (OSError, ValueError, RuntimeError) as error:
            why.append(f"{place!r}: {error}")
            continue
        # Without a limit a bus that no longer reads would hold the sender for ever once the socket is full.
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(TIMEOUT), 0))
        return connected
    raise BusError(f"no {which} bus: {'; '.join(why)}")


def _error_text(error: Message) -> str:
    """Describe an error reply by its name and, by convention, its first value."""
    name = error.header.fields[HeaderFields.error_name]
    return f"{name}: {error.body[0]}" if error.body else str(name)
