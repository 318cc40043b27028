"""The page and its native feed, as a round brought them: what they say of each product (laws 1, 3 and 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts import while_away
from trayapp.core.state.attribution import attribute_incidents, merge_components
from trayapp.core.state.component_names import set_apart
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, IncidentTrack, Memory, PageWord
from trayapp.core.state.page_state import Situation, is_late_stage, words_of
from trayapp.core.state.probe_evidence import is_checking
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.state.product_state import evidence_of
from trayapp.core.state.readings import add_reading, begin_history
from trayapp.model import (
    Component,
    Incident,
    KeptProduct,
    Limits,
    Miss,
    Moment,
    Native,
    Page,
    Round,
    State,
    rank,
    worst,
)


def take_native(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """The memory with what the native feed brought: groups, whom incidents concern, states of components."""
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
        judge_page(memory, memory.raw, now, limits) if memory.raw is not None and memory.page_read else memory
    )


def take_page(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """The memory after a poll of the page: a miss changes only the age of what is known."""
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
    memory = judge_page(memory, page, now, limits)
    return _add_readings(memory, read, limits)


def _read_moment(page: Page, now: Moment) -> Moment:
    """When a reading left the page's server: as long ago as its `Age` says."""
    return Moment(now.wall - timedelta(seconds=page.age), now.awake - page.age, now.boot - page.age)


def judge_page(memory: Memory, raw: Page, now: Moment, limits: Limits) -> Memory:
    """The memory with what a reading says of each product."""
    page = memory.page
    fresh = raw is not memory.raw and raw != memory.raw
    if raw.whole and raw is not memory.raw:
        memory = replace(memory, whole_read=now.awake)
    older = _older(memory, raw, now, limits)
    is_apart = page is not None and set_apart(page.components, limits) != page.components
    if page is None or fresh or is_apart or older is not page or memory.native_read == now.awake:
        page = attribute_incidents(merge_components(raw, older), memory.kept, limits)
    shown = _with_native_states(memory, page, now, limits)
    tracks = _follow_incidents(memory, page, now)
    memory = replace(memory, raw=raw, page=page, tracks=tracks, past=_past(memory, page, raw))
    situation = Situation(
        page=shown,
        tracks=tracks,
        waits_for_feed=_waits_for_feed(memory, shown, now, limits),
        now=now.wall,
        longest_cover=limits.maintenance_covers_at_most,
        me=limits.me,
        failing=_failing(memory, limits),
        told=memory.kept.products,
    )
    return replace(memory, words=words_of(situation, limits.follow))


def _failing(memory: Memory, limits: Limits) -> frozenset[str]:
    """The followed names of which probes fail as far as this computer can tell: two failures, or an alarm."""

    def is_failing(evidence: Evidence) -> bool:
        doubted = evidence.unreachable >= limits.checking_failures
        return evidence.alarm or doubted or is_checking(evidence, limits)

    if not limits.me.plan and not limits.me.region:
        return frozenset()
    return frozenset(n for n in limits.follow if any(map(is_failing, evidence_of(memory, n, limits))))


def _older(memory: Memory, raw: Page, now: Moment, limits: Limits) -> Page | None:
    """The reading before, for what this one does not list; its trouble is not believed for ever on a calm page."""
    page, since = memory.page, memory.whole_read
    calm = raw.indicator is State.OPERATIONAL and not any(i.open for i in raw.incidents)
    if page is None or not calm or (since is not None and now.awake - since <= stale_after(memory, limits)):
        return page
    if not any(c.state.is_trouble for c in page.components):
        return page
    fine = tuple(
        replace(c, state=State.OPERATIONAL, word="") if c.state.is_trouble else c for c in page.components
    )
    return replace(page, components=fine)


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
