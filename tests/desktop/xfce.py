"""The XFCE desktop: its window manager, its panel with a status tray, and dunst."""

from __future__ import annotations

from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop
from tests.desktop.tools import xfconfd

PANEL_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""

DUNST_CONFIG = """[global]
mouse_left_click = {left_click}
mouse_middle_click = do_action, close_current
mouse_right_click = close_all
origin = top-right
"""


class Xfce(Desktop):
    """Xfwm4, xfce4-panel with a status tray, and dunst."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        channel = home / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml" / "xfce4-panel.xml"
        channel.parent.mkdir(parents=True)
        channel.write_text(PANEL_CONFIG)
        self._start_settings()
        self.start("xfwm4", "--compositor=off")
        self.start_panel()
        self.start_dunst()

    def start_panel(self) -> None:
        """Start the panel and wait for its status tray.

        A panel that finds the name of an earlier one still taken leaves the work to it and ends.
        """
        self.wait_until(lambda: not self.owner("org.xfce.Panel"), what="the earlier panel's end")
        self._start_settings()
        self.start("xfce4-panel", "--disable-wm-check")
        self.wait_until(lambda: self.owner(WATCHER), what="the panel's tray on the bus")

    def _start_settings(self) -> None:
        """Start XFCE's settings: they end by themselves after five idle minutes, and no bus here starts them again."""
        if not self.owner("org.xfce.Xfconf"):
            if (name := Path(xfconfd()).name) in self._running:
                self.stop(name)
            self.start(xfconfd())
            self.wait_until(lambda: self.owner("org.xfce.Xfconf"), what="xfconfd on the bus")

    def start_dunst(self, left_click: str = "close_current") -> None:
        """Start the notification server; `left_click="do_action"` makes a left click act."""
        config = self.home / "dunstrc"
        config.write_text(DUNST_CONFIG.format(left_click=left_click))
        self.start("dunst", "-conf", str(config))
        self.wait_until(lambda: self.owner("org.freedesktop.Notifications"), what="dunst on the bus")
