"""What was told, what is true now -> what to tell (laws 3, 7, 8, 9 and 10).

- Told is judged against the last known state, which a miss never changes; both outlive the program.
- A word of the page is told when it was read twice, 20 s apart; suspicion when it is an alarm; a page that agrees with
  suspicion needs no second reading.
- It is over when the page said so twice, 60 s apart, and each probe of the product that had failed has been alive for
  long enough. A product that was told has one end, and an end belongs to something told.
- The first look at a product is silent and counts as told.
- Four told changes within an hour: the next start is told as "unstable", and then nothing until 30 min calm, but a new
  major outage. A product's sixth notice of a day is the last, but for a new major outage and the end of what was told.
- The same incident coming back within 30 min is an update. What hits several products by one cause is one transition.
- While offline, just back, just awake, paused or in quiet hours nothing is told, but in most quiet hours a major
  outage's start; what still holds afterwards is told then.
- What began or ended while nobody looked is told in one line.
"""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.away import summary
from trayapp.core.case import (
    DAY,
    Case,
    calm,
    case_of,
    ended,
    held_back,
    is_new_major,
    lately,
    may_tell,
    over,
    page_agrees,
    reopened,
    tellable,
)
from trayapp.core.evidence import forgotten
from trayapp.core.memory import Memory
from trayapp.core.standing import in_trouble, probes_of
from trayapp.core.updates import posted
from trayapp.model import (
    Change,
    Kept,
    KeptProduct,
    Level,
    Limits,
    Moment,
    State,
    Transition,
    rank,
    worst,
)

MOST_INCIDENTS = 8
"""Incidents of one trouble that are remembered, to know a reopening."""
THRESHOLD = {
    Level.NOTHING: State.PARTIAL,
    Level.OUTAGES: State.PARTIAL,
    Level.PROBLEMS: State.DEGRADED,
    Level.EVERYTHING: State.MAINTENANCE,
}
"""From which state on a level wants to be told; NOTHING keeps the books as OUTAGES does, in silence."""
SUSPECTED = "suspected"
"""The thread of what only this computer says."""


def step(before: Kept, memory: Memory, now: Moment, limits: Limits) -> tuple[Memory, tuple[Transition, ...]]:
    """The memory with what is told now taken for told, and the transitions that tell it."""
    products, found, says = dict(memory.kept.products), dict(memory.evidence), dict(memory.says)
    told: list[Transition] = []
    for name in limits.follow:
        case = case_of(before, memory, name, now, limits)
        if case is None:
            continue
        transition = _transition(case)
        products[name] = _booked(case, transition)
        if over(case):
            found.update(
                {s.name: forgotten(found[s.name]) for s in probes_of(memory, name, limits) if s.name in found}
            )
        if transition is not None:
            told.append(transition)
        if case.said.away and (transition is not None or _settled(case)):
            says[name] = replace(case.said, away=False)
    waiting = tuple(
        n
        for n in memory.kept.tell_when_back
        if not any(n in t.products and t.change is Change.END for t in told)
    )
    posts, incidents = posted(
        replace(memory, kept=replace(memory.kept, products=products)), tuple(told), now, limits
    )
    for name in (name for post in posts for name in post.products):
        products[name] = replace(products[name], posts=(*products[name].posts, now.wall))
    kept = replace(memory.kept, products=products, incidents=incidents, tell_when_back=waiting)
    missed = _due(memory, now, limits)
    memory = replace(memory, kept=kept, evidence=found, says=says, missed=() if missed else memory.missed)
    return memory, (*summary((*_merged(told), *missed)), *posts)


def _due(memory: Memory, now: Moment, limits: Limits) -> tuple[Transition, ...]:
    """What came and went while nobody looked, once an end that is told with it would be known too."""
    known = now.awake - memory.back_at >= limits.clear_page_span
    if limits.level is Level.NOTHING or not known or held_back(memory, now, limits):
        return ()
    return memory.missed


def _settled(case: Case) -> bool:
    """Whether all is well and nothing is left to tell of what happened while nobody looked."""
    return case.kept.told is State.OPERATIONAL and case.standing.state is State.OPERATIONAL


