"""A life as a film in the form of tests/core/lives, ready to be kept there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from typing import Any

from tests.core.films import LIMITS, PROBES
from tests.core.pages import BEGAN, OPERATIONAL
from tools.fuzz.events import Event, Kind, Story
from tools.fuzz.world import World, key, listed_names
from trayapp.model import ConnectionState, Incident, Limits, NativeReading, ProbeSpec, State

_UNFILMED = frozenset({Kind.CACHE, Kind.TWO_CACHES, Kind.LANGUAGE, Kind.LOOK, Kind.DIE_TELLING, Kind.HEAL})
"""`Life` has no word for them; a film that needs one says so in a comment."""


def film(story: Story, rule: str) -> str:
    """The lines of a test without what it asserts."""
    name = re.sub(r"\W+", "_", rule).strip("_").lower()
    rest = f"seed {story.seed}, {story.zone}, {'jittered' if story.dice else 'not jittered'}"
    lines = [f"def test_{name}() -> None:", f'    """{rule} ({rest})."""']
    lines += [f"    {line}" for line in _Printer(story).lines()]
    return "\n".join(lines)


class _Printer:
    """Follows the world and the clocks, and writes down what differs before each stretch of time."""

    def __init__(self, story: Story) -> None:
        self._story, self._world = story, World()
        self._mode, self._away, self._clock = Kind.START, 0.0, 0.0
        self._said: dict[str, str] = {
            "page": "page()",
            "native": "Native({}, {})",
            "answers": "{}",
            "line": "None",
        }
        self._said |= {"network": "'home'", "signed": "False"}

    def lines(self) -> Iterator[str]:
        """All of them."""
        quiet = self._story.quiet_hours
        hours = f", quiet_hours={quiet!r}".replace("datetime.", "") if quiet else ""
        yield f"day = Life(limits={_limits(self._story.limits)}{hours})"
        for event in self._story.events:
            yield from self._pass(event.gap)
            self._world.real += event.gap
            self._world.take(event)
            yield from self._happen(event)
        yield from self._differences()

    def _pass(self, gap: float) -> Iterator[str]:
        if self._mode is not Kind.START:
            self._away += gap
            return
        if gap > 0.0:
            yield from self._differences()
            yield f"day.for_seconds({gap:g})"

    def _happen(self, event: Event) -> Iterator[str]:
        kind, what = event.kind, event.what
        if kind in {Kind.SLEEP, Kind.FREEZE, Kind.STOP} and self._mode is Kind.START:
            self._mode, self._away = kind, 0.0
        elif kind in {Kind.WAKE, Kind.START} and self._mode is not Kind.START:
            yield from self._differences()
            yield self._back()
            self._mode = Kind.START
        elif kind is Kind.CLOCK:
            self._clock += what[0]
            yield f"day.set_clock(timedelta(seconds={what[0]:g}))"
        elif kind is Kind.DO:
            yield f"day.do({_spell_value(what[0])}, {what[1]!r})"
        elif kind is Kind.SETTING:
            yield f"day.change(replace(day.limits, {what[0]}={_spell_value(what[1])}))"
        elif kind is Kind.QUIET:
            yield f"day.quiet_hours = {what[0]!r}".replace("datetime.", "")
        elif kind in _UNFILMED and kind is not Kind.HEAL:
            yield f"# {kind}: {', '.join(map(str, what))}"

    def _back(self) -> str:
        at = BEGAN + timedelta(seconds=self._world.real + self._clock)
        if self._mode is Kind.SLEEP:
            return f"day.sleep_for(timedelta(seconds={self._away:g}))"
        if self._mode is Kind.FREEZE:
            return f'day.freeze_until("{at:%H:%M}")'
        return f'day.restart(off_until="{at:%H:%M}")' if self._away >= 60.0 else "day.restart()"

    def _differences(self) -> Iterator[str]:
        world = self._world
        signed = any(signed for _, signed in world.answers.values())
        now = {
            "page": _spell_value(world.miss) if world.miss is not None else _page(world),
            "native": _native(world),
            "answers": _spell_value({name: found for name, (found, _) in world.answers.items()}),
            "signed": repr(signed),
            "line": "None" if world.line is ConnectionState.GOOD else _spell_value(world.line),
            "network": repr(world.network),
        }
        for name, text in now.items():
            if self._said[name] != text:
                yield f"day.{name} = {text}"
        self._said = now


def _native(world: World) -> str:
    """What the feed says; the groups that it repeats are the page's own."""
    found = world.native_feed()
    if not isinstance(found, NativeReading):
        return _spell_value(found)
    states = f", {_spell_value(found.states)}" if found.states else ""
    return f"Native({{}}, {_spell_value(found.concerns)}{states})"


def _page(world: World) -> str:
    given = [_incident(one) for one in world.incidents.values()]
    hurt = {key(part): state for part, state in world.states.items() if state is not OPERATIONAL}
    if world.indicator != "as it is" or hurt:  # `with_states` leaves it as it was
        given.append(f"indicator={_spell_value(world.now_page().indicator)}")
    if world.fresh is not None:
        given.append(f"fresh_for={world.fresh:g}")
    text = f"page({', '.join(given)})"
    if hurt:
        text = f"with_states({text}, {', '.join(f'{part}={_spell_value(state)}' for part, state in hurt.items())})"
    if world.listed is not None:
        text = f"part({text}, {', '.join(map(repr, listed_names(world.listed)))})"
    return text if world.gone is None else f"without({text}, {world.gone!r})"


def _incident(one: Incident) -> str:
    began = one.reopened_at or one.started_at
    dated = "" if began is None else f", began={(began - BEGAN).total_seconds():g}"
    parts = f", parts={one.components!r}" if one.components else ""
    number = one.id.removeprefix("incident")
    said = f"{one.name!r}, {_spell_value(one.impact)}, {_spell_value(one.stage)}"
    return f"incident({said}, number={number}{parts}{dated}, posts={len(one.updates)})"


def _limits(limits: Limits) -> str:
    given = [
        f"{field.name}={_spell_value(getattr(limits, field.name))}"
        for field in fields(limits)
        if getattr(limits, field.name) != getattr(LIMITS, field.name)
    ]
    return f"replace(LIMITS, {', '.join(given)})" if given else "LIMITS"


def _spell_value(value: Any) -> str:
    """A value as Python writes it, with the short names that the films use."""
    if isinstance(value, State) and value.is_known:
        return {"operational": "OPERATIONAL", "partial_outage": "PARTIAL", "major_outage": "MAJOR"}.get(
            value.value, value.name
        )
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, ProbeSpec):
        return f"PROBES[{PROBES.index(value)}]" if value in PROBES else repr(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {_spell_value(one)}' for name, one in value.items())}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_spell_value, value))}{',' if len(value) == 1 else ''})"
    return re.sub(r"<(\w+)\.(\w+): [^>]*>", r"\1.\2", repr(value))
