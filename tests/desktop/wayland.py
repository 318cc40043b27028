"""A Wayland desktop: sway with waybar, in a window of an X server, where a pointer can be moved."""

from __future__ import annotations

import json
import os
import shutil
import signal
from enum import Enum
from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop

TOOLS = ("sway", "waybar")
ORDINARY = "nobody"
"""Sway does not run as root."""

OWN_BAR = """bar {
  position bottom
  height 28
  status_command true
  tray_output *
  colors { background #222222 }
}
"""
"""Sway's own bar, which shows icons too."""

SWAY_CONFIG = """xwayland disable
output * resolution 800x600
"""
BAR = {
    "layer": "top",
    "position": "bottom",
    "height": 28,
    "modules-left": ["tray"],
    "tray": {"icon-size": 22},
}


class Bar(Enum):
    """Which bar shows icons."""

    WAYBAR = "waybar"
    OWN = "sway's own"


class Sway(Desktop):
    """Sway and a bar, as an ordinary user."""

    name = "waybar"

    def __init__(self, home: Path, bar: Bar = Bar.WAYBAR) -> None:
        super().__init__(home)
        self._user = ORDINARY if os.geteuid() == 0 else None
        (home / "sway").write_text(SWAY_CONFIG + OWN_BAR * (bar is Bar.OWN))
        (home / "waybar.json").write_text(json.dumps(BAR))
        (home / "waybar.css").write_text("window { background: #222222; }")
        self.env |= {"WLR_BACKENDS": "x11", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
        if self._user:
            for place in (home, home / "runtime"):
                shutil.chown(place, self._user)
        self.start("sway", "--config", str(home / "sway"), user=self._user)
        self.wait_until(self._socket, what="sway's socket")
        self.env["WAYLAND_DISPLAY"] = self._socket()
        if bar is Bar.WAYBAR:
            self.start_panel()
        else:
            self.wait_until(lambda: self.owner(WATCHER), what="the bar's tray on the bus")

    def start_panel(self) -> None:
        """Start the bar and wait for its tray."""
        config, style = (str(self.home / name) for name in ("waybar.json", "waybar.css"))
        self.start("waybar", "--config", config, "--style", style, user=self._user)
        self.wait_until(lambda: self.owner(WATCHER), what="waybar's tray on the bus")

    def kill_panel(self) -> None:
        """End it without warning."""
        self.stop("waybar", signal.SIGKILL)

    def _socket(self) -> str:
        """The name of sway's socket; empty until it is there."""
        names = (path.name for path in (self.home / "runtime").glob("wayland-*") if path.suffix != ".lock")
        return next(names, "")
