"""When the native feed and the list of past incidents are asked."""

from __future__ import annotations

from trayapp.core.polling.poll_times import FEED, PAST_INCIDENTS, ROUND_WINDOW, Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.model import Limits


def open_incident_stages(memory: Memory) -> tuple[tuple[str, str], ...]:
    """What makes feed and past worth asking when it changes: open incidents, or an indicator that nothing explains.

    The feed may know whose trouble such an indicator is, and its word counts only while it is recent.
    """
    page = memory.page
    if page is None:
        return ()
    running = tuple(sorted((i.id, i.stage_word) for i in page.incidents if i.is_open))
    explained = running or any(c.state.is_trouble for c in page.components)
    if explained or page.indicator is None or not page.indicator.is_trouble:
        return running
    return (("", str(page.indicator)),)


def feed_due(schedule: Schedule, memory: Memory, limits: Limits) -> list[float]:  # noqa: PLR0911 - a table
    """When the native feed is due: at once for changed incidents, then every 5 min, hourly on a calm day."""
    if memory.page is None or memory.connection in NO_INTERNET:
        return []
    asked = schedule.polled_at.get(FEED)
    if asked is None:
        return []  # it goes with the next poll of the page
    if memory.native_misses >= limits.feed_misses:
        return [asked + limits.calm_feed_interval]
    if memory.native_misses and schedule.incidents:
        return [asked + limits.second_reading_after]
    if schedule.incidents and schedule.incidents_at_feed != schedule.incidents:
        return [schedule.incidents_changed_at + limits.feed_within]
    if schedule.incidents:
        late = asked - schedule.incidents_changed_at >= limits.late_after
        return [asked + (limits.late_feed_interval if late else limits.feed_interval)]
    return [asked + limits.calm_feed_interval * schedule.interval_factors.get(FEED, 1.0)]


def needs_past_incidents(schedule: Schedule, memory: Memory, at: float, limits: Limits) -> bool:
    """Whether the list of past incidents is asked with the page: hourly, and where something has ended.

    Who was away asks for it with each poll until it was read; of a page that has none that is given up after a while.
    """
    asked = schedule.polled_at.get(PAST_INCIDENTS)
    hopes = memory.absent_since is not None or at - memory.returned_at < limits.past_waits
    if asked is None or (memory.is_past_wanted and hopes) or schedule.incidents_at_past != schedule.incidents:
        return True
    return at >= asked + limits.calm_feed_interval - ROUND_WINDOW
