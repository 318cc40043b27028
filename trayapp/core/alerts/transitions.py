"""What was told, what is true now -> what to tell (laws 3, 7, 8, 9 and 10).

The rules of one product, in their order; the first that fits is the one (`RULES` in `core.alerts.rules` is this table):

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

Besides, a trouble that OpenAI has posted and that this computer saw is told as ANSWERS to whoever waits for its end, once
it answers again from here (`core.alerts.early_word`).

"Bad enough" is a word of the page that was read twice, 20 s apart, or an alarm of the probes, at the level that the
person chose. "Below" is as `core.state.product_state` works it out: two readings 60 s apart and no open suspicion.
`core.alerts.eligibility` says whether it may be told now; what still holds when that changes is told then.

What one cause does to several products is one notification; what happened while nobody looked is one line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts.common_cause import merge_one_cause
from trayapp.core.alerts.early_recovery import find_early_word
from trayapp.core.alerts.eligibility import (
    Case,
    case_of,
    is_exempt_major,
    is_held_back,
    may_notify,
)
from trayapp.core.alerts.endings import (
    is_below_told,
)
from trayapp.core.alerts.incident_updates import find_updates
from trayapp.core.alerts.rules import transition_of
from trayapp.core.alerts.told import record, record_end
from trayapp.core.alerts.while_away import summarize
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_evidence import forget
from trayapp.core.state.product_state import probes_of
from trayapp.model import (
    Change,
    Hush,
    Kept,
    Level,
    Limits,
    Moment,
    Transition,
    rank,
)


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
        transition = transition_of(before, case, end_due.get(name, now.awake))
        products[name], word = find_early_word(case, record(case, transition), transition)
        told += [word] if word is not None else []
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
    second = replace(case, kept=replace(record_end(case.kept, ended), thread=case.kept.thread))
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
