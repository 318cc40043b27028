"""Holds the colour and the shape of each state, for the tray, the web page and the application's own icon.

The shapes are lines on a square of 16 by 16 units; a unit is one pixel of the smallest icon. Every state has its own
silhouette, because one man in twelve cannot tell the colours apart and some panels draw all icons in one colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from trayapp.model.states import State

Colour = tuple[int, int, int]
"""Red, green and blue of sRGB, 0 to 255."""

COLOURS: Mapping[State, Colour] = {
    State.OPERATIONAL: (0x1A, 0x9E, 0x4B),
    State.MAINTENANCE: (0x2F, 0x7B, 0xF0),
    State.DEGRADED: (0xFF, 0xD2, 0x1F),
    State.PARTIAL: (0xF5, 0x82, 0x20),
    State.MAJOR: (0xF0, 0x3C, 0x37),
    State.UNKNOWN: (0xB4, 0xBB, 0xC2),
    State.OFFLINE: (0x93, 0x9A, 0xA4),
}
"""The colour of each state; in icons of 22 pixels or more at least one pixel in seven has exactly this colour."""

DARK: Colour = (0x14, 0x17, 0x1C)
"""The icon's rim, the inside of a hollow look, and the signs on bright colours."""
LIGHT: Colour = (0xFF, 0xFF, 0xFF)
PALE: Colour = (0xFF, 0xD8, 0xA8)
"""The empty half of a face; in white it would look like an arrow beside the sign."""

CONTRAST_ON_WHITE = 3.4
"""The least contrast of marks on white, which have no dark rim; WCAG 2 demands at least 3."""


def darken_for_white(colour: Colour) -> Colour:
    """Returns the colour, darkened in the same hue if its contrast with white is too low."""
    return next(
        shade
        for percent in range(100, -1, -1)
        if contrast_with_white(shade := _scale_colour(colour, percent)) >= CONTRAST_ON_WHITE
    )


