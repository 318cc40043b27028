"""Reads the page and its native feed as a round brought them (laws 1, 3 and 4 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts import while_away
from trayapp.core.state.attribution import attribute_incidents, merge_components
from trayapp.core.state.component_names import mark_apart
from trayapp.core.state.connection import mark_absence, stale_after
from trayapp.core.state.memory import Evidence, IncidentTrack, Memory, ProductReading
from trayapp.core.state.page_state import (
    ReadingContext,
    is_late_stage,
    read_products,
    unexplained_indicator,
)
from trayapp.core.state.probe_evidence import is_checking
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import find_evidence, is_page_stale
from trayapp.core.state.readings import add_reading, begin_history
from trayapp.model import (
    Component,
    Incident,
    Limits,
    Miss,
    Moment,
    NativeReading,
    PageReading,
    Round,
    RoundTerms,
    SavedProduct,
    Stage,
    State,
    ladder_rank,
    worst_state,
)


def apply_native_feed(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Adds the native feed's answer: groups, the products that incidents concern, states of components."""
    native, now = round_.native, round_.moment
    if isinstance(native, Miss) and memory.connection not in NO_INTERNET:
        memory = replace(memory, native_misses=memory.native_misses + 1)
    elif isinstance(native, NativeReading):
        memory = replace(
            memory,
            saved=replace(memory.saved, groups=native.groups, concerns=native.concerns),
            native_states=native.states,
            native_read_at=now.awake,
            native_misses=0,
            incident_tracks={
                name: replace(track, has_feed_answer=True) for name, track in memory.incident_tracks.items()
            },
        )
    else:
        return memory
    # The last reading may mean something else now; it is judged again but not added to the histories again.
    return (
        judge_page(memory, memory.raw_page, RoundTerms(now, limits))
        if memory.raw_page is not None and memory.page_read_at
        else memory
    )


