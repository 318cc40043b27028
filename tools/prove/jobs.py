"""Pieces of work for two processes, and how much of it there is."""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from multiprocessing import Pool
from typing import Any

PROCESSES = 2
_WHOLE_WEEKS = 20.0
"""Client-weeks from which on a week of one thing is a whole one."""
Key = tuple[str, str, str]
"""The kind of work, what it is about, and the subject's name."""
Results = dict[Key, list[Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is lived through."""

    weeks: float
    trials: int
    courses: int
    shows: int
    days: int = 7
    """How long a week is: fewer in a run so small that only its form counts."""
    lives: int = 1
    """Weeks of a person's life."""

    @classmethod
    def of(cls, weeks: float) -> Size:
        """Everything in proportion to the weeks of noise."""
        return cls(
            weeks,
            trials=max(20, int(weeks * 5)),
            courses=max(5, int(weeks * 0.3)),
            shows=max(1, int(weeks * 0.025)),
            days=7 if weeks >= _WHOLE_WEEKS else 2,
            # Five times as many weeks of noise go with ten times as many lives: noise is the dearer of the two.
            lives=max(1, round(50 * (weeks / 200) ** log(10, 5))),
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work; what it returns is added to the results under its key."""

    key: Key
    work: Callable[[], Sequence[Any]]


def repeat_job(
    key: Key, work: Callable[[object], Any], number: int, seed: int, at_once: int
) -> Iterator[Job]:
    """The same so many times, each with a seed of its own, cut into pieces."""
    for first in range(0, number, at_once):
        seeds = [(seed, key[1], n) for n in range(first, min(number, first + at_once))]
        yield Job(key, partial(_each, work, seeds))


def _each(work: Callable[[object], Any], seeds: Sequence[object]) -> list[Any]:
    return [work(seed) for seed in seeds]


def run_jobs(jobs: Sequence[Job], processes: int = PROCESSES) -> Results:
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
