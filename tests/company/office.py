"""`python -m tests.company.office FOLDER`: the world, the servers and the desk; prints what was found as JSON.

Runs in namespaces of its own (`tests.namespaces.ENTER`), whose network is the world beyond the company.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trustme

from tests.company import site
from tests.company.network import DESK, LAPTOP, STRAY, Computer, Counted, count, make_desk, make_servers
from tests.company.servers import Servers, set_up_mirror, tally, trust
from tests.company.talk import SCENE, listen
from tests.faults_net.internet import (
    ADDRESSES,
    CHATGPT,
    LOGIN,
    NUMBERS,
    PAGE,
    Internet,
    World,
    cloudflare_answers,
)
from tests.faults_net.running import authorities
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.model import Stage, State

ROOT = Path(__file__).parents[2]
CHECK = Path("opt/company-desk")
"""Where the desk finds these tests."""
LOG_PATIENCE = 10.0
LOGIN_SHELL = ("su", "--login", "somebody", "--command")
"""By PAM, which gives each login what /etc/environment says."""


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
        site.name_hosts(self.root)
        self.computer = make_servers()
        self.servers = Servers(self.computer, self.root)
        self._posted: list[DemoPost] = []

    def becomes(self, scene: str) -> None:
        """Have OpenAI post an outage that is one, or that it is over."""
        now = datetime.now(UTC).replace(microsecond=0)
        if scene == "outage":
            self._posted = [DemoPost(now, Stage.INVESTIGATING, "We are looking into it.")]
            self.world.hosts.update(dict.fromkeys((CHATGPT, LOGIN), cloudflare_answers(503)))
            troubled = {("ChatGPT", "Conversations"): State.MAJOR, ("ChatGPT", "Login"): State.MAJOR}
        elif scene == "calm":
            self.world.content = PageContent(now, {})
            return
        else:
            self._posted.append(DemoPost(now, Stage.RESOLVED, "All is well again."))
            self.world.hosts.clear()
            troubled = {}
        incident = DemoIncident(7, "ChatGPT conversations and login fail", State.MAJOR, tuple(self._posted))
        self.world.content = PageContent(now, troubled, (incident,))

    @contextmanager
    def counting(self) -> Iterator[dict[str, Any]]:
        """Count what the block causes, as the servers' kernel, squid, the mirror and OpenAI's page see it."""
        before, proxied = count(self.computer), len(self.servers.proxy_log())
        mirrored, asked = len(self.servers.mirror_log()), len(self.internet.asked)
        counts: dict[str, Any] = {}
        yield counts
        self._wait_for_logs(before, proxied)
        mirror = self.servers.mirror_log()[mirrored:]
        counts |= {
            "packets": asdict(count(self.computer).less(before)),
            "proxy": tally(self.servers.proxy_log()[proxied:]),
            "mirror": tally([f"{line[0]} {line[-2]}" for line in mirror]),
            "page": tally([path for host, path in self.internet.asked[asked:] if host == PAGE]),
        }

    def _wait_for_logs(self, before: Counted, proxied: int) -> None:
        """Squid writes of a connection when it has ended: wait until all are written, or it is clear that some never are."""
        ends = time.monotonic() + LOG_PATIENCE
        while time.monotonic() < ends:
            made = count(self.computer).less(before).connections.get("proxy", 0)
            if len(self.servers.proxy_log()) - proxied >= made:
                return
            time.sleep(0.1)

    def film(self, desk: Computer) -> Any:
        """Have a person live through it."""
        check = self.root / CHECK
        shutil.copytree(ROOT / "tests", check / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        (check / "out").mkdir()
        subprocess.run(["chroot", self.root, "chown", "somebody", f"/{CHECK}/out"], check=True)
        variables = f"PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/{CHECK}:/usr/lib/openai-status-tray"
        command = f"{variables} exec python3 -m tests.company.desk /home/somebody/session"
        return self._listen([*desk.enter(), "chroot", str(self.root), *LOGIN_SHELL, command], cwd=Path("/"))

    def windows(self, laptop: Computer) -> Any:
        """Have the Windows program live through it: it runs on this computer's files, with the root's names and trust."""
        for file in ("etc/hosts", "etc/resolv.conf", "etc/ssl/certs"):
            subprocess.run(["mount", "--bind", self.root / file, Path("/", file).resolve()], check=True)
        (folder := self.folder / "laptop").mkdir()
        return self._listen(
            [*laptop.enter(), sys.executable, "-m", "tests.company.laptop", str(folder)], ROOT
        )

    def _listen(self, command: Sequence[str], cwd: Path) -> Any:
        """Answer to a desk's lines, and have the world become as it says."""
        changed = time.monotonic()

        def reply(word: str, rest: str) -> str:
            nonlocal changed
            if word == SCENE:
                self.becomes(rest)
                changed = time.monotonic()
            return f"{time.monotonic() - changed:.0f}"

        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=cwd) as process:
            return listen(process, reply)

    def strays(self, desk: Computer) -> dict[str, Any]:
        """The control: who goes past proxy and mirror gets nowhere, and is counted."""
        before = count(self.computer)
        desk.run("chroot", self.root, "python3", "-c", STRAY)
        return dict(count(self.computer).less(before).past)


def main() -> None:
    """Print the result as one line of JSON."""
    options = argparse.ArgumentParser(prog="python -m tests.company.office")
    options.add_argument("folder", type=Path)
    options.add_argument("--interval", default="2m")
    options.add_argument("--without", choices=["windows", "linux"])
    chosen = options.parse_args()
    office = Office(chosen.folder)
    site.roll_out(office.root, chosen.interval)
    found: dict[str, Any] = {}
    for name, address, live in (("linux", DESK, office.film), ("windows", LAPTOP, office.windows)):
        if name != chosen.without:
            desk = make_desk(office.computer, address)
            begun = time.monotonic()
            with office.counting() as counts:
                found[name] = live(desk)
            found[name] |= {"counts": counts, "strays": office.strays(desk), "took": time.monotonic() - begun}
            office.becomes("calm")
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
