"""The judge: (Memory, Round, Limits) -> (Memory, Verdict, what to tell).

Theory of operation. A round goes through these steps, each a function of its own; `docs/law.md` has the laws in words.

1. Clocks (laws 1, 6, 7). A computer that slept, or whose clock was set, is given 60 s in which nothing is told and no
   failure counts; what was dated by a wrong clock moves with it. Evidence does not outlive ten minutes without a round.
2. The connection (law 6). Any reading or answer in the round proves it; else the round's own word stands. Offline,
   behind a portal or without names, failures say nothing about OpenAI. Trouble at Cloudflare's edge holds until its
   trace page or a probe answers.
3. The native feed (law 4): groups, whom incidents concern, states of components.
4. The page (laws 1, 3, 4). A reading is as old as its `Age` says. A miss changes nothing but the age of what is known.
   Each product's word goes into its history, which knows what was read once and what twice.
5. The probes (law 5). Failures that count add up to suspicion, never to less than the page's word.
6. The products: what shows, what may be told and what is not over, worked out once and handed on.
7. What is told of it: `core.alerts.transitions`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts import transitions, while_away
from trayapp.core.state import evidence as weighing
from trayapp.core.state.attribution import attribute_incidents, merge_components
from trayapp.core.state.connection import heed_clocks, heed_connection
from trayapp.core.state.memory import IncidentTrack, Memory, PageWord
from trayapp.core.state.page_state import Situation, is_late_stage, words_of
from trayapp.core.state.probing import AWAY_FROM_NET, add_probes
from trayapp.core.state.product_state import probes_of, work_out_products
from trayapp.core.state.readings import add_reading, begin_history
from trayapp.core.state.render import render_verdict
from trayapp.model import (
    Component,
    Incident,
    KeptProbe,
    KeptProduct,
    Limits,
    Miss,
    Moment,
    Native,
    Page,
    Round,
    State,
    Transition,
    Verdict,
    rank,
    worst,
)


def step(memory: Memory, round_: Round, limits: Limits) -> tuple[Memory, Verdict, tuple[Transition, ...]]:
    """One round judged: the new memory, what now holds, and what is to be told of it."""
    before = memory.kept
    now = round_.moment
    memory = heed_clocks(memory, now, limits)
    memory = heed_connection(memory, round_, limits)
    memory = _take_native(memory, round_, limits)
    memory = _take_page(memory, round_, limits)
    memory = add_probes(memory, round_, limits)
    memory = work_out_products(memory, now, limits)
    memory, told = transitions.step(before, memory, now, limits)
    memory = _close(memory, now, limits, was_looked_at=before.looked)
    return memory, render_verdict(memory, now, limits), told


def rejudge(memory: Memory, limits: Limits) -> tuple[Memory, Verdict | None]:
    """What holds by other limits, of whom is followed now; nothing is told of it before the next round."""
    now, read = memory.moment, memory.page_read
    if now is None:
        return memory, None
    if memory.raw is not None and read is not None:
        memory = _judge_page(memory, memory.raw, now, limits)
        begun = {
            name: begin_history(word.state, word.notifiable, read, changed_away=False)
            for name, word in memory.words.items()
            if name not in memory.history
        }
        memory = replace(memory, history={**memory.history, **begun})
    memory = work_out_products(memory, now, limits)
    return memory, render_verdict(memory, now, limits)


def _close(memory: Memory, now: Moment, limits: Limits, *, was_looked_at: bool) -> Memory:
    """The memory at the end of a round: what outlives the program, and the interval that is now in force."""
    kept = replace(
        memory.kept,
        looked=was_looked_at or memory.page is not None,
        last_round=now.wall,
        level=limits.level,
        probes=_kept_probes(memory, limits),
        marked=tuple(sorted(name for name, track in memory.tracks.items() if track.marked)),
    )
    interval = limits.page_interval_in_trouble if is_trouble_on(memory, limits) else limits.page_interval
    return replace(memory, moment=now, kept=kept, interval=interval)


def is_trouble_on(memory: Memory, limits: Limits) -> bool:
    """Whether something is wrong, suspected, or told and not over."""
    return any(
        state.state.is_trouble
        or state.checking
        or state.suspected is not None
        or _may_go_on(memory.kept.products.get(name, KeptProduct()).told, state.lasting)
        for name, state in memory.products.items()
        if name in limits.follow
    )


def _may_go_on(told: State, lasting: State | None) -> bool:
    """Whether what was told is not known to be over. A pause may keep its end untold for days."""
    return told.is_trouble and (lasting is None or rank(lasting) >= rank(told))


def _kept_probes(memory: Memory, limits: Limits) -> dict[str, KeptProbe]:
    """The probes with what they saw of a trouble that was told and that OpenAI has not confirmed."""
    open_here = {
        spec.name
        for name in limits.follow
        if (kept := memory.kept.products.get(name)) and kept.told.is_trouble and not kept.confirmed
        for spec in probes_of(memory, name, limits)
    }
    probes = dict(memory.kept.probes)
    for name, known in probes.items():
        evidence = memory.evidence.get(name)
        alarm = weighing.keep(evidence) if evidence is not None and name in open_here else None
        if alarm != known.alarm:
            probes[name] = replace(known, alarm=alarm)
    return probes


# ------------------------------------------------------------------------------------------------ the native feed


def _take_native(memory: Memory, round_: Round, limits: Limits) -> Memory:
    native, now = round_.native, round_.moment
    if isinstance(native, Miss) and memory.line not in AWAY_FROM_NET:
        memory = replace(memory, native_misses=memory.native_misses + 1)
    elif isinstance(native, Native):
        memory = replace(
            memory,
            kept=replace(memory.kept, groups=native.groups, concerns=native.concerns),
            native_states=native.states,
            native_read=now.awake,
            native_misses=0,
            tracks={name: replace(track, answered=True) for name, track in memory.tracks.items()},
        )
    else:
        return memory
    # What the last reading says may be another thing now; it is not read again for that.
    return (
        _judge_page(memory, memory.raw, now, limits)
        if memory.raw is not None and memory.page_read
        else memory
    )


# ------------------------------------------------------------------------------------------------ the page


def _take_page(memory: Memory, round_: Round, limits: Limits) -> Memory:
    page, now = round_.page, round_.moment
    if page is None:
        return memory
    if isinstance(page, Miss):
        return replace(memory, miss=page, misses=memory.misses + 1)
    memory = replace(memory, miss=None, misses=0)
    if page.copy and memory.raw is not None and page.copy == memory.raw.copy:
        return memory  # two readings of one cached copy are one
    read = _read_moment(page, now)
    if memory.page_read is not None and read.awake < memory.page_read.awake - 1.0:
        return memory  # an older copy than the one that was read last, by its own `Age`
    memory = replace(memory, page_read=read)
    memory = _judge_page(memory, page, now, limits)
    return _add_readings(memory, read, limits)


def _read_moment(page: Page, now: Moment) -> Moment:
    """When a reading left the page's server: as long ago as its `Age` says."""
    return Moment(now.wall - timedelta(seconds=page.age), now.awake - page.age, now.boot - page.age)


