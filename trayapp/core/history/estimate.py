"""How much longer it may last, from how long comparable incidents lasted.

Durations of outages have a heavy tail: what remains does not shrink while one waits, so only incidents that had
lasted as long as this one has are compared, and only a range is given. With nothing censored this is what a
Kaplan-Meier estimate gives.

What is compared are incidents at the same stage and of the same kind, where 20 of them lasted as long: of the same
product and impact, else of the same product, else of anything that is followed (`docs/law.md`).

On OpenAI's history a range for the middle half holds 45 to 60 % of what came; after two hours it no longer does,
so nothing is said then (`make prove` prints the table, kind by kind).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from math import ceil, floor

from trayapp.core.history.recorded_lengths import MONITORING, TOTAL
from trayapp.model import Alike, Estimate, Incident, Stage, State

NEWEST = 100
"""Incidents among which those of a kind are sought: what lies further back tells of another company."""
AT_LEAST = 40
"""Where fewer are known the prior fills up: enough that a third, those of two hours, are still twelve."""
OF_A_KIND = 20
"""So many of one kind that lasted as long are compared with nothing else; fewer, and chance would say more than the kind."""
CASES = 12
"""With fewer left a quarter of them is no quantile."""
NOT_AFTER = 7200.0
"""Seconds."""

_STEPS = ((1800.0, 300.0), (7200.0, 900.0), (14400.0, 1800.0))
_LARGEST = 3600.0


def estimate(
    incident: Incident, past: Iterable[Incident], watched: Collection[str], now: datetime
) -> Estimate | None:
    """How much longer the middle half lasted; None where history has nothing honest to say.

    `past`: incidents that ended, in any order; those of other products than `watched` do not count.
    """
    began = incident.started_at
    if (
        began is None
        or not 0.0 <= (now - began).total_seconds() <= NOT_AFTER
        or not comparable(incident, watched)
    ):
        return None
    fixed = monitored_since(incident) if incident.stage is Stage.MONITORING else None
    newest = sorted(past, key=lambda i: i.started_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    ended = (i for i in newest if i.id != incident.id and comparable(i, watched))
    known = ((i, length(i) if fixed is None else remaining(i)) for i in ended)
    lengths = list(islice(((i, seconds) for i, seconds in known if seconds is not None), NEWEST))
    elapsed, monitoring = (now - (fixed or began)).total_seconds(), fixed is not None
    for alike in (Alike.PRODUCT_AND_IMPACT, Alike.PRODUCT):
        own = [seconds for i, seconds in lengths if is_alike(i, incident, alike)]
        if sum(seconds > elapsed for seconds in own) >= OF_A_KIND:
            return residual(own, elapsed, (), monitoring=monitoring, alike=alike)
    prior = MONITORING if monitoring else TOTAL
    return residual([seconds for _, seconds in lengths], elapsed, prior, monitoring=monitoring)


def is_alike(one: Incident, other: Incident, alike: Alike) -> bool:
    """Whether two incidents are of a kind; one that names no product is of none."""
    same_product = not set(one.products).isdisjoint(other.products)
    return same_product and (alike is Alike.PRODUCT or one.impact is other.impact)


def residual(
    lengths: Sequence[float],
    elapsed: float,
    prior: Sequence[int],
    *,
    monitoring: bool = False,
    alike: Alike = Alike.FOLLOWED,
) -> Estimate | None:
    """The middle half of what remains after `elapsed` seconds, by so many lengths in seconds and a prior in minutes.

    Without a prior the lengths are all there is.
    """
    left = sorted(each - elapsed for each in (*lengths, *_filling(prior, len(lengths))) if each > elapsed)
    if len(left) < CASES:
        return None
    low, high = _quantile(left, 0.25), _quantile(left, 0.75)
    return Estimate(_rounded_down(low), _rounded_up(high), len(left), monitoring, alike)


def comparable(incident: Incident, watched: Collection[str]) -> bool:
    """Whether an incident is an outage of what is watched, or of nothing in particular."""
    outage = incident.impact is not State.MAINTENANCE and incident.stage is not Stage.COMPLETED
    return outage and (not incident.products or not watched or not set(incident.products).isdisjoint(watched))


def length(incident: Incident) -> float | None:
    """Seconds from the first post to the end; None for one that goes on or was posted only afterwards."""
    if incident.started_at is None or incident.resolved_at is None:
        return None
    seconds = (incident.resolved_at - incident.started_at).total_seconds()
    return seconds if seconds > 0.0 else None


def remaining(incident: Incident) -> float | None:
    """Seconds from the first post that a fix is monitored to the end."""
    fixed = monitored_since(incident)
    if fixed is None or incident.resolved_at is None or incident.resolved_at <= fixed:
        return None
    return (incident.resolved_at - fixed).total_seconds()


def monitored_since(incident: Incident) -> datetime | None:
    """When OpenAI first posted that it monitors a fix."""
    return min((u.at for u in incident.updates if u.stage is Stage.MONITORING and u.at), default=None)


def _filling(prior: Sequence[int], known: int) -> list[float]:
    """As many quantiles of the prior as are missing, evenly spaced, in seconds."""
    missing = max(0, AT_LEAST - known) if prior else 0
    return [prior[int((n + 0.5) * len(prior) / missing)] * 60.0 for n in range(missing)]


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _step(seconds: float) -> float:
    return next((step for limit, step in _STEPS if seconds < limit), _LARGEST)


def _rounded_down(seconds: float) -> float:
    """Outwards, so that the range that is said is never narrower than the one that was found; but never to nothing."""
    step = _step(seconds)
    return max(_STEPS[0][1], floor(seconds / step) * step)


def _rounded_up(seconds: float) -> float:
    step = _step(seconds)
    return ceil(seconds / step) * step
