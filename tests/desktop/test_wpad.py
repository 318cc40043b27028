"""WPAD by real parts: a network whose DNS server (dnsmasq) names `wpad`, nginx with its file, Debian's portal and libproxy."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("needs a session bus", allow_module_level=True)
from tests.desktop.portals import missing as missing_portal
from tests.namespaces import missing as missing_namespaces
from tests.namespaces import run_inside
from tests.real_proxies import missing

NEEDED = ", ".join(filter(None, (missing("dnsmasq", "nginx"), missing_portal(), missing_namespaces("mount"))))
pytestmark = [pytest.mark.long, pytest.mark.skipif(bool(NEEDED), reason=f"needs {NEEDED}")]

API = "https://api.openai.com/"
NETWORK = """
cd "$1"; export PATH="$PATH:/usr/sbin:/sbin"
ip link set lo up
mount --bind resolv.conf /etc/resolv.conf
dnsmasq --no-daemon --no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces $3 2>/dev/null &
nginx -c "$1/nginx.conf" 2>/dev/null &
for _ in $(seq 100); do [ -e nginx.pid ] && break; sleep 0.05; done
cd "$4"; exec "$2" -c "$5" "$1"
"""
NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}
http {{
    access_log {folder}/access.log;
    types {{ application/x-ns-proxy-autoconfig dat; }}
    server {{ listen 127.0.0.2:80; root {folder}/served; }}
}}
"""
ASK = f"""
import json, os, sys
from contextlib import closing
from pathlib import Path
from tests.desktop.portals import Session
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.network.system_proxy import linux
home = Path(sys.argv[1]) / "session"
home.mkdir()
session = Session(home)
os.environ.update(session.env)
with closing(Bus.connect()) as bus:
    session.start_portal(bus)
session.set("mode", "auto")
found = {{}}
linux.look_up([{API!r}], found.__setitem__, 10.0)
answer = found[{API!r}]
print(json.dumps([answer.source, answer.addresses, answer.trouble]))
session.close()
"""


def look_up_with_wpad(folder: Path, wpad: str, *, has_name: bool = True) -> list[object]:
    """Source, addresses and trouble on a network that serves this; GNOME's mode is "auto", with no address of a file."""
    folder.chmod(0o755)
    for above in folder.parents:
        if above.name.startswith("pytest-"):
            above.chmod(0o755)  # nginx' workers are another user
    (folder / "served").mkdir()
    (folder / "served" / "wpad.dat").write_text(wpad)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\nsearch corp.test\n")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    name = "--address=/wpad.corp.test/127.0.0.2" if has_name else "--local=/test/"
    root = str(Path(__file__).parents[2])
    done = run_inside("sh", "-ec", NETWORK, "sh", str(folder), sys.executable, name, root, ASK)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[object] = json.loads(done.stdout)
    return found


def test_the_networks_own_file_names_the_proxy(tmp_path: Path) -> None:
    """Its server was asked for it."""
    pac = "function FindProxyForURL(url, host) { return 'PROXY squid.corp.test:3128'; }"
    assert look_up_with_wpad(tmp_path, pac) == ["portal", ["http://squid.corp.test:3128"], None]
    assert "GET /wpad.dat" in (tmp_path / "access.log").read_text()


@pytest.mark.parametrize("has_name", [True, False])
def test_no_such_name_or_rubbish_gives_no_proxy(tmp_path: Path, *, has_name: bool) -> None:
    """Whatever comes of it is no address of a proxy."""
    _, addresses, trouble = look_up_with_wpad(tmp_path, "rubbish {{{", has_name=has_name)
    assert trouble == "failed" or addresses == ["direct://"]
