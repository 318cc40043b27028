"""Desktops that bring much, each in an overlay over this computer's files, with the buses that they want."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.desktop.desktops import BUS_CONFIG, WATCHER, Desktop
from tests.desktop.tools import find_program

ROOT = Path(__file__).parents[2]
ENTER = ROOT / "build" / "desktop-root"
ROOTS = ROOT / "out" / "roots"

BUSES = """
dbus-daemon --config-file="$HOME/system.conf" --nofork --nopidfile &
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --nofork --nopidfile &
until [ -S "$HOME/session-bus" ] && [ -S "$HOME/system-bus" ]; do sleep 0.1; done
"""

LXPANEL = """Global {
  edge=bottom
  align=left
  widthtype=percent
  width=100
  height=28
  transparent=1
  tintcolor=#5500aa
  alpha=255
  setdocktype=1
}
Plugin {
  type=tray
}
"""
ICEWM = "\n".join(
    f"{name}=0"
    for name in (
        *("TaskBarShowClock", "TaskBarShowAPMStatus", "TaskBarShowCPUStatus", "TaskBarShowMEMStatus"),
        *(
            "TaskBarShowNetStatus",
            "TaskBarShowMailboxStatus",
            "TaskBarShowWorkspaces",
            "TaskBarShowStartMenu",
        ),
        *("TaskBarShowWindowListMenu", "TaskBarShowShowDesktopButton", "ShowLogoutMenu"),
    )
)
FLUXBOX = """session.screen0.toolbar.tools: systemtray
session.screen0.toolbar.placement: BottomCenter
session.screen0.toolbar.height: 28
session.screen0.toolbar.widthPercent: 100
"""
JWM = """<?xml version="1.0"?>
<JWM><Tray x="0" y="-1" width="800" height="28"><Dock/></Tray><TrayStyle><Background>#5500aa</Background></TrayStyle></JWM>
"""
AWESOME = """local awful = require("awful")
local wibox = require("wibox")
awful.screen.connect_for_each_screen(function(s)
  awful.tag({"1"}, s)
  s.bar = awful.wibar({position = "bottom", screen = s, height = 28, bg = "#5500aa"})
  s.bar:setup { layout = wibox.layout.align.horizontal, wibox.widget.systray() }
end)
"""
GNOME = """[org/gnome/shell]
enabled-extensions=['ubuntu-appindicators@ubuntu.com']
disable-user-extensions=false
welcome-dialog-last-shown-version='99'
[org/gnome/desktop/interface]
enable-animations=false
"""
SN_WATCHER = find_program("xapps/sn-watcher/xapp-sn-watcher", "xapps/xapp-sn-watcher")
KDED = """
kded5 &
loads="dbus-send --session --print-reply --dest=org.kde.kded5 /kded org.kde.kded5.loadModule"
until $loads string:statusnotifierwatcher; do sleep 0.5; done
"""
"""KDE's daemon has the watcher, but without systemd nobody has it load that."""
KEYFILE = "config/glib-2.0/settings/keyfile"


@dataclass(frozen=True)
class Rooted:
    """One of them."""

    package: str
    """The package whose version says which it is."""
    root: str
    """The folder in `ROOTS` that it is installed in."""
    session: str
    """Starts it, within the root."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What it reads of its home."""
    env: Mapping[str, str] = field(default_factory=dict)
    watcher: bool = True
    """Whether it shows icons that come over the bus; else in X11's tray."""
    at_top: bool = False
    """Whether its panel is at the top of the screen."""


PACKAGES: Mapping[str, tuple[str, ...]] = {
    "old": ("lxpanel", "icewm", "fluxbox", "jwm", "awesome"),
    "gnome": (
        *("gnome-shell", "gnome-shell-extension-appindicator", "gir1.2-gtk-4.0", "gir1.2-gdm-1.0"),
        "libgl1-mesa-dri",
    ),
    "cinnamon": ("cinnamon", "cinnamon-session", "muffin", "libgl1-mesa-dri"),
    "budgie": ("budgie-core", "budgie-indicator-applet", "libgl1-mesa-dri"),
    "plasma": ("plasma-workspace", "plasma-desktop", "kwin-x11", "libgl1-mesa-dri"),
}
"""What is installed in each root."""

