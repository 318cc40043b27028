"""What was observed is kept, thinned with age and small, and gaps stay gaps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trayapp.model import (
    Incident,
    Observation,
    ObservationSource,
    SavedMemory,
    SeenIncident,
    Stage,
    State,
    Transition,
    TransitionKind,
    Update,
)
from trayapp.store import Store
from trayapp.store.observations import FINE_DETAIL_FOR, FULL_DETAIL_FOR, KEEP_FOR
from trayapp.store.reader import History, read_history

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
MB = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state file is."""
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A fresh store."""
    with closing(Store.open(path, NOW)) as store:
        yield store


def page_word(at: datetime, state: State = State.OPERATIONAL, seconds: float = 120.0) -> Observation:
    """The page's word on ChatGPT."""
    return Observation(ObservationSource.PAGE, "ChatGPT", at, seconds, state)


def probe_answer(at: datetime, elapsed_ms: int) -> Observation:
    """A probe's answer."""
    return Observation(ObservationSource.PROBE, "API", at, 150.0, State.OPERATIONAL, elapsed_ms)


def observe(store: Store, *seen: Observation) -> None:
    """One round a time, as the program does it."""
    for each in seen:
        store.save_observations([each], each.at)


def after(span: timedelta) -> datetime:
    """So long after the test's beginning."""
    return NOW + span


def test_what_was_observed_comes_back(store: Store, path: Path) -> None:
    """State, time and speed, to the second, also while the program has the file open."""
    observe(store, page_word(NOW), probe_answer(NOW, 180))
    assert set(read_history(path, EVER).observations) == {page_word(NOW), probe_answer(NOW, 180)}


def test_a_look_lasts_until_the_next(store: Store, path: Path) -> None:
    """A round that came late, but not too late, leaves no gap."""
    observe(store, page_word(NOW), page_word(after(timedelta(seconds=300)), State.MAJOR))
    assert [(each.state, each.seconds) for each in read_history(path, EVER).observations] == [
        (State.OPERATIONAL, 300),
        (State.MAJOR, 120),
    ]


def test_a_long_silence_is_a_gap(store: Store, path: Path) -> None:
    """After an hour without a look the earlier one stands for its own interval only."""
    observe(store, page_word(NOW), page_word(after(timedelta(hours=1))))
    assert [each.seconds for each in read_history(path, EVER).observations] == [120, 120]


def test_a_slow_rhythm_is_no_gap(store: Store, path: Path) -> None:
    """Who looks once an hour looks all the time."""
    observe(store, page_word(NOW, seconds=3600.0), page_word(after(timedelta(minutes=65)), seconds=3600.0))
    assert [each.seconds for each in read_history(path, EVER).observations] == [3900, 3600]


def test_old_looks_are_put_together_by_state(store: Store, path: Path) -> None:
    """After two days five minutes are one stretch for each state seen in them; no second is lost."""
    looks = [
        page_word(after(timedelta(seconds=100 * n)), State.MAJOR if n == 1 else State.OPERATIONAL)
        for n in range(3)
    ]
    observe(store, *looks)
    observe(store, page_word(after(FULL_DETAIL_FOR + timedelta(hours=1))))
    old = [each for each in read_history(path, EVER).observations if each.at < after(timedelta(hours=1))]
    assert {(each.at, each.state, each.seconds) for each in old} == {
        (NOW, State.OPERATIONAL, 220),
        (NOW, State.MAJOR, 100),
    }


def test_the_speed_of_a_stretch_is_the_mean(store: Store, path: Path) -> None:
    """Three answers of five minutes become one."""
    observe(store, *(probe_answer(after(timedelta(seconds=90 * n + 1)), 100 + 50 * n) for n in range(3)))
    observe(store, probe_answer(after(FINE_DETAIL_FOR + timedelta(hours=3)), 500))
    first, last = read_history(path, EVER).observations
    assert (first.elapsed_ms, last.elapsed_ms) == (150, 500)
    assert first.at == NOW