def contrast_with_white(colour: Colour) -> float:
    """Returns the contrast ratio of WCAG 2, from 1 to 21."""
    red, green, blue = (_linear_light(channel / 255) for channel in colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def format_hex(colour: Colour) -> str:
    """Formats a colour as CSS and SVG do: "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _scale_colour(colour: Colour, percent: int) -> Colour:
    red, green, blue = (channel * percent // 100 for channel in colour)
    return red, green, blue


def _linear_light(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, slots=True)
class Arc:
    """Part of a circle; the angles, in degrees, run clockwise from three o'clock."""

    x: float
    y: float
    radius: float
    start: float
    end: float

    def point_at(self, angle: float) -> tuple[float, float]:
        """Returns the point of the circle at an angle."""
        turn = angle * pi / 180
        return self.x + self.radius * cos(turn), self.y + self.radius * sin(turn)


Point = tuple[float, float]
PointPath = tuple[Point, ...]
Path = tuple[Point | Arc, ...]
"""Points and arcs, each joined to the next by a straight line."""

MIDDLE = 8.0
REACH = 6.0
"""The distance of a silhouette's straight edges from the middle; the drawing puts these on whole pixels."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The drawing of a state."""

    edge: Path
    """The silhouette; its last point joins the first."""
    signs: tuple[Path, ...] = ()
    """Lines on the face; a single point is a dot."""
    hollow_signs: tuple[Path, ...] | None = None
    """The signs of the hollow look, if they differ: there is less room within the ring."""
    half: PointPath | None = None
    """The part of the face that is coloured, if the rest stays pale."""
    slash: PointPath | None = None
    """A line across the whole shape."""

    def choose_signs(self, *, hollow: bool) -> tuple[Path, ...]:
        """Returns the signs of the full or the hollow look."""
        return self.hollow_signs if hollow and self.hollow_signs is not None else self.signs


def flatten_path(path: Path) -> PointPath:
    """Turns a path into points only; on an arc they are five degrees apart."""
    return tuple(
        point for step in path for point in (_arc_points(step) if isinstance(step, Arc) else (step,))
    )


def _arc_points(arc: Arc) -> Iterator[Point]:
    count = round((arc.end - arc.start) / 5)
    return (arc.point_at(arc.start + (arc.end - arc.start) * i / count) for i in range(count + 1))


def format_svg_path(path: Path, *, closed: bool = False) -> str:
    """Writes a path as SVG's attribute `d`; a single point becomes a line so short that it is a dot."""
    words = "".join(_svg_step(step, "L" if i else "M") for i, step in enumerate(path))
    return words + ("z" if closed else "h.01" if len(path) == 1 else "")


def _svg_step(step: Point | Arc, begin: str) -> str:
    if not isinstance(step, Arc):
        return f"{begin}{_svg_point(step)}"
    # In two halves: an arc of SVG that ends where it starts is not drawn.
    halves = (step.point_at((step.start + step.end) / 2), step.point_at(step.end))
    curve = "".join(f"A{step.radius:g} {step.radius:g} 0 0 1 {_svg_point(point)}" for point in halves)
    return f"{begin}{_svg_point(step.point_at(step.start))}{curve}"


def _svg_point(point: Point) -> str:
    return " ".join(f"{round(number, 2):g}" for number in point)


_DISC: Path = (Arc(8, 8, 6, 0, 360),)
_HEXAGON: PointPath = ((5, 2), (11, 2), (14.3, 8), (11, 14), (5, 14), (1.7, 8))
_TRIANGLE: PointPath = ((8, 2), (14, 14), (2, 14))
_DIAMOND: PointPath = ((8, 1.5), (14.5, 8), (8, 14.5), (1.5, 8))
_CROSS: PointPath = (
    *((4.8, 2), (8, 5), (11.2, 2), (14, 4.8), (11, 8), (14, 11.2)),
    *((11.2, 14), (8, 11), (4.8, 14), (2, 11.2), (5, 8), (2, 4.8)),
)
_SQUARE: PointPath = ((3, 2), (13, 2), (14, 3), (14, 13), (13, 14), (3, 14), (2, 13), (2, 3))
_CLOUD: Path = (
    Arc(4.9, 10.9, 3.1, 90, 245),
    Arc(8.6, 8, 4, 195, 345),
    Arc(11.2, 11, 3, 305, 450),
)
_QUESTION_HOOK: Path = (Arc(8, 6.2, 2.2, 180, 380), (8, 8.5), (8, 9))

SHAPES: Mapping[State, Shape] = {
    State.OPERATIONAL: Shape(_DISC, signs=(((5, 8), (7.2, 10.2), (11, 6)),)),
    State.MAINTENANCE: Shape(
        _HEXAGON,
        signs=(((5.5, 10.5), (8.5, 7.5)), ((8.7, 4.7), (8.2, 6.3), (9.7, 7.8), (11.3, 7.3))),
    ),
    State.DEGRADED: Shape(
        _TRIANGLE,
        signs=(((8, 6), (8, 9)), ((8, 12),)),
        hollow_signs=(((8, 7), (8, 8)), ((8, 11),)),
    ),
    State.PARTIAL: Shape(
        _DIAMOND,
        signs=(((8, 5), (8, 8)), ((8, 11),)),
        hollow_signs=(((8, 6), (8, 8)), ((8, 11),)),
        half=((8, 1.5), (8, 14.5), (1.5, 8)),
    ),
    State.MAJOR: Shape(
        _CROSS,
        signs=(((5.5, 5.5), (10.5, 10.5)), ((5.5, 10.5), (10.5, 5.5))),
        # In the hollow look the dark inside forms the cross; a light one would hide that it is hollow.
        hollow_signs=(),
    ),
    State.UNKNOWN: Shape(
        _SQUARE,
        signs=(_QUESTION_HOOK, ((8, 12),)),
        # Unknown and hollow means that the first poll is running: "…" rather than "?".
        hollow_signs=(((5, 8),), ((8, 8),), ((11, 8),)),
    ),
    State.OFFLINE: Shape(_CLOUD, slash=((2.6, 2.6), (13, 13))),
}
"""By state; disc, hexagon, triangle, diamond, cross, square and cloud."""
