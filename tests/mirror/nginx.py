"""The mirror's own nginx.conf and mirror.js in a folder of their own, changed in the lines that are the company's alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trustme

SHIPPED = Path(__file__).parents[2] / "assets/mirror"
MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
PATIENCE = 10.0
"""Seconds for nginx to start or to end."""


def missing() -> str:
    """What keeps nginx from being tried here; empty where nothing does."""
    if shutil.which("nginx") is None:
        return "nginx is not installed (Debian: apt install nginx libnginx-mod-http-js)"
    if not MODULE.exists():
        return "nginx's JavaScript module is not installed (Debian: apt install libnginx-mod-http-js)"
    return ""


@dataclass(frozen=True)
class Files:
    """Where an nginx of its own keeps all that it has."""

    folder: Path
    port: int
    authority: Path
    """The certificate of who signed the mirror's, PEM."""


def prepare_files(
    folder: Path,
    page: str,
    *,
    slot: int = 15,
    meanwhile: int = 30,
    trusted: Path | None = None,
    tls: bool = True,
    workers: int = 1,
) -> Files:
    """The shipped files, with only these lines changed: addresses, folders, certificates, and the lengths of time."""
    (folder / "state").mkdir(parents=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    own = authority.issue_cert("127.0.0.1", "localhost")
    own.private_key_pem.write_to_path(str(folder / "mirror.key"))
    for number, pem in enumerate(own.cert_chain_pems):
        pem.write_to_path(str(folder / "mirror.crt"), append=number > 0)
    front, gate = free_port(), free_port()
    text = replace_words(
        (SHIPPED / "nginx.conf").read_text("utf-8"),
        {
            "resolver 127.0.0.53": f"resolver 127.0.0.1:{free_port()}",
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "pid /run/": f"pid {folder}/",
            "/var/log/nginx/error.log": f"{folder}/error.log",
            "ssl_certificate /etc/nginx/": f"ssl_certificate {folder}/",
            "ssl_certificate_key /etc/nginx/": f"ssl_certificate_key {folder}/",
            "js_path /etc/nginx/": f"js_path {folder}/",
            "/var/lib/nginx/mirror-copies": f"{folder}/state/copies",
            "/var/lib/nginx/mirror-asked": f"{folder}/state/asked",
            "server 127.0.0.1:8091;": f"server 127.0.0.1:{gate};",
            "listen 127.0.0.1:8091;": f"listen 127.0.0.1:{gate};",
            "listen 443 ssl": f"listen 127.0.0.1:{front}{' ssl' if tls else ''}",
            "https://$page$asked_for": f"{page}$asked_for",
            "worker_processes auto": f"worker_processes {workers}",
            "/etc/ssl/certs/ca-certificates.crt": str(trusted or "/etc/ssl/certs/ca-certificates.crt"),
        },
    )
    (folder / "nginx.conf").write_text(text, "utf-8")
    script = replace_words(
        (SHIPPED / "mirror.js").read_text("utf-8"),
        {
            "const SLOT = 15;": f"const SLOT = {slot};",
            "const MEANWHILE = 30;": f"const MEANWHILE = {meanwhile};",
        },
    )
    (folder / "mirror.js").write_text(script, "utf-8")
    return Files(folder, front, folder / "authority.pem")


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """A text with each of these words, which it must have exactly once, replaced."""
    for old, new in words.items():
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
    return port


class Nginx:
    """Runs within a `with` block; the workers' processes are its children and end with it."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def __enter__(self) -> Self:
        folder = self.files.folder
        self._process = subprocess.Popen(
            [
                "nginx",
                "-p",
                folder,
                "-c",
                folder / "nginx.conf",
                "-e",
                folder / "error.log",
                "-g",
                "daemon off;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.files.port)) == 0:
                    return self
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        self.__exit__()
        raise AssertionError("nginx did not start: " + self.log())

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)

    def worker(self) -> int:
        """The process that answers, where there is one worker: the others keep the cache."""
        pid = self._process.pid
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:  # the first process listens before there is a worker
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                if "worker process" in Path(f"/proc/{child}/cmdline").read_text():
                    return int(child)
            time.sleep(0.05)
        raise AssertionError("nginx has no worker")

    def log(self) -> str:
        """What nginx complained of."""
        file = self.files.folder / "error.log"
        return file.read_text("utf-8") if file.exists() else ""
