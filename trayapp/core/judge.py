"""The judge: (Memory, Round, Limits) -> (Memory, Verdict, what to tell).

The law, in the order in which a round goes through it:

- Clocks (6). A computer that slept, or whose clock was set, is given 60 s in which nothing is told and no failure counts.
- The line (6). A good page proves it; else the round's own word stands. Offline, behind a portal or with Cloudflare's
  edge in trouble, failures say nothing about OpenAI: scores freeze. Who comes back gets the same 60 s.
- The page (1, 2, 3, 4). What was read before a long sleep is not recent on waking. A good reading is believed at once; one older than another read within two minutes comes from a
  slower cache and is passed over. A miss changes nothing but the age of what is known. Without a good reading for long
  enough awake, what is known is no longer shown: the state is unknown.
- The probes (5). Failures add up to suspicion, never to less than the page's word. Enough of it is a partial outage that
  OpenAI has not confirmed; for probes of two products, a major one. The page's own word of trouble confirms it.
- What shows is the worst of what followed products do, unless this computer is offline or nothing is known.

What is told of it is decided in `core.transitions`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from trayapp.core import away, concern, evidence, transitions
from trayapp.core.clocks import disturbed, slept
from trayapp.core.memory import Evidence, Memory, Says
from trayapp.core.standing import in_trouble, stale_after
from trayapp.core.verdict import render
from trayapp.model import (
    KeptProbe,
    KeptProduct,
    Limits,
    Line,
    Miss,
    Moment,
    Native,
    Outcome,
    Page,
    Round,
    State,
    Transition,
    Verdict,
    rank,
)


def step(memory: Memory, round_: Round, limits: Limits) -> tuple[Memory, Verdict, tuple[Transition, ...]]:
    """One round judged: the new memory, what now holds, and what is to be told of it."""
    before = memory.kept
    memory = _clocks(memory, round_.moment, limits)
    memory = _line(memory, round_, limits)
    memory = _native(memory, round_.native)
    memory = _page(memory, round_, limits)
    memory = _probes(memory, round_, limits)
    memory, told = transitions.step(before, memory, round_.moment, limits)
    looked = before.looked or memory.page is not None
    memory = replace(
        memory, moment=round_.moment, kept=replace(memory.kept, looked=looked, last_round=round_.moment.wall)
    )
    return memory, render(memory, round_.moment, limits), told


def _clocks(memory: Memory, now: Moment, limits: Limits) -> Memory:
    if memory.moment is None:
        return replace(memory, absent_since=memory.kept.last_round)
    if not disturbed(memory.moment, now, limits):
        return memory
    read = memory.page_read
    if read is not None and now.boot - read.boot > stale_after(limits) and slept(memory.moment, now) > 0.0:
        # Awake it was a short time, but nobody looked all night: what was read before is not recent any more.
        absent = memory.absent_since or memory.moment.wall
        memory = replace(memory, page_read=replace(read, awake=-math.inf), absent_since=absent)
    return _quietened(memory, now, limits)


def _quietened(memory: Memory, now: Moment, limits: Limits) -> Memory:
    return replace(memory, quiet_until=max(memory.quiet_until, now.awake + limits.grace))


def _line(memory: Memory, round_: Round, limits: Limits) -> Memory:
    line = _present_line(memory.line, round_)
    came_back = memory.line in (Line.OFFLINE, Line.PORTAL) and line not in (Line.OFFLINE, Line.PORTAL)
    memory = _quietened(memory, round_.moment, limits) if came_back else memory
    return replace(memory, line=line)


def _present_line(before: Line, round_: Round) -> Line:
    if isinstance(round_.page, Page) and round_.line is not Line.EDGE:
        return Line.GOOD
    if round_.line is not Line.UNASKED:
        return round_.line
    answered = any(p.status is not None for p in round_.probes)
    return Line.GOOD if answered else before


def _native(memory: Memory, native: Native | Miss | None) -> Memory:
    if not isinstance(native, Native):
        return memory
    return replace(
        memory, kept=replace(memory.kept, groups=native.groups, concerns=native.concerns), raw=None
    )


def _page(memory: Memory, round_: Round, limits: Limits) -> Memory:
    now, page = round_.moment, round_.page
    if page is None:
        return memory
    if isinstance(page, Miss):
        return replace(memory, miss=page, misses=memory.misses + 1, passed_over=False)
    if _slower_cache(memory, page, now, limits):
        return replace(memory, miss=None, misses=0, passed_over=True)
    memory = replace(
        memory,
        miss=None,
        misses=0,
        passed_over=False,
        page_read=now,
        newest=page.updated_at,
        newest_read=now.awake,
    )
    whole = memory.page
    if whole is None or page != memory.raw:
        whole = concern.grouped(concern.merged(page, memory.page), memory.kept)
        memory = replace(memory, raw=page, page=whole)
    return _believed(memory, whole, now, limits)


def _slower_cache(memory: Memory, page: Page, now: Moment, limits: Limits) -> bool:
    return (
        memory.newest is not None
        and page.updated_at is not None
        and page.updated_at < memory.newest
        and now.awake - memory.newest_read <= limits.slower_cache
    )


def _believed(memory: Memory, page: Page, now: Moment, limits: Limits) -> Memory:
    """What a good reading says of each product, and since when it has said so."""
    products = dict(memory.kept.products)
    says: dict[str, Says] = {}
    for name, said in concern.says(page, limits.follow).items():
        old = memory.says.get(name)
        if old is None or memory.absent_since is not None:
            known = products.get(name)
            old = Says(None, away=_changed_meanwhile(known, said.state), fine_wall=_fine_since(known, now))
        says[name] = _held(old, said, now)
        if said.state is not None and name in limits.follow:
            products[name] = _known(products.get(name), said, page, now)
    memory = replace(memory, says=says, kept=replace(memory.kept, products=products))
    return _back(memory, now, limits)


def _back(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The first good reading after nobody looked also shows what came and went meanwhile."""
    if memory.absent_since is None:
        return memory
    least = transitions.THRESHOLD[limits.level]
    found = away.missed(memory, memory.absent_since, now.wall, limits.follow, least)
    return replace(memory, absent_since=None, missed=(*memory.missed, *found), back_at=now.awake)


