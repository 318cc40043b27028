"""The session bus: what its daemon may send, and what other programs on it may call, signal and answer."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from jeepney import DBusAddress, Message, MessageType, Properties, new_method_call, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields, Parser
from PIL import Image

from tests.desktop.buses import PrivateBus
from tests.desktop.views import NOTICE, view_of
from tools.fuzz_edges.engine import PATIENCE, Wrong
from tools.fuzz_edges.mutate import Mutator
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.freedesktop import PATH as NOTIFY_PATH
from trayapp.desktop.notifications.freedesktop import SERVER, FreedesktopNotifier
from trayapp.desktop.tray.linux import dbusmenu, sni, sni_item
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE
from trayapp.desktop.tray.linux.sni import StatusNotifierItem
from trayapp.model import Command, Look

MEMBERS = {
    sni.PATH: (sni_item.INTERFACE, {**sni_item.METHODS, "Introspect": ""}),
    dbusmenu.PATH: (dbusmenu.INTERFACE, {**dbusmenu._METHODS, "Introspect": ""}),
}
KINDS = "ybnqiuxtdsogvay"
WORDS = (
    "", "clicked", "closed", "opened", "hovered", "label", "Title", "IconPixmap", sni_item.INTERFACE, dbusmenu.INTERFACE, PROPERTIES_INTERFACE,
    "\ud7ff\U0001f600", "a" * 70_000, "\n\x1b[2J", "%s{0}", "default", "details", SERVER, sni.WATCHER, ":1.1",
)  # fmt: skip


def paint(_look: Look, size: int) -> Image.Image:
    """An icon that costs nothing."""
    return Image.new("RGBA", (size, size))


class Ours:
    """The parts of the program that are on the bus; the pictures of notices are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.acts: list[Command] = []
        self.lost = threading.Event()
        self.bus = Bus.connect(PATIENCE / 2)
        self.bus.on_lost(self.lost.set)
        self.item = StatusNotifierItem(self.bus, paint, self.acts.append, lambda: None)
        self.notifier = FreedesktopNotifier(self.bus, self.acts.append, folder)
        self.item.show(view_of())

    def tell(self) -> str:
        """Show a notice; what came of it."""
        try:
            self.notifier.show(NOTICE)
        except NotifyError as error:
            return str(error)[:60]
        return "shown"


class DaemonTarget:
    """Bytes from a bus of its own kind: what can be read is taken, and what cannot ends the connection and nothing else."""

    name = "bus daemon"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / "bus"))
        self._listener.listen()
        self._listener.settimeout(PATIENCE / 2)
        self.mutator = Mutator(
            (
                b"l\x01\x00\x01", b"B\x01\x00\x01", b"l\x02\x01\x01", b"l\x04\x01\x01", b"\x01o\x00", b"\x08g\x00", b"\x05u\x00", b"(", b")",
                b"a", b"{", b"}", b"v", b"aaaaaaaa", b"a()", b"a(y)", b"ay", b"s\x00", b"\x00", b"/MenuBar", b"org.", b":1.1", b"\xff\xff\xff\xff",
                _signal("NameOwnerChanged", "sss", (SERVER, "", ":1.9")), _reply(3, "as", (["actions"],)), _reply(9, "u", (7,)),
            )
        )  # fmt: skip
        self.seeds = tuple(_streams())

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={self._folder / 'bus'}"
        said: list[str] = []
        daemon = threading.Thread(target=self._be_daemon, args=(data, said), daemon=True)
        daemon.start()
        try:
            ours = Ours(self._folder)
        finally:
            if before is None:
                del os.environ["DBUS_SESSION_BUS_ADDRESS"]
            else:
                os.environ["DBUS_SESSION_BUS_ADDRESS"] = before
        came: list[str] = []
        telling = threading.Thread(target=lambda: came.append(ours.tell()), daemon=True)
        telling.start()
        daemon.join(PATIENCE)
        if not ours.lost.wait(PATIENCE / 2):
            raise Wrong("a bus that is gone is not noticed")
        telling.join(PATIENCE / 2)
        ours.bus.close()
        if daemon.is_alive() or telling.is_alive() or not came:
            raise Wrong("somebody waits for ever")
        return f"{came[0]}, {len(ours.acts)} acts, {ours.item.reason}"

    def close(self) -> None:
        """See `Target`."""
        self._listener.close()
        shutil.rmtree(self._folder)

    def _be_daemon(self, data: bytes, said: list[str]) -> None:
        """Answer as a bus does until the program asks the notification server; what follows is the input, in two parts."""
        connected, _ = self._listener.accept()
        with connected, suppress(OSError):
            connected.settimeout(PATIENCE / 2)
            parser = Parser()
            parser.add_data(_greet(connected))
            while "GetCapabilities" not in said:
                while (message := parser.get_next_message()) is not None:
                    said.append(message.header.fields[HeaderFields.member])
                    if answered := _ANSWERS.get(said[-1]):
                        connected.sendall(_reply(message.header.serial, *answered))
                if "GetCapabilities" not in said:
                    parser.add_data(connected.recv(65536))
            half = len(data) // 2
            connected.sendall(data[:half])
            connected.settimeout(0.01)
            said += map(str, _read_messages(connected))
            connected.settimeout(PATIENCE / 2)
            connected.sendall(data[half:])
            connected.shutdown(socket.SHUT_WR)
            said += map(str, _read_messages(connected))