def test_what_nobody_shows_any_more_goes(store: Store, path: Path) -> None:
    """After a little more than a year."""
    observe(store, page_word(NOW), page_word(after(KEEP_FOR + timedelta(hours=1))))
    assert len(read_history(path, EVER).observations) == 1


def test_only_what_is_asked_for_is_read(store: Store, path: Path) -> None:
    """The page of three months does not read a year."""
    observe(store, page_word(NOW), page_word(after(timedelta(days=1))))
    assert [each.at for each in read_history(path, after(timedelta(hours=1))).observations] == [
        after(timedelta(days=1))
    ]


def test_a_restart_goes_on(path: Path) -> None:
    """A second run finds what the first observed; the time between is a gap."""
    for number in range(2):
        with closing(Store.open(path, NOW)) as store:
            observe(store, page_word(after(timedelta(days=number))))
    assert len(read_history(path, EVER).observations) == 2


def test_a_clock_set_back_does_no_harm(store: Store, path: Path) -> None:
    """A look before the last one is kept at its own time."""
    observe(store, page_word(NOW), page_word(NOW - timedelta(days=2)), page_word(after(timedelta(minutes=2))))
    assert read_history(path, EVER).observations[0].at == NOW - timedelta(days=2)


def test_an_absent_or_broken_file_has_no_past(path: Path) -> None:
    """Whoever only reads gets nothing, and changes nothing."""
    assert read_history(path, EVER) == History()
    assert not path.exists()
    path.write_bytes(b"not a database" * 100)
    assert read_history(path, EVER) == History(is_readable=False)


@pytest.mark.long
def test_a_year_stays_small(path: Path) -> None:
    """Three products and three probes, looked at every two minutes, 400 incidents, 2,000 notices: under 20 MB."""
    with closing(Store.open(path, NOW)) as store:
        store.remember_incidents(
            [SeenIncident(_incident(number), after(timedelta(days=0.9 * number))) for number in range(400)]
        )
        store.save(
            SavedMemory(),
            [_outage_start(after(timedelta(days=0.18 * number))) for number in range(2000)],
            now=NOW,
        )
        for hour in range(366 * 24):
            begin = after(timedelta(hours=hour))
            # What is older than the newest ten days is kept by the hour, however many looks came in it. A whole hour
            # goes into one transaction: what the file holds is the same.
            looks = 30 if hour > 356 * 24 else 2
            store.save_observations(
                [each for n in range(looks) for each in _round(begin + timedelta(minutes=60 / looks * n))],
                begin,
            )
    # The file as it is at any moment, with its side files.
    assert sum(file.stat().st_size for file in path.parent.iterdir()) < 20 * MB
    kept = read_history(path, after(timedelta(days=275))).observations
    assert {each.about for each in kept} == {"ChatGPT", "APIs", "Codex", "API", "Login"}


def _incident(number: int) -> Incident:
    """One with eight long posts."""
    posts = tuple(
        Update(f"{number}.{n}", Stage.IDENTIFIED, "identified", "We look into it. " * 30, NOW)
        for n in range(8)
    )
    return Incident(
        f"i{number}",
        "Answers are slow",
        Stage.RESOLVED,
        "resolved",
        State.MAJOR,
        "major",
        NOW,
        NOW,
        NOW,
        updates=posts,
    )


def _outage_start(at: datetime) -> Transition:
    products = ("ChatGPT", "APIs", "Codex")
    return Transition(
        TransitionKind.START, products, State.OPERATIONAL, State.MAJOR, at, at, ("i1",), must_arrive=True
    )


def _round(at: datetime) -> Iterator[Observation]:
    trouble = at.day % 7 == 0 and at.hour == 14
    for product in ("ChatGPT", "APIs", "Codex"):
        state = State.PARTIAL if trouble else State.OPERATIONAL
        yield Observation(ObservationSource.PAGE, product, at, 120.0, state)
        yield Observation(ObservationSource.OWN_PROBES, product, at, 120.0, state)
    for probe in ("API", "ChatGPT", "Login"):
        yield Observation(ObservationSource.PROBE, probe, at, 120.0, State.OPERATIONAL, 200 + at.minute)
