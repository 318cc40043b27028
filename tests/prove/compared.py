"""The program beside what it would be without one of its parts."""

from __future__ import annotations

from tests.prove import noise, outage
from tests.prove.budgets import flaps, weekly
from tests.prove.figures import mean, quantile, share
from tests.prove.jobs import Results
from tests.prove.rows import Row
from tests.prove.subject import PAGE_ONLY, PROGRAM, SUBJECTS, Subject

_A_WEEK = "a client-week"


def ablations(results: Results) -> dict[str, list[Row]]:
    """The same figures of the program and of each ablation, on the same worlds."""
    return {
        s.name: [*_noise(results, s), *_unposted(results, s), *_posted(results, s), *_quarter(results, s)]
        for s in SUBJECTS
    }


def _noise(results: Results, subject: Subject) -> list[Row]:
    found = results["weeks", noise.NORMAL.name, subject.name]
    return [
        Row("false starts, normal line", weekly(found, "starts"), _A_WEEK, digits=2),
        Row("false notifications, normal line", weekly(found, "notices"), _A_WEEK, digits=2),
        Row("wrong cause: told while offline", weekly(found, "while_offline"), _A_WEEK, digits=2),
    ]


def _unposted(results: Results, subject: Subject) -> list[Row]:
    rows = []
    for kind in (outage.FULL_API, outage.QUARTER_API):
        told = [t.told for t in results["unposted", kind.name, subject.name]]
        if told:
            rows += [
                Row(f"unposted, {kind.name}: notified, {n}", quantile(told, q), "s") for n, q in _QUANTILES
            ]
    return rows


_QUANTILES = (("median", 0.5), ("p95", 0.95))


def _posted(results: Results, subject: Subject) -> list[Row]:
    rows = []
    for kind in (outage.FULL_API, outage.QUARTER_API):
        found, what = results["posted", kind.name, subject.name], f"posted, {kind.name}"
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
    found = results["whole", outage.QUARTER_API.name, subject.name]
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


def replayed(results: Results) -> dict[str, list[Row]]:
    """What years of incidents told, with and without probes."""
    return {s.name: _replayed(results, s) for s in (PROGRAM, PAGE_ONLY)}


def _replayed(results: Results, subject: Subject) -> list[Row]:
    found = results["replay", "history", subject.name]
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
        Row("end told after the page's, median", quantile(cleared, 0.5), "s"),
        Row("end told after the page's, p95", quantile(cleared, 0.95), "s"),
    ]