def apply_page(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Adds the result of a poll of the page; a miss changes only the age of what is known."""
    page, now = round_.page, round_.moment
    if page is None:
        return memory
    if isinstance(page, Miss):
        misses = memory.page_misses + 1
        return replace(memory, page_miss=page, page_misses=misses, is_page_unread=True)
    memory = replace(memory, page_miss=None, page_misses=0)
    read, previous = _reading_moment(page, now), memory.page_read_at
    is_same_copy = page.copy and memory.raw_page is not None and page.copy == memory.raw_page.copy
    if is_same_copy or (previous is not None and read.awake < previous.awake - 1.0):
        # Two readings of one cached copy are one; another copy may be older, by its own `Age`, than the last reading.
        return replace(memory, is_page_unread=True)
    terms = RoundTerms(now, limits)
    if previous is not None and memory.is_page_unread and memory.absent_since is None:
        memory = _mark_unread_time(memory, previous, terms)
    memory = replace(
        memory,
        page_read_at=read,
        previous_read_at=None if previous is None else previous.wall,
        is_page_unread=False,
    )
    memory = judge_page(memory, page, terms)
    return _add_readings(memory, read, limits)


def _mark_unread_time(memory: Memory, previous: Moment, terms: RoundTerms) -> Memory:
    """Marks an absence if the page could not be read for so long that trouble may have come and gone."""
    if not is_page_stale(memory, terms):
        return memory
    return replace(mark_absence(memory, previous.wall, terms), is_absence_unread=True)


def _reading_moment(page: PageReading, now: Moment) -> Moment:
    """Returns when a reading left the page's server, from the seconds in its `Age` header."""
    return Moment(now.wall - timedelta(seconds=page.age), now.awake - page.age, now.boot - page.age)


def judge_page(memory: Memory, raw: PageReading, terms: RoundTerms) -> Memory:
    """Works out from a page reading the state of each product."""
    now, limits = terms.now, terms.limits
    page = memory.page
    fresh = raw is not memory.raw_page and raw != memory.raw_page
    if raw.whole and raw is not memory.raw_page:
        memory = replace(memory, whole_read_at=now.awake)
    older = _previous_reading(memory, raw, terms)
    is_apart = page is not None and mark_apart(page.components, limits) != page.components
    if page is None or fresh or is_apart or older is not page or memory.native_read_at == now.awake:
        page = attribute_incidents(merge_components(raw, older), memory.saved, limits)
    is_same = memory.page is not None and _open_stages(memory.page) == _open_stages(page)
    memory = memory if is_same else replace(memory, incidents_changed_at=now.awake)
    shown = _apply_native_states(memory, page, terms)
    tracks = _track_incidents(memory, page, now)
    memory = replace(
        memory,
        raw_page=raw,
        page=page,
        incident_tracks=tracks,
        past_incidents=_past_incidents(memory, page, raw),
    )
    situation = ReadingContext(
        page=shown,
        tracks=tracks,
        waiting_incidents=_incidents_waiting_for_feed(memory, shown, terms),
        now=now.wall,
        max_cover_seconds=limits.maintenance_covers_at_most,
        me=limits.me,
        failing_products=_failing_products(memory, limits),
        saved_products=memory.saved.products,
    )
    return replace(memory, readings=read_products(situation, limits.follow))


def _open_stages(page: PageReading) -> dict[str, Stage]:
    return {i.id: i.stage for i in page.incidents if i.is_open}


def _failing_products(memory: Memory, limits: Limits) -> frozenset[str]:
    """Returns the followed names with a failing probe: two failures, or an alarm."""

    def is_failing(evidence: Evidence) -> bool:
        doubted = evidence.unreachable_failures >= limits.checking_failures
        return evidence.has_alarm or doubted or is_checking(evidence, limits)

    if not limits.me.plan and not limits.me.region:
        return frozenset()
    return frozenset(n for n in limits.follow if any(map(is_failing, find_evidence(memory, n, limits))))


def _previous_reading(memory: Memory, raw: PageReading, terms: RoundTerms) -> PageReading | None:
    """Returns the last reading, for components that this one does not list.

    On a calm page their trouble is dropped once no whole list of components was read for long enough.
    """
    page, since = memory.page, memory.whole_read_at
    calm = raw.indicator is State.OPERATIONAL and not any(i.is_open for i in raw.incidents)
    if (
        page is None
        or not calm
        or (since is not None and terms.now.awake - since <= stale_after(memory, terms.limits))
    ):
        return page
    if not any(c.state.is_trouble for c in page.components):
        return page
    fine = tuple(
        replace(c, state=State.OPERATIONAL, word="") if c.state.is_trouble else c for c in page.components
    )
    return replace(page, components=fine)


def _past_incidents(memory: Memory, page: PageReading, raw: PageReading) -> tuple[Incident, ...]:
    over = tuple(i for i in page.incidents if not i.is_open)
    return over if raw.past_read or over else memory.past_incidents


def _apply_native_states(memory: Memory, page: PageReading, terms: RoundTerms) -> PageReading:
    """Returns the page with the component states that a recent answer of the native feed makes worse."""
    calm = page.indicator in {None, State.OPERATIONAL} and not any(i.is_open for i in page.incidents)
    # What the feed said before an incident changed is not its word on what is open now.
    # What alone explains the indicator holds on while the feed fails: nobody else is hurt because of that.
    explains = unexplained_indicator(page) is worst_state(memory.native_states.values())
    recent = (
        memory.native_read_at is not None
        and memory.native_read_at >= memory.incidents_changed_at
        and (explains or terms.now.awake - memory.native_read_at <= terms.limits.feed_is_recent)
    )
    if calm or not recent or not memory.native_states:
        return page

    def worsen_component(component: Component) -> Component:
        state = worst_state([component.state, memory.native_states.get(component.id, component.state)])
        return component if state is component.state else replace(component, state=state)

    return replace(page, components=tuple(map(worsen_component, page.components)))


def _track_incidents(memory: Memory, page: PageReading, now: Moment) -> dict[str, IncidentTrack]:
    """Updates the track of each open incident."""
    states = {c.id: c.state for c in page.components}
    before = {c.id: c.state for c in memory.page.components} if memory.page is not None else {}
    return {i.id: _track_incident(memory, i, states, before, now) for i in page.incidents if i.is_open}


def _track_incident(
    memory: Memory, incident: Incident, states: dict[str, State], before: dict[str, State], now: Moment
) -> IncidentTrack:
    late = is_late_stage(incident)
    track = memory.incident_tracks.get(incident.id)
    if track is None:
        # An incident that was known before a restart may have been marked then.
        known = incident.id in memory.saved.marked and memory.page is None
        track = IncidentTrack(first_read_at=now.awake, states_before=before, marked=known, is_late_stage=late)
    elif track.is_late_stage and not late:
        track = replace(track, states_before=before, marked=False, is_late_stage=False)
    marked = track.marked or any(
        ladder_rank(states.get(part, State.OPERATIONAL))
        > max(ladder_rank(track.states_before.get(part, State.OPERATIONAL)), 1)
        for part in incident.components
    )
    return replace(track, marked=marked, is_late_stage=late)


def _incidents_waiting_for_feed(memory: Memory, page: PageReading, terms: RoundTerms) -> frozenset[str]:
    """Returns open incidents that name nobody, while the native feed may still say whom they concern."""
    now = terms.now
    if memory.native_misses >= terms.limits.feed_misses:
        return frozenset()
    seen = worst_state([page.indicator or State.OPERATIONAL, *(c.state for c in page.components)])
    alarm = worst_state(
        state.suspected_state for state in memory.product_states.values() if state.suspected_state is not None
    )
    return frozenset(
        i.id
        for i in page.incidents
        if i.is_open
        and not i.components
        and not i.products
        and not memory.incident_tracks.get(i.id, IncidentTrack(now.awake)).has_feed_answer
        and now.awake - memory.incident_tracks.get(i.id, IncidentTrack(now.awake)).first_read_at
        < terms.limits.feed_wait
        and ladder_rank(worst_state([seen, alarm])) < ladder_rank(i.impact)
    )


def _add_readings(memory: Memory, read: Moment, limits: Limits) -> Memory:
    """Adds each product's reported state to its history."""
    products, history = dict(memory.saved.products), {}
    for name, word in memory.readings.items():
        old = memory.histories.get(name)
        known = products.get(name)
        if old is None or memory.absent_since is not None:
            changed = known is None or known.known is not word.state
            history[name] = begin_history(word.state, word.notifiable_state, read, changed_away=changed)
        else:
            history[name] = add_reading(
                old, word.state, word.notifiable_state, read, limits.second_reading_after
            )
        if word.state is not None and name in limits.follow:
            products[name] = _update_known_state(known, word, history[name].shown_state)
    memory = replace(memory, histories=history, saved=replace(memory.saved, products=products))
    return while_away.note_return(memory, read, limits)


def _update_known_state(kept: SavedProduct | None, word: ProductReading, shown: State | None) -> SavedProduct:
    state = shown or word.state or State.OPERATIONAL
    if kept is None:
        return SavedProduct(known=state)
    return kept if kept.known is state else replace(kept, known=state)
