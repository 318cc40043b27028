"""A whole XFCE session, which starts what its person has it start at login."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.desktop.desktops import WATCHER, Desktop
from tests.desktop.tools import xfconfd
from tests.desktop.xfce import DUNST_CONFIG, PANEL_CONFIG

SESSION_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-session" version="1.0">
  <property name="general" type="empty"><property name="FailsafeSessionName" type="string" value="Failsafe"/></property>
  <property name="startup" type="empty">
    <property name="gpg-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
    <property name="ssh-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
  </property>
  <property name="sessions" type="empty">
    <property name="Failsafe" type="empty">
      <property name="IsFailsafe" type="bool" value="true"/>
      <property name="Count" type="int" value="2"/>
      <property name="Client0_Command" type="array"><value type="string" value="xfwm4"/></property>
      <property name="Client0_PerScreen" type="bool" value="false"/>
      <property name="Client1_Command" type="array"><value type="string" value="xfce4-panel"/></property>
      <property name="Client1_PerScreen" type="bool" value="false"/>
    </property>
  </property>
</channel>
"""

TOOLS = (
    *(
        "xfce4-session",
        "xfwm4",
        "xfce4-panel",
        "xfsettingsd",
        "dbus-update-activation-environment",
        "iceauth",
    ),
    *("dunst", "dbus-send", "xdotool", "sh", "env", "printf"),
)


class Session(Desktop):
    """Its variables alone are the environment of all that is started; no Python is on PATH."""

    def __init__(self, home: Path, opener: Path) -> None:
        home.mkdir()
        super().__init__(home)
        # Neither more nor less is on PATH than the session needs.
        tools = home / "tools"
        tools.mkdir()
        for tool in TOOLS:
            if (found := shutil.which(tool)) is not None:
                (tools / tool).symlink_to(found)
        (tools / "xdg-open").symlink_to(opener)
        self.env["PATH"] = str(tools)
        channels = home / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
        channels.mkdir(parents=True)
        (channels / "xfce4-panel.xml").write_text(PANEL_CONFIG)
        (channels / "xfce4-session.xml").write_text(SESSION_CONFIG)
        (home / "dunstrc").write_text(DUNST_CONFIG.format(left_click="close_current"))
        self.start(xfconfd())
        self.wait_until(lambda: self.owner("org.xfce.Xfconf"), what="xfconfd on the bus")
        self.start("dunst", "-conf", str(home / "dunstrc"))
        self.wait_until(lambda: self.owner("org.freedesktop.Notifications"), what="dunst on the bus")

    def log_in(self) -> None:
        """Start the session, and with it all that starts at login; returns when its panel is there."""
        self.start("xfce4-session")
        self.wait_until(lambda: self.owner(WATCHER), 60.0, "the panel's tray on the bus")
