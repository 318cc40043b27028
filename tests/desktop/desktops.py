"""What every desktop for tests has: an X server and a private bus; programs are started into it by name.

Nothing of the person's own session is touched: each desktop has its own display, bus and home.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageGrab

PICTURES = Path(__file__).parents[2] / "out" / "pictures"
WATCHER = "org.kde.StatusNotifierWatcher"

PANEL_FROM = 560
"""The row of the screen from which on there is the panel and nothing else."""

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

    def find_colour(self, rgb: Colour, tolerance: int = 12, below: int = 0, above: int = 600) -> Place | None:
        """The middle of all that has about this colour on the screen, from the row `below` on to `above`."""
        screen = self.grab()
        image = screen.crop((0, below, screen.width, above))
        difference = ImageChops.difference(image, Image.new("RGB", image.size, rgb))
        bands = [band.point(lambda v: 255 * (v <= tolerance)) for band in difference.split()]
        box = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2]).getbbox()
        return ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2 + below) if box else None

    def wait_colour(
        self, rgb: Colour, limit: float = 20.0, what: str = "", below: int = 0, above: int = 600
    ) -> Place:
        """Wait for a colour on the screen, from the row `below` on to `above`; its place."""
        places: list[Place | None] = [None]

        def find_place() -> Place | None:
            places[0] = self.find_colour(rgb, below=below, above=above)
            return places[0]

        self.wait_until(find_place, limit, what or f"colour {rgb} on the screen")
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
