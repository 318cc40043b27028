"""The numbers by which the judge decides: intervals, spans, thresholds (`docs/law.md`) and the person's choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from trayapp.model import defaults
from trayapp.model.levels import Level
from trayapp.model.probes import ProbeSpec


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of local time each day; it passes midnight when `start` is later than `end`."""

    start: time
    end: time


class Hush(StrEnum):
    """Which notifications the quiet hours hold back now."""

    NOTHING = "nothing"
    ALL_BUT_MAJOR = "all_but_major"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AboutMe:
    """The person's plan and region: an incident whose title names only others is shown but not notified."""

    plan: tuple[str, ...] = ()
    """The person's plans; empty, or "any", for all."""
    region: tuple[str, ...] = ()
    """The person's continents, EU, APAC or countries; empty, or "any", for all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """All numbers and choices that the core uses. `docs/law.md` explains the spans and thresholds. Times: seconds."""

    follow: tuple[str, ...] = defaults.FOLLOW
    ignore: tuple[str, ...] = ()
    """Components that do not count for the state of their product."""
    probes: tuple[ProbeSpec, ...] = ()
    level: Level = defaults.LEVEL
    hush: Hush = Hush.NOTHING
    """The notifications that quiet hours hold back in this round, by the local time."""
    me: AboutMe = AboutMe()
    crowd: tuple[str, ...] = ()
    """The sources that are asked how many other people report trouble; without one, their word has no effect."""
    crowd_notify: bool = False
    """Whether many reports are notified by themselves."""
    page_interval: float = defaults.PAGE_INTERVAL
    page_interval_in_trouble: float = defaults.PAGE_INTERVAL_IN_TROUBLE

    # Law 1: how old a reading may be, and how long the page may go without a request.
    stale_intervals: int = 3
    stale_at_least: float = 600.0
    longest_cache_control: float = 300.0
    backoff_base: float = 30.0
    backoff_cap: float = 900.0
    retry_after_cap: float = 600.0
    retry_after_cap_repeated: float = 3600.0
    # Law 3: the time between two readings.
    second_reading_after: float = 20.0
    end_readings_span: float = 60.0
    caches_differ_for: float = 60.0
    """How long the page's caches may give the old status after a change; after a relapse the page is polled every 20 s."""
    # Law 4: how long an incident that names no component waits for the native feed.
    feed_wait: float = 90.0
    feed_misses: int = 2
    feed_within: float = 2.0
    feed_interval: float = 300.0
    late_feed_interval: float = 900.0
    calm_feed_interval: float = 3600.0
    """The interval at which the native feed and the list of past incidents are read on a calm day."""
    feed_is_recent: float = 1000.0
    # Law 5: suspicion.
    failure_step: float = 3.40
    odd_step: float = 1.70
    alive_step: float = 0.35
    score_max: float = 11.0
    score_halves_after: float = 600.0
    evidence_lifetime: float = 600.0
    alarm_score: float = 9.0
    alarm_failures: int = 3
    alarm_span: float = 105.0
    alarm_span_max: float = 315.0
    alarm_span_per_percent: float = 60.0
    alarm_recent: float = 120.0
    page_proves_for: float = 120.0
    page_proof_wait: float = 300.0
    bad_line: float = 0.01
    bad_line_share: float = 0.8
    bad_line_polls: int = 5
    alarm_lapses_after: float = 3600.0
    checking_failures: int = 2
    burst_interval: float = 24.0
    burst_looks: int = 9
    slow_burst_interval: float = 40.0
    bucket_size: float = 40.0
    bucket_per_hour: float = 20.0
    answered_within: float = 7 * 86_400.0
    networks: int = 20
    maintenance_covers_at_most: float = 12 * 3600.0
    # Law 6: the person's connection.
    grace: float = 60.0
    clock_jump: float = 30.0
    pause_jump: float = 600.0
    pause_jump_max: float = 7 * 86_400.0
    edge_told_after: float = 600.0
    # Law 7: ends.
    probe_interval_in_trouble: float = 40.0
    end_risk: float = 0.0005
    end_answers_least: int = 4
    end_answers_most: int = 24
    end_answer_spacing: float = 35.0
    """Probes come every 40 s, and up to 5 s early when another request is due."""
    end_waits: float = 60.0
    easing_waits: float = 180.0
    """As long as the fewest answers that end a suspicion take, so that the end alone is notified and no easing before it."""
    answers_shown: int = 3
    past_waits: float = 600.0
    outages_apart: float = 300.0
    """How long a product must have been fine between two outages of an absence, so that they are two."""
    # Law 8: quiet.
    flap_changes: int = 4
    flap_window: float = 3600.0
    flap_calm: float = 1800.0
    reopen_window: float = 1800.0
    cap_per_day: int = 6
    major_exempt_every: float = 3600.0
    major_passes_quiet_after: float = 1800.0
    # The check with the person's own key, where it is on.
    answers_after_failure: tuple[float, ...] = (30.0, 90.0, 180.0)
    """When the check is repeated, counted from the first failure; later every `answers_in_doubt`."""
    answers_in_doubt: float = 300.0
    answers_recent: float = 330.0
    """As `alarm_recent`, for this check, which asks every five minutes."""
    answers_to_end: int = 3
    answers_a_day: int = 150
    # The intervals in a trouble that lasts.
    late_after: float = 7200.0
    late_probe_interval: float = 100.0
    late_page_interval: float = defaults.PAGE_INTERVAL
    jitter: float = 0.10
