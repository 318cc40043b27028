"""What the administrator hands out to the desks, and what a person there would rather have."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from tests.company.network import HOSTS, MIRROR_NAME, NAME_SERVERS, PROXY_NAME

MIRROR_URL = f"https://{MIRROR_NAME}"
FOLLOW = ["ChatGPT", "APIs"]
LOCKED = {"follow", "page.url", "page.interval"}
SITE = f"""# As in docs/company.md.
[locked]
follow = ["ChatGPT", "APIs"]

[locked.page]
url = "{MIRROR_URL}"
interval = "{{interval}}"
"""
OWN = """# Other than the organisation has it.
follow = ["Codex"]

[page]
url = "https://elsewhere.example"
interval = "15s"
"""
ELSEWHERE = "elsewhere.example"

ENVIRONMENT = f"""http_proxy="http://{PROXY_NAME}:3128"
https_proxy="http://{PROXY_NAME}:3128"
no_proxy="localhost,127.0.0.1,::1,{MIRROR_NAME}"
"""
"""What each login gets, by PAM: XFCE has no settings of a proxy."""
DCONF_PROFILE = "user-db:user\nsystem-db:site\n"
DCONF_PROXY = f"""[system/proxy]
mode='manual'
use-same-proxy=true
ignore-hosts=['localhost', '127.0.0.0/8', '::1', '{MIRROR_NAME}']

[system/proxy/http]
host='{PROXY_NAME}'
port=3128

[system/proxy/https]
host='{PROXY_NAME}'
port=3128
"""


def roll_out(root: Path, interval: str) -> None:
    """Put into the system what is the same for all: our settings, and the proxy for XFCE and for GNOME."""
    write(root / "etc/xdg/openai-status-tray/config.toml", SITE.format(interval=interval))
    write(root / "etc/environment", ENVIRONMENT)
    write(root / "etc/dconf/profile/user", DCONF_PROFILE)
    write(root / "etc/dconf/db/site.d/proxy", DCONF_PROXY)
    subprocess.run(["chroot", root, "dconf", "update"], check=True, capture_output=True)


def name_hosts(root: Path) -> None:
    """Have each computer know the company's names and its own; squid reads them when it starts."""
    write(root / "etc/hosts", f"{HOSTS}127.0.1.1 {socket.gethostname()}\n")
    write(root / "etc/resolv.conf", NAME_SERVERS)


def write(file: Path, text: str) -> None:
    """Write a file that everybody can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(0o644)