def _transition(case: Case) -> Transition | None:
    state = case.standing.state if case.first else tellable(case)
    change = _first(case, state) if case.first else _change(case, state)
    if change is None:
        return None
    ends = change is Change.END
    silent = case.first or case.limits.level is Level.NOTHING
    return Transition(
        change=change,
        products=(case.name,),
        before=case.kept.told,
        after=State.OPERATIONAL if ends else state,
        at=(ended(case) if ends else None) or case.now.wall,
        since=case.kept.trouble_since,
        incidents=case.kept.told_incidents if ends else case.said.incidents,
        thread=case.kept.thread or _thread(case),
        confirmed=case.kept.confirmed if ends else case.standing.confirmed,
        must_arrive=state is State.MAJOR and not ends and not silent,
        away=case.said.away and case.standing.suspected is None,
        silent=silent and not (ends and case.name in case.memory.kept.tell_when_back),
    )


def _thread(case: Case) -> str:
    if case.standing.page is None or not in_trouble(case.standing.page):
        return SUSPECTED
    return case.said.incidents[0] if case.said.incidents else "page"


def _first(case: Case, state: State) -> Change | None:
    return Change.START if rank(state) >= rank(THRESHOLD[case.limits.level]) else None


def _change(case: Case, state: State) -> Change | None:
    """Which kind of news there is, if any is due and may be told now."""
    kept = case.kept
    if rank(state) > rank(kept.told) and rank(state) >= rank(THRESHOLD[case.limits.level]):
        change = _start(case, state) if kept.told is State.OPERATIONAL else Change.WORSE
        return change if may_tell(case, state, Change.START) else None
    ends = over(case) and kept.told is not State.OPERATIONAL
    return Change.END if ends and may_tell(case, state, Change.END) else None


def _start(case: Case, state: State) -> Change:
    changes = lately(case.kept.changes, case.now.wall, case.limits.flap_window)
    if len(changes) >= case.limits.flap_changes and not is_new_major(case, state):
        return Change.UNSTABLE
    return Change.UPDATE if reopened(case) else Change.START


def _booked(case: Case, transition: Transition | None) -> KeptProduct:
    """The product with what is told now taken for told."""
    kept, now = case.kept, case.now.wall
    kept = replace(kept, posts=lately(kept.posts, now, DAY))
    changes = lately(kept.changes, now, DAY)
    if transition is None:
        unstable = kept.unstable and not calm(case)
        known = _also(kept.told_incidents, case.said.incidents) if kept.told is not State.OPERATIONAL else ()
        confirmed = kept.confirmed or page_agrees(case)
        return replace(
            kept,
            changes=changes,
            unstable=unstable,
            told_incidents=known,
            confirmed=confirmed,
        )
    changes = changes if transition.silent else (*changes, now)
    if transition.change is Change.END:
        return KeptProduct(
            known=kept.known,
            since=kept.since,
            ended_at=now,
            ended_incidents=kept.told_incidents,
            changes=changes,
            posts=kept.posts,
        )
    return replace(
        kept,
        told=transition.after,
        told_at=now,
        told_incidents=_also(kept.told_incidents, transition.incidents),
        thread=transition.thread,
        confirmed=transition.confirmed,
        changes=changes,
        unstable=kept.unstable or transition.change is Change.UNSTABLE,
    )


def _also(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-MOST_INCIDENTS:]


def _merged(told: list[Transition]) -> tuple[Transition, ...]:
    """What one cause did to several products, as one transition; a start among worsenings makes it a start.

    One cause is one thread, or an incident in common: a suspicion and the incident that explains it have two threads.
    """
    groups: list[list[Transition]] = []
    for t in told:
        known = next((group for group in groups if any(_alike(t, other) for other in group)), None)
        if known is None:
            groups.append([t])
        else:
            known.append(t)
    return tuple(_one(group) for group in groups)


def _alike(one: Transition, other: Transition) -> bool:
    kinds = {Change.START if t.change is Change.WORSE else t.change for t in (one, other)}
    same = (one.silent, one.away, one.confirmed) == (other.silent, other.away, other.confirmed)
    cause = one.thread == other.thread or not set(one.incidents).isdisjoint(other.incidents)
    return len(kinds) == 1 and same and cause


def _one(group: list[Transition]) -> Transition:
    since = [t.since for t in group if t.since is not None]
    threads = tuple(dict.fromkeys(t.thread for t in group))
    return replace(
        group[0],
        change=group[0].change if len({t.change for t in group}) == 1 else Change.START,
        products=tuple(name for t in group for name in t.products),
        before=worst(t.before for t in group),
        after=worst(t.after for t in group),
        since=min(since, default=None),
        incidents=tuple(dict.fromkeys(i for t in group for i in t.incidents)),
        must_arrive=any(t.must_arrive for t in group),
        threads=threads if len(threads) > 1 else (),
    )
