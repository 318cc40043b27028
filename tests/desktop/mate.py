"""The MATE panel with its notification area, under openbox."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop

TRAY = "/usr/lib/mate-panel/notification-area-applet"
FACTORY = "org.mate.panel.applet.NotificationAreaAppletFactory"
TOOLS = ("openbox", "mate-panel", TRAY)

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


def missing_tools() -> list[str]:
    """The programs it needs and this computer has not."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


class Mate(Desktop):
    """Openbox and mate-panel."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.env["GSETTINGS_BACKEND"] = "keyfile"
        settings = home / "config" / "glib-2.0" / "settings" / "keyfile"
        settings.parent.mkdir(parents=True)
        settings.write_text(PANEL)
        self.start("openbox")
        self.start_panel()

    def start_panel(self) -> None:
        """Start the tray first, for the bus starts nobody by name; it ends with its panel."""
        self.start(TRAY)
        self.wait_until(lambda: self.owner(FACTORY), what="MATE's tray on the bus")
        self.start("mate-panel")
        self.wait_until(lambda: self.owner(WATCHER), what="the tray's watcher on the bus")
