"""What outlives the program does so: over restarts and over a page's strangest words."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from tests.systems import modes
from trayapp.model import (
    Incident,
    Notification,
    NotificationKind,
    SavedMemory,
    SavedProduct,
    SeenIncident,
    Stage,
    State,
    Transition,
    TransitionKind,
)
from trayapp.store import INTENT_LIFETIME, Store
from trayapp.store.reader import read_history

from .values import NOON, values

KEPT = SavedMemory(
    products={"APIs": SavedProduct(known=State.MAJOR, told=State.MAJOR, told_since=NOON)}, looked=True
)
TOLD = Transition(
    TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON, must_arrive=True
)
NOTICE = Notification("n1", NotificationKind.START, "APIs down", "The page says so.", must_arrive=True)
OUTAGE = Incident("inc-1", "Elevated errors", Stage.INVESTIGATING, "investigating", State.MAJOR, "critical")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state file will be; its folder is not there yet."""
    return tmp_path / "state" / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A fresh store."""
    with closing(Store.open(path, NOON)) as store:
        yield store


def reopen(path: Path) -> Store:
    """The store as the next start of the program finds it; the caller closes it."""
    return Store.open(path, NOON)


def test_an_absent_file_is_a_fresh_start(store: Store) -> None:
    """Nothing is known, nothing is complained of."""
    assert store.last_saved() == SavedMemory()
    assert store.read_transitions() == []
    assert store.unfinished_intents(NOON) == []
    assert store.read_incidents() == []
    assert store.complaint is None


@pytest.mark.long
@given(kept=values(SavedMemory))
@settings(max_examples=40, deadline=None)
def test_what_is_kept_comes_back_after_a_restart(kept: SavedMemory) -> None:
    """Every field of it, whatever the page's words were."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "state.db")
        with closing(Store.open(path, NOON)) as store:
            store.save(SavedMemory(looked=True), now=NOON)
            store.save(kept, now=NOON)
        with closing(reopen(path)) as store:
            assert store.last_saved() == kept
            assert store.complaint is None


@pytest.mark.long
@given(transition=values(Transition), notice=values(Notification), seen=values(SeenIncident))
@settings(max_examples=40, deadline=None)
def test_history_comes_back_whatever_the_page_wrote(
    transition: Transition, notice: Notification, seen: SeenIncident
) -> None:
    """Ids and texts with half characters or NUL reach the disk and come back."""
    transition = replace(transition, at=NOON)  # an old one would be let go
    with TemporaryDirectory() as folder:
        path = Path(folder, "state.db")
        with closing(Store.open(path, NOON)) as store:
            store.save(KEPT, [transition], [notice], now=NOON)
            store.remember_incidents([seen])
            assert store.complaint is None
        with closing(reopen(path)) as store:
            assert store.read_transitions() == [transition]
            assert store.unfinished_intents(NOON) == [notice]
            assert store.read_incidents() == [seen]


@modes
def test_files_are_for_their_owner_alone(path: Path, store: Store) -> None:
    """The database, its write-ahead log and shared memory have mode 0600, their folder 0700."""
    store.save(KEPT, now=NOON)

    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}

    assert modes == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@modes
def test_a_file_others_could_read_is_closed_to_them(path: Path, store: Store) -> None:
    """A copied-back file is tightened when it is opened."""
    store.close()
    path.chmod(0o644)

    reopen(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_process_can_read_while_the_store_is_open(path: Path, store: Store) -> None:
    """The write-ahead log keeps readers and the writer out of each other's way."""
    store.save(KEPT, [TOLD], now=NOON)

    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM transitions").fetchone() == (1,)
        store.save(KEPT, [TOLD], now=NOON)
        assert other.execute("SELECT count(*) FROM transitions").fetchone() == (1,)

    assert store.complaint is None


def test_a_notice_that_was_shown_is_finished(path: Path, store: Store) -> None:
    """After `done` a restart does not show it again."""
    store.save(KEPT, [TOLD], [NOTICE], now=NOON)
    assert store.unfinished_intents(NOON) == [NOTICE]

    store.finish_intent(NOTICE.id)

    assert store.unfinished_intents(NOON) == []
    store.close()
    with closing(reopen(path)) as again:
        assert again.unfinished_intents(NOON) == []


def test_an_old_intent_is_no_news(store: Store) -> None:
    """After ten minutes it is not shown again, and the next save forgets it."""
    store.save(KEPT, [], [NOTICE], now=NOON)

    assert store.unfinished_intents(NOON + INTENT_LIFETIME - timedelta(seconds=1)) == [NOTICE]
    assert store.unfinished_intents(NOON + INTENT_LIFETIME) == []

    store.save(KEPT, now=NOON + INTENT_LIFETIME)
    assert store.unfinished_intents(NOON) == []


def test_transitions_come_in_the_order_they_were_told(store: Store) -> None:
    """And can be asked for from a moment on, that moment included."""
    later = replace(TOLD, change=TransitionKind.END, at=NOON + timedelta(microseconds=1))
    store.save(KEPT, [TOLD], now=NOON)
    store.save(KEPT, [later], now=NOON)

    assert store.read_transitions() == [TOLD, later]
    assert store.read_transitions(later.at) == [later]
    assert store.read_transitions(later.at + timedelta(microseconds=1)) == []


def test_another_thread_reads_what_was_told_while_the_program_runs(path: Path, store: Store) -> None:
    """Whole, with the parts of what was put together, oldest first."""
    away = replace(TOLD, change=TransitionKind.AWAY, parts=(TOLD, TOLD))
    store.save(KEPT, [TOLD, away], now=NOON)
    assert read_history(path, NOON).transitions == (TOLD, away)


def test_the_first_sight_and_the_first_suspicion_stand(path: Path, store: Store) -> None:
    """What is learned later replaces the incident itself only."""
    suspected, later = NOON - timedelta(minutes=9), NOON + timedelta(minutes=9)
    over = replace(OUTAGE, stage=Stage.RESOLVED, resolved_at=later)
    store.remember_incidents([SeenIncident(OUTAGE, NOON)])
    store.remember_incidents([SeenIncident(OUTAGE, later, suspected)])
    store.remember_incidents([SeenIncident(over, later, later)])
    store.close()

    with closing(reopen(path)) as again:
        assert again.read_incidents() == [SeenIncident(over, NOON, suspected)]


def test_seeing_the_same_again_writes_nothing(path: Path, store: Store) -> None:
    """Each round sees the open incidents; only news costs the disk something."""
    store.remember_incidents([SeenIncident(OUTAGE, NOON)])
    written = path.with_name("state.db-wal").stat().st_size

    store.remember_incidents([SeenIncident(OUTAGE, NOON + timedelta(minutes=2))])
    store.remember_incidents([])

    assert path.with_name("state.db-wal").stat().st_size == written


def test_closing_twice_does_no_harm(store: Store) -> None:
    """A program on its way out may come by twice."""
    store.close()
    store.close()
