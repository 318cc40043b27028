"""Proxies that companies run, for tests: squid, with several kinds of login, and tinyproxy."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

SQUID_LOGINS = {
    "none": "",
    "basic": "auth_param basic program {libexec}/basic_ncsa_auth {passwords}\n",
    "negotiate": "auth_param negotiate program /bin/cat\nauth_param ntlm program {libexec}/ntlm_fake_auth\n",
    "digest": "auth_param digest program {libexec}/digest_file_auth {passwords}\nauth_param digest realm office\n",
}
"""What squid is told for each kind of login. Negotiate's own helper would need a Kerberos server; the offer needs none."""
SQUID_CONFIG = """http_port 127.0.0.1:{port}
{login}
acl known proxy_auth REQUIRED
http_access {access}
hosts_file {hosts}
dns_nameservers 127.0.0.1
access_log stdio:{log}
cache_log {folder}/cache.log
cache_effective_user {user}
pid_filename none
cache deny all
pinger_enable off
shutdown_lifetime 1 second
coredump_dir {folder}
forwarded_for delete
"""
TINY_CONFIG = """Port {port}
Listen 127.0.0.1
Timeout 30
LogFile "{log}"
LogLevel Connect
MaxClients 20
{login}
"""


def program(name: str) -> str:
    """Where a proxy lies; empty for none. Servers lie in no folder of a person's PATH."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or ""


def missing(*names: str) -> str:
    """The proxies that are not installed here."""
    return ", ".join(name for name in names if not program(name))


class RealProxy:
    """A proxy in a process of its own; leaving the `with` block ends it."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._log = folder / "access.log"
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)

    @property
    def log(self) -> str:
        """What has gone through, and what was refused."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def wait_until_it_listens(self, port: int) -> None:
        """Wait for the first connection that it takes."""
        deadline = time.monotonic() + 30
        while True:
            assert self._process.poll() is None, "the proxy has ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1.0).close()
            except OSError:
                assert time.monotonic() < deadline, "the proxy does not listen"
                time.sleep(0.02)
            else:
                return


class Squid(RealProxy):
    """Squid. Every name that ends in .test is this computer."""

    def __init__(self, folder: Path, login: str = "none", user: str = "", password: str = "") -> None:
        """`login`: a key of SQUID_LOGINS, or several, joined by "+"."""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        passwords, hosts, config = folder / "passwords", folder / "hosts", folder / "squid.conf"
        if user:
            hashed = subprocess.run(
                ["openssl", "passwd", "-apr1", "-stdin"],
                input=password,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            passwords.write_text(f"{user}:{hashed}\n")
        else:
            passwords.write_text("ann:office:x\n")
        hosts.write_text("127.0.0.1 page.test api.test\n")
        libexec = next((str(p) for p in (Path("/usr/lib/squid"), Path("/usr/lib64/squid")) if p.exists()), "")
        wanted = "".join(SQUID_LOGINS[kind] for kind in login.split("+"))
        config.write_text(
            SQUID_CONFIG.format(
                port=self.port,
                login=wanted.format(libexec=libexec, passwords=passwords),
                access="allow known" if wanted else "allow all",
                hosts=hosts,
                folder=folder,
                log=folder / "access.log",
                user="proxy" if os.geteuid() == 0 else os.environ.get("USER", "nobody"),
            ).replace("" if wanted else "acl known proxy_auth REQUIRED\n", "")
        )
        for each in (folder, passwords, hosts):
            each.chmod(0o777 if each.is_dir() else 0o644)  # squid, begun by root, goes on as another user
        for above in folder.parents:
            if above.stat().st_uid == os.geteuid() and above.name.startswith(("pytest-", "popen-")):
                above.chmod(0o755)
        folder.parent.chmod(0o755)
        # Its shared memory bears the service's name: another for each of those that run at a time.
        super().__init__(folder, program("squid"), "-N", "-n", f"squid{self.port}", "-f", str(config))
        self.wait_until_it_listens(self.port)


class Tinyproxy(RealProxy):
    """Tinyproxy, with a password where one is set."""

    def __init__(self, folder: Path, user: str = "", password: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = folder / "tinyproxy.conf"
        login = f"BasicAuth {user} {password}" if user else ""
        config.write_text(TINY_CONFIG.format(port=self.port, log=folder / "access.log", login=login))
        super().__init__(folder, program("tinyproxy"), "-d", "-c", str(config))
        self.wait_until_it_listens(self.port)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