def _judge_page(memory: Memory, raw: Page, now: Moment, limits: Limits) -> Memory:
    """The memory with what a reading says of each product."""
    page = memory.page
    fresh = raw is not memory.raw and raw != memory.raw
    if page is None or fresh or memory.native_read == now.awake:
        page = attribute_incidents(merge_components(raw, memory.page), memory.kept)
    shown = _with_native_states(memory, page, now, limits)
    tracks = _follow_incidents(memory, page, now)
    memory = replace(memory, raw=raw, page=page, tracks=tracks, past=_past(memory, page, raw))
    situation = Situation(
        page=shown,
        tracks=tracks,
        waits_for_feed=_waits_for_feed(memory, shown, now, limits),
        now=now.wall,
        longest_cover=limits.maintenance_covers_at_most,
    )
    return replace(memory, words=words_of(situation, limits.follow))


def _past(memory: Memory, page: Page, raw: Page) -> tuple[Incident, ...]:
    over = tuple(i for i in page.incidents if not i.open)
    return over if raw.past_read or over else memory.past


def _with_native_states(memory: Memory, page: Page, now: Moment, limits: Limits) -> Page:
    """The page with the states of components that its native feed knows to be worse, while both are recent."""
    calm = page.indicator in {None, State.OPERATIONAL} and not any(i.open for i in page.incidents)
    recent = memory.native_read is not None and now.awake - memory.native_read <= limits.feed_is_recent
    if calm or not recent or not memory.native_states:
        return page

    def seen(component: Component) -> Component:
        state = worst([component.state, memory.native_states.get(component.id, component.state)])
        return component if state is component.state else replace(component, state=state)

    return replace(page, components=tuple(map(seen, page.components)))


