"""Films of the judge: rounds, one after the other, and what is shown and told of them.

`look(60, page())` is a round 60 s after the film began, and `play(rounds).heard` what a person was told: (second,
change, products).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tests.core.pages import MAJOR, page, wall
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Cause,
    ConnectionState,
    Limits,
    Miss,
    Moment,
    NativeReading,
    Outcome,
    PageReading,
    ProbeResult,
    ProbeSpec,
    ProductVerdict,
    Round,
    SavedMemory,
    State,
    Transition,
    TransitionKind,
    Verdict,
)

_CLOCK = 5000.0
"""What the clocks of awake and boot time read when a film begins: no film relies on their starting at 0."""
PROBE_INTERVAL = 150.0
"""Of the films' own probes, whatever the default is: at which second they are asked follows from it."""
PROBES = (
    ProbeSpec("API", "APIs", "https://api.test/v1/models", PROBE_INTERVAL),
    ProbeSpec("ChatGPT", "ChatGPT", "https://chat.test/", PROBE_INTERVAL),
    ProbeSpec("Login", "ChatGPT", "https://login.test/", 2 * PROBE_INTERVAL),
)
LIMITS = Limits(probes=PROBES)
MISS = Miss(Cause.TIMEOUT)


def moment(second: float, *, asleep: float = 0.0, clock_set: float = 0.0) -> Moment:
    """So many seconds awake into a film, of which the computer slept some more, and whose clock was set."""
    return Moment(wall(second + asleep + clock_set), _CLOCK + second, _CLOCK + second + asleep)


def probe(
    name: str, outcome: Outcome, status: int | None = None, *, retry_after: float | None = None
) -> ProbeResult:
    """What one of `PROBES` got."""
    product = next(spec.product for spec in PROBES if spec.name == name)
    return ProbeResult(name, product, outcome, status=status, retry_after=retry_after)


def alive(*names: str) -> tuple[ProbeResult, ...]:
    """Answers that show life."""
    return tuple(probe(name, Outcome.ALIVE, 200) for name in names)


def failing(*names: str) -> tuple[ProbeResult, ...]:
    """No answers at all."""
    return tuple(probe(name, Outcome.FAILURE) for name in names)


def signed_errors(*names: str) -> tuple[ProbeResult, ...]:
    """Server errors that OpenAI or its edge signed: no line and no filter made them."""
    return tuple(replace(result, status=503, signed=True) for result in failing(*names))


def odd(*names: str, status: int = 404) -> tuple[ProbeResult, ...]:
    """Answers with a status that shows neither life nor death."""
    return tuple(probe(name, Outcome.ODD, status) for name in names)


def look(
    second: float,
    reading: PageReading | Miss | None = None,
    probes: tuple[ProbeResult, ...] = (),
    line: ConnectionState | None = None,
    *,
    native: NativeReading | Miss | None = None,
    asleep: float = 0.0,
    clock_set: float = 0.0,
) -> Round:
    """A round. The line is asked after, and found good, where anything failed; `line` says otherwise."""
    failed = isinstance(reading, Miss) or any(p.outcome is Outcome.FAILURE for p in probes)
    if line is None:
        line = ConnectionState.GOOD if failed else ConnectionState.NOT_CHECKED
    return Round(moment(second, asleep=asleep, clock_set=clock_set), reading, native, probes, line)


def every(  # noqa: PLR0917 - what `look` takes, in its order
    seconds: float,
    since: float,
    until: float,
    reading: PageReading | Miss | None = None,
    probes: tuple[ProbeResult, ...] = (),
    line: ConnectionState | None = None,
) -> list[Round]:
    """The same round again and again, the last one before `until`."""
    count = int((until - since - 1e-9) // seconds) + 1
    return [look(since + n * seconds, reading, probes, line) for n in range(count)]


@dataclass(frozen=True)
class Played:
    """What came of a film."""

    memory: Memory
    shown: tuple[Verdict, ...]
    """After each round."""
    told: tuple[tuple[float, Transition], ...]
    """(second, transition), those that only count as told included."""

    @property
    def last(self) -> Verdict:
        """What shows after the last round."""
        return self.shown[-1]

    @property
    def heard(self) -> list[tuple[float, TransitionKind, tuple[str, ...]]]:
        """What a person was told: (second, change, products)."""
        return [(second, t.change, t.products) for second, t in self.told if not t.silent]

    @property
    def notices(self) -> list[Transition]:
        """The same, whole."""
        return [t for _, t in self.told if not t.silent]


def play(rounds: Iterable[Round], limits: Limits = LIMITS, memory: Memory | None = None) -> Played:
    """The film through the judge, from an empty memory or another."""
    memory = Memory() if memory is None else memory
    shown: list[Verdict] = []
    told: list[tuple[float, Transition]] = []
    for round_ in rounds:
        memory, verdict, transitions = judge_round(memory, round_, limits)
        shown.append(verdict)
        told += [(round_.moment.awake - _CLOCK, t) for t in transitions]
    return Played(memory, tuple(shown), tuple(told))


def memory_after_restart(played: Played) -> Memory:
    """The memory of the program's next start."""
    return Memory(saved=played.memory.saved)


def memory_after_pause(played: Played, until: float) -> Memory:
    """The memory after a person has paused notifications until a second of the film."""
    return _keeping(played, replace(played.memory.saved, paused_until=wall(until)))


def memory_after_request(played: Played, *names: str) -> Memory:
    """The memory after a person has asked to be told when products are back."""
    return _keeping(played, replace(played.memory.saved, tell_when_back=names))


def _keeping(played: Played, kept: SavedMemory) -> Memory:
    return replace(played.memory, saved=kept)


def outage(since: float, until: float, reading: PageReading | None = None) -> list[Round]:
    """A major outage of ChatGPT, as the page says it, and the page fine again until it is told: 20 s + 60 s."""
    bad = reading or page(ChatGPT=MAJOR)
    return [look(since, bad), look(since + 20, bad), look(until, page()), look(until + 60, page())]


def sequence(*films: Sequence[Round]) -> list[Round]:
    """Films one after the other."""
    return [round_ for film in films for round_ in film]


START = [look(0, page(), alive("API", "ChatGPT", "Login"))]
"""A calm look, at which every probe was answered."""


def after(*rounds: list[Round]) -> Played:
    """What comes of a calm look and the rounds that follow."""
    return play(sequence(START, *rounds))


def apis(film: Played) -> ProductVerdict:
    """How the APIs stand after the film."""
    found = film.last.find_product("APIs")
    assert found is not None
    return found


def states(
    reading: PageReading, limits: Limits = LIMITS, native: NativeReading | None = None
) -> dict[str, State]:
    """What one reading makes of each followed product."""
    first = look(0, reading, native=native)
    return {p.name: p.state for p in play([first], limits).last.products}