_ANSWERS: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "Hello": ("s", (":1.7",)),
    "GetNameOwner": ("s", (":1.9",)),
}


def _greet(connected: socket.socket) -> bytes:
    """Let the program in; what it said after that."""
    heard = b""
    while b"BEGIN\r\n" not in heard:
        part = connected.recv(4096)
        if not part:
            return b""
        heard += part
        if b"AUTH" in part:
            connected.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
    return heard.partition(b"BEGIN\r\n")[2]


def _read_messages(connected: socket.socket) -> Iterator[bytes]:
    with suppress(TimeoutError):
        yield from iter(lambda: connected.recv(65536), b"")


def _reply(
    serial: int, signature: str, body: tuple[Any, ...], kind: MessageType = MessageType.method_return
) -> bytes:
    fields: dict[HeaderFields, Any] = {
        HeaderFields.reply_serial: serial,
        HeaderFields.sender: "org.freedesktop.DBus",
    }
    if kind is MessageType.error:
        fields[HeaderFields.error_name] = "org.freedesktop.DBus.Error.Failed"
    return _raw(kind, fields, signature, body)


def _signal(
    member: str, signature: str, body: tuple[Any, ...], sender: str = "org.freedesktop.DBus"
) -> bytes:
    interface = "org.freedesktop.DBus" if sender == "org.freedesktop.DBus" else SERVER
    fields: dict[HeaderFields, Any] = {
        HeaderFields.path: NOTIFY_PATH, HeaderFields.interface: interface, HeaderFields.member: member, HeaderFields.sender: sender,
    }  # fmt: skip
    return _raw(MessageType.signal, fields, signature, body)


