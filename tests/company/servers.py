"""Proxy and mirror in the bare Debian, set up as docs/company.md and Debian's own files have it."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import trustme

from tests.company.network import MIRROR, MIRROR_NAME, PROXY, WORLD, Computer
from tests.mirror.nginx import SHIPPED, replace_words

TRUSTED = "usr/local/share/ca-certificates"
"""Where an administrator puts an authority that the whole system is to know."""
SQUID = f"""# Debian's own squid.conf reads this.
http_access allow localnet
dns_nameservers {WORLD}
shutdown_lifetime 1 second
"""
LOG = '$status $upstream_cache_status "$http_user_agent" $request'
PATIENCE = 30.0


def trust(root: Path, authority: bytes, company: trustme.CA) -> None:
    """Have the whole system know the world's stand-in authority and the company's."""
    (root / TRUSTED / "world.crt").write_bytes(authority)
    company.cert_pem.write_to_path(str(root / TRUSTED / "company.crt"))
    subprocess.run(["chroot", root, "update-ca-certificates"], check=True, capture_output=True)


def set_up_mirror(root: Path, company: trustme.CA) -> None:
    """Put the shipped files into place with the lines marked "yours" changed, and one more: to count, it keeps a log."""
    folder = root / "etc/nginx"
    text = replace_words(
        (SHIPPED / "nginx.conf").read_text("utf-8"),
        {
            "resolver 127.0.0.53": f"resolver {WORLD}",
            "access_log off;": f"log_format counted '{LOG}'; access_log /var/log/nginx/access.log counted;",
        },
    )
    assert MIRROR_NAME in text
    (folder / "nginx.conf").write_text(text, "utf-8")
    shutil.copy(SHIPPED / "mirror.js", folder)
    papers = company.issue_cert(MIRROR_NAME)
    for number, pem in enumerate(papers.cert_chain_pems):
        pem.write_to_path(str(folder / "mirror.crt"), append=number > 0)
    (folder / "mirror.key").touch(0o600)
    papers.private_key_pem.write_to_path(str(folder / "mirror.key"))


class Servers:
    """Squid and nginx, running on the servers' machine. What their parent starts ends with its process numbers."""

    def __init__(self, computer: Computer, root: Path) -> None:
        self._computer = computer
        self._root = root
        (root / "etc/squid/conf.d/company.conf").write_text(SQUID)
        self._start("squid", "-N")
        self._start("nginx", "-g", "daemon off;")
        for address, port in ((PROXY, 3128), (MIRROR, 443)):
            self._wait_for(address, port)

    def _start(self, *command: str) -> None:
        log = (self._root / f"var/log/{command[0]}.out").open("wb")
        enter = [*self._computer.enter(), "chroot", str(self._root)]
        subprocess.Popen([*enter, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_for(self, address: str, port: int) -> None:
        tries = f"until (exec 3<>/dev/tcp/{address}/{port}) 2>/dev/null; do sleep 0.1; done"
        self._computer.run("timeout", str(PATIENCE), "bash", "-c", tries)

    def proxy_log(self) -> list[str]:
        """What squid was asked, such as "CONNECT api.openai.com:443"."""
        lines = self._lines("squid/access.log")
        return [f"{words[5]} {words[6]}" for words in map(str.split, lines)]

    def mirror_log(self) -> list[list[str]]:
        """What the mirror was asked: status of the answer, of the cache, program, method, path, version."""
        return [line.replace('"', "").split() for line in self._lines("nginx/access.log")]

    def _lines(self, log: str) -> list[str]:
        file = self._root / "var/log" / log
        return file.read_text(errors="replace").splitlines() if file.exists() else []


def tally(words: list[str]) -> dict[str, int]:
    """Each word with how often it is there, the most frequent first."""
    return dict(Counter(words).most_common())