def _follow_incidents(memory: Memory, page: Page, now: Moment) -> dict[str, IncidentTrack]:
    """What is known of each open incident since its first post, or since it began anew."""
    states = {c.id: c.state for c in page.components}
    before = {c.id: c.state for c in memory.page.components} if memory.page is not None else {}
    return {i.id: _follow_incident(memory, i, states, before, now) for i in page.incidents if i.open}


def _follow_incident(
    memory: Memory, incident: Incident, states: dict[str, State], before: dict[str, State], now: Moment
) -> IncidentTrack:
    late = is_late_stage(incident)
    track = memory.tracks.get(incident.id)
    if track is None:
        # One that was already known before a restart may have been marked then.
        known = incident.id in memory.kept.marked and memory.page is None
        track = IncidentTrack(first_read=now.awake, before=before, marked=known, late_stage=late)
    elif track.late_stage and not late:
        track = replace(track, before=before, marked=False, late_stage=False)
    marked = track.marked or any(
        rank(states.get(part, State.OPERATIONAL)) > max(rank(track.before.get(part, State.OPERATIONAL)), 1)
        for part in incident.components
    )
    return replace(track, marked=marked, late_stage=late)


def _waits_for_feed(memory: Memory, page: Page, now: Moment, limits: Limits) -> frozenset[str]:
    """Open incidents that name nobody, while the native feed may still say whom they concern."""
    if memory.native_misses >= limits.feed_misses:
        return frozenset()
    seen = worst([page.indicator or State.OPERATIONAL, *(c.state for c in page.components)])
    alarm = worst(state.suspected for state in memory.products.values() if state.suspected is not None)
    return frozenset(
        i.id
        for i in page.incidents
        if i.open
        and not i.components
        and not i.products
        and not memory.tracks.get(i.id, IncidentTrack(now.awake)).answered
        and now.awake - memory.tracks.get(i.id, IncidentTrack(now.awake)).first_read < limits.feed_wait
        and rank(worst([seen, alarm])) < rank(i.impact)
    )


def _add_readings(memory: Memory, read: Moment, limits: Limits) -> Memory:
    """The memory with each product's word added to its history."""
    products, history = dict(memory.kept.products), {}
    for name, word in memory.words.items():
        old = memory.history.get(name)
        known = products.get(name)
        if old is None or memory.absent_since is not None:
            changed = known is None or known.known is not word.state
            history[name] = begin_history(word.state, word.notifiable, read, changed_away=changed)
        else:
            history[name] = add_reading(old, word.state, word.notifiable, read, limits.second_reading_after)
        if word.state is not None and name in limits.follow:
            products[name] = _with_known(known, word, history[name].shown)
    memory = replace(memory, history=history, kept=replace(memory.kept, products=products))
    return while_away.come_back(memory, read, limits)


def _with_known(kept: KeptProduct | None, word: PageWord, shown: State | None) -> KeptProduct:
    state = shown or word.state or State.OPERATIONAL
    if kept is None:
        return KeptProduct(known=state)
    return kept if kept.known is state else replace(kept, known=state)
