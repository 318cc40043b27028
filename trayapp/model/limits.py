"""What the judge goes by: intervals, spans, thresholds and the person's own wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from trayapp.model.rounds import ProbeSpec


class Level(StrEnum):
    """What a person wants to be told."""

    OUTAGES = "outages"
    PROBLEMS = "problems"
    EVERYTHING = "everything"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of local time each day, over midnight when it starts later than it ends."""

    start: time
    end: time


class Hush(StrEnum):
    """What quiet hours hold back now."""

    NOTHING = "nothing"
    ALL_BUT_MAJOR = "all_but_major"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Limits:
    """Every number and choice the core goes by. DESIGN's law gives the defaults."""

    follow: tuple[str, ...] = ("ChatGPT", "APIs", "Codex")
    probes: tuple[ProbeSpec, ...] = ()
    level: Level = Level.OUTAGES
    hush: Hush = Hush.NOTHING
    """In this round: the clock on the wall decides."""
    page_interval: float = 120.0
    page_interval_in_trouble: float = 60.0

    # law 1
    stale_intervals: int = 3
    stale_at_least: float = 600.0
    # law 3
    same_word_after: float = 20.0
    slower_cache: float = 120.0
    # law 5
    failure_step: float = 3.40
    odd_step: float = 1.70
    alive_step: float = 0.35
    score_max: float = 11.0
    alarm_score: float = 9.0
    alarm_failures: int = 3
    alarm_span: float = 105.0
    alarm_span_max: float = 315.0
    alarm_span_per_percent: float = 60.0
    checking_failures: int = 2
    burst_interval: float = 22.0
    burst_looks: int = 9
    slow_burst_interval: float = 40.0
    bucket_size: float = 40.0
    bucket_per_hour: float = 20.0
    # law 6
    grace: float = 60.0
    clock_jump: float = 30.0
    # law 7
    clear_page_span: float = 60.0
    clear_alive: int = 12
    clear_alive_span: float = 600.0
    probe_interval_suspected: float = 60.0
    # law 8
    flap_changes: int = 4
    flap_window: float = 3600.0
    flap_calm: float = 1800.0
    reopen_window: float = 1800.0
    cap_per_day: int = 6
    # rhythm
    jitter: float = 0.10
    backoff_base: float = 30.0
    backoff_cap: float = 900.0
    retry_after_cap: float = 3600.0
    slow_feed_interval: float = 3600.0
    """How often the native feed and the list of past incidents are read on a calm day."""
