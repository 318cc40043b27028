"""Seeded chance: the same seed plays the same world and the same client, on any machine."""

from __future__ import annotations

from itertools import pairwise
from random import Random


def chance(*seed: object) -> Random:
    """A source of chance of its own for one part of one play."""
    return Random(" ".join(map(str, seed)))  # noqa: S311 - plays a world, guards no secret


def spread(rng: Random, quantiles: tuple[tuple[float, float], ...]) -> float:
    """A draw from a distribution given by some of its quantiles, straight lines between them."""
    u = rng.random()
    for (p0, x0), (p1, x1) in pairwise(quantiles):
        if u <= p1:
            return x0 + (x1 - x0) * (u - p0) / (p1 - p0)
    return quantiles[-1][1]
