"""Panels whose tray knows X11's old way alone, under a window manager that frames whatever window it finds."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.desktops import Desktop

POLYBAR = """[bar/tray]
width = 100%
height = 28
bottom = true
background = #5500aa
modules-left = text
tray-position = right

[module/text]
type = custom/text
content = " "
"""
TINT2 = """panel_items = S
panel_size = 100% 28
panel_position = bottom center horizontal
panel_background_id = 1
systray_icon_size = 22

rounded = 0
background_color = #5500aa 100
"""
I3 = """bar {
  status_command cat
  position bottom
  tray_output primary
  colors { background #5500aa }
}
"""


@dataclass(frozen=True)
class OldTray:
    """How one of them is started."""

    manager: str
    """The window manager beside it; i3 brings its own bar."""
    program: str
    arguments: tuple[str, ...] = ()
    config: str = ""


TRAYS: Mapping[str, OldTray] = {
    "polybar": OldTray("openbox", "polybar", ("--config={config}", "tray"), POLYBAR),
    "tint2": OldTray("openbox", "tint2", ("-c", "{config}"), TINT2),
    "i3bar": OldTray("", "i3", ("--config", "{config}"), I3),
}


class OldDesktop(Desktop):
    """A window manager, and the tray as often as it is started; a bus on which nobody hosts icons."""

    def __init__(self, home: Path, tray: OldTray) -> None:
        super().__init__(home)
        self._tray = tray
        self._config = home / "tray.conf"
        self._config.write_text(tray.config)
        if tray.manager:
            self.start(tray.manager)

    def start_tray(self) -> None:
        """Start it, and do not wait for it."""
        arguments = (argument.format(config=self._config) for argument in self._tray.arguments)
        self.start(self._tray.program, *arguments)

    def stop_tray(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        self.stop(self._tray.program, how)
