"""The session bus: calls, signals, names and its loss, on a real message bus."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jeepney import low_level

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from trayapp.desktop.dbus.addresses import list_session_sockets, list_system_sockets
from trayapp.desktop.dbus.bus import (
    DAEMON,
    DAEMON_PATH,
    Body,
    Bus,
    BusError,
    MethodCall,
    MethodReply,
    wire_text,
)
from trayapp.desktop.dbus.message_bodies import parse_owner
from trayapp.desktop.dbus.message_parser import BoundedParser

UNREADABLE = [
    "nonsense",
    ";;",
    "unix:",
    "unix:path",
    "unix:path=",
    "unix:path=%zz%00",
    "a:b:c=d,",
    "unix:path=/é%ff",
    "unix:path=/caf\udce9/bus",
]
"""What may stand where an address should, none of which leads to a bus."""
PATH = "/here"
INTERFACE = "org.example.Echo"

Join = Callable[[], Bus]

pytestmark = pytest.mark.desktop


def echo(call: MethodCall) -> MethodReply:
    """Answer with what was asked."""
    if call.member == "Refuse":
        raise BusError("no such luck", "org.example.Refused")
    if call.member == "Break":
        raise ZeroDivisionError
    return MethodReply("s", (f"{call.member} {call.body}",))


def fail(*_: object) -> None:
    """A subscriber with a fault."""
    raise ZeroDivisionError


def own(bus: Bus, name: str) -> None:
    """Take a name."""
    bus.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", (name, 0))


def test_a_served_object_answers_calls(join: Join) -> None:
    """What a handler returns is what the caller gets."""
    server, client = join(), join()
    server.serve(PATH, echo)
    assert client.call(server.unique_name, PATH, INTERFACE, "Say", "si", ("a", 3)) == ("Say ('a', 3)",)


@pytest.mark.parametrize(
    ("path", "member", "name"),
    [
        (PATH, "Refuse", "org.example.Refused"),
        (PATH, "Break", "org.freedesktop.DBus.Error.Failed"),
        ("/nowhere", "Say", "org.freedesktop.DBus.Error.UnknownObject"),
    ],
)
def test_every_call_is_answered_if_only_by_an_error(join: Join, path: str, member: str, name: str) -> None:
    """A refusal, a fault in the handler and an unknown path each have their error reply, and the loop goes on."""
    server, client = join(), join()
    server.serve(PATH, echo)
    with pytest.raises(BusError) as raised:
        client.call(server.unique_name, path, INTERFACE, member)
    assert raised.value.name == name
    assert client.call(server.unique_name, PATH, INTERFACE, "Say") == ("Say ()",)


def test_a_peer_that_never_answers_costs_only_the_time_allowed(join: Join) -> None:
    """The caller gets BusError when its time is over."""
    server, client = join(), join()
    held = threading.Event()
    server.serve(PATH, lambda _: MethodReply("b", (held.wait(20),)))
    with pytest.raises(BusError, match=r"did not answer Say in 0\.1 s"):
        client.call(server.unique_name, PATH, INTERFACE, "Say", timeout=0.1)
    held.set()


def test_the_bus_thread_never_waits_for_itself(join: Join) -> None:
    """A call from a handler is a mistake that says so, and not a dead loop."""
    server, client = join(), join()
    seen: list[str] = []

    def ask_back(_call: MethodCall) -> MethodReply:
        with pytest.raises(RuntimeError, match="wait for itself") as raised:
            server.call(client.unique_name, PATH, INTERFACE, "Say")
        seen.append(str(raised.value))
        return MethodReply()

    server.serve(PATH, ask_back)
    client.call(server.unique_name, PATH, INTERFACE, "Say")
    assert seen


def test_a_signal_counts_only_from_the_owner_of_the_name(join: Join) -> None:
    """A stranger's signal is not heard, be it sent to all or to us alone, and nobody's name speaks for nobody."""
    speaker, stranger, client = join(), join(), join()
    heard: list[Body] = []
    client.on_signal(
        INTERFACE, "News", lambda _sender, body: heard.append(body), sender="org.example.Speaker", begins="s"
    )
    stranger.emit(PATH, INTERFACE, "News", "s", ("before",))
    own(speaker, "org.example.Speaker")
    stranger.emit(PATH, INTERFACE, "News", "s", ("forged",))
    speaker.emit(PATH, INTERFACE, "News", "s", ("true",))
    wait_until(lambda: heard, what="the true signal")
    assert heard == [("true",)]


@pytest.mark.parametrize(
    ("signature", "body"), [("", ()), ("i", (5,)), ("as", (["x"],)), ("v", (("s", "x"),))]
)
def test_a_signal_or_an_answer_of_another_form_is_another(
    join: Join, signature: str, body: Body, caplog: pytest.LogCaptureFixture
) -> None:
    """Who wants a text first gets that alone, and an answer of another form is none; more than was asked for is fine."""
    speaker, client = join(), join()
    heard: list[Body] = []
    client.on_signal(INTERFACE, "News", lambda _sender, body: heard.append(body), begins="s")
    client.watch_name("org.example.Any", lambda _: None)  # when this is answered, the rule is in force
    speaker.emit(PATH, INTERFACE, "News", signature, body)
    speaker.emit(PATH, INTERFACE, "News", "su", ("true", 7))
    wait_until(lambda: heard, what="the right one")
    assert heard == [("true",)]

    answers: list[Body | None] = []
    speaker.serve(
        PATH,
        lambda call: MethodReply(signature, body) if call.member == "Say" else MethodReply("s", ("true",)),
    )
    for member in ("Say", "Sing"):
        client.call_async(speaker.unique_name, PATH, INTERFACE, member, "", (), answers.append, "s")
    wait_until(lambda: len(answers) == 2, what="both answers")
    assert answers == [None, ("true",)]
    assert not caplog.records


def test_a_name_is_followed_from_owner_to_owner(join: Join) -> None:
    """Whoever watches a name hears at once who owns it, then each change."""
    first, client = join(), join()
    owners: list[str] = []
    client.watch_name("org.example.Speaker", owners.append)
    assert owners == [""]
    own(first, "org.example.Speaker")
    wait_until(lambda: len(owners) == 2, what="the new owner")
    first.close()
    wait_until(lambda: len(owners) == 3, what="its end")
    assert owners == ["", first.unique_name, ""]


@pytest.mark.parametrize(
    "name", ["", ":", ":1", "1.7", ":1\0\x06", ":1.7 ", "org.example.Speaker", ":1.ü", ":1." + "7" * 300]
)
def test_what_is_no_name_of_a_connection_owns_nothing(name: str) -> None:
    """A bus that says so is not one of ours, and such a name could not be spoken to."""
    assert not parse_owner(name)
    assert parse_owner(":1.1234") == ":1.1234"


@pytest.mark.parametrize("signature", ["a()", "aa()", "a(())", "a((()()))", "a{sa()}", "(ya())", "va()"])
def test_an_array_of_nothing_is_no_signature(signature: str) -> None:
    """It would be read for ever."""
    with pytest.raises(ValueError, match="an array of nothing"):
        low_level.parse_signature(list(f"({signature})"))


def test_a_header_with_an_array_of_nothing_is_no_message() -> None:
    """Also where none of the values that a header must have is of such a kind."""
    fields = b"\x01\x03a()\0\0\0" + (64).to_bytes(4, "little") + bytes(4 + 64)
    parser = BoundedParser()
    parser.add_data(
        b"l\x01\0\x01" + bytes(4) + b"\x01\0\0\0" + len(fields).to_bytes(4, "little") + fields + bytes(8)
    )
    with pytest.raises(ValueError, match="an array of nothing"):
        parser.get_next_message()


def test_a_message_larger_than_messages_may_be_is_not_waited_for() -> None:
    """Its head alone tells, and nothing is gathered for it."""
    parser = BoundedParser()
    parser.add_data(b"l\x02\0\x01" + (2**27).to_bytes(4, "little") + b"\1\0\0\0" + bytes(4))
    with pytest.raises(ValueError, match="a message of 134217744 bytes"):
        parser.get_next_message()


def test_a_subscriber_that_fails_harms_no_other(join: Join, caplog: pytest.LogCaptureFixture) -> None:
    """The others hear the same signal."""
    speaker, client = join(), join()
    heard: list[Body] = []
    client.on_signal(INTERFACE, "News", fail)
    client.on_signal(INTERFACE, "News", lambda _sender, body: heard.append(body), begins="s")
    client.watch_name(
        "org.example.Any", lambda _: None
    )  # when this is answered, the rules above are in force
    speaker.emit(PATH, INTERFACE, "News", "s", ("true",))
    wait_until(lambda: heard, what="the signal")
    assert "a subscriber failed" in caplog.text


def test_a_lost_bus_is_told_once_and_harms_nobody(
    private_bus: PrivateBus, join: Join, caplog: pytest.LogCaptureFixture
) -> None:
    """One log line; later calls raise BusError at once, later signals go nowhere, latecomers are told too."""
    bus = join()
    lost = threading.Event()
    bus.on_lost(lost.set)
    with caplog.at_level(logging.WARNING):
        private_bus.close()
        assert lost.wait(20)
    assert caplog.text.count("the session bus is gone") == 1
    with pytest.raises(BusError, match="gone"):
        bus.call(DAEMON, DAEMON_PATH, DAEMON, "GetId")
    bus.emit(PATH, INTERFACE, "News")
    late = threading.Event()
    bus.on_lost(late.set)
    assert late.is_set()


def test_a_waiting_caller_is_freed_when_the_bus_dies(private_bus: PrivateBus, join: Join) -> None:
    """It gets BusError long before its time is over."""
    server, client = join(), join()
    asked, held = threading.Event(), threading.Event()

    def hold(_call: MethodCall) -> MethodReply:
        asked.set()
        held.wait(20)
        return MethodReply()

    server.serve(PATH, hold)

    def end_the_bus() -> None:
        asked.wait(20)
        private_bus.close()

    threading.Thread(target=end_the_bus, daemon=True).start()
    with pytest.raises(BusError, match="gone"):
        client.call(server.unique_name, PATH, INTERFACE, "Say", timeout=60)
    held.set()


def test_leaving_leaves_nothing_behind(private_bus: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    """No thread, no descriptor, and no word of a loss."""
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a count
    for _ in range(5):
        bus = Bus.connect()
        bus.on_signal(INTERFACE, "News", lambda *_: None)
        bus.close()
        bus.close()
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208  # a count
    assert "gone" not in caplog.text


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "tcp:host=127.0.0.1,port=1", *UNREADABLE])
def test_no_bus_is_a_clear_answer(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the address lacks, it is BusError and says so."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(BusError, match="no session bus"):
        Bus.connect()


def test_a_bus_that_does_not_greet_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that accepts and says nothing costs no more than the time allowed."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        with pytest.raises(BusError, match="no session bus"):
            Bus.connect(timeout=0.2)


@pytest.mark.parametrize("before", ["unix:path=/nowhere/bus", "tcp:host=127.0.0.1,port=1", *UNREADABLE])
def test_the_first_bus_that_answers_is_taken_of_several(
    private_bus: PrivateBus, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """Whatever stands before it: dead, of another kind, or not to be read."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"{before};{private_bus.address}")
    bus = Bus.connect()
    assert bus.unique_name.startswith(":")
    bus.close()


