"""Decides whether a count of people is far more than usual.

Reports come in bunches, so a Poisson distribution would be far too sure of itself: a negative binomial of the same mean
has room for them.
"""

from __future__ import annotations

from trayapp.model.crowd import CrowdCount, CrowdSource, ReportLevel

_LEAST_PEOPLE = {
    CrowdSource.GITHUB: 3,
    CrowdSource.HACKER_NEWS: 2,
    CrowdSource.MASTODON: 2,
    CrowdSource.DOWNDETECTOR: 20,
}
"""People below which nothing is unusual. A source that is not here never is."""
_TIMES_USUAL = 3.0
_TAIL = 5e-4
"""The chance of so many people on a usual day, below which they are too many. A fifth of it would hear a large outage from
many after 32 minutes in the median instead of 30, and save two fifths of the false ones, by the crowd that the prover assumes."""
_SHAPE = 3.0
"""How evenly reports come: the smaller, the more in bunches."""
_MANY_TIMES = 50.0
"""Times the mean at which the tail is nothing, so that a great count costs no time."""


def is_hot(count: CrowdCount, usual: float) -> bool:
    """Whether far more people reported than usual. `usual`: how many are expected in the same window."""
    least = _LEAST_PEOPLE.get(count.source)
    if least is None or count.people < max(least, _TIMES_USUAL * usual):
        return False
    if count.source is CrowdSource.DOWNDETECTOR and count.level in {None, ReportLevel.SUCCESS}:
        return False
    return tail_probability(count.people, usual) < _TAIL


def tail_probability(people: int, usual: float) -> float:
    """Returns how likely it is that so many people or more report when `usual` are expected."""
    if people <= 0:
        return 1.0
    if usual <= 0.0 or people > max(_MANY_TIMES * usual, _MANY_TIMES):
        return 0.0
    chance = _SHAPE / (_SHAPE + usual)
    term, below = chance**_SHAPE, 0.0
    for k in range(people):
        below += term
        term *= (1.0 - chance) * (_SHAPE + k) / (k + 1)
    return max(0.0, 1.0 - below)
