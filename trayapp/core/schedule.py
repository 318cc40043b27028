"""Plans the next poll: when, which sources, and the reason.

Calm polls are jittered by ±10 % so that programs started at the same time do not poll together. A page that
does not answer is polled less and less often (decorrelated back-off), but always within the bound of
law 1 (`docs/law.md`), whatever the plan was made from. A changed state is read again after 20 s, since it
counts only once it was read twice. A probe that failed is polled in a burst, then from a bucket of quick
polls, so that no outage turns its clients into a load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trayapp.core.polling.feed import feed_due, needs_past_incidents, open_incident_stages
from trayapp.core.polling.page import backoff_seconds, count_wait_requests, is_long_trouble, page_due
from trayapp.core.polling.poll_times import FEED, PAGE, PAST_INCIDENTS, ROUND_WINDOW, RandomSource, Schedule
from trayapp.core.polling.probes import probe_due, probes_after_first_failure, refill_tokens
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_round import has_baseline
from trayapp.core.state.product_context import is_page_stale
from trayapp.model import (
    Action,
    Limits,
    Moment,
    Outcome,
    PageReading,
    PollPlan,
    Round,
    RoundTerms,
    SavedProbe,
)


def start_schedule(now: Moment, limits: Limits, dice: RandomSource) -> Schedule:
    """Returns the schedule at start: the page is due at once, each probe at a random phase."""
    asked = {spec.name: now.awake - dice() * spec.interval for spec in limits.probes}
    return Schedule(
        polled_at=asked,
        interval_factors=dict.fromkeys(asked, 1.0),
        tokens=limits.bucket_size,
        tokens_at=now.awake,
    )


def update_schedule(  # noqa: PLR0913, PLR0917 - all that one round changes
    schedule: Schedule,
    memory: Memory,
    round_: Round,
    limits: Limits,
    dice: RandomSource,
    plan: PollPlan | None = None,
) -> Schedule:
    """Updates the schedule after a round that `memory` has already taken in."""
    now = round_.moment.awake
    names = [p.name for p in round_.probes]
    if plan is not None:  # the check with the key has only begun: its result joins a later round
        names += [spec.name for spec in limits.probes if spec.keyed and spec.name in plan.probes]
    if round_.page is not None:
        names.append(PAGE)
    if round_.native is not None:
        names.append(FEED)
    if isinstance(round_.page, PageReading) and (
        round_.page.past_read or (plan is not None and plan.incidents)
    ):
        names.append(PAST_INCIDENTS)
    spread = {name: 1.0 + limits.jitter * (2.0 * dice() - 1.0) for name in names}
    running = open_incident_stages(memory)
    changed = running != schedule.incidents
    if plan is not None and plan.crowd:
        trends_at = now if plan.trends else schedule.trends_asked_at
        luck = _crowd_luck({**schedule.interval_factors, **spread}, limits)
        schedule = replace(schedule, crowd_asked_at=now, trends_asked_at=trends_at, crowd_luck=luck)
    return replace(
        schedule,
        polled_at={**schedule.polled_at, **dict.fromkeys(names, now)},
        interval_factors={**schedule.interval_factors, **spread},
        backoff=backoff_seconds(schedule.backoff, memory, round_, limits, dice),
        wait_requests=count_wait_requests(schedule, round_),
        tokens=refill_tokens(schedule, memory, round_, limits),
        tokens_at=now,
        incidents=running,
        incidents_at_feed=running if round_.native is not None else schedule.incidents_at_feed,
        incidents_at_past=running if PAST_INCIDENTS in names else schedule.incidents_at_past,
        incidents_changed_at=now if changed else schedule.incidents_changed_at,
        immediate_probes=(schedule.immediate_probes - set(names))
        | probes_after_first_failure(schedule, memory, round_, limits),
        failed_at=now if any(p.outcome is Outcome.FAILURE for p in round_.probes) else schedule.failed_at,
        components_missing=not round_.page.whole or (plan is not None and not plan.components)
        if isinstance(round_.page, PageReading)
        else schedule.components_missing,
    )


def _crowd_luck(factors: Mapping[str, float], limits: Limits) -> float:
    """Returns a number from 0 to 1, taken from the newest chance in the page's interval.

    A chance of its own would shift all those that follow: asking others must change nothing else, to the last figure.
    """
    factor = factors.get(PAGE, 1.0)
    return (factor - 1.0) / (2.0 * limits.jitter) + 0.5 if limits.jitter else 0.5


def plan_next_poll(schedule: Schedule, memory: Memory, terms: RoundTerms) -> PollPlan:
    """Plans the next poll: when, whom to ask, and the reason."""
    limits = terms.limits
    page_at, why = page_due(schedule, memory, terms)
    probes_at = {spec.name: probe_due(schedule, memory, spec, terms) for spec in limits.probes}
    feed_at = feed_due(schedule, memory, limits)
    dues = [page_at, *probes_at.values(), *feed_at, *_stale_times(memory, terms)]
    first = max(min(dues), terms.now.awake)
    together = first + ROUND_WINDOW
    probes = tuple(name for name, at in probes_at.items() if at <= together)
    keyed = next((spec.name for spec in limits.probes if spec.keyed), "")
    failing = any(memory.evidence.get(name, Evidence()).is_failing for name in probes if name != keyed)
    proves = (
        memory.page_miss is None
        and first - schedule.polled_at.get(PAGE, first) >= limits.second_reading_after
    )
    page = page_at <= together or (failing and proves)
    plan = PollPlan(
        wait=first - terms.now.awake,
        reason=why
        if page_at <= together
        else f"probes due: {', '.join(probes)}"
        if probes
        else "the native feed is due"
        if feed_at and feed_at[0] <= together
        else "the page's word grows too old",
        page=page,
        incidents=page and needs_past_incidents(schedule, memory, first, limits),
        native=any(at <= together for at in feed_at) or (page and FEED not in schedule.polled_at),
        probes=probes,
        components=page and _needs_components(schedule, memory, terms, is_due=page_at <= together),
        unconditional=memory.absent_since is not None,
        page_if_failing=not page and bool(probes) and proves,
        streamed_here=keyed in probes and _has_streamed_here(memory, keyed, terms),
        network=bool(probes) and not memory.network,
    )
    return _add_crowd(plan, schedule, memory, terms) if limits.crowd else plan


def _add_crowd(plan: PollPlan, schedule: Schedule, memory: Memory, terms: RoundTerms) -> PollPlan:
    """Adds the asking for other people's reports if it is due by then."""
    from trayapp.core.polling.crowd import crowd_due, trends_due  # loaded late: few people ask for it

    at = terms.now.awake + plan.wait
    if crowd_due(schedule, memory, terms) > at:  # sooner, if only by a moment, would be one more in the hour
        return plan
    return replace(plan, crowd=True, trends=trends_due(schedule, memory, at, terms.limits))


