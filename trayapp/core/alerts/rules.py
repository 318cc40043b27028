"""Lists the rules for one product's transitions, in the order of the table in `core.alerts.transitions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trayapp.core.alerts.common_cause import SUSPICION_PREFIX
from trayapp.core.alerts.eligibility import (
    AlertContext,
    is_exempt_major,
    is_flapping,
    may_notify,
)
from trayapp.core.alerts.endings import (
    end_times,
    has_ended_while_away,
    is_below_told,
    is_end_postponed,
    is_no_longer_known,
    is_reopened,
    remaining_state,
)
from trayapp.model import (
    Level,
    SavedMemory,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One row of the table: a condition and the change that is notified when it holds."""

    applies: Callable[[SavedMemory, AlertContext], bool]
    change: TransitionKind
    silent: bool = False


def _is_bad_enough(case: AlertContext) -> bool:
    return ladder_rank(case.state.notifiable_state) >= ladder_rank(case.threshold)


def _is_new_trouble(case: AlertContext) -> bool:
    return case.kept.told is State.OPERATIONAL and _is_bad_enough(case)


def _is_first_reading(_before: SavedMemory, case: AlertContext) -> bool:
    state = case.first_state
    return case.is_newly_known and state.is_known and ladder_rank(state) >= ladder_rank(case.threshold)


def _has_only_level_changed(before: SavedMemory, case: AlertContext) -> bool:
    began = case.began_at
    changed = before.level is not None and before.level is not case.limits.level
    held = began is not None and before.last_round is not None and began <= before.last_round
    return changed and held and _is_new_trouble(case)


def _is_unstable_start(_before: SavedMemory, case: AlertContext) -> bool:
    return (
        _is_new_trouble(case) and is_flapping(case) and not is_exempt_major(case, case.state.notifiable_state)
    )


def _is_start(_before: SavedMemory, case: AlertContext) -> bool:
    return _is_new_trouble(case)


def _is_worse(_before: SavedMemory, case: AlertContext) -> bool:
    return _is_bad_enough(case) and ladder_rank(case.state.notifiable_state) > ladder_rank(case.kept.told)


def _is_lapsed(_before: SavedMemory, case: AlertContext) -> bool:
    return is_no_longer_known(case)


def _is_eased(_before: SavedMemory, case: AlertContext) -> bool:
    floor = State.DEGRADED if case.is_awaited else case.threshold
    return is_below_told(case) and ladder_rank(remaining_state(case)) >= max(ladder_rank(floor), 1)


def _is_end(_before: SavedMemory, case: AlertContext) -> bool:
    return is_below_told(case)


RULES = (
    _Rule(_is_first_reading, TransitionKind.START, silent=True),
    _Rule(_has_only_level_changed, TransitionKind.START, silent=True),
    _Rule(_is_unstable_start, TransitionKind.UNSTABLE),
    _Rule(_is_start, TransitionKind.START),
    _Rule(_is_worse, TransitionKind.WORSE),
    _Rule(_is_lapsed, TransitionKind.END),
    _Rule(_is_eased, TransitionKind.EASED),
    _Rule(_is_end, TransitionKind.END),
)


def find_transition(before: SavedMemory, case: AlertContext, end_due: float) -> Transition | None:
    """Returns the transition to notify of a product, if there is one and it may be notified now.

    `end_due`: since when its end has been possible (`Moment.awake`).
    """
    rule = next((rule for rule in RULES if rule.applies(before, case)), None)
    if rule is None:
        return None
    is_ending = rule.change in {TransitionKind.END, TransitionKind.EASED}
    state = case.first_state if case.is_newly_known else case.state.notifiable_state
    if case.is_newly_known and not rule.silent:
        return None
    if not rule.silent and not may_notify(case, state, rule.change):
        return None
    if is_ending and is_end_postponed(case, end_due, eased=rule.change is TransitionKind.EASED):
        return None
    silent = rule.silent or case.limits.level is Level.NOTHING
    if is_ending:
        return _end_transition(case, rule, silent=silent and not case.is_awaited)
    return _start_transition(case, rule, state, silent=silent)


def _start_transition(case: AlertContext, rule: _Rule, state: State, *, silent: bool) -> Transition:
    word, kept = case.state.reading, case.kept
    by_page = case.state.shown_page_state is not None and word.state is state
    away = by_page and case.has_changed_away and case.state.suspected_state is None
    return Transition(
        change=rule.change,
        products=(case.name,),
        before=kept.told,
        after=state,
        at=case.now.wall,
        since=kept.reached[ladder_rank(state)] if kept.reached else None,
        incidents=word.notifiable_incidents,
        thread=kept.thread or _thread_id(case),
        confirmed=case.state.confirmed,
        must_arrive=state is State.MAJOR and not silent,
        away=away,
        unread=away and case.memory.was_page_unreadable,
        silent=silent,
        again=is_reopened(case),
        edge=case.state.edge_state is not None and case.state.edge_state is state,
        components=word.parts if by_page else (),
        components_state=word.parts_state if by_page else None,
        said=word.page_state if by_page and word.page_state is not state else None,
    )


def _end_transition(case: AlertContext, rule: _Rule, *, silent: bool) -> Transition:
    away = has_ended_while_away(case)
    kept, lapsed = case.kept, is_no_longer_known(case) and rule.change is TransitionKind.END
    left = State.OPERATIONAL if lapsed else remaining_state(case)
    at, ended_after = (case.now.wall, None) if lapsed else end_times(case)
    since = kept.told_state_since if left.is_trouble else kept.told_since
    return Transition(
        change=rule.change,
        products=(case.name,),
        before=kept.told,
        after=left,
        at=at if since is None or at >= since else since,
        since=None if ended_after is not None or lapsed else since,
        incidents=kept.told_incidents,
        thread=kept.thread or _thread_id(case),
        confirmed=case.state.confirmed if left.is_trouble else kept.confirmed,
        away=away,
        unread=away and case.memory.was_page_unreadable,
        silent=silent,
        ended_after=ended_after,
        lapsed=lapsed,
        watching=(case.state.reading.is_monitored or case.state.reading.fix_applied) and not left.is_trouble,
        edge=kept.edge,
        components=() if left.is_trouble or lapsed else kept.told_parts,
    )


def _thread_id(case: AlertContext) -> str:
    page = case.state.shown_page_state
    if page is None or not page.is_trouble:
        return f"{SUSPICION_PREFIX} {case.name}"
    return case.state.reading.notifiable_incidents[0] if case.state.reading.notifiable_incidents else "page"