HOSTS: Mapping[str, Rooted] = {
    "lxpanel": Rooted(
        "lxpanel",
        "old",
        "openbox & exec lxpanel --profile own",
        {"config/lxpanel/own/panels/panel": LXPANEL},
        watcher=False,
    ),
    "icewm": Rooted("icewm", "old", "exec icewm", {".icewm/preferences": ICEWM}, watcher=False),
    "fluxbox": Rooted("fluxbox", "old", "exec fluxbox", {".fluxbox/init": FLUXBOX}, watcher=False),
    "jwm": Rooted("jwm", "old", "exec jwm", {".jwmrc": JWM}, watcher=False),
    "awesome": Rooted("awesome", "old", "exec awesome", {"config/awesome/rc.lua": AWESOME}, watcher=False),
    "gnome": Rooted(
        "gnome-shell",
        "gnome",
        "exec gnome-shell --nested --wayland",
        {KEYFILE: GNOME},
        {"XDG_CURRENT_DESKTOP": "GNOME", "MUTTER_DEBUG_DUMMY_MODE_SPECS": "800x600"},
        at_top=True,
    ),
    "cinnamon": Rooted(
        "cinnamon",
        "cinnamon",
        f"{SN_WATCHER} & exec cinnamon --replace",
        env={"XDG_CURRENT_DESKTOP": "X-Cinnamon"},
    ),
    "budgie": Rooted(
        "budgie-core",
        "budgie",
        "budgie-wm & exec budgie-panel",
        env={"XDG_CURRENT_DESKTOP": "Budgie:GNOME"},
        watcher=False,
    ),
    "plasma": Rooted(
        "plasma-workspace",
        "plasma",
        KDED + "kwin_x11 & exec plasmashell",
        env={"XDG_CURRENT_DESKTOP": "KDE", "KDE_FULL_SESSION": "true", "QT_QUICK_BACKEND": "software"},
    ),
}


class RootedDesktop(Desktop):
    """One of these desktops on a display of its own."""

    def __init__(self, home: Path, host: Rooted) -> None:
        self._host = host
        super().__init__(home)
        system = BUS_CONFIG.replace("unix:tmpdir=/tmp", f"unix:path={home}/system-bus")
        for name, text in {**host.files, "system.conf": system}.items():
            file = home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.env |= {
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={home}/system-bus",
            "GSETTINGS_BACKEND": "keyfile",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "XDG_SESSION_TYPE": "x11",
            **host.env,
        }
        session = BUSES + host.session
        self.start(str(ENTER), "run", str(ROOTS / host.root), "sh", "-c", session)
        self.wait_until(lambda: self.owner("org.freedesktop.DBus"), what="the session's bus")
        if host.watcher:
            self.wait_until(lambda: self.owner(WATCHER), limit=60, what="the host on the bus")

    def start_bus(self) -> None:
        """Only name it: the session brings its own, which starts services."""
        self.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={self.home}/session-bus"

    def close(self) -> None:
        """End everything; a shell that waits for its children is not asked twice."""
        self.signal(ENTER.name, signal.SIGKILL)
        super().close()


def why_not(host: Rooted) -> str:
    """What keeps a host from being started; empty if nothing does."""
    if os.geteuid() != 0:
        return "needs root"
    if not (ROOTS / host.root / "upper" / "var/lib/dpkg/status").exists():
        return f"not installed in {ROOTS / host.root}"
    return "" if version(host) else f"{host.package} is not in this Debian"


def install(root: str) -> None:
    """Install a root, where that is not done. Raises CalledProcessError."""
    subprocess.run([ENTER, "install", ROOTS / root, *PACKAGES[root]], check=True, timeout=1800)


def version(host: Rooted) -> str:
    """The package's version there; empty if it is not installed."""
    admin = ROOTS / host.root / "upper" / "var/lib/dpkg"
    query = ["dpkg-query", f"--admindir={admin}", "--show", "--showformat=${Version}", host.package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout
