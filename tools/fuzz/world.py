"""The world of a life: OpenAI's page and hosts, the line and the network, each changed by events."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from typing import Any

from tests.core.pages import BEGAN, OPERATIONAL, PARTS, incident, page, part, with_states
from tools.fuzz.events import Event, Kind
from trayapp.model import (
    Cause,
    ConnectionState,
    Incident,
    Miss,
    NativeReading,
    Outcome,
    PageReading,
    Stage,
    State,
    Update,
)
from trayapp.model.states import CLOSED_STAGES

PAST = 25
"""Past incidents that a page lists."""
AWAY = frozenset({ConnectionState.OFFLINE, ConnectionState.PORTAL})
NO_NET = Miss(Cause.TIMEOUT)


@dataclass(slots=True)
class World:
    """All of it. `real` is the true time, in seconds since the life began."""

    real: float = 0.0
    states: dict[str, State] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    past: dict[int, Incident] = field(default_factory=dict)
    indicator: Any = "as it is"
    listed: int | None = None
    gone: str | None = None
    miss: Miss | None = None
    cache: float = 0.0
    lag: float = 0.0
    fresh: float | None = None
    native: str = "true"
    answers: dict[str, tuple[Outcome | float, bool]] = field(default_factory=dict)
    line: ConnectionState = ConnectionState.GOOD
    network: str = "home"
    earliest: float = 0.0
    """The earliest date of a post in the trouble that goes on."""
    calm_since: float | None = 0.0
    _pages: list[tuple[float, PageReading]] = field(default_factory=list)
    _copy: tuple[int, PageReading] | None = None
    _polls: int = 0

    # ------------------------------------------------------------------------------------------------ what happens

    def take(self, event: Event) -> None:  # noqa: C901, PLR0912 - a table
        """Let an event happen."""
        what = event.what
        match event.kind:
            case Kind.COMPONENT:
                self.states[what[0]] = what[1]
            case Kind.POST:
                self._post(*what)
            case Kind.UNPOST:
                self.incidents.pop(what[0], None)
            case Kind.INDICATOR:
                self.indicator = what[0]
            case Kind.LISTED:
                self.listed = what[0]
            case Kind.GONE:
                self.gone = what[0]
            case Kind.MISS:
                self.miss = None if what[0] is None else Miss(what[0], retry_after=what[1])
            case Kind.CACHE:
                self.cache = what[0]
            case Kind.TWO_CACHES:
                self.lag = what[0]
            case Kind.FRESH:
                self.fresh = what[0]
            case Kind.NATIVE:
                self.native = what[0]
            case Kind.ANSWERS:
                self.answers[what[0]] = (what[1], what[2])
            case Kind.LINE:
                self.line = what[0]
            case Kind.NETWORK:
                self.network = what[0]
            case Kind.HEAL:
                self._heal()
            case _:
                return
        self._pages.append((self.real, self._page()))
        del self._pages[:-20]
        if self.is_calm and self.calm_since is None:
            self.calm_since = self.real
        elif not self.is_calm:
            self.calm_since = None

    def _post(  # noqa: PLR0917 - what an event of this kind holds
        self, number: int, name: str, impact: State, stage: Stage, parts: tuple[str, ...], off: float | None
    ) -> None:
        old = self.incidents.pop(number, None) or self.past.pop(number, None)
        posts = len(old.updates) + 1 if old is not None else 1
        at = None if off is None else self.real + off
        new = incident(name, impact, stage, number=number, parts=parts, began=at, posts=0)
        reopened = old is not None and not old.is_open and stage not in CLOSED_STAGES
        post = Update(f"post{number}.{posts}", stage, str(stage), "We look into it.", new.started_at)
        new = replace(
            new,
            started_at=old.started_at if old is not None else new.started_at,
            updated_at=new.started_at,
            reopened_at=new.started_at if reopened else old.reopened_at if old is not None else None,
            resolved_at=new.started_at if stage in CLOSED_STAGES else None,
            updates=(post, *(old.updates if old is not None else ()))[:10],
        )
        if new.started_at is not None:
            self.earliest = min(self.earliest, (new.started_at - BEGAN).total_seconds())
        (self.past if stage in CLOSED_STAGES else self.incidents)[number] = new
        for oldest in list(self.past)[:-PAST]:
            del self.past[oldest]

    def _heal(self) -> None:
        for number, one in list(self.incidents.items()):
            self._post(number, one.name, one.impact, Stage.RESOLVED, one.components, 0.0)
        self.states, self.answers, self.indicator = {}, {}, "as it is"
        self.listed = self.gone = self.miss = self.fresh = None
        self.cache = self.lag = 0.0
        self.native, self.line = "true", ConnectionState.GOOD

    # ------------------------------------------------------------------------------------------------ what is seen

    @property
    def is_calm(self) -> bool:
        """Whether nothing at all is the matter, and whoever asks is told so."""
        return (
            not self.incidents
            and all(state is OPERATIONAL for state in self.states.values())
            and all(found is Outcome.ALIVE for found, _ in self.answers.values())
            and self.indicator == "as it is"
            and self.is_read_plainly
            and self.line is ConnectionState.GOOD
        )

    @property
    def is_read_plainly(self) -> bool:
        """Whether the page can be read, all of it and as it is now."""
        whole = self.listed is None and self.gone is None
        return whole and self.miss is None and not self.cache and not self.lag and self.line not in AWAY

    def is_down(self, product: str) -> bool:
        """Whether the page says by a component that counts for all of it that a product is down."""
        return self.states.get(f"{product}/{PARTS[product][0]}") is State.MAJOR

    def reading(self, *, past: bool, plain: bool) -> PageReading | Miss:
        """What a poll of the page brings; `plain`: past every cache."""
        if self.line in AWAY:
            return NO_NET
        if self.miss is not None:
            return self.miss
        self._polls += 1
        found = self.now_page()
        if not plain and self.lag and self._polls % 2:
            older = [page for at, page in self._pages if at <= self.real - self.lag]
            found = older[-1] if older else found
        if not plain and self.cache:
            slot = int(self.real // self.cache)
            if self._copy is None or self._copy[0] != slot:
                self._copy = (slot, found)
            found = replace(self._copy[1], age=self.real % self.cache, copy=f"copy{slot}")
        return self._with_past(found) if past else replace(found, past_read=False)

    def now_page(self) -> PageReading:
        """The page as it is."""
        if not self._pages:
            self._pages.append((self.real, self._page()))
        return self._pages[-1][1]

    def _with_past(self, found: PageReading) -> PageReading:
        known = {one.id for one in found.incidents}
        over = tuple(one for one in reversed(self.past.values()) if one.id not in known)
        return replace(found, incidents=(*found.incidents, *over), past_read=True)

    def _page(self) -> PageReading:
        found = page(*self.incidents.values(), fresh_for=self.fresh, past_read=False)
        found = with_states(found, **{key(i): state for i, state in self.states.items()})
        if self.indicator == "as it is":
            states = [*(c.state for c in found.components), found.indicator or OPERATIONAL]
            found = replace(found, indicator=max(states, key=list(State).index))
        else:
            found = replace(found, indicator=self.indicator)
        found = replace(found, indicator_word=str(found.indicator or ""))
        if self.gone is not None:
            found = replace(found, components=tuple(c for c in found.components if c.group != self.gone))
        return found if self.listed is None else part(found, *listed_names(self.listed))

    def native_feed(self) -> NativeReading | Miss:
        """What a poll of the native feed brings."""
        if self.line in AWAY or self.native == "miss":
            return NO_NET
        if self.native == "empty":
            return NativeReading({}, {})
        return NativeReading(
            {f"{group}/{name}": group for group, names in PARTS.items() for name in names},
            {one.id: one.components for one in self.incidents.values() if one.components},
            {part: state for part, state in self.states.items() if state is not OPERATIONAL},
        )


def key(component: str) -> str:
    """A component's id as the argument of `with_states`."""
    return component.replace("/", "_").replace(" ", "_")


def listed_names(number: int) -> list[str]:
    """The names of the components that a short list has."""
    names = dict.fromkeys(name for names in PARTS.values() for name in names)
    return [name for name in names if zlib.crc32(f"{name}{number}".encode()) % 3]
