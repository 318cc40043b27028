"""Real desktops for tests: an X server, a private bus, a window manager, a panel and a notification server.

Nothing of the person's own session is touched: each desktop has its own display, bus and home.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageGrab

PICTURES = Path(__file__).parents[2] / "out" / "pictures"
TOOLS = ("Xvfb", "dbus-daemon", "dbus-send", "xfwm4", "xfce4-panel", "dunst", "trayer", "xdotool")
WATCHER = "org.kde.StatusNotifierWatcher"

Place = tuple[int, int]
Colour = tuple[int, int, int]

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
    <allow user="*"/></policy>
</busconfig>
"""

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


def missing_tools() -> list[str]:
    """The programs a desktop needs and this computer has not."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return missing if _xfconfd() else [*missing, "xfconfd"]


def wait_until(
    condition: Callable[[], object], limit: float = 20.0, what: str = "", desktop: Desktop | None = None
) -> None:
    """Wait for a condition; past `limit` seconds fail with `what` and, of a `desktop`, a picture."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            picture = f", see {desktop.screenshot('failed')}" if desktop else ""
            raise AssertionError(f"not within {limit:g} s: {what or condition}{picture}")
        time.sleep(0.02)


class Desktop:
    """One X display, one bus, one home; programs are started into it by name and all stopped at its end."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.env = _clean_environment(home)
        # Without -noreset the server begins anew, and drops whoever just came, when its only client leaves.
        options = ["-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"]
        display = self._start_announced("Xvfb", options, "-displayfd")
        self.env["DISPLAY"] = f":{display}"
        self.start_bus()

    def start_bus(self) -> None:
        """Start the private bus; its address is new each time."""
        config = self.home / "bus.conf"
        config.write_text(BUS_CONFIG)
        address = self._start_announced(
            "dbus-daemon", [f"--config-file={config}", "--nofork", "--nopidfile"], "--print-address"
        )
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address

    def start(self, tool: str, *arguments: str, user: str | None = None) -> subprocess.Popen[bytes]:
        """Start a program into this desktop, as another user if need be."""
        import pwd  # Windows has none, and needs `wait_until` from here

        who: dict[str, Any] = (
            {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        )
        with (self.home / f"{Path(tool).name}.log").open("ab") as log:
            process = subprocess.Popen([tool, *arguments], env=self.env, stdout=log, stderr=log, **who)
        self._running[Path(tool).name] = process
        return process

    def stop(self, tool: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a program and wait for its end."""
        process = self._running.pop(tool)
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def signal(self, tool: str, number: signal.Signals) -> None:
        """Send a signal to a program that goes on."""
        self._running[tool].send_signal(number)

    def close(self) -> None:
        """End everything, the last started first."""
        for tool in reversed(list(self._running)):
            self.stop(tool)

    def owner(self, name: str) -> str:
        """What the bus says of a name's owner; empty for none."""
        return self.ask("org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner", f"string:{name}")

    def ask(self, destination: str, path: str, member: str, *arguments: str) -> str:
        """A method's reply as `dbus-send` prints it; empty on an error."""
        command = [
            "dbus-send",
            "--session",
            "--print-reply=literal",
            f"--dest={destination}",
            path,
            member,
            *arguments,
        ]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, check=False
        ).stdout.strip()

    def grab(self) -> Image.Image:
        """The screen as it is now."""
        return ImageGrab.grab(xdisplay=self.env["DISPLAY"]).convert("RGB")

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the screen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.grab().save(path)
        return path

    def find_colour(
        self, rgb: Colour, tolerance: int = 12, within: Image.Image | None = None
    ) -> Place | None:
        """The middle of all that has about this colour on the screen."""
        image = within or self.grab()
        difference = ImageChops.difference(image, Image.new("RGB", image.size, rgb))
        bands = [band.point(lambda v: 255 * (v <= tolerance)) for band in difference.split()]
        box = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2]).getbbox()
        return ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2) if box else None

    def wait_colour(self, rgb: Colour, limit: float = 20.0, what: str = "") -> Place:
        """Wait for a colour on the screen; its place."""
        places: list[Place | None] = [None]

        def found() -> Place | None:
            places[0] = self.find_colour(rgb)
            return places[0]

        self.wait_until(found, limit, what or f"colour {rgb} on the screen")
        assert places[0]
        return places[0]

    def wait_until(self, condition: Callable[[], object], limit: float = 20.0, what: str = "") -> None:
        """Wait for a condition; a failure leaves a picture."""
        wait_until(condition, limit, what, self)

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click: 1 left, 2 middle, 3 right, 4 and 5 the wheel."""
        self._xdotool("mousemove", str(x), str(y), "sleep", "0.05", "click", str(button))

    def key(self, name: str) -> None:
        """Press and release a key by its X name."""
        self._xdotool("key", name)

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.env, check=True, capture_output=True, timeout=20)

    def _start_announced(self, tool: str, arguments: list[str], option: str) -> str:
        """Start a program that writes one line to a descriptor when it is ready; that line."""
        read, write = os.pipe()
        value = [f"{option}={write}"] if option.startswith("--") else [option, str(write)]
        with (self.home / f"{tool}.log").open("ab") as log, os.fdopen(read) as ready:
            self._running[tool] = subprocess.Popen(
                [tool, *arguments, *value], env=self.env, pass_fds=[write], stdout=log, stderr=log
            )
            os.close(write)
            line = ready.readline().strip()
        assert line, f"{tool} did not start: {(self.home / f'{tool}.log').read_text()}"
        return line


class Xfce(Desktop):
    """Xfwm4, xfce4-panel with a status tray, and dunst."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        channel = home / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml" / "xfce4-panel.xml"
        channel.parent.mkdir(parents=True)
        channel.write_text(PANEL_CONFIG)
        self.start(_xfconfd())
        self.wait_until(lambda: self.owner("org.xfce.Xfconf"), what="xfconfd on the bus")
        self.start("xfwm4", "--compositor=off")
        self.start_panel()
        self.start_dunst()

    def start_panel(self) -> None:
        """Start the panel and wait for its status tray."""
        self.start("xfce4-panel", "--disable-wm-check")
        self.wait_until(lambda: self.owner(WATCHER), what="the panel's tray on the bus")

    def start_dunst(self, left_click: str = "close_current") -> None:
        """Start the notification server; `left_click="do_action"` makes a left click act."""
        config = self.home / "dunstrc"
        config.write_text(DUNST_CONFIG.format(left_click=left_click))
        self.start("dunst", "-conf", str(config))
        self.wait_until(lambda: self.owner("org.freedesktop.Notifications"), what="dunst on the bus")


class Trayer(Desktop):
    """A bare X11 tray, and a bus on which nobody hosts icons."""

    def start_tray(self) -> None:
        """Start the tray in the lower right corner, on a background no icon has."""
        self.start(
            "trayer",
            *[
                "--edge",
                "bottom",
                "--align",
                "right",
                "--width",
                "40",
                "--height",
                "28",
                "--transparent",
                "true",
                "--alpha",
                "0",
            ],
            "--tint",
            "0x5500aa",
        )


def _xfconfd() -> str:
    """The settings server lies beside the libraries, in a folder named after the machine."""
    return next((str(path) for path in Path("/usr/lib").glob("*/xfce4/xfconf/xfconfd")), "")


def _clean_environment(home: Path) -> dict[str, str]:
    """An environment that knows only this desktop."""
    places = {
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
    }
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(runtime),
        "NO_AT_BRIDGE": "1",
        "GSETTINGS_BACKEND": "memory",
        **{name: str(home / folder) for name, folder in places.items()},
    }
