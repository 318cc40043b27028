"""Makes the application's icon in every format that packages need: `python build/make_icons.py` writes to assets/.

The design is the program's own: the disc and check of "operational" on a dark rounded square.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.model import Look, State
from trayapp.model.appearance import COLOURS, DARK, LIGHT, SHAPES, format_hex, format_svg_path

LOOK = Look(State.OPERATIONAL)
GROUND = (0x26, 0x2C, 0x35)
CORNER = 0.22
"""Radius of the square's corners, of its width."""
DISC = 0.75
"""Width of the disc with its rim, of the square's."""
SMALL = 32
"""Below this width the square would leave too little for the check, so the disc stands alone."""
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
ICNS_SIZES = (32, 64, 128, 256, 512, 1024)


def picture(size: int) -> Image.Image:
    """The application's icon, `size` pixels wide."""
    if size < SMALL:
        return draw_icon(LOOK, size)
    factor = 4
    square = Image.new("RGBA", (size * factor, size * factor))
    ImageDraw.Draw(square).rounded_rectangle(
        (0, 0, size * factor - 1, size * factor - 1), CORNER * size * factor, GROUND
    )
    whole = square.reduce(factor)
    margin = round(size * (1 - DISC) / 2)
    whole.alpha_composite(draw_icon(LOOK, size - 2 * margin), (margin, margin))
    return whole


def svg() -> str:
    """The same drawing as vectors, from the same numbers."""
    shape = SHAPES[LOOK.state]
    edge, check = format_svg_path(shape.edge, closed=True), "".join(map(format_svg_path, shape.signs))
    dark, light, ground, green = map(format_hex, (DARK, LIGHT, GROUND, COLOURS[LOOK.state]))
    side = 16 / DISC
    corner = 8 - side / 2
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="{corner:.4g} {corner:.4g} {side:.4g} {side:.4g}">
  <rect x="{corner:.4g}" y="{corner:.4g}" width="{side:.4g}" height="{side:.4g}" rx="{CORNER * side:.4g}" fill="{ground}"/>
  <g stroke-linecap="round" stroke-linejoin="round">
    <path d="{edge}" fill="{dark}" stroke="{dark}" stroke-width="3.6"/>
    <path d="{edge}" fill="{green}" stroke="{green}" stroke-width="2"/>
    <path d="{check}" fill="none" stroke="{light}" stroke-width="2"/>
  </g>
</svg>
"""


def make(folder: Path) -> None:
    """Write icon.svg, icon.png, icon.ico and icon.icns to a folder."""
    (folder / "icon.svg").write_text(svg(), encoding="utf-8")
    picture(256).save(folder / "icon.png", optimize=True)
    icons = [picture(size) for size in ICO_SIZES]
    icons[-1].save(folder / "icon.ico", sizes=[icon.size for icon in icons], append_images=icons[:-1])
    icons = [picture(size) for size in ICNS_SIZES]
    icons[-1].save(folder / "icon.icns", append_images=icons[:-1])


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "assets")
