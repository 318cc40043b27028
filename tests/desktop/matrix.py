"""Every look on every host of tray icons that this computer can be given: `python -m tests.desktop.matrix`.

Prints a table, host by look; leaves `out/pictures/matrix.png`, a picture of each. A host runs in a process of its own,
so that one that hangs is a row of the table. Hosts that bring much are installed in overlays under `out/roots`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.desktop import roots
from tests.desktop.desktops import PICTURES, Desktop
from tests.desktop.lxqt import Lxqt
from tests.desktop.mate import Mate
from tests.desktop.old_trays import TRAYS, OldDesktop
from tests.desktop.shown import Shown
from tests.desktop.trayer import Trayer
from tests.desktop.views import LINES
from tests.desktop.wayland import Bar, Sway
from tests.desktop.xfce import Xfce
from trayapp.model import Look, State, TrayView
from trayapp.model.appearance import COLOURS

LOOKS = [Look(state, hollow=hollow) for hollow in (False, True) for state in State]
FIRST = 60.0
"""Seconds in which a host that has just come shows its first look: a large one is still loading."""
PATIENCE = 10.0
"""Seconds in which it shows the next."""
LIMIT = 300.0
"""Seconds for all that one host does."""
STANDS = 0.4
"""Seconds until what a host draws no longer moves."""
TOLERANCE = 16
"""By how much a pixel may differ in each colour: two greys are 33 apart."""
LEAST = 6
"""Pixels of a look's own colour; a hollow one has them in its edge alone."""
VIVID = (State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR)
"""Whose colours no look has that is not theirs."""
CROP, LABEL, HEAD = 36, 190, 40
BOTTOM, TOP = (0, 540, 800, 600), (0, 0, 800, 60)

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, as Pillow counts them."""


@dataclass
class Row:
    """What was seen on one host."""

    host: str
    version: str = ""
    way: str = ""
    """What the icon went through."""
    faults: dict[str, str] = field(default_factory=dict)
    """Look -> what was wrong with it."""
    why_not: str = ""
    """Why nothing was seen."""


@dataclass(frozen=True)
class Host:
    """How one host is started, and where its icons are."""

    package: str
    start: Callable[[Path], Desktop]
    area: Box = BOTTOM


def _trayer(home: Path) -> Desktop:
    desktop = Trayer(home)
    desktop.start_tray()
    return desktop


def _old(name: str) -> Callable[[Path], Desktop]:
    def start(home: Path) -> Desktop:
        desktop = OldDesktop(home, TRAYS[name])
        desktop.start_tray()
        return desktop

    return start


def _host_in_root(name: str) -> Host:
    host = roots.HOSTS[name]
    return Host(host.package, lambda home: roots.RootedDesktop(home, host), TOP if host.at_top else BOTTOM)


HOSTS: Mapping[str, Host] = {
    "xfce4-panel": Host("xfce4-panel", Xfce),
    "mate-panel": Host("mate-panel", Mate),
    "lxqt-panel": Host("lxqt-panel", Lxqt),
    "waybar": Host("waybar", Sway),
    "swaybar": Host("sway", lambda home: Sway(home, Bar.OWN)),
    "trayer": Host("trayer", _trayer),
    "polybar": Host("polybar", _old("polybar")),
    "tint2": Host("tint2", _old("tint2")),
    "i3bar": Host("i3-wm", _old("i3bar")),
    **{name: _host_in_root(name) for name in roots.HOSTS},
}


def short(look: Look) -> str:
    """A look in few letters."""
    return f"{look.state.value[:4]}{'-' if look.hollow else ''}"


def watch(name: str) -> Row:
    """Start a host and show it every look."""
    host, row = HOSTS[name], Row(name)
    # Short, because sockets lie in it; where another user and another root can reach it.
    with tempfile.TemporaryDirectory(prefix="host") as folder:
        Path(folder).chmod(0o755)
        desktop = host.start(Path(folder))
        try:
            for variable in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XAUTHORITY"):
                os.environ.pop(variable, None)
            os.environ.update(desktop.env)
            _watch(desktop, host, row)
        finally:
            desktop.screenshot(f"matrix-{name}")
            desktop.close()
    return row


def _watch(desktop: Desktop, host: Host, row: Row) -> None:
    before = _grab_when_still(desktop)
    shown = Shown(desktop)
    seen: list[Image.Image] = []
    area = host.area
    strip = Image.new("RGB", (CROP * len(LOOKS), CROP))
    try:
        for number, look in enumerate(LOOKS):
            # As in life: an outage asks for attention, and many hosts then draw another picture than else.
            attention = look.state in {State.PARTIAL, State.MAJOR}
            shown.tray.show(TrayView(look, "", "", LINES, needs_attention=attention))
            box = _wait_for_look(desktop, before, area, look, FIRST if number == 0 else PATIENCE)
            if box is None:
                row.faults[short(look)] = "not there"
                continue
            time.sleep(STANDS)
            if (
                area == host.area
            ):  # beside the icon a panel may have a clock, or another icon of some look's colour
                area = _around(box)
            picture = _new(desktop, area, seen)
            if picture in seen:
                row.faults[short(look)] = "as another"
            elif _is_mixed(picture, look):
                row.faults[short(look)] = "with another behind it"
            seen.append(picture)
            strip.paste(picture, (CROP * number, 0))
        ways = [line.partition(":")[0] for line in shown.tray.explain() if line.endswith("shows the icon")]
        row.way = ", ".join(ways)
    finally:
        shown.stop()
        strip.save(PICTURES / f"matrix-{row.host}-looks.png")


def _grab_when_still(desktop: Desktop) -> Image.Image:
    """The screen once nothing has moved on it for a while, or at least not for ever."""
    ends = time.monotonic() + 20
    before, since = desktop.grab(), time.monotonic()
    while time.monotonic() < ends and time.monotonic() - since < 3:
        time.sleep(STANDS)
        now = desktop.grab()
        if now != before:
            before, since = now, time.monotonic()
    return before


def _wait_for_look(desktop: Desktop, before: Image.Image, area: Box, look: Look, limit: float) -> Box | None:
    """Where the look is on the panel, as soon as it is; None where it does not come."""
    ends = time.monotonic() + limit
    while time.monotonic() < ends:
        if (box := _look_for(desktop.grab(), before, area, COLOURS[look.state])) is not None:
            return box
        time.sleep(0.1)
    return None


def _new(desktop: Desktop, area: Box, seen: list[Image.Image]) -> Image.Image:
    """What is there once it is no look from before: the edges of one look can have the colour of the next."""
    ends = time.monotonic() + PATIENCE
    while (picture := desktop.grab().crop(area)) in seen and time.monotonic() < ends:
        time.sleep(STANDS)
    return picture


def _look_for(
    screen: Image.Image, before: Image.Image, area: Box, colour: tuple[int, int, int]
) -> Box | None:
    """The box of the pixels that have that colour and had another one before, if there are enough.

    The edge of another look can have it too, and has then more of its own.
    """
    now = screen.crop(area)
    changed = ImageChops.difference(now, before.crop(area)).convert("L").point(lambda v: 255 * (v > 0))
    masks = {other: ImageChops.darker(changed, _of_colour(now, other)) for other in COLOURS.values()}
    counts = {other: mask.histogram()[255] for other, mask in masks.items()}
    box = masks[colour].getbbox()
    if box is None or counts[colour] < LEAST or 2 * counts[colour] < max(counts.values()):
        return None
    return (box[0] + area[0], box[1] + area[1], box[2] + area[0], box[3] + area[1])


def _of_colour(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """White where a picture has about that colour, else black."""
    off = ImageChops.difference(picture, Image.new("RGB", picture.size, colour))
    red, green, blue = (band.point(lambda v: 255 * (v <= TOLERANCE)) for band in off.split())
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _is_mixed(picture: Image.Image, look: Look) -> bool:
    """Whether something of another look is left in it, of those whose colour is like no other's edge."""
    others = [COLOURS[state] for state in VIVID if state is not look.state]
    return any(_of_colour(picture, colour).histogram()[255] >= LEAST for colour in others)


