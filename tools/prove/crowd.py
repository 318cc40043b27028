"""Other people's reports through the real rule: how often `many` is false, and how soon a large outage brings it.

Nobody has recorded these sources through outages, so that the rates are assumed. Measured are the new issues of
openai/codex (about 180 numbers a day, of which a tenth is taken to carry the label; at least 50 an hour on 2026-09-03);
the rates of Hacker News and Mastodon, the bursts and the shared bursts are guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import cos, exp, inf, pi, sqrt
from random import Random

from tools.prove.chance import chance
from tools.prove.figures import Figure, quantile, rate, share
from tools.prove.jobs import Job, Results, Size
from tools.prove.rows import Row
from trayapp.core.crowd.baseline import DAYS
from trayapp.core.crowd.rhythm import CALM_SECONDS, seconds_to_wait
from trayapp.core.crowd.votes import WINDOW, CrowdMemory, add_counts, judge_crowd
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, CrowdWord

START = datetime(2026, 6, 1, tzinfo=UTC)
STEP = 1
"""Minutes of a bin."""
HOUR_BINS, DAY_BINS = 60 // STEP, 24 * 60 // STEP
WEEK_BINS = 7 * DAY_BINS
WARM_UP = DAYS * DAY_BINS
"""Two weeks teach the baseline before anything counts."""
CALM = {CrowdSource.GITHUB: 0.8, CrowdSource.HACKER_NEWS: 0.15, CrowdSource.MASTODON: 0.05}
"""People an hour on a calm day, by source."""
OUTAGES = {
    "large": {CrowdSource.GITHUB: 40.0, CrowdSource.HACKER_NEWS: 8.0, CrowdSource.MASTODON: 8.0},
    "medium": {CrowdSource.GITHUB: 8.0, CrowdSource.HACKER_NEWS: 2.0, CrowdSource.MASTODON: 2.0},
    "small": {CrowdSource.GITHUB: 2.0, CrowdSource.HACKER_NEWS: 0.3, CrowdSource.MASTODON: 0.3},
}
"""People an hour at an outage's height."""
_SWING = 0.8
"""By what share the day's rate swings about its mean."""
_UNEVENNESS = 4.0
"""The shape of the gamma by which whole hours are livelier than others."""
_OUTAGE_BINS = 2 * HOUR_BINS
_SILENT, _RISES = 2.0, 20.0
"""Minutes until the first report of an outage, and until its height."""
_SECONDS = 60.0
REQUESTS = 5
"""Of one time of asking: three words of Hacker News, GitHub and Mastodon once each."""
_UNTAUGHT = CrowdMemory()
WEEKS_AT_ONCE, OUTAGES_AT_ONCE = 8, 10
_WEEKS = 1.2
"""Weeks of crowd for each client-week of noise: 240 for 200."""
_OUTAGES = 0.2
"""Outages of a size for each outage of another kind."""
RATES = (
    "assumed people an hour, calm / large outage: GitHub 0.8 / 40, Hacker News 0.15 / 8, Mastodon 0.05 / 8, with a daily "
    "swing and uneven hours"
)


@dataclass(frozen=True, slots=True)
class Troubles:
    """Bursts that are no outage, a week."""

    own: float = 0.0
    """Of each source by itself: eight times its rate and 3 an hour more, for 45 minutes."""
    shared: float = 0.0
    """Of all at once, as by another provider's outage or a joke: five times and 4 an hour more, for an hour."""


