"""The rules of one product, in their order: the table of `core.alerts.transitions`, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trayapp.core.alerts.common_cause import SUSPECTED
from trayapp.core.alerts.eligibility import (
    Case,
    is_exempt_major,
    is_flapping,
    may_notify,
)
from trayapp.core.alerts.endings import (
    ended_at,
    has_lapsed_unknown,
    is_below_told,
    is_end_to_wait,
    is_ended_away,
    is_reopened,
    remaining,
)
from trayapp.model import (
    Change,
    Kept,
    Level,
    State,
    Transition,
    rank,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must hold for a change to be told."""

    applies: Callable[[Kept, Case], bool]
    change: Change
    silent: bool = False


def _is_bad_enough(case: Case) -> bool:
    return rank(case.state.notifiable) >= rank(case.threshold)


def _is_news(case: Case) -> bool:
    return case.kept.told is State.OPERATIONAL and _is_bad_enough(case)


def _first_look(_before: Kept, case: Case) -> bool:
    state = case.seen_first
    return case.first and state.is_known and rank(state) >= rank(case.threshold)


def _only_the_level_changed(before: Kept, case: Case) -> bool:
    began = case.began_at
    changed = before.level is not None and before.level is not case.limits.level
    held = began is not None and before.last_round is not None and began <= before.last_round
    return changed and held and _is_news(case)


def _is_unstable_start(_before: Kept, case: Case) -> bool:
    return _is_news(case) and is_flapping(case) and not is_exempt_major(case, case.state.notifiable)


def _is_start(_before: Kept, case: Case) -> bool:
    return _is_news(case)


def _is_worse(_before: Kept, case: Case) -> bool:
    return _is_bad_enough(case) and rank(case.state.notifiable) > rank(case.kept.told)


def _is_lapsed(_before: Kept, case: Case) -> bool:
    return has_lapsed_unknown(case)


def _is_eased(_before: Kept, case: Case) -> bool:
    floor = State.DEGRADED if case.is_awaited else case.threshold
    return is_below_told(case) and rank(remaining(case)) >= max(rank(floor), 1)


def _is_end(_before: Kept, case: Case) -> bool:
    return is_below_told(case)


RULES = (
    _Rule(_first_look, Change.START, silent=True),
    _Rule(_only_the_level_changed, Change.START, silent=True),
    _Rule(_is_unstable_start, Change.UNSTABLE),
    _Rule(_is_start, Change.START),
    _Rule(_is_worse, Change.WORSE),
    _Rule(_is_lapsed, Change.END),
    _Rule(_is_eased, Change.EASED),
    _Rule(_is_end, Change.END),
)


def transition_of(before: Kept, case: Case, end_due: float) -> Transition | None:
    """What is told of a product now, if anything is and may be. `end_due`: since when its end could be (`awake`)."""
    rule = next((rule for rule in RULES if rule.applies(before, case)), None)
    if rule is None:
        return None
    is_ending = rule.change in {Change.END, Change.EASED}
    state = case.seen_first if case.first else case.state.notifiable
    if case.first and not rule.silent:
        return None
    if not rule.silent and not may_notify(case, state, rule.change):
        return None
    if is_ending and is_end_to_wait(case, end_due, eased=rule.change is Change.EASED):
        return None
    silent = rule.silent or case.limits.level is Level.NOTHING
    if is_ending:
        return _ending(case, rule, silent=silent and not case.is_awaited)
    return _beginning(case, rule, state, silent=silent)


def _beginning(case: Case, rule: _Rule, state: State, *, silent: bool) -> Transition:
    word, kept = case.state.word, case.kept
    history = case.memory.history.get(case.name)
    by_page = case.state.page is not None and word.state is state
    return Transition(
        change=rule.change,
        products=(case.name,),
        before=kept.told,
        after=state,
        at=case.now.wall,
        since=kept.reached[rank(state)] if kept.reached else None,
        incidents=word.told_incidents,
        thread=kept.thread or _thread(case),
        confirmed=case.state.confirmed,
        must_arrive=state is State.MAJOR and not silent,
        away=by_page and history is not None and history.changed_away and case.state.suspected is None,
        silent=silent,
        again=is_reopened(case),
        edge=case.state.edge is not None and case.state.edge is state,
        components=word.parts if by_page else (),
        components_state=word.parts_state if by_page else None,
        said=word.said if by_page and word.said is not state else None,
    )


def _ending(case: Case, rule: _Rule, *, silent: bool) -> Transition:
    kept, lapsed = case.kept, has_lapsed_unknown(case) and rule.change is Change.END
    left = State.OPERATIONAL if lapsed else remaining(case)
    at, ended_after = (case.now.wall, None) if lapsed else ended_at(case)
    since = kept.told_state_since if left.is_trouble else kept.told_since
    return Transition(
        change=rule.change,
        products=(case.name,),
        before=kept.told,
        after=left,
        at=at if since is None or at >= since else since,
        since=None if ended_after is not None or lapsed else since,
        incidents=kept.told_incidents,
        thread=kept.thread or _thread(case),
        confirmed=case.state.confirmed if left.is_trouble else kept.confirmed,
        away=is_ended_away(case),
        silent=silent,
        ended_after=ended_after,
        lapsed=lapsed,
        watching=(case.state.word.watched or case.state.word.fix_applied) and not left.is_trouble,
        edge=kept.edge,
        components=() if left.is_trouble or lapsed else kept.told_parts,
    )


def _thread(case: Case) -> str:
    page = case.state.page
    if page is None or not page.is_trouble:
        return f"{SUSPECTED} {case.name}"
    return case.state.word.told_incidents[0] if case.state.word.told_incidents else "page"