def _around(box: Box) -> Box:
    left, top = (box[0] + box[2] - CROP) // 2, (box[1] + box[3] - CROP) // 2
    return (left, top, left + CROP, top + CROP)


def watch_apart(name: str) -> Row:
    """The row of a host, whatever becomes of it."""
    rooted = roots.HOSTS.get(name)
    if rooted and (why := roots.why_not(rooted)):
        return Row(name, why_not=why)
    command = [sys.executable, "-m", "tests.desktop.matrix", "--one", name]
    # A group of its own, all of which ends with it: a host that does not start leaves its display behind.
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, error = process.communicate(timeout=LIMIT)
        row = Row(**json.loads(out.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return Row(name, why_not=f"nothing within {LIMIT:g} s")
    except (IndexError, ValueError, TypeError):
        return Row(name, why_not=(error.splitlines() or ["it said nothing"])[-1][:100])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    row.version = roots.version(rooted) if rooted else _version(HOSTS[name].package)
    return row


def _version(package: str) -> str:
    query = ["dpkg-query", "--show", "--showformat=${Version}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout


def table(rows: list[Row]) -> str:
    """Host by look, with what was wrong said below."""
    lines = [["host", "version", "through", *map(short, LOOKS)]]
    for row in rows:
        marks = ["-" if row.why_not else "NO" if short(look) in row.faults else "ok" for look in LOOKS]
        lines.append([row.host, row.version, row.way, *marks])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    text += [f"{row.host}: {row.why_not}" for row in rows if row.why_not]
    text += [f"{row.host}: {look} {fault}" for row in rows for look, fault in row.faults.items()]
    return "\n".join(text)


def sheet(rows: list[Row]) -> Image.Image:
    """All pictures, a host a row, twice as large."""
    image = Image.new("RGB", (LABEL + 2 * CROP * len(LOOKS), HEAD + 2 * CROP * len(rows)), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=13)
    for column, look in enumerate(LOOKS):
        middle = LABEL + 2 * CROP * column + CROP
        pen.text((middle, HEAD // 2), short(look), "black", font, anchor="mm")
    for number, row in enumerate(rows):
        top = HEAD + 2 * CROP * number
        pen.text((8, top + CROP), f"{row.host}\n{row.version[:22]}", "black", font, anchor="lm")
        if row.why_not:
            continue
        with Image.open(PICTURES / f"matrix-{row.host}-looks.png") as strip:
            image.paste(strip.resize((2 * strip.width, 2 * CROP), Image.Resampling.NEAREST), (LABEL, top))
    return image


def main() -> int:
    """Install, watch and print; 1 where a look was wrong on a host that was there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=HOSTS, default=list(HOSTS), metavar="HOST")
    parser.add_argument("--no-install", action="store_true", help="take the overlays as they are")
    parser.add_argument("--one", choices=HOSTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    if arguments.one:
        print(json.dumps(asdict(watch(arguments.one))))
        return 0
    wanted = dict.fromkeys(roots.HOSTS[name].root for name in arguments.only if name in roots.HOSTS)
    for root in () if arguments.no_install or os.geteuid() != 0 else wanted:
        with suppress(
            subprocess.CalledProcessError
        ):  # it has said why, and its hosts' rows say that they are missing
            roots.install(root)
    rows = []
    for name in arguments.only:
        rows.append(watch_apart(name))
        print(f"{name}: {rows[-1].why_not or rows[-1].faults or 'every look'}", file=sys.stderr)
    print(table(rows))
    sheet(rows).save(PICTURES / "matrix.png")
    return int(any(row.faults for row in rows))


if __name__ == "__main__":
    sys.exit(main())
