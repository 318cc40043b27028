"""Decides whether notified trouble is over, and since when (law 7 of `docs/law.md`)."""

from __future__ import annotations

from datetime import datetime

from trayapp.core.alerts.common_cause import SUSPICION_PREFIX, is_same_thread
from trayapp.core.alerts.eligibility import AlertContext
from trayapp.core.state.memory import Memory
from trayapp.core.state.page_state import fixed_at
from trayapp.core.state.probe_doubts import find_edge_state
from trayapp.core.state.probe_evidence import has_lapsed
from trayapp.core.state.product_context import ProductContext, product_context
from trayapp.core.state.readings import notified_rungs
from trayapp.model import Incident, RoundTerms, State, ladder_rank


def is_below_told(case: AlertContext) -> bool:
    """Whether the product has been better than the notified state for long enough."""
    lasting = case.state.lasting_state
    return (
        case.kept.told is not State.OPERATIONAL
        and lasting is not None
        and ladder_rank(lasting) < ladder_rank(case.kept.told)
        and not _is_waiting_for_past_incidents(case)
    )


def remaining_state(case: AlertContext) -> State:
    """Returns the worst state that is still shown or has not yet been better for long enough."""
    state = case.state
    return max(state.lasting_state or State.OPERATIONAL, state.notifiable_state, key=ladder_rank)


def is_no_longer_known(case: AlertContext) -> bool:
    """Whether for an hour probes learnt nothing of a suspicion, or the page did not list the product."""
    if not case.kept.told.is_trouble:
        return False
    if case.kept.confirmed:
        gone_since = None if case.history is None else case.history.gone_since
        if gone_since is None or case.state.suspected_state is not None:
            return False
        return case.now.awake - gone_since >= case.limits.alarm_lapses_after
    edge = find_edge_state(case)
    if edge is not None and ladder_rank(edge) >= ladder_rank(case.kept.told):
        return False  # that much is known without an alarm
    return bool(case.alarms) and all(has_lapsed(e, case.now, case.limits) for e in case.alarms)


def _is_waiting_for_past_incidents(case: AlertContext) -> bool:
    """Whether it ended during the absence, and the page's list of past incidents may still say when."""
    memory = case.memory
    waited = case.now.awake - memory.returned_at
    return _has_page_changed_while_away(case) and memory.is_past_wanted and waited < case.limits.past_waits


def _has_page_changed_while_away(case: AlertContext) -> bool:
    return case.memory.absence_start is not None and case.has_changed_away


def end_times(case: AlertContext) -> tuple[datetime, datetime | None]:
    """Returns when the trouble ended and, if nobody observed the end, when it was last known to go on."""
    now, memory = case.now.wall, case.memory
    if (posted := _posted_end_while_away(case)) is not None:
        return posted, None
    if _has_page_changed_while_away(case) and not _has_begun_since_last_reading(case):
        dated = _incidents_ended_at(case)
        if dated is not None:
            return dated, None
        ended, told_at, unread_since = _rung_left_at(case) or now, case.kept.told_at, memory.unread_since
        # A cache's copy is older than what was told by it.
        was_told_later = unread_since and told_at and unread_since < told_at <= ended
        return ended, told_at if was_told_later else unread_since
    began = case.kept.told_since
    back = [
        e.first_answer_at
        for e in case.evidence
        if e.first_answer_at is not None and (began is None or e.first_answer_at >= began)
    ]
    left = _rung_left_at(case)
    # A page that never was as bad left that rung before all of this began: its date is not the end.
    dates = [at for at in (left, *back) if at is not None and (began or at) <= at <= now]
    # Nor is a date from before nobody looked: until then it was known to go on.
    unseen_since = _unobserved_since(case)
    return max((at for at in dates if unseen_since is None or at >= unseen_since), default=now), unseen_since


def _has_begun_since_last_reading(case: AlertContext) -> bool:
    """Whether only probes showed the trouble, and it began after the page was last read: the page's change is no end of it."""
    kept, unread_since = case.kept, case.memory.unread_since
    began_later = kept.told_since is not None and unread_since is not None and kept.told_since > unread_since
    return began_later and not kept.confirmed


def _unobserved_since(case: AlertContext) -> datetime | None:
    """Returns since when nobody saw trouble go on that OpenAI never posted, if it ended while nobody polled."""
    memory, told_at = case.memory, case.kept.told_at
    if case.kept.confirmed or memory.is_absence_unread or memory.absence_start is None:
        return None
    if told_at is None or told_at <= memory.absence_start:
        return memory.absence_start
    was_away_since = memory.newest_gap is not None and memory.newest_gap >= told_at
    return told_at if was_away_since else None