def _call(path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> bytes:
    fields: dict[HeaderFields, Any] = {
        HeaderFields.path: path, HeaderFields.interface: interface, HeaderFields.member: member, HeaderFields.sender: ":1.3",
    }  # fmt: skip
    return _raw(MessageType.method_call, fields, signature, body)


def _raw(kind: MessageType, fields: dict[HeaderFields, Any], signature: str, body: tuple[Any, ...]) -> bytes:
    message = new_method_call(DBusAddress("/", ":1.1"), "x", signature or None, body)
    header = message.header
    header.message_type = kind
    if signature:
        fields[HeaderFields.signature] = signature
    header.fields = fields
    data: bytes = message.serialise(5)
    return data


def _streams() -> Iterator[bytes]:
    answers = (
        ("", ()),
        ("s", (":1.9",)),
        ("as", (["actions", "body-markup"],)),
        ("u", (7,)),
        ("v", (("b", True),)),
        ("i", (-1,)),
    )
    for signature, body in answers:
        yield b"".join(_reply(serial, signature, body) for serial in range(2, 24))
    yield b"".join(_reply(serial, "s", ("no",), MessageType.error) for serial in range(2, 24))
    yield b"".join(
        (
            _reply(2, "s", (":1.9",)),
            _reply(4, "s", (":1.9",)),
            _signal("NameOwnerChanged", "sss", (SERVER, "", ":1.9")),
            _signal("NameOwnerChanged", "sss", (sni.WATCHER, "", ":1.9")),
            _signal("ActionInvoked", "us", (7, "default"), ":1.9"),
            _signal("ActivationToken", "us", (7, "token"), ":1.9"),
            _signal("NotificationClosed", "uu", (7, 1), ":1.9"),
        )
    )
    clicked = ("v", ("i", 0))
    yield b"".join(
        (
            _call(sni.PATH, PROPERTIES_INTERFACE, "GetAll", "s", (sni_item.INTERFACE,)),
            _call(sni.PATH, sni_item.INTERFACE, "Activate", "ii", (1, 2)),
            _call(dbusmenu.PATH, dbusmenu.INTERFACE, "GetLayout", "iias", (0, -1, [])),
            _call(dbusmenu.PATH, dbusmenu.INTERFACE, "Event", "isvu", (1, "clicked", clicked, 0)),
            _call(
                dbusmenu.PATH, dbusmenu.INTERFACE, "EventGroup", "a(isvu)", ([(1, "clicked", ("i", 0), 0)],)
            ),
            _call(dbusmenu.PATH, dbusmenu.INTERFACE, "AboutToShowGroup", "ai", ([0, 1, 2],)),
        )
    )


class PeerTarget:
    """Another program on a real bus: its calls are answered, its signals and answers are taken for what they are."""

    name = "bus peer"
    seeds = (b"0", b"1", b"2", b"3")
    mutator = Mutator((b"0", b"1", b"2"))

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self._daemon = PrivateBus(self._folder)
        with self._on_bus():
            self._ours = Ours(self._folder)
        self._peer = self._join()
        self._telling: threading.Thread | None = None
        self._came = ""

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        dice = Random(data)  # noqa: S311  # chance for tests
        if self._telling is None or not self._telling.is_alive():
            self._telling = threading.Thread(target=self._tell, daemon=True)
            self._telling.start()
        kinds = []
        for _ in range(dice.choice((1, 1, 2, 5))):
            send = dice.choice((self._call, self._call, self._call, self._signal, self._answer))
            kinds.append(f"{send.__name__}{self._send(send, dice)}")
        title = self._title()
        if title != ("s", "title operational"):
            raise Wrong(f"says that its title is {title!r}")
        if len(self._ours.acts) > 10_000:
            self._ours.acts.clear()
        came, self._came = self._came, ""
        return " ".join(sorted(set(kinds))) + f" {came}"

    def close(self) -> None:
        """See `Target`."""
        self._peer.close()
        self._ours.bus.close()
        self._daemon.close()
        if self._telling:
            self._telling.join(PATIENCE)
        shutil.rmtree(self._folder)

    @contextmanager
    def _on_bus(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._daemon.address
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _join(self) -> DBusConnection:
        with self._on_bus():
            peer = open_dbus_connection("SESSION")
        for name in (SERVER, sni.WATCHER):
            daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
            peer.send_and_get_reply(new_method_call(daemon, "RequestName", "su", (name, 0)), timeout=PATIENCE)
        return peer

    def _tell(self) -> None:
        self._came = self._ours.tell()

    def _send(self, send: Callable[[Random], Message | None], dice: Random) -> str:
        """Send one, unless it cannot be put on the wire or the bus throws its sender out."""
        message = send(dice)
        if message is None:
            return "-"
        try:
            message.serialise(1)
        except Exception:  # noqa: BLE001  # jeepney refuses it in many ways, and then nobody is sent anything
            return "?"
        try:
            self._peer.send(message)
        except OSError:
            self._rejoin()
            return "!"
        return ""

    def _rejoin(self) -> None:
        self._peer.close()
        self._peer = self._join()

    def _title(self) -> Any:
        place = DBusAddress(sni.PATH, self._ours.bus.unique_name, sni_item.INTERFACE)
        for _ in range(2):
            try:
                reply = self._peer.send_and_get_reply(Properties(place).get("Title"), timeout=PATIENCE / 2)
            except (OSError, ConnectionError):  # the bus has thrown the peer out for what it sent
                self._rejoin()
                continue
            if reply.header.message_type is MessageType.error:
                raise Wrong(f"says {reply.body}")
            return reply.body[0]
        raise Wrong("does not answer")

    def _call(self, dice: Random) -> Message:
        path = dice.choice([*MEMBERS, *MEMBERS, "/", "/org/freedesktop/DBus"])
        interface, members = MEMBERS.get(path, MEMBERS[sni.PATH])
        member, signature = dice.choice(
            [*members.items(), ("Get", "ss"), ("GetAll", "s"), ("Set", "ssv"), ("Explode", "")]
        )
        if member in {"Get", "GetAll", "Set"} or dice.random() < 0.05:
            interface = PROPERTIES_INTERFACE
        if dice.random() < 0.2:
            signature = _kind(dice)
        place = DBusAddress(path, self._ours.bus.unique_name, interface if dice.random() > 0.05 else None)
        return new_method_call(place, member, signature or None, _body(signature, dice))

    def _signal(self, dice: Random) -> Message:
        member, signature = dice.choice(
            (
                ("ActionInvoked", "us"), ("ActivationToken", "us"), ("NotificationClosed", "uu"),
                ("StatusNotifierHostRegistered", ""), ("StatusNotifierHostUnregistered", ""), ("NameOwnerChanged", "sss"),
            )
        )  # fmt: skip
        if dice.random() < 0.4:
            signature = _kind(dice)
        is_watcher = member.startswith("Status")
        place = DBusAddress(
            sni.WATCHER_PATH if is_watcher else NOTIFY_PATH, interface=sni.WATCHER if is_watcher else SERVER
        )
        message = new_signal(place, member, signature or None, _body(signature, dice))
        if dice.random() < 0.3:
            message.header.fields[HeaderFields.destination] = self._ours.bus.unique_name
        return message

    def _answer(self, dice: Random) -> Message | None:
        """An answer to what our program has asked, right or not, or to what it has not."""
        try:
            asked = self._peer.receive(timeout=0.001)
        except (OSError, ConnectionError):
            return None
        if asked.header.message_type is not MessageType.method_call:
            return None
        right = {
            "GetCapabilities": ("as", (["actions", "body"],)),
            "Notify": ("u", (dice.randrange(3),)),
            "Get": ("v", (("b", True),)),
        }
        signature, body = right.get(asked.header.fields[HeaderFields.member], ("", ()))
        if dice.random() < 0.5:
            signature = _kind(dice)
            body = _body(signature, dice)
        message = new_method_call(DBusAddress("/", ":1.1"), "x", signature or None, body)
        kind = dice.choice((MessageType.method_return, MessageType.method_return, MessageType.error))
        fields: dict[HeaderFields, Any] = {
            HeaderFields.reply_serial: asked.header.serial, HeaderFields.destination: asked.header.fields[HeaderFields.sender],
        }  # fmt: skip
        if signature:
            fields[HeaderFields.signature] = signature
        if kind is MessageType.error:
            fields[HeaderFields.error_name] = "org.example.Error.Odd"
        message.header.message_type, message.header.fields = kind, fields
        return message


def _kind(dice: Random, depth: int = 0) -> str:
    """A signature, often right, at times none."""
    several = "".join(_one_kind(dice, depth) for _ in range(dice.choice((0, 1, 1, 2, 3))))
    return several + dice.choice(("", "", "", "", "", "", "a", "(", "z")) if depth == 0 else several


def _one_kind(dice: Random, depth: int) -> str:
    way = dice.random()
    if depth > 3 or way < 0.6:
        return dice.choice(KINDS[:-2])
    if way < 0.8:
        return f"a{_one_kind(dice, depth + 1)}"
    if way < 0.9:
        return f"a{{{dice.choice('suy')}{_one_kind(dice, depth + 1)}}}"
    return f"({_kind(dice, depth + 1) or 'y'})"


def _body(signature: str, dice: Random, depth: int = 0) -> tuple[Any, ...]:
    """Values of a signature's kinds; of what is no signature: something."""
    values, rest = [], signature
    while rest:
        value, rest = _value(rest, dice, depth)
        values.append(value)
    return tuple(values)


def _value(signature: str, dice: Random, depth: int) -> tuple[Any, str]:
    """A value of the first kind in a signature, and what is left of that."""
    kind, rest = signature[:1], signature[1:]
    if kind == "a" and rest.startswith("{"):
        inner, rest = _until("{", "}", rest)
        keys = [dice.choice(WORDS[:8]) if inner[:1] == "s" else dice.randrange(200) for _ in range(3)]
        return {key: _value(inner[1:] or "y", dice, depth + 1)[0] for key in keys}, rest
    if kind == "a":
        first, after = _value(rest or "y", dice, depth + 1)
        count = dice.choice((0, 1, 3, 0 if depth else 500))
        return bytes(count) if rest[:1] == "y" else [first] * count, after
    if kind == "(":
        inner, rest = _until("(", ")", signature)
        return _body(inner, dice, depth + 1), rest
    return _plain(kind, dice), rest


def _plain(kind: str, dice: Random) -> Any:
    if kind == "v":
        inner = dice.choice("ybsdiu")
        return inner, _plain(inner, dice)
    texts = {
        "s": WORDS,
        "o": ("/", "/a/b", "x"),
        "g": ("", "aas", "("),
        "b": (True, False),
        "d": (0.0, float("nan"), -1e308),
    }
    if kind in texts:
        return dice.choice(texts[kind])
    limits = {
        "y": (0, 255),
        "n": (-(2**15), 2**15 - 1),
        "q": (0, 2**16 - 1),
        "i": (-(2**31), 2**31 - 1),
        "u": (0, 2**32 - 1),
    }
    low, high = limits.get(kind, (0, 2**63 - 1))
    return dice.choice((low, high, 0, 1, 2, dice.randrange(20)))


def _until(opens: str, closes: str, signature: str) -> tuple[str, str]:
    depth = 0
    for at, letter in enumerate(signature):
        depth += (letter == opens) - (letter == closes)
        if depth == 0:
            return signature[1:at], signature[at + 1 :]
    return signature[1:], ""
