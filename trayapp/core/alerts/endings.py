"""When something told is over, and how long it was: an end belongs to what was told (law 7)."""

from __future__ import annotations

from datetime import datetime

from trayapp.core.alerts.common_cause import SUSPECTED, is_one_thread
from trayapp.core.alerts.eligibility import Case
from trayapp.core.state.memory import Memory, PageWord
from trayapp.core.state.probe_evidence import has_lapsed
from trayapp.core.state.product_state import evidence_of
from trayapp.model import KeptProduct, Limits, State, rank


def is_below_told(case: Case) -> bool:
    """Whether it is, for long enough, not as bad any more as was told."""
    lasting = case.state.lasting
    return (
        case.kept.told is not State.OPERATIONAL
        and lasting is not None
        and rank(lasting) < rank(case.kept.told)
        and not _waits_for_past(case)
    )


def remaining(case: Case) -> State:
    """What is left of it: what still shows, or lasts."""
    state = case.state
    return max(state.lasting or State.OPERATIONAL, state.notifiable, key=rank)


def has_lapsed_unknown(case: Case) -> bool:
    """Whether nobody has learnt anything for an hour of what was suspected, or of what the page lists no more."""
    if not case.kept.told.is_trouble:
        return False
    if case.kept.confirmed:
        history = case.memory.history.get(case.name)
        gone_since = None if history is None else history.gone_since
        if gone_since is None or case.state.suspected is not None:
            return False
        return case.now.awake - gone_since >= case.limits.alarm_lapses_after
    alarms = [e for e in evidence_of(case.memory, case.name, case.limits) if e.alarm]
    return bool(alarms) and all(has_lapsed(e, case.now, case.limits) for e in alarms)


def _waits_for_past(case: Case) -> bool:
    """Whether the page ended it while nobody looked, and its list of past incidents may still say when."""
    memory = case.memory
    waited = case.now.awake - memory.back_at
    return _ended_away(case) and memory.past_wanted and waited < case.limits.past_waits


def _ended_away(case: Case) -> bool:
    history = case.memory.history.get(case.name)
    return case.memory.away_from is not None and history is not None and history.changed_away


def ended_at(case: Case) -> tuple[datetime, datetime | None]:
    """When it was over, and if nobody saw that, when it was last known to go on."""
    now, memory = case.now.wall, case.memory
    if (posted := _posted_and_ended_away(case)) is not None:
        return posted, None
    if _ended_away(case):
        dated = _resolved_at(case)
        return (dated, None) if dated is not None else (_left_rung(case) or now, memory.away_from)
    began = case.kept.told_since
    back = [
        e.back_at
        for e in evidence_of(memory, case.name, case.limits)
        if e.back_at is not None and (began is None or e.back_at >= began)
    ]
    left = _left_rung(case)
    # A page that never was as bad left that rung before all of this began: that dates no end of it.
    dates = [at for at in (left, *back) if at is not None and (began or at) <= at <= now]
    return max(dates, default=now), _unseen_since(case)


def _unseen_since(case: Case) -> datetime | None:
    """Since when nobody looked before an unposted trouble was found to be over."""
    away = case.memory.away_from
    return away if away is not None and not case.kept.confirmed else None


def _left_rung(case: Case) -> datetime | None:
    """When the page's readings left the rung that was told."""
    history = case.memory.history.get(case.name)
    if history is None:
        return None
    rung = history.rungs[rank(case.kept.told)]
    fine_since = case.kept.reached[0] if case.kept.reached else None
    if rung.first and not history.changed_away:
        return fine_since  # the first reading did not see it end: it was fine already before nobody looked
    return None if rung.reached else rung.wall


def _resolved_at(case: Case) -> datetime | None:
    """When the incidents that were told ended, by the page's own list."""
    ends = [i.resolved_at for i in case.memory.past if i.id in case.kept.told_incidents and not i.open]
    return max((at for at in ends if at is not None and at <= case.now.wall), default=None)


def is_ended_away(case: Case) -> bool:
    """Whether the page ended it while nobody looked."""
    history = case.memory.history.get(case.name)
    changed = history is not None and history.changed_away
    return case.kept.confirmed and (changed or _posted_and_ended_away(case) is not None)


def _posted_and_ended_away(case: Case) -> datetime | None:
    """When OpenAI's word on it ended, if that was posted and ended while nobody looked, and only probes had told it."""
    kept, memory = case.kept, case.memory
    if memory.away_from is None or not kept.confirmed or not kept.thread.startswith(SUSPECTED):
        return None
    over = {i.id for i in memory.past if not i.open}
    ended = _resolved_at(case) if over.issuperset(kept.told_incidents) else None
    return ended if ended is not None and ended > memory.away_from else None


def is_end_to_wait(case: Case, due_since: float, *, eased: bool) -> bool:
    """Whether the end waits a little, so that one cause has one."""
    if _waits_for_another(case, due_since):
        return True
    return eased and (_waits_for_answers(case, due_since) or _waits_for_its_end(case, due_since))


def _waits_for_another(case: Case, due_since: float) -> bool:
    """Whether the end waits a little for that of another product with the same cause, whose answers already count."""
    if case.now.awake - due_since >= case.limits.end_waits:
        return False
    return any(
        _is_nearly_over(case.memory, name, kept, case.limits)
        for name, kept in case.memory.kept.products.items()
        if name != case.name and is_one_thread(kept.thread, case.kept.thread) and name in case.limits.follow
    )


def _waits_for_answers(case: Case, due_since: float) -> bool:
    """Whether an easing waits a little: only probes still say what is left of it, and they are answered again."""
    if case.now.awake - due_since >= case.limits.easing_waits or case.state.word.notifiable.is_trouble:
        return False
    alarms = [e for e in evidence_of(case.memory, case.name, case.limits) if e.alarm]
    return bool(alarms) and all(e.alive > 0 for e in alarms)


def _waits_for_its_end(case: Case, due_since: float) -> bool:
    """Whether an easing waits a little: the newest reading does not say any more what would be left of it."""
    if case.now.awake - due_since >= case.limits.easing_waits or case.state.suspected is not None:
        return False
    return rank(case.state.word.notifiable) < rank(remaining(case))


def _is_nearly_over(memory: Memory, name: str, kept: KeptProduct, limits: Limits) -> bool:
    if not kept.told.is_trouble:
        return False
    alarms = [e for e in evidence_of(memory, name, limits) if e.alarm]
    return bool(alarms) and all(e.alive > 0 for e in alarms)


def is_reopened(case: Case) -> bool:
    """Whether the incident of a trouble that ended half an hour ago at most is back."""
    ended = case.kept.ended_at
    if ended is None or abs((case.now.wall - ended).total_seconds()) > case.limits.reopen_window:
        return False
    word = case.memory.words.get(case.name, PageWord(None))
    return any(i in case.kept.ended_incidents for i in word.incidents)
