"""The recorded years: what a person would have been told of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from tools.prove import history
from tools.prove.figures import Figure, mean, quantile, rate, share
from tools.prove.jobs import Job, Results
from tools.prove.pages import Posting
from tools.prove.replay import Replayed, replay
from tools.prove.rows import Row
from tools.prove.subject import PAGE_ONLY, PROGRAM, Subject

_VISIBLE = (
    "that a probe sees 40 % of critical and 10 % of major ones, half an hour before the page, is assumed"
)


def jobs(postings: Sequence[Posting], seed: int) -> Iterator[Job]:
    """With probes, and a third of it without."""
    chunks = history.chunks(postings, 20)
    for subject in (PROGRAM, PAGE_ONLY):
        for n, chunk in enumerate(chunks):
            if subject is PAGE_ONLY and n % 3:
                continue
            yield Job(("replay", "history", subject.name), partial(_one, chunk, subject, (seed, n)))


def _one(chunk: Sequence[Posting], subject: Subject, seed: object) -> list[Replayed]:
    return [replay(chunk, subject, seed)]


def rows(results: Results) -> list[Row]:
    """What has a budget."""
    found = _results_of(results, PROGRAM)
    dated = [d for r in found for d in r.dated]
    watched = [w for r in found for w in r.watched]
    early = [again for was_early, again in watched if was_early]
    note = (
        f"components are green once a fix is watched (recorded: the posts alone); {len(watched)} such outages"
    )
    return [
        Row(
            "recorded years: outages read twice, not back-dated, as bad throughout: told once",
            share(sum(d.starts == 1 for d in dated), len(dated)), "share", 1.0, 3, history.ASSUMED, at_least=True,
        ),
        Row("… told once, since and length within 2 min of what the readings allow",
            share(sum(d.right for d in dated), len(dated)), "share", 1.0, 3, at_least=True),
        Row("ends while a fix is watched: told early", share(len(early), len(watched)), "share", 0.8, 2, note, at_least=True),
        Row("… and told again after a false one", share(sum(early), len(early)), "share", 0.06, 3),
        Row("starts without end, ends without start, in the recorded years",
            rate(sum(r.disorder + r.left_open for r in found), 1.0), "in all", 0.0),
        Row("flaps in the recorded years", flaps(found), "an incident told", 0.05, 3, _VISIBLE),
    ]  # fmt: skip


def compare_with_probes(results: Results) -> dict[str, list[Row]]:
    """With and without probes, side by side."""
    return {s.name: _replay_rows(_results_of(results, s)) for s in (PROGRAM, PAGE_ONLY)}


def _results_of(results: Results, subject: Subject) -> list[Any]:
    return results["replay", "history", subject.name]


def _replay_rows(found: list[Any]) -> list[Row]:
    starts = [n for r in found for n in r.starts]
    delays, leads = [d for r in found for d in r.delays], [x for r in found for x in r.leads]
    cleared = [c for r in found for c in r.cleared]
    incidents = sum(r.incidents for r in found)
    return [
        Row(
            "troubles of a followed product told",
            share(sum(n > 0 for n in starts), len(starts)),
            "share",
            digits=3,
        ),
        Row("first start after the first post, median", quantile(delays, 0.5), "s"),
        Row("first start after the first post, p95", quantile(delays, 0.95), "s"),
        Row("lead over the page where a probe could see it, median", quantile(leads, 0.5), "s"),
        Row("… told before the page", share(sum(lead > 0 for lead in leads), len(leads)), "share", digits=2),
        Row(
            "notifications",
            mean([r.notices / r.incidents for r in found]),
            f"an incident of {incidents}",
            digits=2,
        ),
        Row("flaps", flaps(found), "a trouble told", digits=3),
        Row(
            "starts that belong to nothing",
            share(sum(r.stray for r in found), sum(starts) or 1),
            "share",
            digits=3,
        ),
        Row("end told after the page took it back, median", quantile(cleared, 0.5), "s"),
        Row("end told after the page took it back, p95", quantile(cleared, 0.95), "s"),
    ]


def flaps(replays: list[Any]) -> Figure:
    """Starts beyond the first of each trouble that was told."""
    starts = [n for r in replays for n in r.starts if n]
    return rate(sum(starts) - len(starts), len(starts))
