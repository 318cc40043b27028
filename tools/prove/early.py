"""Early word of a recovery (law 12): how far before OpenAI's own word it comes, and how often it is false.

The recorded years' outages with their own posts, each as a probe could have seen it at full, half and quarter strength,
until the time at which it was truly over. Nobody recorded that time for most. Where OpenAI's texts of 2021 to 2024 give
it, it lies so long before their posts as `AFTER_THE_END` says; for all others it is drawn from these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from random import Random

from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.engine import answers_since
from tools.prove.figures import quantile, share
from tools.prove.history import history
from tools.prove.jobs import Job, Results, Size
from tools.prove.noise import HOUR, MINUTE
from tools.prove.outage import SIGNED, lag
from tools.prove.pages import Posting, editions
from tools.prove.rows import Row
from tools.prove.subject import PROGRAM
from tools.prove.troubles import PROBES_OF
from tools.prove.world import Kind, Spell, World
from trayapp.model import Stage, State

AFTER_THE_END: tuple[tuple[float | None, float], ...] = (
    (2, 4), (None, 28), (74, 79), (17, 30), (-38, 14), (-79, 17), (3, 15), (14, 65), (11, 54), (None, 46), (2, 25),
    (4, 22), (17, 46), (13, 156), (6, 13), (2, 78), (5, 138), (None, 27), (-48, 259), (-2, 170), (12, 29), (20, 37),
    (0, 9), (None, 0), (-50, 4),
)  # fmt: skip
"""Minutes from the end that OpenAI states to its post that a fix is watched (None: it made none) and to "resolved": the
25 major and critical incidents of 2021 to 2024 that were posted while they went on and whose texts give both."""
_RATES = ((1.0, "full", 0.01), (0.5, "50 % failing", 0.05), (0.25, "25 % failing", 0.05))
"""What share of requests fails, and the budget of false words."""
_LEAD = 10 * MINUTE
_LASTS_AT_LEAST = 15 * MINUTE
"""An outage that is over sooner after its post has no early word to speak of."""
_WEEKS = 200.0
"""Client-weeks that go with each recorded outage once."""
_ASSUMED = (
    "the recorded outages' own posts; their true end, where no text gives it, is drawn from the 25 whose texts do; that "
    "a probe sees them is assumed"
)


@dataclass(frozen=True, slots=True)
class Early:
    """What was said of one outage's recovery; times in seconds after the true end, infinity for what never came."""

    said: float
    """The first true word."""
    false: bool
    """Whether it was said before the true end."""
    first: float
    """OpenAI's first word after the true end: that a fix is watched, or that it is over."""
    over: float
    """OpenAI's "resolved"."""


def early(posting: Posting, rate: float, seed: object) -> Early | None:
    """One recorded outage, seen by a probe; None where it was over before it was posted, or soon after."""
    rng = chance(seed, posting.id, "early")
    shift = 2 * HOUR - posting.begins
    posts = tuple((at + shift, stage) for at, stage in posting.posts)
    end = _true_end(posts, rng)
    if end < posts[0][0] + _LASTS_AT_LEAST:
        return None
    product = rng.choice([name for name in posting.groups if name in PROBES_OF])
    begins = posts[0][0] - lag((seed, posting.id))
    outage = Spell(begins, end, Kind.OUTAGE, PROBES_OF[product][0], SIGNED, rate)
    client = Client(World([outage], editions((replace(posting, posts=posts),), seed), seed), PROGRAM, seed)
    over = posts[-1][0]
    said, false = _find_first_word(client, product, end, over)
    first = min((at for at, stage in posts if at >= end and stage is Stage.MONITORING), default=over)
    return Early(said - end, false, first - end, over - end)


def _true_end(posts: Sequence[tuple[float, Stage]], rng: Random) -> float:
    """So long before its posts as OpenAI's texts say of others that had the same ones."""
    resolved = posts[-1][0]
    watched = next((at for at, stage in posts if stage is Stage.MONITORING), None)
    fix, over = rng.choice([pair for pair in AFTER_THE_END if (pair[0] is None) is (watched is None)])
    if watched is None or fix is None:
        return resolved - over * MINUTE
    return min(watched - fix * MINUTE, resolved)


def _find_first_word(client: Client, product: str, end: float, over: float) -> tuple[float, bool]:
    """When the first true word came, and whether a false one did."""
    false = False
    for seen in client.live(over + _LASTS_AT_LEAST):
        since = answers_since(seen.verdict, product)
        if since is not None and seen.t >= end:
            return seen.t, false
        false = false or since is not None
    return inf, false


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Every recorded outage of a product that is probed, at each strength."""
    found = [posting for posting in history(None)[0] if _may_be_seen(posting)]
    found = found[:: max(1, round(_WEEKS / size.weeks))]
    for rate, name, _ in _RATES:
        for number in range(max(1, int(size.weeks / _WEEKS))):
            for first in range(0, len(found), 4):
                work = partial(_some, found[first : first + 4], rate, (seed, number))
                yield Job(("early", name, PROGRAM.name), work)


def _may_be_seen(posting: Posting) -> bool:
    outage = posting.impact in {State.PARTIAL, State.MAJOR} and not posting.back_dated
    return outage and any(name in PROBES_OF for name in posting.groups)


def _some(postings: Sequence[Posting], rate: float, seed: object) -> list[Early]:
    return [found for posting in postings if (found := early(posting, rate, seed)) is not None]


def rows(results: Results) -> list[Row]:
    """False words, and how far the true ones are ahead."""
    by_rate = {name: results["early", name, PROGRAM.name] for _, name, _ in _RATES}
    every = [one for found in by_rate.values() for one in found]
    ahead = [one for one in every if one.said < one.first]
    return [
        *(
            Row(
                f"early word of a recovery, {name}: false", share(sum(one.false for one in by_rate[name]), len(by_rate[name])),
                "share of outages", budget, 3, _ASSUMED,
            )
            for _, name, budget in _RATES
        ),
        Row(
            "early word, where it comes before any word of OpenAI's: lead over that it watches a fix or that it is over, median",
            quantile([one.first - one.said for one in ahead], 0.5), "s", _LEAD, assumed=_ASSUMED, at_least=True,
        ),
        Row("early word: comes before any word of OpenAI's", share(len(ahead), len(every)), "share of outages", digits=2),
        Row(
            "early word, where it comes before any word of OpenAI's: lead over “resolved”, median",
            quantile([one.over - one.said for one in ahead], 0.5), "s",
        ),
        *(
            Row(
                f"early word, {name}: after the true end, median",
                quantile([one.said for one in by_rate[name] if one.said < inf], 0.5), "s",
            )
            for _, name, _ in _RATES
        ),
    ]  # fmt: skip
