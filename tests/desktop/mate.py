"""The MATE panel with its notification area, under openbox."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop
from tests.desktop.tools import find_program

TRAY = find_program("mate-panel/notification-area-applet")
FACTORY = "org.mate.panel.applet.NotificationAreaAppletFactory"
TOOLS = ("openbox", "mate-panel", TRAY or "notification-area-applet")

# Without animations: a panel that slides in has its icon in two places one after the other.
PANEL = f"""[org/mate/panel/general]
toplevel-id-list=['bottom']
object-id-list=['tray']

[org/mate/panel/toplevels/bottom]
orientation='bottom'
size=28
expand=true
enable-animations=false

[org/mate/panel/objects/tray]
object-type='applet'
applet-iid='{FACTORY.rpartition(".")[2]}::NotificationArea'
toplevel-id='bottom'
position=0
"""

GTK = "[Settings]\ngtk-menu-images = true\n"
"""What MATE's settings daemon, which does not run here, tells GTK: `menus-have-icons` of org.mate.interface is true."""


class Mate(Desktop):
    """Openbox and mate-panel."""

    name = "mate"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.env["GSETTINGS_BACKEND"] = "keyfile"
        settings = home / "config" / "glib-2.0" / "settings" / "keyfile"
        settings.parent.mkdir(parents=True)
        settings.write_text(PANEL)
        (home / "config" / "gtk-3.0").mkdir()
        (home / "config" / "gtk-3.0" / "settings.ini").write_text(GTK)
        self.start("openbox")
        self.start_panel()

    def start_panel(self) -> None:
        """Start the tray first, for the bus starts nobody by name; it ends with its panel."""
        self.start(TRAY)
        self.wait_until(lambda: self.owner(FACTORY), what="MATE's tray on the bus")
        self.start("mate-panel")
        self.wait_until(lambda: self.owner(WATCHER), what="the tray's watcher on the bus")

    def kill_panel(self) -> None:
        """End it without warning."""
        self.stop("mate-panel", signal.SIGKILL)
        self.stop(Path(TRAY).name, signal.SIGKILL)
