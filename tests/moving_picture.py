"""Films the demo's outage on a real panel for the README: `python -m tests.moving_picture` from the root of the project.

Runs `openai-status-tray demo` on xfce4-panel and dunst, on a display of its own, and writes `assets/outage.gif`: the
corner of the screen with the icon and the notifications above it, and the demo's own line about the scene as a caption.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageFont

from tests.desktop.desktops import PANEL_FROM
from tests.desktop.xfce import Xfce
from tests.endtoend.running import Program
from trayapp.model import State
from trayapp.model.appearance import COLOURS

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "assets" / "outage.gif"
SPEED = 40
"""Minutes of the story in one real minute."""
LAST = "A calm day again."
"""The story's last scene, at which the film ends."""
BETWEEN = 0.2
"""Seconds between two pictures of the screen."""
SHORTEST, LONGEST = 400, 2000
"""Milliseconds that a frame stands: a person reads meanwhile, and nothing of note happens in a longer one."""
CORNER = (0, 330, 480, 600)
"""Left, top, right and bottom of what is filmed of the screen."""
CAPTION = 30
"""Height in pixels of the line below."""
WALL = "#31506b"
PANEL = {
    'name="size" type="uint" value="28"': 'name="size" type="uint" value="40"',
    'value="systray"/>': 'value="systray"><property name="icon-size" type="int" value="32"/></property>',
}
"""What the panel's settings say in the tests and here, where the icon shall be seen well."""
DUNST = """[global]
origin = bottom-left
offset = 10x50
width = 430
height = 200
notification_limit = 2
font = Sans 10
show_indicators = no
[urgency_low]
timeout = 5
[urgency_normal]
timeout = 5
[urgency_critical]
timeout = 6
[short]
summary = *
override_dbus_timeout = 5
"""
_SCENE = re.compile(r"^\[ *(\d+) min\] (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Shot:
    """What stood on the screen from one moment on."""

    at: float
    picture: Image.Image


class Wall(Xfce):
    """A desktop with a plain wall and a high panel, whose notifications stand right above the icon."""

    def start_panel(self) -> None:
        """Start the panel with this film's own sizes."""
        (settings,) = self.home.rglob("xfce4-panel.xml")
        text = settings.read_text()
        for old, new in PANEL.items():
            text = text.replace(old, new)
        settings.write_text(text)
        super().start_panel()

    def start_dunst(self, left_click: str = "close_current") -> None:  # noqa: ARG002 - nobody clicks here
        """Start the notification server with this film's own place and times."""
        config = self.home / "dunstrc"
        config.write_text(DUNST)
        self.start("dunst", "-conf", str(config))
        self.wait_until(lambda: self.owner("org.freedesktop.Notifications"), what="dunst on the bus")
        subprocess.run(["xsetroot", "-solid", WALL], env=self.env, check=True, timeout=20)


def take_shots() -> list[Shot]:
    """Play the demo to its last scene and keep each different picture of the corner, from the first green icon on."""
    shots: list[Shot] = []
    with TemporaryDirectory(prefix="film-") as folder:
        home = Path(folder)
        (home / "desktop").mkdir()
        desktop = Wall(home / "desktop")
        try:
            desktop.move(790, 10)
            with Program(home / "home", "demo", "--speed", str(SPEED), env=desktop.env) as program:
                while LAST not in program.output:
                    scenes = _SCENE.findall(program.output)
                    if scenes and (
                        shots or desktop.find_colour(COLOURS[State.OPERATIONAL], below=PANEL_FROM)
                    ):
                        picture = add_caption(desktop.grab().crop(CORNER), *scenes[-1])
                        if not shots or shots[-1].picture != picture:
                            shots.append(Shot(time.monotonic(), picture))
                    assert program.process.poll() is None, program.output
                    time.sleep(BETWEEN)
                shots.append(Shot(time.monotonic(), shots[-1].picture))
                program.end()
        finally:
            desktop.close()
    return shots


def add_caption(corner: Image.Image, minute: str, words: str) -> Image.Image:
    """The corner of the screen with the scene's minute and words below it."""
    frame = Image.new("RGB", (corner.width, corner.height + CAPTION), "white")
    frame.paste(corner, (0, 0))
    ImageDraw.Draw(frame).text(
        (10, corner.height + CAPTION // 2),
        f"{int(minute):2} min   {words}",
        "black",
        ImageFont.load_default(size=14),
        anchor="lm",
    )
    return frame


def write_film(shots: Sequence[Shot], target: Path) -> None:
    """Write the shots as one GIF without end; the last one only says when the one before it ended."""
    times = [min(max(int(1000 * (b.at - a.at)), SHORTEST), LONGEST) for a, b in pairwise(shots)]
    first, *others = [shot.picture.quantize(128, dither=Image.Dither.NONE) for shot in shots[:-1]]
    first.save(target, save_all=True, append_images=others, duration=times, loop=0, optimize=True)


def main() -> None:
    """Take and write the film."""
    write_film(take_shots(), TARGET)
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
