"""The shape of each state's icon, as lines on a square of 16 by 16 units.

A unit is one pixel of the smallest icon. Every state has a silhouette of its own, because colour is lost on one
man in twelve and on every panel that draws its icons in one colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from trayapp.model import State

PointPath = tuple[tuple[float, float], ...]

MIDDLE = 8.0
REACH = 6.0
"""How far from the middle a silhouette's straight edges lie; the drawing puts these on whole pixels."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn for a state."""

    edge: PointPath
    """The silhouette; its last point joins the first."""
    signs: tuple[PointPath, ...] = ()
    """Lines on the face; a single point is a dot."""
    hollow_signs: tuple[PointPath, ...] | None = None
    """The signs of the hollow look, where they differ: within the ring there is less room."""
    half: PointPath | None = None
    """The part of the face that takes the colour, where the rest stays pale."""
    slash: PointPath | None = None
    """A line across everything."""


def _arc_points(x: float, y: float, radius: float, start: float, end: float) -> PointPath:
    """Points along a circle, five degrees apart; angles run clockwise from three o'clock."""
    count = round((end - start) / 5)
    turns = [(start + (end - start) * i / count) * pi / 180 for i in range(count + 1)]
    return tuple((x + radius * cos(t), y + radius * sin(t)) for t in turns)


_DISC = _arc_points(8, 8, 6, 0, 360)
_HEXAGON: PointPath = ((5, 2), (11, 2), (14.3, 8), (11, 14), (5, 14), (1.7, 8))
_TRIANGLE: PointPath = ((8, 2), (14, 14), (2, 14))
_DIAMOND: PointPath = ((8, 1.5), (14.5, 8), (8, 14.5), (1.5, 8))
_CROSS: PointPath = (
    *((4.8, 2), (8, 5), (11.2, 2), (14, 4.8), (11, 8), (14, 11.2)),
    *((11.2, 14), (8, 11), (4.8, 14), (2, 11.2), (5, 8), (2, 4.8)),
)
_SQUARE: PointPath = ((3, 2), (13, 2), (14, 3), (14, 13), (13, 14), (3, 14), (2, 13), (2, 3))
_CLOUD: PointPath = (
    *_arc_points(4.9, 10.9, 3.1, 90, 245),
    *_arc_points(8.6, 8, 4, 195, 345),
    *_arc_points(11.2, 11, 3, 305, 450),
)
_QUESTION_HOOK: PointPath = (*_arc_points(8, 6.2, 2.2, 180, 380), (8, 8.5), (8, 9))

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
        # Within the ring the dark inside is itself the cross; a light one would hide that it is hollow.
        hollow_signs=(),
    ),
    State.UNKNOWN: Shape(
        _SQUARE,
        signs=(_QUESTION_HOOK, ((8, 12),)),
        # Unknown and hollow means that the first look is under way: "…" rather than "?".
        hollow_signs=(((5, 8),), ((8, 8),), ((11, 8),)),
    ),
    State.OFFLINE: Shape(_CLOUD, slash=((2.6, 2.6), (13, 13))),
}
"""By state; disc, hexagon, triangle, diamond, cross, square and cloud."""
