"""Weeks of a person's life with the outages of the recorded years at their real hours: what was told of them, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from tools.prove import history
from tools.prove.chance import chance
from tools.prove.client import Client, Seen
from tools.prove.dates import Dated, Reading, find_dates
from tools.prove.engine import SHIPPED
from tools.prove.figures import exactly, quantile, rate, share
from tools.prove.jobs import Job, Results, Size
from tools.prove.noise import DAY, MINUTE, WEEK
from tools.prove.pages import Posting, editions
from tools.prove.person import ASSUMED, Person, Span, person
from tools.prove.rows import Row
from tools.prove.score import Score, Told
from tools.prove.subject import PROGRAM
from tools.prove.troubles import SHORTEST, Trouble, is_of_trouble, posted_troubles, sights
from tools.prove.world import Kind, World
from trayapp.model import State, Transition, ladder_rank

_LATE = 6 * MINUTE
"""From when a posted outage could be read to its notification at most; a poll that is missed costs an interval."""
_AT_HOME = 10 * MINUTE
"""Who has looked for so long has not just come back."""
_NAP = 15 * MINUTE
_LISTED = 5 * MINUTE
"""Seconds after its end in which the list of past incidents may not have one yet."""
_ASKED, _AFTER_MISSES = SHIPPED.page_interval * (1.0 + SHIPPED.jitter), SHIPPED.backoff_cap


@dataclass(frozen=True, slots=True)
class Lived:
    """What was told in one life."""

    weeks: float
    """With the program running and the computer awake."""
    looked: tuple[float, ...]
    """Seconds from the post to the start that was told, of outages posted while it polled."""
    returned: tuple[float, ...]
    """Seconds from the return to the page to the start, of outages that ran already then."""
    false: int
    """Starts that belong to nothing."""
    office: int
    """Those of them in the office."""
    offline: int
    told: int
    """Outages that were told."""
    twice: int
    """Starts of them beyond the first."""
    lost: int
    """Outages that could be read for long enough and were not told; starts without end and ends without start."""
    held_back: int
    """Outages that could be read for long enough and were only shown: six notifications in a day had come before (law 8)."""
    dated: tuple[bool, ...]
    """Whether since and length were right."""
    meanwhile: tuple[bool, ...]
    """Of what came and went while the page could not be read: whether that was told."""
    unasked: int
    """Rounds that found the page unasked for longer than law 1 allows."""
    pause: float
    """The longest time awake without asking the page."""


@dataclass(slots=True)
class _Diary:
    """What is kept of a life for the score."""

    score: Score = field(default_factory=Score)
    readings: list[Reading] = field(default_factory=list)
    told: list[Transition] = field(default_factory=list)
    unasked: int = 0
    pause: float = 0.0
    _missed: bool = False

    def add(self, seen: Seen) -> None:
        self.score.count(seen)
        self.told += seen.told
        self.pause = max(self.pause, seen.pause)
        self.unasked += seen.pause > (_AFTER_MISSES if self._missed else _ASKED) + 0.001
        if seen.edition is not None:
            self.readings.append((seen.t, seen.edition.at))
        if seen.edition is not None or seen.missed:
            self._missed = seen.missed


def life(postings: Sequence[Posting], seed: object) -> Lived:
    """One person's week, and what it takes until all of it is over."""
    until = max(DAY + WEEK, *(p.ends + DAY for p in postings))
    who = person(until, seed)
    seen_by_probes = [s for p in postings for s in sights(p, seed)]
    versions = editions(postings, seed)
    world = World([*who.spells, *seen_by_probes], versions, seed, who.habits)
    client, diary = Client(world, PROGRAM, seed), _Diary()
    for seen in client.live(until):
        diary.add(seen)
    away = who.away()
    troubles = join_unseen(posted_troubles(versions, seen_by_probes, PROGRAM), away)
    score = diary.score
    starts = _by_trouble(troubles, score.starts)
    heard = _by_trouble(troubles, [*score.starts, *score.worse, *score.of_edges])
    told = [min(s.t for s in those) if those else None for those in heard]
    measured = [(t, d) for t, at in zip(troubles, told, strict=True) if (d := measure_delay(t, at, away))]
    delays = [d for _, d in measured]
    held_back = sum(after == inf and is_held_back(t, score.sent) for t, (_, after) in measured)
    stray = [s for s in score.starts if not is_of_trouble(s, troubles, seen_by_probes)]
    off = sum(s.end - s.start for s in who.spells if s.kind is Kind.STOPPED)
    return Lived(
        weeks=(client.clock.awake - off) / WEEK,
        looked=tuple(after for looked, after in delays if looked and after < inf),
        returned=tuple(after for looked, after in delays if not looked and after < inf),
        false=len(stray),
        office=sum(start <= s.t < end for s in stray for start, end in who.office),
        offline=score.while_offline,
        told=sum(map(bool, starts)),
        twice=sum(len(s) - 1 for s in starts if s),
        lost=sum(after == inf for _, after in delays) - held_back + score.disorder + score.left_open,
        held_back=held_back,
        dated=tuple(
            _is_right(d)
            for t in troubles
            if t.plain and t.begins == t.first
            for d in find_dates(t, score, diary.readings, inf)
            if d.starts
        ),
        meanwhile=tuple(_meanwhile(postings, who, diary.told)),
        unasked=diary.unasked,
        pause=diary.pause,
    )


