"""Decides when other people's reports are asked for: with a round that is due anyway, so that nothing wakes the computer."""

from __future__ import annotations

import math
from datetime import timedelta

from trayapp.core.crowd.rhythm import requests_of, seconds_to_wait, seldom_requests_of
from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.trouble import has_trouble
from trayapp.model import Limits, RoundTerms
from trayapp.model.crowd import CrowdSource

TRENDS_SECONDS = 1800.0
"""The least time between two requests for a country's list of searches."""


def crowd_due(schedule: Schedule, memory: Memory, terms: RoundTerms) -> float:
    """Returns when they are due (`Moment.awake`); never while offline or paused."""
    now = terms.now
    paused = memory.saved.paused_until
    if memory.crowd is None or memory.connection in NO_INTERNET or (paused is not None and paused > now.wall):
        return math.inf
    ago = now.awake - schedule.failed_at
    failed_at = now.wall - timedelta(seconds=ago) if math.isfinite(ago) else None
    wait = seconds_to_wait(
        memory.crowd,
        now.wall,
        failed_at,
        requests_of(terms.limits.crowd),
        schedule.crowd_luck,
        seldom_requests_of(terms.limits.crowd),
    )
    if schedule.crowd_asked_at is not None:
        return max(schedule.crowd_asked_at + wait, memory.grace_until)
    # A program that was started anew does not ask sooner than the one before would have.
    read = [source.read_at for source in memory.crowd.sources.values() if source.read_at <= now.wall]
    since = (now.wall - max(read)).total_seconds() if read else wait
    return max(now.awake + max(wait - since, 0.0), memory.grace_until)


def trends_due(schedule: Schedule, memory: Memory, at: float, limits: Limits) -> bool:
    """Whether a country's list of searches is asked for too: only while trouble shows."""
    return (
        CrowdSource.TRENDS in limits.crowd
        and at - schedule.trends_asked_at >= TRENDS_SECONDS
        and has_trouble(memory, limits)
    )