def _needs_components(schedule: Schedule, memory: Memory, terms: RoundTerms, *, is_due: bool) -> bool:
    """Whether to poll the list of components too: every second time in long trouble or for proof alone."""
    return (
        schedule.components_missing or memory.page is None or (is_due and not is_long_trouble(memory, terms))
    )


def plan_full_poll(limits: Limits, why: str) -> PollPlan:
    """Plans a poll of every source at once that bypasses caches, but without the probe with the key."""
    return PollPlan(
        wait=0.0,
        reason=why,
        page=True,
        incidents=True,
        native=True,
        # Without the probe that costs money, which has its own rhythm and daily cap.
        probes=tuple(spec.name for spec in limits.probes if not spec.keyed),
        unconditional=True,
        network=True,
    )


def plan_requested_poll(
    act: Action, due: PollPlan | None, schedule: Schedule, memory: Memory, terms: RoundTerms
) -> PollPlan:
    """Plans a full poll for a person's request; for a new answer with the key, the poll due or one now."""
    if act is Action.CHECK:
        return plan_full_poll(terms.limits, "asked for")
    return due or plan_poll_after_key_check(schedule, memory, terms)


def plan_poll_after_key_check(schedule: Schedule, memory: Memory, terms: RoundTerms) -> PollPlan:
    """Plans a poll now to add the result of the check with the key; a failure polls the page too."""
    lately = (
        terms.now.awake - schedule.polled_at.get(PAGE, terms.now.awake) < terms.limits.second_reading_after
    )
    proves = memory.page_miss is None and not lately
    return PollPlan(wait=0.0, reason="an answer has come", page_if_failing=proves, network=not memory.network)


def _has_streamed_here(memory: Memory, name: str, terms: RoundTerms) -> bool:
    return has_baseline(memory, name, memory.saved.probes.get(name, SavedProbe()), terms)


def round_time_limit(planned: PollPlan, limits: Limits, poll_at_most: float) -> float:
    """Returns the seconds until a round is overdue: three intervals, or the planned pause and a poll."""
    return max(limits.stale_intervals * limits.page_interval, planned.wait + poll_at_most)


def _stale_times(memory: Memory, terms: RoundTerms) -> list[float]:
    """Returns when the page reading becomes stale, so that the icon turns grey then, not at the next poll."""
    if memory.page_read_at is None or is_page_stale(memory, terms):
        return []
    return [memory.page_read_at.awake + stale_after(memory, terms.limits) + 0.1]
