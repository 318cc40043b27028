"""Decides when to poll the native feed and the list of past incidents."""

from __future__ import annotations

from trayapp.core.polling.poll_times import FEED, PAST_INCIDENTS, ROUND_WINDOW, Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.page_state import unexplained_indicator
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.model import Limits


def open_incident_stages(memory: Memory) -> tuple[tuple[str, str], ...]:
    """Returns the open incidents with their stages; a change of them makes feed and past incidents due.

    An indicator that nothing explains counts as one: the feed may know which product it means, while recent.
    """
    page = memory.page
    if page is None:
        return ()
    running = tuple(sorted((i.id, i.stage_word) for i in page.incidents if i.is_open))
    unexplained = unexplained_indicator(page)
    return running if unexplained is None else (*running, ("", str(unexplained)))


def feed_due(schedule: Schedule, memory: Memory, limits: Limits) -> list[float]:  # noqa: PLR0911 - a table
    """Returns when the feed is due: at once for changed incidents, then every 5 min, hourly on a calm day."""
    if memory.page is None or memory.connection in NO_INTERNET:
        return []
    asked = schedule.polled_at.get(FEED)
    if asked is None:
        return []  # it is polled with the next poll of the page
    if schedule.incidents and schedule.incidents_at_feed != schedule.incidents:
        return [schedule.incidents_changed_at + limits.feed_within]
    if memory.native_misses >= limits.feed_misses:
        return [asked + limits.calm_feed_interval]
    if memory.native_misses and schedule.incidents:
        return [asked + limits.second_reading_after]
    if schedule.incidents:
        late = asked - schedule.incidents_changed_at >= limits.late_after
        return [asked + (limits.late_feed_interval if late else limits.feed_interval)]
    return [asked + limits.calm_feed_interval * schedule.interval_factors.get(FEED, 1.0)]


def needs_past_incidents(schedule: Schedule, memory: Memory, at: float, limits: Limits) -> bool:
    """Whether to poll the list of past incidents with the page: hourly, and when an incident has changed.

    After an absence each poll includes it until it was read; if the page has none, that ends after a while.
    """
    asked = schedule.polled_at.get(PAST_INCIDENTS)
    hopes = memory.absent_since is not None or at - memory.returned_at < limits.past_waits
    if asked is None or (memory.is_past_wanted and hopes) or schedule.incidents_at_past != schedule.incidents:
        return True
    return at >= asked + limits.calm_feed_interval - ROUND_WINDOW
