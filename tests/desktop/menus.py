"""Where the lines of an open menu stand, and whether anything stands open, read off the picture of the screen.

Each panel, and each release of its toolkit, has another height of lines.
"""

from __future__ import annotations

from PIL import Image, ImageChops

from tests.desktop.desktops import Place

LETTERS = (25, 75)
"""Pixels right of the icon between which each line of its menu has letters, and no mark."""
CONTRAST = 30
"""What a greyed letter differs from its ground at the least, of 255."""
DOT = 3
"""Pixels between the parts of one letter at the most."""
WIDEST_ICON = 60
"""Pixels that a panel may change about an icon which the pointer rests on."""


def menu_lines(before: Image.Image, now: Image.Image, icon: Place) -> list[Place]:
    """A place on each line of the menu that has opened at the icon, the lowest first; separators are none."""
    left, right = (icon[0] + side for side in LETTERS)
    was, is_now = (each.crop((left, 0, right, each.height)).convert("L").tobytes() for each in (before, now))
    bands: list[list[int]] = []
    for y in range(now.height):
        row = slice(y * (right - left), (y + 1) * (right - left))
        letters = is_now[row]
        if letters == was[row] or max(letters) - min(letters) < CONTRAST:
            continue
        if bands and y - bands[-1][-1] <= DOT:
            bands[-1].append(y)
        else:
            bands.append([y])
    return [(icon[0] + 40, (band[0] + band[-1]) // 2) for band in reversed(bands) if len(band) > DOT]


def something_stands(before: Image.Image, now: Image.Image) -> bool:
    """Whether a menu or a tooltip has come, be it over the panel: more than an icon's ground has changed."""
    box = ImageChops.difference(before, now).getbbox()
    return box is not None and box[2] - box[0] > WIDEST_ICON
