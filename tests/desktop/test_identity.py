"""Which network this is, in real networks of two and more computers that the kernel plays."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.windows import Windows
from tests.namespaces import missing, run_inside
from trayapp.app.languages import load_translator
from trayapp.commands.doctor.desktop import identity_finding
from trayapp.desktop.network import identity
from trayapp.desktop.network.gateway import macos
from trayapp.desktop.network.gateway.windows import find_hardware
from trayapp.desktop.network.identity import (
    CHANGE_SPAN,
    ID_LENGTH,
    MAX_NETWORKS,
    NO_GATEWAY,
    UNSTABLE_GATEWAY,
    FoundGateway,
    NetworkIdentity,
    load_salt,
)

real = pytest.mark.skipif(bool(missing()), reason=missing())

SALT = b"a salt of sixteen"
ASK = f"""{sys.executable} -c 'from tests.desktop.test_identity import *; print(NetworkIdentity(SALT)() or "-")'"""
WHY = f"{sys.executable} -c 'from tests.desktop.test_identity import *; print(identity.examine_network())'"
PEER = """
# Another computer: a network namespace of its own, held open by a process, with one end of a wire in it.
gateway() {  # wire, hardware address, address...
    wire=$1 hardware=$2; shift 2
    unshare --net sleep 1000 & peer=$!
    echo 0 | tee /proc/sys/net/ipv6/conf/*/accept_dad >/dev/null
    while [ "$(readlink /proc/$peer/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
    ip link add $wire type veth peer name far netns $peer
    ip link set $wire up
    nsenter -t $peer -n ip link set far address $hardware up
    for address; do nsenter -t $peer -n ip address add $address dev far; done
}
ip link set lo up
"""
HOME, OFFICE = "02:00:00:00:00:01", "02:00:00:00:00:02"


def ask_inside(script: str) -> list[str]:
    """What a script in a network of its own prints; `$ASK` prints this network's word."""
    done = run_inside("sh", "-ec", PEER + script.replace("$ASK", ASK))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


TOUCH = f"{sys.executable} -c 'import socket,sys; socket.create_connection((sys.argv[1], 9), 2)' "
"""Speaks to the gateway, which refuses: by then its hardware address is known."""


def joining_commands(wire: str, gateway: str, ours: str) -> str:
    """Commands that join a network and speak to its gateway once."""
    return f"""
    ip address add {ours} dev {wire}
    ip route add default via {gateway} dev {wire}
    {TOUCH} {gateway} 2>/dev/null || true
    """


@real
def test_two_networks_differ_and_each_is_known_again() -> None:
    """The same interface and addresses at home and in the office, another gateway; then home again."""
    home, office, again = ask_inside(f"""
    gateway wire {HOME} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    $ASK
    kill $peer; wait $peer 2>/dev/null || true
    while ip link show wire >/dev/null 2>&1; do sleep 0.01; done
    gateway wire {OFFICE} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    $ASK
    kill $peer; wait $peer 2>/dev/null || true
    while ip link show wire >/dev/null 2>&1; do sleep 0.01; done
    gateway wire {HOME} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    $ASK
    """)
    assert len(home) == ID_LENGTH
    assert home == again
    assert home != office


@real
def test_the_way_that_is_taken_counts() -> None:
    """Of a cable and a radio both up, the one with the lower metric."""
    cable, radio = ask_inside(f"""
    gateway cable {HOME} 10.1.0.1/24; gateway radio {OFFICE} 10.2.0.1/24
    ip address add 10.1.0.2/24 dev cable; ip address add 10.2.0.2/24 dev radio
    {TOUCH} 10.1.0.1 2>/dev/null || true
    {TOUCH} 10.2.0.1 2>/dev/null || true
    ip route add default via 10.1.0.1 dev cable metric 100
    ip route add default via 10.2.0.1 dev radio metric 600
    $ASK
    ip route del default dev cable
    $ASK
    """)
    assert cable != radio
    assert "" not in {cable, radio}


@real
@pytest.mark.parametrize(
    "network",
    [
        # IPv6 alone
        f"""gateway wire {HOME} fd01::1/64 fe80::1/64
        ip address add fd01::2/64 dev wire nodad; ip route add default via fd01::1 dev wire
        {TOUCH} fd01::1 2>/dev/null || true
        """,
        # IPv4 through a gateway that has only IPv6's address
        f"""gateway wire {HOME} fd01::1/64
        ip address add fd01::2/64 dev wire nodad; ip address add 10.1.0.2/32 dev wire
        ip route add default via inet6 fd01::1 dev wire
        {TOUCH} fd01::1 2>/dev/null || true
        """,
        # a gateway that was told by hand
        f"""gateway wire {HOME} 10.1.0.1/24; ip address add 10.1.0.2/24 dev wire
        ip neigh add 10.1.0.1 lladdr {HOME} dev wire nud permanent; ip route add default via 10.1.0.1
        """,
    ],
    ids=["IPv6 alone", "IPv4 through IPv6", "by hand"],
)
def test_every_kind_of_way_is_known(network: str) -> None:
    """Whichever protocol leads out."""
    (word,) = ask_inside(f"{network}\n$ASK")
    assert len(word) == ID_LENGTH


WIRE = "ip link add wire type veth peer name void; ip link set wire up; ip link set void up; ip address add 10.1.0.2/24 dev wire;"
GONE = f"""
    gateway wire {HOME} 10.1.0.9/24; ip address add 10.1.0.2/24 dev wire
    ip route add default via 10.1.0.1; {TOUCH} 10.1.0.1 2>/dev/null || true
"""


@real
@pytest.mark.parametrize(
    "network",
    [
        "",
        WIRE,
        f"{WIRE} ip route add default dev wire",
        f"{WIRE} ip route add default via 10.1.0.1",
        "ip route add prohibit default",
        GONE,
    ],
    ids=["no wire", "no way out", "a tunnel without a gateway", "not asked yet", "forbidden", "gateway gone"],
)
def test_where_it_cannot_be_known_nothing_is_said(network: str) -> None:
    """Without a gateway that has answered there is nothing to know a network by."""
    assert ask_inside(f"{network}\n$ASK") == ["-"]


@real
def test_nothing_is_sent_to_find_out() -> None:
    """Asking reads the kernel's tables: the wire's counters stand still."""
    (counts,) = ask_inside(f"""
    sent() {{ awk '$1 == "wire:" {{ print $11 }}' /proc/net/dev; }}
    echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
    gateway wire {HOME} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    before=$(sent)
    $ASK >/dev/null
    echo $(($(sent) - before))
    """)
    assert counts == "0"


class Tables:
    """Tables that say what a test wants, and a clock that goes when it wants."""

    def __init__(self, *found: FoundGateway | Exception) -> None:
        self.now = 0.0
        self._found = list(found)
        self.network = NetworkIdentity(SALT, self._read, lambda: self.now)

    def _read(self) -> FoundGateway:
        found = self._found.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def at(number: int) -> FoundGateway:
    """A gateway."""
    return "wlan0", bytes((2, 0, 0, 0, 0, number))


@pytest.mark.parametrize(
    "found",
    [
        PermissionError(13, "no netlink in this sandbox"),
        struct.error("too short"),
        KeyError(4),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"),
        None,
        ("eth0", b""),
        ("eth0", bytes(6)),
    ],
)
def test_tables_that_cannot_be_read_say_nothing(found: FoundGateway | Exception) -> None:
    """Refused, odd or empty: as if there were no such word."""
    assert Tables(found).network() == ""


def test_a_gateway_that_changes_its_address_each_time_is_no_network() -> None:
    """It is not taken for a new network with each look; once it stands still it is one."""
    tables = Tables(*map(at, range(1, 20)), at(99), at(99))
    words = [tables.network() for _ in range(19)]
    assert set(words[MAX_NETWORKS - 1 :]) == {""}
    tables.network()
    tables.now += CHANGE_SPAN
    assert tables.network() != ""


def test_two_gateways_that_take_turns_are_two_networks() -> None:
    """A pair of routers, or a person between two rooms."""
    tables = Tables(*map(at, (1, 2, 1, 2, 1, 2)))
    words = [tables.network() for _ in range(6)]
    assert len(set(words)) == 2
    assert "" not in words


def test_a_day_of_many_networks_is_believed() -> None:
    """Home, train, office, café, home: minutes lie between them."""
    tables = Tables(*map(at, (1, 2, 3, 4, 1)))
    words = []
    for _ in range(5):
        words.append(tables.network())
        tables.now += CHANGE_SPAN
    assert len(set(words)) == 4
    assert words[0] == words[-1]


def test_the_word_tells_nobody_else_where_somebody_was(tmp_path: Path) -> None:
    """Each installation has its own word for the same network, and the same one over a restart."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()

    def word(folder: Path) -> str:
        return NetworkIdentity(load_salt(folder, keep=True), lambda: at(1))()

    assert word(one) == word(one)
    assert word(one) != word(other)
    assert word(one).isalnum()
    (file,) = one.iterdir()
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600


def test_a_command_that_may_write_nothing_writes_nothing(tmp_path: Path) -> None:
    """It makes a word for itself, or uses the one that is there."""
    assert load_salt(tmp_path, keep=False) != load_salt(tmp_path, keep=False)
    assert not list(tmp_path.iterdir())
    kept = load_salt(tmp_path, keep=True)
    assert load_salt(tmp_path, keep=False) == kept


@pytest.mark.parametrize("broken", [b"", b"short", b"x" * 1000])
def test_a_broken_salt_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    """Networks are met afresh, once."""
    load_salt(tmp_path, keep=True)
    (file,) = tmp_path.iterdir()
    file.write_bytes(broken)
    assert load_salt(tmp_path, keep=True) == load_salt(tmp_path, keep=True)


def test_a_folder_that_cannot_be_written_costs_only_the_memory_of_networks(tmp_path: Path) -> None:
    """There is a word all the same."""
    assert len(load_salt(tmp_path / "missing" / "folder", keep=True)) == 16


def unreadable() -> FoundGateway:
    """Tables that this program is kept from."""
    raise PermissionError(13, "no netlink in this sandbox")


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (lambda: at(1), ""),
        (lambda: ("eth0", os.urandom(6)), UNSTABLE_GATEWAY),
        (lambda: None, NO_GATEWAY),
        (lambda: ("eth0", bytes(6)), NO_GATEWAY),
        (unreadable, "cannot be read: PermissionError(13, 'no netlink in this sandbox')"),
    ],
    ids=["one gateway", "another each time", "none", "without an address", "tables that cannot be read"],
)
def test_doctor_tells_a_network_that_stays_and_why_one_does_not(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], FoundGateway], why: str
) -> None:
    """Asked several times in a row."""
    monkeypatch.setattr(identity, "find_gateway", read)
    said = identity_finding(load_translator("en")).found
    assert said == "known again when you come back to it" if not why else f"{why})" in said


NO_NETLINK = f"{sys.executable} -m tests.no_netlink "


@real
def test_a_sandbox_without_netlink_is_as_if_there_were_no_such_word() -> None:
    """As systemd's RestrictAddressFamilies and others make it; `doctor` says what is kept from it."""
    said = ask_inside(f"""
    gateway wire {HOME} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    {NO_NETLINK} $ASK
    {NO_NETLINK} {WHY}
    """)
    assert said[0] == "-"
    assert "cannot be read: PermissionError" in " ".join(said[1:])


def wander() -> None:
    """Runs in a network of its own: each time the kernel's tables are read, the gateway has another address. Print why not."""
    addresses = iter(range(2, 100))

    def read() -> FoundGateway:
        hardware = f"02:00:00:00:00:{next(addresses):02x}"
        subprocess.run(["ip", "neigh", "replace", "10.1.0.1", "lladdr", hardware, "dev", "wire"], check=True)
        return identity.find_gateway()

    network = NetworkIdentity(SALT, read)
    words = [network() for _ in range(10)]
    sys.stdout.write(f"{len(set(words[MAX_NETWORKS - 1 :]) - {''})} {network.unknown_reason}")


@real
def test_a_gateway_that_wanders_in_the_kernels_own_tables_is_no_network() -> None:
    """Another hardware address each time it is looked."""
    said = ask_inside(f"""
    gateway wire {HOME} 10.1.0.1/24
    {joining_commands("wire", "10.1.0.1", "10.1.0.2/24")}
    {sys.executable} -c 'from tests.desktop.test_identity import *; wander()'
    """)
    assert " ".join(said) == f"0 {UNSTABLE_GATEWAY}"


def test_windows_tells_the_gateway_from_its_neighbours() -> None:
    """A table as GetIpNetTable gives it: the address on the right interface, and none that is invalid."""

    def row(index: int, number: int, address: int, kind: int) -> bytes:
        return struct.pack("<II8sII", index, 6, bytes((2, 0, 0, 0, 0, number)), address, kind)

    table = struct.pack("<I", 4) + row(3, 1, 7, 4) + row(5, 2, 8, 4) + row(5, 3, 7, 2) + row(5, 4, 7, 3)
    assert find_hardware(table + bytes(50), 5, 7) == bytes((2, 0, 0, 0, 0, 4))
    assert find_hardware(table, 9, 7) == b""


def test_windows_own_tables_are_read(wine: Windows) -> None:
    """Under Wine, whose tables are this computer's own: the gateway's address, or nothing where it has none."""
    code = "from trayapp.desktop.network.identity import find_gateway; print(find_gateway())"
    here = identity.find_gateway()
    if here is None:
        pytest.skip("this computer has no gateway that has answered")
    assert wine.run("-c", code).stdout.strip() == str(("", here[1]))


def _sockaddr(family: int, rest: bytes) -> bytes:
    said = bytes((2 + len(rest), family)) + rest
    return said + bytes(-len(said) % 4)


def _route(index: int, flags: int, *addresses: bytes) -> bytes:
    which = (1 << len(addresses)) - 1
    told = b"".join(addresses)
    header = struct.pack("<HBBHxxii", 92 + len(told), 5, 4, index, flags, which)
    return header + bytes(92 - len(header)) + told


def _inet(address: str) -> bytes:
    return _sockaddr(2, bytes(2) + socket.inet_aton(address) + bytes(8))


def _link(index: int, hardware: bytes) -> bytes:
    return _sockaddr(18, struct.pack("<HBBBB", index, 6, 3, len(hardware), 0) + b"en0" + hardware)


def test_macos_tells_the_gateway_from_its_neighbours() -> None:
    """Lists as its headers describe them (net/route.h, net/if_dl.h): by hand, for there was no Mac to ask."""
    router = bytes.fromhex("020000000001")
    ways = (
        _route(9, 0x1000803, bytes((0, 0, 0, 0)), _inet("10.9.0.1"), bytes(4))
        + _route(4, 0x803, _inet("0.0.0.0"), _inet("10.1.0.1"), bytes(4))
        + _route(4, 0x803, _inet("10.7.0.0"), _inet("10.1.0.8"))
    )
    neighbours = (
        _route(4, 0x400, _inet("10.1.0.8"), _link(4, bytes.fromhex("020000000008")))
        + _route(9, 0x400, _inet("10.1.0.1"), _link(9, bytes.fromhex("020000000009")))
        + _route(4, 0x400, _inet("10.1.0.1"), _link(4, router))
    )
    assert macos.find_gateway_in(ways, neighbours) == (4, router)
    assert macos.find_gateway_in(ways, b"") is None
    assert macos.find_gateway_in(b"", neighbours) is None
    for end in range(0, len(neighbours), 7):  # cut off, it says less and breaks nothing
        assert macos.find_gateway_in(ways, neighbours[:end]) is None