def join_unseen(troubles: Iterable[Trouble], away: Sequence[Span]) -> list[Trouble]:
    """The troubles, those as one that an open incident brought again before anybody could read that it had eased."""
    found: list[Trouble] = []
    for trouble in troubles:
        before = found[-1] if found else None
        if (
            before is not None
            and before.product == trouble.product
            and trouble.first < before.resolved
            and any(gone < before.last and trouble.first < back for gone, back in away)
        ):
            plain = before.plain and trouble.plain
            found[-1] = replace(before, last=trouble.last, resolved=trouble.resolved, plain=plain)
        else:
            found.append(trouble)
    return found


def _by_trouble(troubles: Sequence[Trouble], starts: Sequence[Told]) -> list[list[Told]]:
    """The starts of each trouble; one that may belong to two belongs to the later."""
    found: list[list[Told]] = [[] for _ in troubles]
    for start in starts:
        for product in start.products:
            mine = [
                n
                for n, t in enumerate(troubles)
                if t.product == product and t.begins <= start.t <= t.last + 10 * MINUTE
            ]
            if mine:
                found[max(mine, key=lambda n: troubles[n].first)].append(start)
    return found


Delay = tuple[bool, float]
"""Whether it had looked for a while when it was posted, and seconds from when it could be read to the start told."""


def measure_delay(trouble: Trouble, told: float | None, away: Sequence[Span]) -> Delay | None:
    """None where the page could not be read for long enough while it said so; infinity where it was not told."""
    at = trouble.first
    for gone, back in [*away, (inf, inf)]:
        if back <= at:
            continue
        if min(gone, trouble.last) - at >= SHORTEST:
            break
        at = back
        if at >= trouble.last:
            return None
    just_back = any(back <= at < back + _AT_HOME for _, back in away)
    return not just_back, inf if told is None else max(0.0, told - at)


def is_held_back(trouble: Trouble, sent: Iterable[Told]) -> bool:
    """Whether law 8 lets nothing be told of it: there were six notifications of its product in the day before its end."""
    day = [one for one in sent if trouble.last - DAY < one.t <= trouble.last]
    return sum(trouble.product in one.products for one in day) >= SHIPPED.cap_per_day


def _is_right(one: Dated) -> bool:
    return max(one.since, one.length) <= 2 * MINUTE


