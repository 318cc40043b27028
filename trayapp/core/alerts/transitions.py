"""What was told, what is true now -> what to tell (laws 3, 7, 8, 9 and 10).

The rules of one product, in their order; the first that fits is the one (`_RULES` below is this table):

| what was told | what holds                                   | what is told                                          |
|---------------|----------------------------------------------|-------------------------------------------------------|
| -             | never known before, bad enough               | START, silent: it counts as told                      |
| nothing       | bad enough, but only the level has changed   | START, silent: a change of level starts nothing       |
| nothing       | bad enough, four changes within an hour      | UNSTABLE, then nothing until 30 min calm              |
| nothing       | bad enough                                   | START; "down again" if its incident ended 30 min ago  |
| something     | worse                                        | WORSE                                                 |
| suspicion     | nothing learnt for an hour                   | END, "not known any more"                             |
| something     | below what was told; the rest worth telling  | EASED, and the rest counts as told                    |
| something     | below what was told                          | END                                                   |

"Bad enough" is a word of the page that was read twice, 20 s apart, or an alarm of the probes, at the level that the
person chose. "Below" is as `core.state.product_state` works it out: two readings 60 s apart and no open suspicion.
`core.alerts.eligibility` says whether it may be told now; what still holds when that changes is told then.

What one cause does to several products is one notification; what happened while nobody looked is one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trayapp.core.alerts.eligibility import (
    DAY,
    Case,
    case_of,
    is_calm,
    is_exempt_major,
    is_flapping,
    is_held_back,
    may_notify,
    notified_lately,
    recent,
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
from trayapp.core.alerts.incident_updates import find_updates
from trayapp.core.alerts.merging import SUSPECTED, merge_one_cause
from trayapp.core.alerts.while_away import summarize
from trayapp.core.state.evidence import forget
from trayapp.core.state.memory import Memory
from trayapp.core.state.product_state import probes_of
from trayapp.model import (
    Change,
    Hush,
    Kept,
    KeptProduct,
    Level,
    Limits,
    Moment,
    Notified,
    State,
    Transition,
    rank,
)

MOST_INCIDENTS = 8
"""Incidents of one trouble that are remembered, to know a reopening."""


def step(before: Kept, memory: Memory, now: Moment, limits: Limits) -> tuple[Memory, tuple[Transition, ...]]:
    """The memory with what is told now taken for told, and the transitions that tell it."""
    products, evidence, end_due = dict(memory.kept.products), dict(memory.evidence), dict(memory.end_due)
    told: list[Transition] = []
    for name in limits.follow:
        case = case_of(before, memory, name, now, limits)
        if case is None:
            continue
        if is_below_told(case):
            end_due.setdefault(name, now.awake)
        elif rank(case.state.notifiable) >= rank(case.kept.told):
            case = _take_for_ended(case, end_due.pop(name, None))
        transition = _transition(before, case, end_due.get(name, now.awake))
        products[name] = _record(case, transition)
        if transition is not None:
            told.append(transition)
            if transition.lapsed:
                evidence.update(
                    {
                        s.name: forget(evidence[s.name])
                        for s in probes_of(memory, name, limits)
                        if s.name in evidence
                    }
                )
    waiting = tuple(name for name in memory.kept.tell_when_back if not _is_back(name, told))
    posts, incidents = find_updates(
        replace(memory, kept=replace(memory.kept, products=products)), tuple(told), now, limits
    )
    for name in (name for post in posts for name in post.products):
        products[name] = replace(products[name], posts=(*products[name].posts, now.wall))
    kept = replace(memory.kept, products=products, incidents=incidents, tell_when_back=waiting)
    missed = _missed_to_tell(memory, now, limits)
    keep_missed = memory.missed if limits.level is before.level or before.level is None else ()
    memory = replace(
        memory, kept=kept, evidence=evidence, end_due=end_due, missed=() if missed else keep_missed
    )
    return memory, (*summarize((*merge_one_cause(told), *missed)), *posts)


def _take_for_ended(case: Case, end_due: float | None) -> Case:
    """The case of a second outage in one night: the first one is over, though its end waits for the morning."""
    if end_due is None or case.limits.hush is not Hush.ALL_BUT_MAJOR:
        return case
    ended = case.now.wall - timedelta(seconds=case.now.awake - end_due)
    second = replace(case, kept=replace(_end_record(case.kept, ended), thread=case.kept.thread))
    state = case.state.notifiable
    passes = is_exempt_major(second, state) and may_notify(second, state, Change.START)
    return second if passes else case


def _is_back(name: str, told: list[Transition]) -> bool:
    """Whether all trouble of a product is over for who asked to be told."""
    return any(name in t.products and t.change is Change.END and not t.after.is_trouble for t in told)


def _missed_to_tell(memory: Memory, now: Moment, limits: Limits) -> tuple[Transition, ...]:
    """What came and went while nobody looked, once an end that is told with it would be known too."""
    known = now.awake - memory.back_at >= limits.end_readings_span
    if limits.level is Level.NOTHING or not known or is_held_back(memory, now, limits):
        return ()
    return memory.missed


# ------------------------------------------------------------------------------------------------ the rules


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
    state = case.state.state
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


_RULES = (
    _Rule(_first_look, Change.START, silent=True),
    _Rule(_only_the_level_changed, Change.START, silent=True),
    _Rule(_is_unstable_start, Change.UNSTABLE),
    _Rule(_is_start, Change.START),
    _Rule(_is_worse, Change.WORSE),
    _Rule(_is_lapsed, Change.END),
    _Rule(_is_eased, Change.EASED),
    _Rule(_is_end, Change.END),
)


def _transition(before: Kept, case: Case, end_due: float) -> Transition | None:
    rule = next((rule for rule in _RULES if rule.applies(before, case)), None)
    if rule is None:
        return None
    is_ending = rule.change in {Change.END, Change.EASED}
    state = case.state.state if case.first else case.state.notifiable
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
        incidents=word.incidents,
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
    )


def _thread(case: Case) -> str:
    page = case.state.page
    if page is None or not page.is_trouble:
        return f"{SUSPECTED} {case.name}"
    return case.state.word.incidents[0] if case.state.word.incidents else "page"


# ------------------------------------------------------------------------------------------------ the books


def _record(case: Case, transition: Transition | None) -> KeptProduct:
    """The product with what is told now taken for told."""
    kept, now = case.kept, case.now.wall
    kept = replace(kept, posts=recent(kept.posts, now, DAY), notified=notified_lately(kept, now))
    if transition is None:
        return _go_on(case, kept)
    if not transition.silent:
        starts = transition.change not in {Change.END, Change.EASED}
        state = transition.after if starts else transition.before
        kept = replace(kept, notified=(*kept.notified, Notified(now, state, starts)))
    if transition.change is Change.END:
        return _end_record(kept, now)
    eased = transition.change is Change.EASED
    since = transition.at if eased else transition.since
    begun = [at for at in (kept.told_since, since) if at is not None]
    return replace(
        kept,
        told=transition.after,
        told_at=now,
        told_since=since if eased or kept.told is State.OPERATIONAL else min(begun, default=None),
        told_state_since=since,
        told_incidents=_add_incidents(kept.told_incidents, case.state.word.incidents),
        thread=transition.thread,
        confirmed=case.state.confirmed if not eased else kept.confirmed,
        edge=transition.edge,
        unstable=kept.unstable or transition.change is Change.UNSTABLE,
    )


def _end_record(kept: KeptProduct, ended: datetime) -> KeptProduct:
    """The product with what was told of it over."""
    return KeptProduct(
        known=kept.known,
        reached=kept.reached,
        ended_at=ended,
        ended_incidents=kept.told_incidents,
        notified=kept.notified,
        posts=kept.posts,
    )


def _go_on(case: Case, kept: KeptProduct) -> KeptProduct:
    """The product in a round that tells nothing of it."""
    is_open = kept.told is not State.OPERATIONAL
    posted = case.state.page is not None and case.state.page.is_trouble
    return replace(
        kept,
        unstable=kept.unstable and not is_calm(case),
        told_incidents=_add_incidents(kept.told_incidents, case.state.word.incidents) if is_open else (),
        confirmed=kept.confirmed or posted,
    )


def _add_incidents(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-MOST_INCIDENTS:]
