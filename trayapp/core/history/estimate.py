"""Estimates how much longer an incident may last, from how long comparable incidents lasted.

Durations of outages have a heavy tail: the remaining time does not shrink while one waits. So only incidents
that lasted as long as this one has are compared, and only a range is given. As every compared incident has
ended, this is also the Kaplan-Meier estimate.

Incidents at the same stage and of the same kind are compared, if 20 of them lasted as long: of the same
product and impact, else of the same product, else of anything that is followed ("How much longer" in
`docs/law.md`).

On OpenAI's history a range for the middle half holds 45 to 60 % of the real lengths; after two hours it no
longer does, so no range is given then (`make prove` prints the table, kind by kind).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from math import ceil, floor

from trayapp.core.history.recorded_lengths import MONITORING_MINUTES, TOTAL_MINUTES
from trayapp.model import Estimate, EstimateBasis, Incident, Stage, State

MAX_COMPARED = 100
"""The newest incidents among which comparable ones are sought; older ones say little about today's OpenAI."""
MIN_LENGTHS = 40
"""If fewer are known, the prior fills up to this; of 40 about a third, twelve, last two hours."""
MIN_ALIKE = 20
"""Incidents of one kind that must have lasted as long to be compared alone; with fewer, chance decides."""
MIN_REMAINING = 12
"""The fewest remaining incidents of which a quartile is given."""
MAX_ELAPSED = 7200.0
"""Seconds after which no estimate is given."""

_ROUNDING_STEPS = ((1800.0, 300.0), (7200.0, 900.0), (14400.0, 1800.0))
_LARGEST_STEP = 3600.0


def estimate_remaining(
    incident: Incident, past: Iterable[Incident], watched: Collection[str], now: datetime
) -> Estimate | None:
    """Returns how much longer the middle half of comparable incidents lasted; None if too few are comparable.

    `past`: incidents that ended, in any order; those of products other than `watched` do not count.
    """
    began = incident.started_at
    if (
        began is None
        or not 0.0 <= (now - began).total_seconds() <= MAX_ELAPSED
        or not is_comparable(incident, watched)
    ):
        return None
    fixed = monitoring_start(incident) if incident.stage is Stage.MONITORING else None
    newest = sorted(past, key=lambda i: i.started_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    ended = (i for i in newest if i.id != incident.id and is_comparable(i, watched))
    known = ((i, incident_seconds(i) if fixed is None else monitoring_seconds(i)) for i in ended)
    lengths = list(islice(((i, seconds) for i, seconds in known if seconds is not None), MAX_COMPARED))
    elapsed, monitoring = (now - (fixed or began)).total_seconds(), fixed is not None
    for alike in (EstimateBasis.PRODUCT_AND_IMPACT, EstimateBasis.PRODUCT):
        own = [seconds for i, seconds in lengths if is_alike(i, incident, alike)]
        if sum(seconds > elapsed for seconds in own) >= MIN_ALIKE:
            return estimate_from_lengths(own, elapsed, (), monitoring=monitoring, alike=alike)
    prior = MONITORING_MINUTES if monitoring else TOTAL_MINUTES
    return estimate_from_lengths([seconds for _, seconds in lengths], elapsed, prior, monitoring=monitoring)


def is_alike(one: Incident, other: Incident, alike: EstimateBasis) -> bool:
    """Whether two incidents are of the same kind; an incident that names no product is of no kind."""
    same_product = not set(one.products).isdisjoint(other.products)
    return same_product and (alike is EstimateBasis.PRODUCT or one.impact is other.impact)


def estimate_from_lengths(
    lengths: Sequence[float],
    elapsed: float,
    prior: Sequence[int],
    *,
    monitoring: bool = False,
    alike: EstimateBasis = EstimateBasis.FOLLOWED,
) -> Estimate | None:
    """Returns the middle half of the time that remains after `elapsed` seconds.

    `lengths`: known lengths in seconds; `prior`: quantiles in minutes that fill up too few of them, or empty.
    """
    left = sorted(
        each - elapsed for each in (*lengths, *_prior_lengths(prior, len(lengths))) if each > elapsed
    )
    if len(left) < MIN_REMAINING:
        return None
    low, high = _quantile(left, 0.25), _quantile(left, 0.75)
    return Estimate(_round_down(low), _round_up(high), len(left), monitoring, alike)


def is_comparable(incident: Incident, watched: Collection[str]) -> bool:
    """Whether an incident is an outage of a watched product, or of no particular one."""
    outage = incident.impact is not State.MAINTENANCE and incident.stage is not Stage.COMPLETED
    return outage and (not incident.products or not watched or not set(incident.products).isdisjoint(watched))


def incident_seconds(incident: Incident) -> float | None:
    """Returns the seconds from the first post to the end; None if it goes on or was posted afterwards."""
    if incident.started_at is None or incident.resolved_at is None:
        return None
    seconds = (incident.resolved_at - incident.started_at).total_seconds()
    return seconds if seconds > 0.0 else None


def monitoring_seconds(incident: Incident) -> float | None:
    """Returns the seconds from the first post that a fix is monitored to the end; None without either."""
    fixed = monitoring_start(incident)
    if fixed is None or incident.resolved_at is None or incident.resolved_at <= fixed:
        return None
    return (incident.resolved_at - fixed).total_seconds()


def monitoring_start(incident: Incident) -> datetime | None:
    """Returns when OpenAI first posted that it monitors a fix."""
    return min((u.at for u in incident.updates if u.stage is Stage.MONITORING and u.at), default=None)


def _prior_lengths(prior: Sequence[int], known: int) -> list[float]:
    """Returns as many quantiles of the prior as are missing, evenly spaced, in seconds."""
    missing = max(0, MIN_LENGTHS - known) if prior else 0
    return [prior[int((n + 0.5) * len(prior) / missing)] * 60.0 for n in range(missing)]


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _rounding_step(seconds: float) -> float:
    return next((step for limit, step in _ROUNDING_STEPS if seconds < limit), _LARGEST_STEP)


def _round_down(seconds: float) -> float:
    """Rounds outwards, so that the range is never narrower than computed, but to 5 min at least."""
    step = _rounding_step(seconds)
    return max(_ROUNDING_STEPS[0][1], floor(seconds / step) * step)


def _round_up(seconds: float) -> float:
    step = _rounding_step(seconds)
    return ceil(seconds / step) * step