def _meanwhile(postings: Sequence[Posting], who: Person, told: Sequence[Transition]) -> Iterator[bool]:
    """Of each incident that came and went while nobody looked, and says whom it concerns, whether it was told."""
    heard = {i for one in told for part in (one, *one.parts, *one.members) for i in part.incidents}
    gaps = who.away()
    for posting in postings:
        bad = ladder_rank(posting.impact) >= ladder_rank(State.PARTIAL)
        concerns = any(name in posting.name for name in SHIPPED.follow)
        within = any(
            end - start > _NAP and start < posting.begins and posting.ends < end - _LISTED
            for start, end in gaps
        )
        if bad and concerns and within:
            yield posting.id in heard


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Each week another one of the recorded years, until all have had their turn."""
    recorded = history.weeks()
    chance(seed, "lives").shuffle(recorded)
    for number in range(size.lives):
        week = recorded[number % len(recorded)]
        yield Job(("lives", "person", PROGRAM.name), partial(_one, week, (seed, "life", number)))


def _one(week: Sequence[Posting], seed: object) -> list[Lived]:
    return [life(week, seed)]


def rows(results: Results) -> list[Row]:
    """What goes wrong for people."""
    lived: list[Lived] = results["lives", "person", PROGRAM.name]
    weeks = sum(one.weeks for one in lived)
    looked = [d for one in lived for d in one.looked]
    returned = [d for one in lived for d in one.returned]
    right = [r for one in lived for r in one.dated]
    meanwhile = [m for one in lived for m in one.meanwhile]
    told = sum(one.told for one in lived)
    late = sum(d > _LATE for d in (*looked, *returned))
    of = f"{len(lived)} lives of a week and more; "
    return [
        Row("a person's weeks: told late: posted while it polled, to the notification, p95", quantile(looked, 0.95), "s", 212.0, 0, of + ASSUMED),
        Row("a person's weeks: told late: running at the return, to the notification, p95", quantile(returned, 0.95), "s", 265.0, 0, "back from sleep, a stop, a tunnel or a blocked page"),
        Row("a person's weeks: told late: later than 6 min", share(late, len(looked) + len(returned)), "share", 0.0, 3, "a poll that is missed costs an interval"),
        Row("a person's weeks: told falsely", rate(sum(o.false for o in lived), weeks), "a client-week", 0.15, 3, "the budget of weeks on a normal line"),
        Row("… in the office that blocks OpenAI", rate(sum(o.office for o in lived), weeks), "a client-week", 0.0, 3),
        Row("… while offline", rate(sum(o.offline for o in lived), weeks), "a client-week", 0.0, 3),
        Row("a person's weeks: told twice", rate(sum(o.twice for o in lived), told), "an outage told", 0.05, 3, "the budget of flaps in the recorded years"),
        Row("a person's weeks: lost: read for 5 min and not told; starts without end, ends without start", rate(sum(o.lost for o in lived), 1.0), "in all", 0.0),
        Row("a person's weeks: read for 5 min and only shown, as six notifications of that product had come in a day", rate(sum(o.held_back for o in lived), 1.0), "in all", assumed="law 8"),
        Row("a person's weeks: since and length within 2 min of what the readings allow", share(sum(right), len(right)), "share", 1.0, 3, "as bad throughout, seen by no probe; an end that nobody saw: within the time that is said", at_least=True),
        Row("a person's weeks: came and went while it slept, was off or was kept from the page: told on the return", share(sum(meanwhile), len(meanwhile)), "share", 1.0, 3, f"over 5 min before the return, as the list of past incidents is behind; {history.NAMED:.0%} of incidents name their products, the others are left out", at_least=True),
        Row("a person's weeks: rounds that find the page unasked for longer than law 1 allows", rate(sum(o.unasked for o in lived), weeks), "a client-week", 0.0, 0, "132 s, after a miss 15 min"),
        Row("a person's weeks: the longest time awake without asking the page", exactly(max((o.pause for o in lived), default=0.0)), "s"),
    ]  # fmt: skip
