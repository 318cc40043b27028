"""Judges a round: (Memory, Round, Limits) -> (Memory, Verdict, transitions to notify).

A round goes through these steps, each a function of its own; `docs/law.md` states the laws in words.

1. Clocks (laws 1, 6, 7). For 60 s after a sleep or a set clock nothing is notified and no failure counts;
   times taken from a wrong clock move with it. Evidence expires after ten minutes without a round.
2. The connection (law 6). Any reading or answer in the round proves it; else the round's own check decides.
   Offline, behind a portal or without DNS, failures say nothing about OpenAI. Trouble at Cloudflare's
   edge lasts until its trace page or a probe answers.
3. The native feed (law 4): groups, the products that incidents concern, states of components.
4. The page (laws 1, 3, 4). A reading is as old as its `Age` says. A miss only makes the last one older.
   Each product's reported state goes into its history, which knows what was read once and what twice.
5. The probes (law 5). Failures that count raise suspicion; they never make a state better than the page's.
6. The products: for each, the state that shows, the state that may be notified, and whether trouble lasts.
7. The transitions to notify: `core.alerts.transitions`.

Other people's reports, where they are asked for, join at the end: they change what is shown and why, by
`core.state.crowd_word`, and no transition.
"""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.alerts import transitions
from trayapp.core.page_reading import apply_native_feed, apply_page, judge_page
from trayapp.core.polling.key_check import add_usage
from trayapp.core.selection import apply_selection_change
from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.connection import apply_clock_jumps, update_connection
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import add_probe_results
from trayapp.core.state.product_context import find_probes
from trayapp.core.state.product_state import update_product_states
from trayapp.core.state.trouble import has_trouble
from trayapp.core.state.verdict import render_verdict
from trayapp.model import (
    KeyUsage,
    Limits,
    Round,
    RoundTerms,
    SavedProbe,
    Transition,
    Verdict,
)


def judge_round(
    memory: Memory, round_: Round, limits: Limits
) -> tuple[Memory, Verdict, tuple[Transition, ...]]:
    """Judges one round: returns the new memory, the verdict and the transitions to notify."""
    before = memory.saved
    terms = RoundTerms(round_.moment, limits)
    memory = apply_clock_jumps(memory, terms)
    memory = update_connection(memory, round_, limits)
    memory = apply_native_feed(memory, round_, limits)
    memory = apply_page(memory, round_, limits)
    memory = apply_selection_change(memory, terms)
    memory = add_probe_results(memory, round_, limits)
    memory = update_product_states(memory, terms)
    memory, told = transitions.find_transitions(before, memory, terms)
    if any(t.lapsed for t in told):
        memory = update_product_states(memory, terms)  # hides a state that is not known any more
    memory = _finish_round(memory, terms, round_.spent, was_looked_at=before.looked)
    memory = _add_crowd_report(memory, round_, limits)
    return memory, render_verdict(memory, terms), told


def _add_crowd_report(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Takes in what other people report, if they were asked."""
    if not limits.crowd or round_.crowd is None:
        return memory
    from trayapp.core.crowd.record import add_report  # loaded late: few people ask for it
    from trayapp.core.crowd.votes import CrowdMemory

    return replace(memory, crowd=add_report(memory.crowd or CrowdMemory(), round_.crowd, round_.moment.wall))


def rejudge(memory: Memory, limits: Limits) -> tuple[Memory, Verdict | None]:
    """Judges the last readings again by other limits; no transition follows before the next round."""
    now = memory.moment
    if now is None:
        return memory, None
    terms = RoundTerms(now, limits)
    if memory.raw_page is not None:
        memory = apply_selection_change(judge_page(memory, memory.raw_page, terms), terms)
    # A product followed from now on becomes known in the next round, whose first look at it is silent.
    memory = replace(update_product_states(memory, terms), saved=memory.saved)
    return memory, render_verdict(memory, terms)


def _finish_round(memory: Memory, terms: RoundTerms, spent: KeyUsage, *, was_looked_at: bool) -> Memory:
    """Adds to the memory what is saved on disk and the page interval now in force."""
    now, limits = terms.now, terms.limits
    kept = replace(
        memory.saved,
        looked=was_looked_at or memory.page is not None,
        last_round=now.wall,
        last_reading=memory.saved.last_reading if memory.page_read_at is None else memory.page_read_at.wall,
        level=limits.level,
        spending=add_usage(memory.saved.spending, spent, now.wall),
        probes=_saved_probes(memory, limits),
        marked=tuple(sorted(name for name, track in memory.incident_tracks.items() if track.marked)),
    )
    interval = limits.page_interval_in_trouble if has_trouble(memory, limits) else limits.page_interval
    return replace(memory, moment=now, saved=kept, page_interval=interval)


def _saved_probes(memory: Memory, limits: Limits) -> dict[str, SavedProbe]:
    """Saves the alarms of probes whose trouble was notified and is not yet confirmed by OpenAI."""
    open_here = {
        spec.name
        for name in limits.follow
        if (kept := memory.saved.products.get(name)) and kept.told.is_trouble and not kept.confirmed
        for spec in find_probes(memory, name, limits)
    }
    probes = dict(memory.saved.probes)
    for name, known in probes.items():
        evidence = memory.evidence.get(name)
        alarm = weighing.save_alarm(evidence) if evidence is not None and name in open_here else None
        if alarm != known.alarm:
            probes[name] = replace(known, alarm=alarm)
    return probes
