"""LXQt's panel with its status notifier, under openbox."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop

TOOLS = ("openbox", "lxqt-panel")

PANEL = """[General]
panels=panel1
iconTheme=Adwaita

[panel1]
plugins=statusnotifier
position={position}
alignment=-1
panelSize=28
iconSize=22
width=100
width-percent=true
lineCount=1
background-color=#222222

[statusnotifier]
type=statusnotifier
alignment=Left
"""


def configure(home: Path, position: str = "Bottom") -> None:
    """Write what the panel reads at its start."""
    settings = home / "config" / "lxqt" / "panel.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(PANEL.format(position=position))


class Lxqt(Desktop):
    """Openbox and lxqt-panel."""

    name = "lxqt"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        configure(home)
        self.start("openbox")
        self.start_panel()

    def start_panel(self) -> None:
        """Start the panel and wait for its tray."""
        self.start("lxqt-panel")
        self.wait_until(lambda: self.owner(WATCHER), what="the panel's watcher on the bus")

    def kill_panel(self) -> None:
        """End it without warning."""
        self.stop("lxqt-panel", signal.SIGKILL)