def _rung_left_at(case: AlertContext) -> datetime | None:
    """Returns when the page's readings became better than the notified state."""
    history = case.history
    if history is None:
        return None
    rung = notified_rungs(history, case.kept)[ladder_rank(case.kept.told)]
    fine_since = case.kept.reached[0] if case.kept.reached else None
    if rung.is_first_reading and not history.changed_away:
        return fine_since  # the first reading saw no end: it was fine before the absence
    return None if rung.is_reached else rung.since_wall


def _incidents_ended_at(case: AlertContext) -> datetime | None:
    """Returns when the last of the notified incidents ended by its posts; None if one goes on or has no such date."""
    fix_ends = not case.kept.only_shown
    incidents = notified_incidents(case)
    ends = [(fixed_at(i) if fix_ends else None) if i.is_open else i.resolved_at for i in incidents]
    dates = [at for at in ends if at is not None and at <= case.now.wall]
    return max(dates) if dates and len(dates) == len(ends) else None


def notified_incidents(case: AlertContext) -> list[Incident]:
    """Returns what the notification was about; what is milder than the notified state only if nothing else is."""
    known = [i for i in listed_incidents(case.memory) if i.id in case.kept.told_incidents]
    return [i for i in known if ladder_rank(i.impact) >= ladder_rank(case.kept.told)] or known


def listed_incidents(memory: Memory) -> tuple[Incident, ...]:
    """Returns the open incidents of the page, and those that are over as last read."""
    open_now = tuple(i for i in memory.page.incidents if i.is_open) if memory.page is not None else ()
    return (*open_now, *memory.past_incidents)


def has_ended_while_away(case: AlertContext) -> bool:
    """Whether the page ended the trouble during the absence."""
    return case.kept.confirmed and (case.has_changed_away or _posted_end_while_away(case) is not None)


def _posted_end_while_away(case: AlertContext) -> datetime | None:
    """Returns when OpenAI's incident ended, if that was during the absence and only probes had raised it.

    If the program ran meanwhile, its own probes have seen the end.
    """
    kept, memory = case.kept, case.memory
    if (
        memory.absence_start is None
        or memory.is_absence_unread
        or not kept.confirmed
        or not kept.thread.startswith(SUSPICION_PREFIX)
    ):
        return None
    over = {i.id for i in memory.past_incidents if not i.is_open}
    ended = _incidents_ended_at(case) if over.issuperset(kept.told_incidents) else None
    return ended if ended is not None and ended > memory.absence_start else None


def is_end_postponed(case: AlertContext, due_since: float, *, eased: bool) -> bool:
    """Whether the end waits for a short time so that one cause is notified with one end."""
    if _is_waiting_for_other_product(case, due_since):
        return True
    return eased and (_is_waiting_for_answers(case, due_since) or _is_waiting_for_full_end(case, due_since))


def _is_waiting_for_other_product(case: AlertContext, due_since: float) -> bool:
    """Whether the end waits for another product with the same cause whose answers already count."""
    if case.now.awake - due_since >= case.limits.end_waits:
        return False
    return any(
        kept.told.is_trouble
        and _is_answered(product_context(case.memory, name, RoundTerms(case.now, case.limits)))
        for name, kept in case.memory.saved.products.items()
        if name != case.name and is_same_thread(kept.thread, case.kept.thread) and name in case.limits.follow
    )


def _is_waiting_for_answers(case: AlertContext, due_since: float) -> bool:
    """Whether an easing waits because only probes see the remaining trouble and they are answered again."""
    if (
        case.now.awake - due_since >= case.limits.easing_waits
        or case.state.reading.notifiable_state.is_trouble
    ):
        return False
    return _is_answered(case)


def _is_waiting_for_full_end(case: AlertContext, due_since: float) -> bool:
    """Whether an easing waits because the newest reading no longer reports the trouble that would remain."""
    if case.now.awake - due_since >= case.limits.easing_waits or case.state.suspected_state is not None:
        return False
    return ladder_rank(case.state.reading.notifiable_state) < ladder_rank(remaining_state(case))


def _is_answered(context: ProductContext) -> bool:
    """Whether each probe that raised an alarm is answered again."""
    return bool(context.alarms) and all(e.answers_in_row > 0 for e in context.alarms)


def is_reopened(case: AlertContext) -> bool:
    """Whether an incident whose trouble ended within the last half hour is open again."""
    ended = case.kept.ended_at
    if ended is None or abs((case.now.wall - ended).total_seconds()) > case.limits.reopen_window:
        return False
    return any(i in case.kept.ended_incidents for i in case.reading.incidents)
