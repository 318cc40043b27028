"""The program beside what it would be without one of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from tools.prove import noise, outage
from tools.prove.detection import trials
from tools.prove.ends import LONG, courses, courses_of
from tools.prove.figures import mean, quantile, share
from tools.prove.jobs import Job, Results, Size
from tools.prove.rows import Row
from tools.prove.subject import NO_GATE, PAGE_ONLY, PROGRAM, SUBJECTS, THREE_IN_A_ROW, Subject
from tools.prove.weeks import week_jobs, weekly

_A_WEEK = "a client-week"


_LINE = noise.NORMAL
_KINDS = (outage.FULL_API, outage.QUARTER_API)


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """The ablations' lives, and so many of the program's own as are held against them."""
    for subject, part in ((PROGRAM, 0.25), (PAGE_ONLY, 0.05), (NO_GATE, 0.05), (THREE_IN_A_ROW, 0.15)):
        yield from week_jobs(_LINE, size.weeks * part, subject, seed)
    for subject in SUBJECTS:
        for kind in _KINDS:
            yield from courses(kind, LONG, max(1, size.courses // 3), subject, seed, posted=True)
            if subject is not PAGE_ONLY:
                yield from trials(kind, max(1, size.trials // 16), subject, seed)
    for subject in (PROGRAM, THREE_IN_A_ROW):
        yield from courses(outage.QUARTER_API, LONG, max(1, size.courses // 3), subject, seed)


def ablations(results: Results) -> dict[str, list[Row]]:
    """The same figures of the program and of each ablation, on the same worlds."""
    return {
        s.name: [
            *_noise(results, s),
            *_unposted_rows(results, s),
            *_posted_rows(results, s),
            *_quarter(results, s),
        ]
        for s in SUBJECTS
    }


def _noise(results: Results, subject: Subject) -> list[Row]:
    found = results["weeks", _LINE.name, subject.name]
    return [
        Row("false starts, normal line", weekly(found, "starts"), _A_WEEK, digits=2),
        Row("false notifications, normal line", weekly(found, "notices"), _A_WEEK, digits=2),
        Row("wrong cause: told while offline", weekly(found, "while_offline"), _A_WEEK, digits=2),
    ]


def _unposted_rows(results: Results, subject: Subject) -> list[Row]:
    rows = []
    for kind in _KINDS:
        told = [t.told for t in results["unposted", kind.name, subject.name]]
        if told:
            rows += [
                Row(f"unposted, {kind.name}: notified, {n}", quantile(told, q), "s") for n, q in _QUANTILES
            ]
    return rows


_QUANTILES = (("median", 0.5), ("p95", 0.95))


def _posted_rows(results: Results, subject: Subject) -> list[Row]:
    rows = []
    for kind in _KINDS:
        found, what = courses_of(results, kind, LONG, subject, posted=True), f"posted, {kind.name}"
        leads = [c.lead for c in found]
        rows += [
            Row(f"{what}: notified after the start, median", quantile([c.told for c in found], 0.5), "s"),
            Row(f"{what}: lead over the page, median", quantile(leads, 0.5), "s"),
            Row(f"{what}: told before the page", share(sum(lead > 0 for lead in leads), len(leads)), "share", digits=2),
            Row(f"{what}: notifications", mean([float(c.notices) for c in found]), "an incident", digits=2),
            Row(f"{what}: flaps", mean([float(c.flaps) for c in found]), "an incident", digits=2),
            Row(f"{what}: end told after the true end, median", quantile([c.cleared for c in found], 0.5), "s"),
        ]  # fmt: skip
    return rows


def _quarter(results: Results, subject: Subject) -> list[Row]:
    found = courses_of(results, outage.QUARTER_API, LONG, subject)
    if not found:
        return []
    return [
        Row(
            "unposted quarter outage of 2 h: starts",
            mean([float(c.starts) for c in found]),
            "an outage",
            digits=2,
        ),
        Row("… end told after the true end, median", quantile([c.cleared for c in found], 0.5), "s"),
    ]
