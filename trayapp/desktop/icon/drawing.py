"""Draws the tray's icon with Pillow, at the very size the panel asks for, with no font and no file.

No theme is asked for: a dark rim sets the icon off from light panels, its colour and light signs from dark ones.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw

from trayapp.model import Look, State
from trayapp.model.appearance import (
    COLOURS,
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    REACH,
    SHAPES,
    Colour,
    PointPath,
    Shape,
    flatten_path,
)

_DEEP_STATES = frozenset({State.OPERATIONAL, State.MAINTENANCE, State.MAJOR})
"""States whose colour is deep enough to carry light signs."""

_CANVAS = 384
"""About how many pixels wide the drawing is before it is reduced, 8 to each pixel of a 48 pixel icon. Smooth enough;
twice as many keep 4 MB more in the idle program's heap."""

_DOT_WIDTH = 1.2
"""A round dot only as wide as a line looks thinner than the line."""


class _Pen:
    """Strokes and fills on a canvas that is a whole number of times as large as the icon."""

    def __init__(self, size: int) -> None:
        self._factor = max(4, _CANVAS // size)
        self._line = max(2, round(size / 8))
        self._rim = max(1, round(size / 20))
        # Straight edges end on whole pixels at every size: this is what keeps a small icon sharp.
        # Not round(): its halves go to the even number, which would draw 24 pixels no larger than 22.
        reach = int(size / 2 + REACH * size / 16 + self._line / 2 + 0.5) - size / 2 - self._line / 2
        self._unit = reach / REACH * self._factor
        self._middle = size / 2 * self._factor
        self._canvas = Image.new("RGBA", (size * self._factor, size * self._factor))
        self._draw = ImageDraw.Draw(self._canvas)

    def fill_path(self, path: PointPath, colour: Colour) -> None:
        self._draw.polygon(self._to_pixels(path), colour)

    def draw_line(self, path: PointPath, colour: Colour) -> None:
        """Draw a line or, for a single point, a dot."""
        self._stroke_path(path, self._line * (_DOT_WIDTH if len(path) == 1 else 1), colour)

    def draw_rim(self, path: PointPath) -> None:
        """Draw the dark band that stays visible on both sides of a line drawn over it."""
        self._stroke_path(path, self._line + 2 * self._rim, DARK)

    def reduce_image(self) -> Image.Image:
        return self._canvas.reduce(self._factor)

    def _to_pixels(self, path: PointPath) -> list[tuple[float, float]]:
        return [
            (self._middle + (x - MIDDLE) * self._unit, self._middle + (y - MIDDLE) * self._unit)
            for x, y in path
        ]

    def _stroke_path(self, path: PointPath, width: float, colour: Colour) -> None:
        # Not ImageDraw.line: an even width comes out a pixel off the middle, to the side that the line's direction
        # says. The halves: Pillow counts pixels, the last one included; the paths count the edges between them.
        half = width * self._factor / 2 - 0.5
        points = [(x - 0.5, y - 0.5) for x, y in self._to_pixels(path)]
        for x, y in points:
            self._draw.ellipse((round(x - half), round(y - half), round(x + half), round(y + half)), colour)
        for (ax, ay), (bx, by) in pairwise(points):
            scale = half / hypot(bx - ax, by - ay)
            dx, dy = (ay - by) * scale, (bx - ax) * scale
            corners = (ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)
            self._draw.polygon([(round(x), round(y)) for x, y in corners], colour)


@lru_cache(maxsize=32)
def draw_icon(look: Look, size: int) -> Image.Image:
    """Draw the icon of a look in RGBA, `size` pixels wide and high, at least 16.

    The image is shared with later callers: copy it before changing it.
    """
    shape, colour, pen = SHAPES[look.state], COLOURS[look.state], _Pen(size)
    face = flatten_path(shape.edge)
    edge = (*face, face[0])
    pen.draw_rim(edge)
    _fill_face(pen, shape, face, colour, hollow=look.hollow)
    pen.draw_line(edge, colour)
    ink = LIGHT if look.hollow or look.state in _DEEP_STATES else DARK
    for sign in shape.choose_signs(hollow=look.hollow):
        pen.draw_line(flatten_path(sign), ink)
    if shape.slash:
        pen.draw_rim(shape.slash)
        pen.draw_line(shape.slash, LIGHT)
    return pen.reduce_image()


def _fill_face(pen: _Pen, shape: Shape, face: PointPath, colour: Colour, *, hollow: bool) -> None:
    if hollow:
        pen.fill_path(face, DARK)
    elif shape.half:
        pen.fill_path(face, PALE)
        pen.fill_path(shape.half, colour)
    else:
        pen.fill_path(face, colour)
