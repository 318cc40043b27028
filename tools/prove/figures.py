"""Figures with their intervals of confidence (95 %). Exact where there is an exact one, so that few events look as few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, isinf, lgamma, log, sqrt

_TAIL = 0.025
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value between what it may as well be."""

    value: float
    low: float
    high: float
    of: float
    """Trials, or what an exposure is counted in, that it stands on."""


def rate(events: int, exposure: float) -> Figure:
    """Events a unit of exposure, with Garwood's exact Poisson interval."""
    if exposure <= 0.0:
        return Figure(0.0, 0.0, inf, 0.0)
    low = _solve(lambda mean: 1.0 - _poisson(events - 1, mean), _TAIL, events + 1.0) if events else 0.0
    high = _solve(lambda mean: 1.0 - _poisson(events, mean), 1.0 - _TAIL, events + 1.0)
    return Figure(events / exposure, low / exposure, high / exposure, exposure)


def exactly(value: float) -> Figure:
    """A figure that no chance went into."""
    return Figure(value, value, value, 1)


def share(hits: int, trials: int) -> Figure:
    """A share, with Wilson's interval."""
    if not trials:
        return Figure(0.0, 0.0, 1.0, 0)
    p, z2 = hits / trials, _Z * _Z / trials
    centre, half = (p + z2 / 2) / (1 + z2), _Z * sqrt(p * (1 - p) / trials + z2 / trials / 4) / (1 + z2)
    return Figure(p, max(0.0, centre - half), min(1.0, centre + half), trials)


def mean(values: Sequence[float]) -> Figure:
    """A mean, with the normal interval of its standard error."""
    n = len(values)
    if n < 2:
        only = values[0] if values else 0.0
        return Figure(only, -inf, inf, n)
    middle = sum(values) / n
    half = _Z * sqrt(sum((v - middle) ** 2 for v in values) / (n - 1) / n)
    return Figure(middle, middle - half, middle + half, n)


def quantile(values: Sequence[float], q: float) -> Figure:
    """A quantile, between the order statistics that hold it; a trial that never got there counts as infinity."""
    ordered = sorted(values)
    n = len(ordered)
    if not n:
        return Figure(inf, inf, inf, 0)
    half = _Z * sqrt(n * q * (1 - q))
    return Figure(_at(ordered, q * (n - 1)), _at(ordered, q * n - half - 1), _at(ordered, q * n + half), n)


def _at(ordered: Sequence[float], place: float) -> float:
    place = min(max(place, 0.0), len(ordered) - 1.0)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    if below == place or isinf(ordered[above]):
        return ordered[below] if below == place else ordered[above]
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _poisson(most: int, average: float) -> float:
    """The chance of at most so many events."""
    if most < 0 or average == 0.0:
        return 0.0 if most < 0 else 1.0
    return min(1.0, sum(exp(k * log(average) - average - lgamma(k + 1)) for k in range(most + 1)))


def _solve(rising: Callable[[float], float], target: float, start: float) -> float:
    """Where a rising function reaches a value, by halving."""
    low, high = 0.0, start
    while rising(high) < target:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2
