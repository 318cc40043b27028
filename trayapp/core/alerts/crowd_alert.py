"""Decides whether many reports are notified by themselves: only if the person wants that, once, and seldom (law 8)."""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.alerts.eligibility import DAY_SECONDS, is_held_back, recent_times
from trayapp.core.crowd.votes import VOTE
from trayapp.core.state.memory import Memory
from trayapp.model import Level, RoundTerms, Verdict


def record_crowd_notification(memory: Memory, verdict: Verdict, terms: RoundTerms) -> Memory | None:
    """Returns the memory in which the reports count as notified; None if they are not to be notified now."""
    now, limits = terms.now, terms.limits
    crowd = memory.crowd
    if not limits.crowd_notify or crowd is None or not crowd.spells or not verdict.is_reported_by_people:
        return None
    if limits.level is Level.NOTHING or is_held_back(memory, terms):
        return None
    told = recent_times(crowd.told, now.wall, DAY_SECONDS)
    names = [p.name for p in verdict.products if p.reported_by_people]
    # They share the day's cap with what was notified of the product itself, and flap as it does.
    kept = [memory.saved.products[name].notified for name in names if name in memory.saved.products]
    sent = [one.at for notified in kept for one in notified]
    if len(told) + len(recent_times(sent, now.wall, DAY_SECONDS)) >= limits.cap_per_day:
        return None
    if told and (max(told) >= crowd.spells[-1].began or now.wall - max(told) < VOTE):
        return None
    return replace(memory, crowd=replace(crowd, told=(*told, now.wall)))
