"""Takes in what one time of asking brought, and records what is shown of it: the last day's curve, and when many reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trayapp.core.crowd.votes import VOTE, CrowdMemory, add_counts, judge_crowd
from trayapp.model.crowd import CrowdCurve, CrowdReport, CrowdSpell, CrowdVerdict, CrowdWord

QUARTER = timedelta(minutes=15)
QUARTERS = 96
"""A day of them."""
KEEP_SPELLS_FOR = timedelta(days=400)
_MOST_SPELLS = 200


def add_report(memory: CrowdMemory, report: CrowdReport, at: datetime) -> CrowdMemory:
    """Takes in counts and trend, and records curves and spells."""
    memory = add_counts(memory, report.counts)
    curves = {
        **memory.curves,
        **{c.source: add_to_curve(memory.curves.get(c.source), at, c.people) for c in report.counts},
    }
    if report.trend is not None:
        memory = replace(memory, trend=report.trend, trend_at=at)
    return replace(memory, curves=curves, spells=_add_to_spells(memory.spells, judge_crowd(memory, at), at))


def add_to_curve(curve: CrowdCurve | None, at: datetime, people: int) -> CrowdCurve:
    """Adds a count to a curve. After a clock was set back by more than a quarter of an hour, a new one begins."""
    quarter = at.astimezone(UTC).replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    if curve is None or len(curve.people) != QUARTERS or curve.newest - quarter > QUARTER:
        curve = CrowdCurve(quarter, (None,) * QUARTERS)
    passed = max((quarter - curve.newest) // QUARTER, 0)
    cells = (*curve.people, *((None,) * min(passed, QUARTERS)))[-QUARTERS:]
    return CrowdCurve(max(quarter, curve.newest), (*cells[:-1], max(cells[-1] or 0, people)))


def _add_to_spells(
    spells: tuple[CrowdSpell, ...], said: CrowdVerdict, at: datetime
) -> tuple[CrowdSpell, ...]:
    """Extends the newest spell while many report, or begins one."""
    if said.word is not CrowdWord.MANY:
        return spells
    kept = tuple(spell for spell in spells if at - spell.lasted_until < KEEP_SPELLS_FOR)[-_MOST_SPELLS:]
    if kept and abs(at - kept[-1].lasted_until) <= VOTE:
        products = tuple(dict.fromkeys((*kept[-1].products, *said.products)))
        return (*kept[:-1], replace(kept[-1], lasted_until=max(at, kept[-1].lasted_until), products=products))
    return (*kept, CrowdSpell(at, at, said.products))