KINDS = {
    "plain noise": Troubles(),
    "with bursts of single sources": Troubles(own=0.5),
    "with shared bursts": Troubles(own=0.5, shared=0.25),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was said in weeks without an outage."""

    weeks: float
    some: int
    """Times that `some` or `many` began."""
    many: int
    minutes: float
    """Minutes of `many`."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Minutes from an outage's beginning to each word; infinity if it did not come while the outage lasted."""

    some: float
    many: float


Extra = dict[CrowdSource, dict[int, float]]
"""People an hour beside the calm rate, by bin."""

_LOUD = frozenset({CrowdWord.SOME, CrowdWord.MANY})


def weeks(troubles: Troubles, number: int, seed: object) -> Wrong:
    """Some weeks without an outage, after two that teach."""
    rng = chance(seed, "crowd")
    end = WARM_UP + number * WEEK_BINS
    extra: Extra = {source: {} for source in CALM}
    for source, calm in CALM.items():
        for first in _moments(troubles.own, end, rng):
            _raise(extra[source], first, 45 // STEP, 8 * calm + 3)
    for first in _moments(troubles.shared, end, rng):
        for source, calm in CALM.items():
            _raise(extra[source], first, 60 // STEP, 5 * calm + 4)
    some, many, minutes, before_at = 0, 0, 0.0, 0.0
    before = CrowdWord.NONE
    counts = {source: _counts(calm, extra[source], end, rng) for source, calm in CALM.items()}
    for at, _, word in judge_bins(counts, rng):
        if at >= WARM_UP * STEP:
            some += word in _LOUD and before not in _LOUD
            many += word is CrowdWord.MANY and before is not CrowdWord.MANY
            minutes += (at - before_at) * (before is CrowdWord.MANY)
        before, before_at = word, at
    return Wrong(float(number), some, many, minutes)


def outages(size: str, number: int, seed: object) -> list[Delay]:
    """Outages of two hours, each at some time of a day of its own after the same two weeks that teach."""
    rng = chance(seed, "crowd", size)
    before = {source: _counts(calm, {}, WARM_UP, rng) for source, calm in CALM.items()}
    *_, (taught_at, taught, _) = judge_bins(before, rng)
    found = []
    for _ in range(number):
        begins = rng.randrange(DAY_BINS)
        people = {
            source: before[source]
            + _counts(calm, _outage_people(size, source, begins), begins + _OUTAGE_BINS, rng)
            for source, calm in CALM.items()
        }
        some, many = inf, inf
        for at, _, word in judge_bins(people, rng, taught, taught_at + CALM_SECONDS / _SECONDS):
            after = at - (WARM_UP + begins) * STEP
            if after > 0:
                some = min(some, after) if word in _LOUD else some
                many = min(many, after) if word is CrowdWord.MANY else many
        found.append(Delay(some, many))
    return found


def _outage_people(size: str, source: CrowdSource, begins: int) -> dict[int, float]:
    """People an hour beside the calm rate while an outage lasts, by bin."""
    ages = ((n, (n + 0.5) * STEP) for n in range(_OUTAGE_BINS))
    height = OUTAGES[size][source]
    return {begins + n: height * min(1.0, max(0.0, (age - _SILENT) / _RISES)) for n, age in ages}


def judge_bins(
    counts: Mapping[CrowdSource, Sequence[int]],
    rng: Random,
    memory: CrowdMemory = _UNTAUGHT,
    at: float = WINDOW.seconds / _SECONDS,
) -> Iterator[tuple[float, CrowdMemory, CrowdWord]]:
    """Memory and word after each time of asking, by the real rule and rhythm; times in minutes from the start."""
    end = min(map(len, counts.values()))
    while (last := round(at / STEP)) <= end:  # to the nearest bin: neither early nor late in the mean
        until = START + timedelta(minutes=at)
        window = CrowdWindow(until - WINDOW, until)
        first = last - int(WINDOW.seconds / _SECONDS) // STEP
        memory = add_counts(
            memory, [CrowdCount(source, sum(n[first:last]), window) for source, n in counts.items()]
        )
        yield at, memory, judge_crowd(memory, until).word
        at += seconds_to_wait(memory, until, None, REQUESTS, rng.random()) / _SECONDS


def _counts(calm: float, extra: dict[int, float], end: int, rng: Random) -> list[int]:
    """People by bin."""
    found = []
    lively = 1.0
    for n in range(end):
        if n % HOUR_BINS == 0:
            lively = rng.gammavariate(_UNEVENNESS, 1.0 / _UNEVENNESS)
        day = 1.0 + _SWING * cos(2 * pi * (n / HOUR_BINS - 15.0) / 24.0)
        found.append(_poisson((calm * day * lively + extra.get(n, 0.0)) / HOUR_BINS, rng))
    return found


def _poisson(mean: float, rng: Random) -> int:
    if mean > 30.0:
        return max(0, round(rng.gauss(mean, sqrt(mean))))
    limit, product, k = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        k += 1
    return k


def _moments(a_week: float, end: int, rng: Random) -> Iterator[int]:
    at = 0.0
    while a_week > 0.0:
        at += rng.expovariate(a_week / WEEK_BINS)
        if at >= end:
            return
        yield int(at)


def _raise(extra: dict[int, float], first: int, bins: int, people: float) -> None:
    for n in range(first, first + bins):
        extra[n] = extra.get(n, 0.0) + people


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Weeks of each kind, and outages of each size."""
    number = max(1, round(size.weeks * _WEEKS))
    for kind, troubles in KINDS.items():
        for n in range(0, number, WEEKS_AT_ONCE):
            few = min(WEEKS_AT_ONCE, number - n)
            yield Job(("crowd", kind, ""), partial(_weeks, troubles, few, (seed, kind, n)))
    for name in OUTAGES:
        trials = max(2, int(size.trials * _OUTAGES))
        for n in range(0, trials, OUTAGES_AT_ONCE):
            few = min(OUTAGES_AT_ONCE, trials - n)
            yield Job(("crowd", name, ""), partial(outages, name, few, (seed, name, n)))


def _weeks(troubles: Troubles, number: int, seed: object) -> list[Wrong]:
    return [weeks(troubles, number, seed)]


def rows(results: Results) -> list[Row]:
    """False words a week, and delays."""
    bursts = "assumed besides: every second week a burst of each source by itself"
    shared = f"{bursts}; once in four weeks one of all at once"
    found = []
    for kind, budget, note in (
        ("plain noise", 0.0, RATES),
        ("with bursts of single sources", None, bursts),
        ("with shared bursts", 0.21, shared),
    ):
        told = results["crowd", kind, ""]
        found += [
            Row(f"crowd, {kind}: false “many”", _weekly(told, "many"), "a week", budget, 3, note),
            Row(f"crowd, {kind}: false “some” or “many”", _weekly(told, "some"), "a week", digits=3),
        ]
    for name in OUTAGES:
        delays: list[Delay] = results["crowd", name, ""]
        many = [delay.many for delay in delays]
        found += [
            Row(
                f"crowd, {name} outage: to “many”, median", quantile(many, 0.5), "min",
                30.0 if name == "large" else None, assumed=RATES,
            ),
            Row(f"crowd, {name} outage: to “many”, p95", quantile(many, 0.95), "min"),
            Row(f"crowd, {name} outage: “many” at all", _share_seen(many), "share", digits=2),
            Row(f"crowd, {name} outage: “some” at all", _share_seen([d.some for d in delays]), "share", digits=2),
        ]  # fmt: skip
    return found


def _weekly(told: list[Wrong], what: str) -> Figure:
    return rate(sum(getattr(one, what) for one in told), sum(one.weeks for one in told))


def _share_seen(delays: list[float]) -> Figure:
    return share(sum(delay < inf for delay in delays), len(delays))