def _changed_meanwhile(kept: KeptProduct | None, state: State | None) -> bool:
    return kept is not None and kept.known is not state


def _fine_since(kept: KeptProduct | None, now: Moment) -> datetime | None:
    """When the page's word ended the trouble that is open, if that was before nobody looked."""
    if kept is None or kept.known is not State.OPERATIONAL or kept.since is None:
        return None
    began = kept.trouble_since
    return kept.since if began is not None and began <= kept.since <= now.wall else None


def _held(old: Says, new: Says, now: Moment) -> Says:
    """The new word, with the time since when it has been held for each rung that it reaches."""
    reached = -1 if new.state is None else rank(new.state)
    fine = new.state is State.OPERATIONAL
    return replace(
        new,
        held=tuple(
            _since(since, now.awake) if rung <= reached else None for rung, since in enumerate(old.held)
        ),
        fine_since=_since(old.fine_since, now.awake) if fine else None,
        fine_wall=(old.fine_wall or now.wall) if fine else None,
        away=old.away and old.state in (None, new.state),
    )


def _since(since: float | None, now: float) -> float:
    return now if since is None else since


def _known(kept: KeptProduct | None, said: Says, page: Page, now: Moment) -> KeptProduct:
    """A product with the page's word as the last known, and when it got there: as the page dates it, where it began."""
    state = said.state or State.OPERATIONAL
    if kept is not None and kept.known is state:
        return kept
    if kept is None and state is State.OPERATIONAL:
        return KeptProduct()
    began = _began(said, page, now) if kept is None or not in_trouble(kept.known) else now.wall
    return replace(kept or KeptProduct(), known=state, since=began if in_trouble(state) else now.wall)


def _began(said: Says, page: Page, now: Moment) -> datetime:
    dates = (
        i.started_at for i in page.incidents if i.id in said.incidents and i.impact is not State.OPERATIONAL
    )
    return min((d for d in dates if d is not None and d <= now.wall), default=now.wall)


def _probes(memory: Memory, round_: Round, limits: Limits) -> Memory:
    if not round_.probes:
        return memory
    found = dict(memory.evidence)
    kept = dict(memory.kept.probes)
    results = dict(memory.results)
    specs = {spec.name: spec for spec in limits.probes}
    span = evidence.span(memory.kept.probes, limits)
    frozen = memory.line is not Line.GOOD or round_.moment.awake < memory.quiet_until
    for result in round_.probes:
        results[result.name] = result
        old = found.get(result.name, Evidence())
        known = kept.get(result.name, KeptProbe())
        outcome = evidence.weighed(result, known)
        if frozen and outcome is not Outcome.ALIVE:
            if result.name in found:
                found[result.name] = evidence.looked(old)
            continue
        if not frozen and _calm(memory, result.product) and result.name in specs:
            known = evidence.accustomed(known, result, outcome, round_.moment.wall)
            outcome = evidence.weighed(result, known)
            kept[result.name] = (
                evidence.rated(known, outcome, specs[result.name].interval) if old.clean else known
            )
        found[result.name] = evidence.added(old, outcome, round_.moment, limits, span)
    return replace(memory, evidence=found, results=results, kept=replace(memory.kept, probes=kept))


def _calm(memory: Memory, product: str) -> bool:
    """Whether nothing speaks against a product: only then do its probes' answers show what is usual."""
    said = memory.says.get(product)
    return said is not None and said.state is State.OPERATIONAL
