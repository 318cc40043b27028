"""The company's network: a desk whose one wire leads to proxy and mirror, and they alone have a wire to the world.

The kernel of the machine with proxy and mirror counts each packet from the desk by where it wants to go. It forwards
none: whoever goes past proxy and mirror gets no answer and is counted.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORLD = "10.0.9.1"
"""Who is asked for names by proxy and mirror, and by nobody else."""
OFFICE, PROXY, MIRROR, DESK, LAPTOP = "10.20.0.1", "10.20.0.2", "10.20.0.3", "10.20.0.10", "10.20.0.11"
PROXY_NAME, MIRROR_NAME = "proxy.example.com", "status-mirror.example.com"
HOSTS = f"127.0.0.1 localhost\n{PROXY} {PROXY_NAME}\n{MIRROR} {MIRROR_NAME}\n"
NAME_SERVERS = f"nameserver {OFFICE}\n"
"""A desk's: it need look up nothing but the names in `HOSTS`, so each question is counted."""
MEANT: Mapping[tuple[Any, ...], str] = {
    ("tcp", PROXY, 3128): "proxy",
    ("tcp", MIRROR, 443): "mirror",
}
OWN_WIRE = {"icmpv6", "ipv6-icmp"}
"""What the desk's kernel asks its own wire: who has this address, where is a router."""

SERVERS_WIRES = f"""
echo 0 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
ip link add uplink type veth peer name world netns 1
ip address add 10.0.9.2/24 dev uplink; ip link set uplink up
nsenter --net=/proc/1/ns/net sh -ec 'ip address add {WORLD}/24 dev world; ip link set world up'
ip route add default via {WORLD}
ip link add office type bridge; ip link set office up
for address in {OFFICE} {PROXY} {MIRROR}; do ip address add $address/24 dev office; done
ip address add fd00:20::1/64 dev office nodad
"""
COUNTS = """
table inet desks {
    set v4 { type ipv4_addr . inet_proto . inet_service; flags dynamic; size 4096; counter; }
    set v6 { type ipv6_addr . inet_proto . inet_service; flags dynamic; size 4096; counter; }
    set others { type inet_proto; flags dynamic; size 256; counter; }
    counter connections_to_proxy { }
    counter connections_to_mirror { }
    chain arriving {
        type filter hook prerouting priority raw;
        iifname != "office" accept
        ip daddr PROXY tcp dport 3128 tcp flags & (syn | ack) == syn counter name connections_to_proxy
        ip daddr MIRROR tcp dport 443 tcp flags & (syn | ack) == syn counter name connections_to_mirror
        meta nfproto ipv4 meta l4proto { tcp, udp } update @v4 { ip daddr . meta l4proto . th dport } accept
        meta nfproto ipv6 meta l4proto { tcp, udp } update @v6 { ip6 daddr . meta l4proto . th dport } accept
        update @others { meta l4proto }
    }
}
""".replace("PROXY", PROXY).replace("MIRROR", MIRROR)

STRAYS = (
    ("tcp", "104.18.40.1", 443),
    ("tcp", "2606:4700:40::1", 443),
    ("udp", "8.8.8.8", 53),
    ("udp", OFFICE, 53),
)
"""Where the control goes: past proxy and mirror on purpose."""
STRAY = f"""
import socket
for protocol, address, port in {STRAYS!r}:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as tried:
        tried.settimeout(2)
        try:
            tried.connect((address, port))
            tried.send(b"?")
        except OSError:
            continue
        if protocol == "tcp":
            raise SystemExit("it got through")
"""


@dataclass(frozen=True)
class Computer:
    """A network namespace: a computer of the company's."""

    process: subprocess.Popen[bytes]

    def enter(self) -> list[str]:
        """What begins a command there."""
        return ["nsenter", f"--net=/proc/{self.process.pid}/ns/net"]

    def shell(self, command: str) -> str:
        """Run a command of the shell there; what it printed."""
        return self.run("sh", "-ec", command)

    def run(self, *command: str | Path, text: str | None = None) -> str:
        """Run a command there to its end; what it printed."""
        done = subprocess.run(
            [*self.enter(), *command], input=text, capture_output=True, text=True, check=False, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout


def make_computer() -> Computer:
    """A computer without a wire."""
    process = subprocess.Popen(["unshare", "--net", "sleep", "100000"])
    ours = Path("/proc/self/ns/net").readlink()
    while Path(f"/proc/{process.pid}/ns/net").readlink() == ours:
        time.sleep(0.01)
    return Computer(process)


def make_servers() -> Computer:
    """The machine with proxy and mirror, which forwards nothing and counts."""
    servers = make_computer()
    servers.shell(SERVERS_WIRES)
    servers.run("nft", "-f", "-", text=COUNTS)
    return servers


def make_desk(servers: Computer, address: str) -> Computer:
    """A desk whose packets all go to the servers' machine, whatever they are for."""
    desk = make_computer()
    name = f"d{address.rpartition('.')[2]}"
    servers.shell(f"ip link add {name} type veth peer name wire netns {desk.process.pid}")
    servers.shell(f"ip link set {name} master office up")
    desk.shell(
        f"ip link set lo up; ip address add {address}/24 dev wire; ip link set wire up; "
        f"ip route add default via {OFFICE}; "
        f"ip address add fd00:20::{name[1:]}/64 dev wire nodad; ip -6 route add default via fd00:20::1"
    )
    return desk


@dataclass(frozen=True)
class Counted:
    """Packets from desks, by where they wanted to go."""

    meant: Mapping[str, int]
    """"proxy" and "mirror" -> packets."""
    connections: Mapping[str, int]
    past: Mapping[str, int]
    """All others, such as "udp 8.8.8.8 53" -> packets."""

    def less(self, before: Counted) -> Counted:
        """What came since then."""

        def rest(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, int]:
            return {key: count - then.get(key, 0) for key, count in now.items() if count > then.get(key, 0)}

        return Counted(
            rest(self.meant, before.meant),
            rest(self.connections, before.connections),
            rest(self.past, before.past),
        )


def count(servers: Computer) -> Counted:
    """What the servers' kernel has counted."""
    meant, connections, past = {"proxy": 0, "mirror": 0}, dict[str, int](), dict[str, int]()
    for each in json.loads(servers.run("nft", "--json", "list", "ruleset"))["nftables"]:
        if "counter" in each:
            connections[each["counter"]["name"].removeprefix("connections_to_")] = each["counter"]["packets"]
        for words, packets in _elements(each.get("set", {}).get("elem", ())):
            *to, protocol = words if len(words) == 1 else (words[0], words[2], words[1])
            if kind := MEANT.get((protocol, *to)):
                meant[kind] += packets
            elif protocol not in OWN_WIRE:
                past[" ".join(map(str, (protocol, *to)))] = packets
    return Counted(meant, connections, past)


def _elements(elements: Iterable[Any]) -> Iterable[tuple[Sequence[Any], int]]:
    """Where to, and how many packets."""
    for each in elements:
        value = each["elem"]["val"]
        yield value["concat"] if isinstance(value, dict) else [value], each["elem"]["counter"]["packets"]
