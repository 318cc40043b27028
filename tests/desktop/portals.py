"""The proxy settings of a desktop for tests: Debian's own portal with GLib's PAC runner on a private bus, and a stand-in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.desktop.buses import Service
from tests.desktop.desktops import BUS_CONFIG, wait_until
from tests.desktop.tools import find_program
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Bus, MethodReply
from trayapp.desktop.network.system_proxy.linux import PORTAL, PORTAL_PATH

SERVICES = ("ca.desrt.dconf", "org.gtk.GLib.PACRunner")
"""The services that the portal and `gsettings` have the bus start; no other of this computer's is startable there."""


def portal_program() -> str:
    """Debian's portal; empty for none."""
    return find_program("xdg-desktop-portal")


def missing() -> str:
    """Which parts of a desktop's proxy settings are not installed here; empty when all are."""
    modules = list(Path("/usr/lib").glob("*/libproxy/*/modules/pacrunner_*.so"))
    parts = {
        "dbus-daemon": shutil.which("dbus-daemon"),
        "gsettings": shutil.which("gsettings"),
        "dconf": find_program("dconf-service"),
        "xdg-desktop-portal": portal_program(),
        "glib-pacrunner": find_program("glib-pacrunner"),
        "libproxy's PAC runner": modules,
    }
    return ", ".join(name for name, part in parts.items() if not part)


def missing_kde() -> str:
    """Which parts of KDE's are not installed here besides: with them libproxy, and so the portal, reads its settings."""
    modules = list(Path("/usr/lib").glob("*/libproxy/*/modules/config_kde.so"))
    parts = {"kreadconfig5": shutil.which("kreadconfig5"), "libproxy's KDE module": modules}
    return ", ".join(filter(None, (missing(), *(name for name, part in parts.items() if not part))))


class Session:
    """A session of GNOME's kind, or of KDE's: a bus that can start what keeps the settings and what runs PAC files, and its own home."""

    def __init__(self, home: Path, desktop: str = "GNOME") -> None:
        services = home / "services"
        services.mkdir()
        for name in SERVICES:
            shutil.copy(f"/usr/share/dbus-1/services/{name}.service", services)
        config = home / "bus.conf"
        config.write_text(BUS_CONFIG.replace("<policy", f"<servicedir>{services}</servicedir><policy", 1))
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CURRENT_DESKTOP": desktop,
            "GSETTINGS_BACKEND": "dconf",
            "LANG": "C.UTF-8",
        }
        if desktop == "KDE":
            self.env |= {"KDE_FULL_SESSION": "true", "KDE_SESSION_VERSION": "5"}
        self._running: list[subprocess.Popen[bytes]] = []
        read, write = os.pipe()
        with os.fdopen(read) as ready:
            arguments = [f"--config-file={config}", "--nofork", "--nopidfile", f"--print-address={write}"]
            self._start("dbus-daemon", *arguments, pass_fds=[write])
            os.close(write)
            self.env["DBUS_SESSION_BUS_ADDRESS"] = ready.readline().strip()

    def _start(self, *command: str, pass_fds: list[int] | None = None) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=self.env,
            pass_fds=pass_fds or [],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what the bus starts ends with it
        )
        self._running.append(process)
        return process

    def start_portal(self, bus: Bus) -> None:
        """Start the real portal, and wait until it has its name."""
        self._start(portal_program())
        wait_until(
            lambda: bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (PORTAL,)) == (True,),
            what="the portal",
        )

    def set(self, key: str, value: str) -> None:
        """Change a setting of the proxy as GNOME's settings do: "mode" or "https host"."""
        *below, name = key.split()
        schema = ".".join(("org.gnome.system.proxy", *below))
        subprocess.run(["gsettings", "set", schema, name, value], env=self.env, check=True, timeout=20)

    def set_pac(self, file: Path, text: str) -> None:
        """Write a PAC file, and let the settings name it."""
        file.write_text(text)
        self.set("autoconfig-url", file.as_uri())
        self.set("mode", "auto")

    def close(self) -> None:
        """End all of it, with what the bus has started."""
        for process in reversed(self._running):
            os.killpg(process.pid, signal.SIGKILL)  # a PAC file that loops is not ended otherwise
            process.wait(20)


class StandInPortal(Service):
    """A program that speaks the portal's interface and answers what the test wants."""

    def __init__(self, *addresses: str) -> None:
        super().__init__(PORTAL, PORTAL_PATH)
        self.answers["Lookup"] = MethodReply("as", (list(addresses),))
