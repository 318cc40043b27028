"""`python -m tests.company.office FOLDER INTERVAL`: the world, the servers and the desk; prints what was found as JSON.

Runs in namespaces of its own (`tests.namespaces.ENTER`), whose network is the world beyond the company.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trustme

from tests.company import site
from tests.company.network import DESK, Computer, Counted, count, make_desk, make_servers
from tests.company.servers import Servers, set_up_mirror, tally, trust, wait_for_logs
from tests.faults_net.internet import ADDRESSES, CHATGPT, LOGIN, NUMBERS, PAGE, Internet, World, signed
from tests.faults_net.running import authorities
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.model import Stage, State

ROOT = Path(__file__).parents[2]
CHECK = Path("opt/company-desk")
"""Where the desk finds these tests."""
LOGIN_SHELL = ("su", "--login", "somebody", "--command")
"""By PAM, which gives each login what /etc/environment says."""
STRAYS = 4
"""Packets of the control, which goes past proxy and mirror on purpose, at least: two questions and two connections."""


class Office:
    """All that there is; it ends with this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.world = World()
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run([ROOT / "build/company-root", "mount", folder], check=True)
        (papers := folder / "papers").mkdir(exist_ok=True)
        authorities(papers)
        company = trustme.CA()
        trust(self.root, (papers / "authority.pem").read_bytes(), company)
        set_up_mirror(self.root, company)
        for address in (*(address for both in ADDRESSES.values() for address in both), *NUMBERS):
            nodad = ["nodad"] if ":" in address else []
            subprocess.run(["ip", "address", "add", address, "dev", "lo", *nodad], check=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        self.internet = Internet(self.world, papers)
        self.computer = make_servers()
        self.servers = Servers(self.computer, self.root)
        self._posted: list[DemoPost] = []

    def becomes(self, scene: str) -> None:
        """Have OpenAI post an outage that is one, or that it is over."""
        now = datetime.now(UTC).replace(microsecond=0)
        if scene == "outage":
            self._posted = [DemoPost(now, Stage.INVESTIGATING, "We are looking into it.")]
            self.world.hosts.update(dict.fromkeys((CHATGPT, LOGIN), signed(503)))
            troubled = {("ChatGPT", "Conversations"): State.MAJOR, ("ChatGPT", "Login"): State.MAJOR}
        else:
            self._posted.append(DemoPost(now, Stage.RESOLVED, "All is well again."))
            self.world.hosts.clear()
            troubled = {}
        incident = DemoIncident(7, "Conversations and login fail", State.MAJOR, tuple(self._posted))
        self.world.content = PageContent(now, troubled, (incident,))

    @contextmanager
    def counting(self) -> Iterator[dict[str, Any]]:
        """Count what the block causes, as the servers' kernel, squid, the mirror and OpenAI's page see it."""
        before, proxied = count(self.computer), len(self.servers.proxy_log())
        mirrored, asked = len(self.servers.mirror_log()), len(self.internet.asked)
        counts: dict[str, Any] = {}
        yield counts
        wait_for_logs()
        mirror = self.servers.mirror_log()[mirrored:]
        counts |= {
            "packets": asdict(_difference(count(self.computer), before)),
            "proxy": tally(self.servers.proxy_log()[proxied:]),
            "mirror": tally([f"{line[0]} {line[-2]}" for line in mirror]),
            "page": tally([path for host, path in self.internet.asked[asked:] if host == PAGE]),
        }

    def film(self, desk: Computer) -> dict[str, Any]:
        """Have a person live through it."""
        check = self.root / CHECK
        shutil.copytree(ROOT / "tests", check / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        (check / "out").mkdir()
        subprocess.run(["chroot", self.root, "chown", "somebody", f"/{CHECK}/out"], check=True)
        variables = f"PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/{CHECK}:/usr/lib/openai-status-tray"
        command = f"{variables} exec python3 -m tests.company.desk /home/somebody/session"
        found: dict[str, Any] = {}
        changed = time.monotonic()
        with subprocess.Popen(
            [*desk.enter(), "chroot", self.root, *LOGIN_SHELL, command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            for line in process.stdout:
                word, _, rest = line.strip().partition(" ")
                if word == "found":
                    found = json.loads(rest)
                    continue
                if word == "scene":
                    self.becomes(rest)
                    changed = time.monotonic()
                process.stdin.write(f"{time.monotonic() - changed:.0f}\n")
                process.stdin.flush()
        if process.returncode:
            raise RuntimeError(f"the desk ended with {process.returncode}")
        return found

    def strays(self, desk: Computer) -> dict[str, Any]:
        """The control: who goes past proxy and mirror gets nowhere, and is counted."""
        before = count(self.computer)
        address = ADDRESSES[PAGE][0]
        tries = f"""
import socket
for kind, address in ((socket.AF_INET, ("{address}", 443)), (socket.AF_INET6, ("{ADDRESSES[PAGE][1]}", 443))):
    try:
        socket.create_connection(address, 2)
    except OSError:
        pass
    else:
        raise SystemExit("it got through")
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"?", ("8.8.8.8", 53))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"?", ("10.20.0.1", 53))
"""
        desk.run("chroot", self.root, "python3", "-c", tries)
        return dict(_difference(count(self.computer), before).past)


def _difference(now: Counted, before: Counted) -> Counted:
    return now.less(before)


def main() -> None:
    """Print the result as one line of JSON."""
    folder, interval = Path(sys.argv[1]), sys.argv[2]
    office = Office(folder)
    site.roll_out(office.root, interval)
    desk = make_desk(office.computer, DESK)
    with office.counting() as counts:
        found = office.film(desk)
    found |= {"counts": counts, "strays": office.strays(desk)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
