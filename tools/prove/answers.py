"""With the person's own key: how often a stream that breaks by itself is told, and how soon one that really does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tools.prove import noise, noisy, outage
from tools.prove.chance import chance
from tools.prove.figures import quantile
from tools.prove.heard import Heard
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, WEEK
from tools.prove.outage import Outage
from tools.prove.rows import Row
from tools.prove.subject import ANSWERS, API, KEYED
from tools.prove.weeks import CLIENT_WEEKS, weekly
from tools.prove.world import Kind, Spell

BREAKS, BREAK = 7.2, 60.0
"""How often a day streams break on the way, and for how many seconds: one in 200 does."""
CUT = Outage("answers break off", (ANSWERS,), 1.0, Heard.TIMEOUT)
FAILED = Outage("answers fail", (ANSWERS,), 1.0)
WITH_API = Outage("answers fail, and the API's probe", (API, ANSWERS), 1.0)
_MEDIANS = ((CUT, 720), (FAILED, 720), (WITH_API, 240))


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Outages, and weeks without any."""
    for kind, _ in _MEDIANS:
        work = partial(outage.live_through_unposted, kind, KEYED)
        yield from repeat_job(("answers", kind.name, KEYED.name), work, max(1, size.trials // 4), seed, 50)
    number, n = size.weeks * 0.2, 0
    while number > 0.0:
        each = min(CLIENT_WEEKS, number)
        yield Job(("answers", "weeks", KEYED.name), partial(_weeks, each, (seed, "answers", n)))
        number, n = number - each, n + 1


def _weeks(number: float, seed: object) -> list[noisy.Weeks]:
    end, luck = noisy.WARM_UP + number * WEEK, chance(seed, "breaks")
    starts = sorted(luck.uniform(0.0, end) for _ in range(round(BREAKS * end / DAY)))
    breaks = [Spell(at, at + BREAK, Kind.OUTAGE, ANSWERS, Heard.TIMEOUT) for at in starts]
    return [noisy.weeks(noise.QUIET, KEYED, number, seed, more=breaks)]


def rows(results: Results) -> list[Row]:
    """The delays, and what is false."""
    note = "who is told of problems; signed 5xx, or cut streams; quiet line"
    found = []
    for kind, budget in _MEDIANS:
        told = [t.told for t in results["answers", kind.name, KEYED.name]]
        found += [
            Row(
                f"with a key, {kind.name}: to the notification, median",
                quantile(told, 0.5),
                "s",
                budget,
                assumed=note,
            ),
            Row(f"with a key, {kind.name}: to the notification, p95", quantile(told, 0.95), "s"),
        ]
    starts = weekly(results["answers", "weeks", KEYED.name], "starts")
    breaks = f"streams break {BREAKS:g} times a day for {BREAK:g} s"
    return [*found, Row("with a key: false starts, quiet line", starts, "a client-week", 0.02, 3, breaks)]
