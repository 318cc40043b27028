"""All that is lived through for one report, cut into pieces of work for two processes."""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool
from typing import Any

from tests.prove import films, history, noise, noisy, outage, replay
from tests.prove.pages import Posting
from tests.prove.subject import NO_GATE, PAGE_ONLY, PROGRAM, SUBJECTS, THREE_IN_A_ROW, Subject

PROCESSES = 2
CLIENT_WEEKS = 5.0
"""Weeks that one client lives: long enough to learn its line, short enough to share out the work."""
BATCH = 50
Key = tuple[str, str, str]
"""The kind of work, what it is about, and the subject's name."""
Results = dict[Key, list[Any]]
SHORT, LONG = 3600.0, 7200.0
"""How long whole outages last, in seconds."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is lived through."""

    weeks: float
    trials: int
    courses: int
    shows: int

    @classmethod
    def of(cls, weeks: float) -> Size:
        """Everything in proportion to the weeks of noise."""
        return cls(weeks, max(20, int(weeks * 5)), max(5, int(weeks * 0.3)), max(1, int(weeks * 0.025)))


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work; what it returns is added to the results under its key."""

    key: Key
    work: Callable[[], Sequence[Any]]


def plan(size: Size, postings: Sequence[Posting], seed: int) -> list[Job]:
    """All pieces of work, the longest first."""
    chunks = history.chunks(postings, 20)
    return [
        *(j for s in (PROGRAM, PAGE_ONLY) for j in _replays(chunks, s, seed)),
        *_all_weeks(size, seed),
        *_all_courses(size, seed),
        *(_shows(f, size.shows, PROGRAM, seed) for f in films.FILMS),
        *_all_trials(size, seed),
    ]


def _all_weeks(size: Size, seed: int) -> Iterator[Job]:
    # Where much is told, as on a bad line or without a part of the program, fewer weeks say as much.
    for kind, part in (
        (noise.BAD, 0.1), (noise.CLEAN, 1.0), (noise.NORMAL, 1.0), (noise.SLIP_1, 0.6), (noise.SLIP_5, 0.2),
        (noise.OWN_FAULT, 0.2), (noise.ANSWERS, 0.1),
    ):  # fmt: skip
        yield from _weeks(kind, size.weeks * part, PROGRAM, seed)
    for subject, part in ((PAGE_ONLY, 0.1), (NO_GATE, 0.1), (THREE_IN_A_ROW, 0.25)):
        yield from _weeks(noise.NORMAL, size.weeks * part, subject, seed)


def _all_courses(size: Size, seed: int) -> Iterator[Job]:
    for subject in SUBJECTS:
        for kind in (outage.FULL_API, outage.QUARTER_API):
            yield from _courses(kind, LONG, size.courses, subject, seed, posted=True)
    yield from _courses(outage.QUARTER_API, LONG, 3 * size.courses, PROGRAM, seed, posted=False)
    for kind in (outage.FULL_API, outage.FULL_ALL):
        yield from _courses(kind, SHORT, size.courses, PROGRAM, seed, posted=False)
    yield from _courses(outage.QUARTER_API, LONG, size.courses, THREE_IN_A_ROW, seed, posted=False)


def _all_trials(size: Size, seed: int) -> Iterator[Job]:
    for kind in outage.KINDS:
        yield from _trials(kind, size.trials, PROGRAM, seed)
    for kind in (outage.FULL_API, outage.QUARTER_API):
        for subject in (NO_GATE, THREE_IN_A_ROW):
            yield from _trials(kind, max(20, size.trials // 8), subject, seed)


def _weeks(kind: noise.Noise, weeks: float, subject: Subject, seed: int) -> Iterator[Job]:
    number, n = weeks, 0
    while number > 0.0:
        each = min(CLIENT_WEEKS, number)
        yield Job(
            ("weeks", kind.name, subject.name), partial(_one_weeks, kind, subject, each, (seed, kind.name, n))
        )
        number, n = number - each, n + 1


def _one_weeks(kind: noise.Noise, subject: Subject, weeks: float, seed: object) -> list[noisy.Weeks]:
    return [noisy.weeks(kind, subject, weeks, seed)]


def _trials(kind: outage.Outage, number: int, subject: Subject, seed: int) -> Iterator[Job]:
    for first in range(0, number, BATCH):
        seeds = range(first, min(number, first + BATCH))
        yield Job(("unposted", kind.name, subject.name), partial(_some_trials, kind, subject, seed, seeds))


def _some_trials(kind: outage.Outage, subject: Subject, seed: int, numbers: range) -> list[outage.Noticed]:
    return [outage.unposted(kind, subject, (seed, kind.name, n)) for n in numbers]


def _courses(
    kind: outage.Outage, length: float, number: int, subject: Subject, seed: int, *, posted: bool
) -> Iterator[Job]:
    name = "posted" if posted else "whole"
    for first in range(0, number, BATCH // 5):
        seeds = range(first, min(number, first + BATCH // 5))
        yield Job(
            (name, kind.name, subject.name),
            partial(_some_courses, kind, length, subject, posted, seed, seeds),
        )


def _some_courses(  # noqa: PLR0917 - the same
    kind: outage.Outage, length: float, subject: Subject, posted: bool, seed: int, numbers: range
) -> list[outage.Course]:
    return [outage.whole(kind, subject, (seed, kind.name, n), length, posted=posted) for n in numbers]


def _replays(chunks: Sequence[Sequence[Posting]], subject: Subject, seed: int) -> Iterator[Job]:
    for n, chunk in enumerate(chunks):
        yield Job(("replay", "history", subject.name), partial(_one_replay, chunk, subject, (seed, n)))


def _one_replay(chunk: Sequence[Posting], subject: Subject, seed: object) -> list[replay.Replayed]:
    return [replay.replay(chunk, subject, seed)]


def _shows(film: films.Film, number: int, subject: Subject, seed: int) -> Job:
    return Job(("film", film.day, subject.name), partial(_some_shows, film, subject, seed, number))


def _some_shows(film: films.Film, subject: Subject, seed: int, number: int) -> list[films.Shown]:
    return [films.show(film, subject, (seed, film.day, n)) for n in range(number)]


def done(jobs: Sequence[Job], processes: int = PROCESSES) -> Results:
    """The results, in the order of the jobs whoever did them; progress goes to stderr."""
    found: Results = defaultdict(list)
    began = told = time.monotonic()
    with Pool(processes, initializer=gc.disable) as pool:  # values only, no cycles: collecting finds nothing
        for n, (job, values) in enumerate(zip(jobs, pool.imap(_work, jobs), strict=True), 1):
            found[job.key].extend(values)
            if time.monotonic() - told > 1.0:
                told = time.monotonic()
                sys.stderr.write(f"\r{n} of {len(jobs)} pieces of work, {told - began:.0f} s ")
                sys.stderr.flush()
        pool.close()
        pool.join()
    if told > began:
        sys.stderr.write("\n")
    return found


def _work(job: Job) -> Sequence[Any]:
    return job.work()
