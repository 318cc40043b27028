"""Decides what to notify from what was notified and what holds now (laws 3 and 7 to 10 of `docs/law.md`).

The first row that fits a product is taken (`RULES` in `core.alerts.rules` has the same rows in this order):

| notified  | present state                              | transition                                        |
|-----------|--------------------------------------------|---------------------------------------------------|
| -         | never known before, bad enough             | START, silent: it counts as notified              |
| nothing   | bad enough, but only the level has changed | START, silent: a change of level starts nothing   |
| nothing   | bad enough, four changes within an hour    | UNSTABLE, then nothing until 30 min calm          |
| nothing   | bad enough                                 | START; "again" if its incident ended 30 min ago   |
| something | worse                                      | WORSE                                             |
| something | nothing learnt for an hour                 | END, "not known any more"                         |
| something | better; the rest is worth a notification   | EASED, and the rest counts as notified            |
| something | better                                     | END                                               |

Besides, a person who waits for the end of trouble that OpenAI has posted and this computer saw is notified
once the product answers from here again (ANSWERS_AGAIN, `core.alerts.early_recovery`).

"Bad enough": the page reported it twice, 20 s apart, or the probes raised an alarm, at the level that the
person chose. "Better": two readings 60 s apart and no open suspicion (`core.state.product_state`).
`core.alerts.eligibility` decides whether it may be notified now; what still holds later is notified then.
One cause that hits several products is one notification; the changes of an absence are one line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts.common_cause import merge_by_cause
from trayapp.core.alerts.early_recovery import find_early_recovery
from trayapp.core.alerts.eligibility import (
    AlertContext,
    alert_context,
    is_exempt_major,
    is_held_back,
    may_notify,
)
from trayapp.core.alerts.endings import (
    is_below_told,
)
from trayapp.core.alerts.incident_updates import find_updates
from trayapp.core.alerts.rules import find_transition
from trayapp.core.alerts.separate_outages import find_earlier_outage
from trayapp.core.alerts.told import record_end, record_told
from trayapp.core.alerts.while_away import summarize_away
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_evidence import reset_evidence
from trayapp.model import (
    Hush,
    Level,
    RoundTerms,
    SavedMemory,
    Transition,
    TransitionKind,
    ladder_rank,
)


def find_transitions(
    before: SavedMemory, memory: Memory, terms: RoundTerms
) -> tuple[Memory, tuple[Transition, ...]]:
    """Returns the memory with the new transitions recorded as notified, and these transitions."""
    now = terms.now
    products, evidence, end_due = (
        dict(memory.saved.products),
        dict(memory.evidence),
        dict(memory.end_possible_since),
    )
    told: list[Transition] = []
    for name in terms.limits.follow:
        case = alert_context(before, memory, name, terms)
        if case is None:
            continue
        if is_below_told(case):
            end_due.setdefault(name, now.awake)
        elif ladder_rank(case.state.notifiable_state) >= ladder_rank(case.kept.told):
            case = _second_outage_context(case, end_due.pop(name, None))
        transition = find_transition(before, case, end_due.get(name, now.awake))
        if (earlier := find_earlier_outage(case)) is not None:
            start = find_transition(before, earlier.after, now.awake)
            if start is not None and start.change in {TransitionKind.START, TransitionKind.UNSTABLE}:
                told.append(earlier.end)
                case, transition = earlier.after, start
        products[name], word = find_early_recovery(case, record_told(case, transition), transition)
        told += [word] if word is not None else []
        if transition is not None:
            told.append(transition)
            if transition.lapsed:
                evidence.update(
                    {s.name: reset_evidence(evidence[s.name]) for s in case.probes if s.name in evidence}
                )
    waiting = tuple(name for name in memory.saved.tell_when_back if not _is_back(name, told))
    posts, incidents = find_updates(
        replace(memory, saved=replace(memory.saved, products=products)), tuple(told), terms
    )
    for name in (name for post in posts for name in post.products):
        products[name] = replace(products[name], posts=(*products[name].posts, now.wall))
    kept = replace(memory.saved, products=products, incidents=incidents, tell_when_back=waiting)
    missed = _missed_transitions(memory, terms)
    keep_missed = (
        memory.missed_transitions if terms.limits.level is before.level or before.level is None else ()
    )
    memory = replace(
        memory,
        saved=kept,
        evidence=evidence,
        end_possible_since=end_due,
        missed_transitions=() if missed else keep_missed,
    )
    return memory, (*summarize_away((*merge_by_cause(told), *missed)), *posts)


def _second_outage_context(case: AlertContext, end_due: float | None) -> AlertContext:
    """Closes the first outage of a night when a second begins, though its end waits for the morning."""
    if end_due is None or case.limits.hush is not Hush.ALL_BUT_MAJOR:
        return case
    ended = case.now.wall - timedelta(seconds=case.now.awake - end_due)
    second = replace(case, kept=replace(record_end(case.kept, ended), thread=case.kept.thread))
    state = case.state.notifiable_state
    passes = is_exempt_major(second, state) and may_notify(second, state, TransitionKind.START)
    return second if passes else case


def _is_back(name: str, told: list[Transition]) -> bool:
    """Whether all trouble of a product is over, for a person who waits for that."""
    mine = [t for t in told if name in t.products]
    return bool(mine) and mine[-1].change is TransitionKind.END and not mine[-1].after.is_trouble


def _missed_transitions(memory: Memory, terms: RoundTerms) -> tuple[Transition, ...]:
    """Returns what came and went in an absence, once any end that belongs in the summary is known too."""
    known = terms.now.awake - memory.returned_at >= terms.limits.end_readings_span
    if terms.limits.level is Level.NOTHING or not known or is_held_back(memory, terms):
        return ()
    return memory.missed_transitions