def test_a_bus_that_does_not_greet_leaves_time_for_the_next(
    private_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its share of the time allowed."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        listed = f"unix:path={tmp_path}/silent;{private_bus.address}"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", listed)
        bus = Bus.connect(timeout=1.0)
        assert bus.unique_name.startswith(":")
        bus.close()


@pytest.mark.parametrize("left", ["unix:path=/nowhere/bus", "autolaunch:", *UNREADABLE])
def test_the_bus_of_the_session_is_taken_where_the_address_is_an_old_one_s(
    private_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    """A terminal that outlived its session has the address of a bus that is gone; systemd's place has today's."""
    (tmp_path / "bus").symlink_to(private_bus.path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", left)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bus = Bus.connect()
    assert bus.unique_name.startswith(":")
    bus.close()


def test_a_bus_that_shall_not_be_is_not_looked_for(
    private_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GLib's word for it is taken at its word."""
    (tmp_path / "bus").symlink_to(private_bus.path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(BusError, match="no session bus"):
        Bus.connect()


@given(some.text(max_size=40) | some.text("unixpath:=;,%0afé/", max_size=40))
def test_no_address_is_too_odd_to_be_read(address: str) -> None:
    """Whatever it is, there are places or none, and the one after it is found."""
    listed = f"{address};unix:abstract=/a%20b,guid=0"
    assert "\0/a b" in list_session_sockets({"DBUS_SESSION_BUS_ADDRESS": listed})
    assert "\0/a b" in list_system_sockets({"DBUS_SYSTEM_BUS_ADDRESS": listed})


def test_a_folder_whose_name_is_no_utf_8_is_found(tmp_path: Path) -> None:
    """Its bytes come from the environment as half surrogates, and go to the system as they were."""
    place = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9/bus")
    assert list_session_sockets({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={place}"}) == [place]


def test_systemd_s_place_for_the_bus_is_known(
    private_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an address in the environment the socket in the runtime folder is taken."""
    (tmp_path / "bus").symlink_to(private_bus.path)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bus = Bus.connect()
    assert bus.unique_name.startswith(":")
    bus.close()


def test_texts_that_the_bus_would_punish_are_made_harmless(join: Join) -> None:
    """A NUL would end the connection, a lone surrogate cannot be sent."""
    server, client = join(), join()
    server.serve(PATH, lambda call: MethodReply("s", call.body))
    sent = (wire_text("a\0b\ud800c\U0001f600"),)
    assert client.call(server.unique_name, PATH, INTERFACE, "Say", "s", sent) == ("ab?c\U0001f600",)
