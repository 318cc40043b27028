"""Whatever a page posts, the file and the memory stay small, and what was real stays in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest

from trayapp.model import (
    Incident,
    SavedIncident,
    SavedMemory,
    SeenIncident,
    Stage,
    State,
    StoreComplaint,
    StoreFault,
    Transition,
    TransitionKind,
    Update,
)
from trayapp.store import Store, retention
from trayapp.store.codec import to_json
from trayapp.store.file import open_for_writing

from . import flood

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
POLLS = 1_000
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A state file on a disk that need not be waited for, where there is one."""
    folder = Path(mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else tmp_path))
    yield folder / "state.db"
    shutil.rmtree(folder)


def seen_incident(name: str, at: datetime = NOW, *, going_on: bool = False, text: str = "") -> SeenIncident:
    """An incident."""
    stage = Stage.INVESTIGATING if going_on else Stage.RESOLVED
    posts = (Update("u2", stage, "", text, at), Update("u1", stage, "", text, at - DAY)) if text else ()
    return SeenIncident(Incident(name, name, stage, "", State.MAJOR, "critical", updates=posts), at)


def post(store: Store, incidents: Sequence[SeenIncident], now: datetime, *told: Transition) -> None:
    """One look, as the ledger keeps it: what goes on is known before what was seen."""
    open_ = {s.incident.id: SavedIncident(s.incident.stage, "") for s in incidents if s.incident.is_open}
    store.save(SavedMemory(looked=True, incidents=open_), told, now=now)
    store.remember_incidents(incidents)


def names(store: Store) -> list[str]:
    """What is kept."""
    return [each.incident.id for each in store.read_incidents()]


def many(word: str, count: int, at: datetime = NOW, *, going_on: bool = False) -> list[SeenIncident]:
    """New incidents."""
    return [seen_incident(f"{word}{n}", at, going_on=going_on) for n in range(count)]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked through /proc")
def test_a_page_that_posts_without_end_fills_neither_disk_nor_memory(path: Path) -> None:
    """A thousand polls, each with as many new incidents as are read of an answer, all of the longest: flat from the first tenth on."""
    said = subprocess.check_output([sys.executable, "-m", "tests.store.flood", path, str(POLLS)], text=True)
    figures = [tuple(map(int, line.split())) for line in said.splitlines() if line[0].isdigit()]
    assert [polls for polls, _, _ in figures] == [POLLS // 10 * tenth for tenth in range(1, 11)]
    assert max(size for _, size, _ in figures) < 20_000_000
    (_, disk_first, memory_first), (_, disk_last, memory_last) = figures[0], figures[-1]
    assert disk_last - disk_first < 2_000_000
    assert memory_last - memory_first < 4_096


@pytest.mark.long
def test_what_goes_on_and_what_was_told_stays(path: Path) -> None:
    """Under any flood, for as long as it goes on; what was told stays for good, silently or only counted does not."""
    told = Transition(
        TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOW, NOW, incidents=("told",)
    )
    with closing(Store.open(path, NOW)) as store:
        real = [
            seen_incident("told", going_on=True),
            seen_incident("goes on", going_on=True),
            seen_incident("unsaid", going_on=True),
        ]
        post(store, real, NOW, told, replace(told, incidents=("unsaid",), silent=True))
        for hour in range(1, 24 * 30):
            at = NOW + timedelta(hours=hour)
            flooded = many(f"{hour} ", 30, at, going_on=True)
            post(store, [*flooded, real[1]], at)
        kept = names(store)
    assert {"told", "goes on", *(one.incident.id for one in flooded)} <= set(kept)
    assert "unsaid" not in kept
    assert len(kept) <= retention.MAX_UNTOLD + 2 + 30


def test_beyond_a_days_measure_only_what_goes_on_is_taken_up_and_without_its_posts(path: Path) -> None:
    """It is in the history, and it costs next to nothing until it is gone."""
    with closing(Store.open(path, NOW)) as store:
        post(store, many("a", retention.NEW_AT_ONCE), NOW)
        post(store, [seen_incident("over", text="x"), seen_incident("goes on", going_on=True, text="x")], NOW)
        assert names(store)[retention.NEW_AT_ONCE :] == ["goes on"]
        assert store.read_incidents()[-1].incident.updates == ()
        post(store, [seen_incident("next day", NOW + DAY, text="x")], NOW + DAY)
        assert names(store)[retention.NEW_AT_ONCE :] == ["next day"]
        assert store.read_incidents()[-1].incident.updates != ()


def test_a_flood_does_not_push_out_what_was_real(path: Path) -> None:
    """A year of ordinary days, then a week of it: as many are lost as the flood's measure of a week."""
    with closing(Store.open(path, NOW)) as store:
        for day in range(365):
            post(store, [seen_incident(f"real {day}", NOW + day * DAY)], NOW + day * DAY)
        for hour in range(0, 24 * 7, 2):
            at = NOW + 365 * DAY + timedelta(hours=hour)
            post(store, many(f"{hour} ", 50, at), at)
        real = [name for name in names(store) if name.startswith("real")]
    assert (
        len(real)
        == 365 - (365 + retention.NEW_AT_ONCE + 7 * retention.NEW_PER_DAY - retention.MAX_UNTOLD) - 1
        or len(real) > 250
    )
    assert real[-1] == "real 364"


def test_after_weeks_away_the_whole_list_of_a_page_is_taken_up(path: Path) -> None:
    """So is the first one ever: no honest page lists more than may be saved up."""
    with closing(Store.open(path, NOW)) as store:
        post(store, many("first ", 60), NOW)
        later = NOW + timedelta(weeks=3)
        post(store, many("then ", 60, later), later)
        assert len(names(store)) == 120


def test_what_is_older_than_all_that_is_shown_goes(path: Path) -> None:
    """Transitions too, after the same time."""
    told = Transition(TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOW, NOW)
    with closing(Store.open(path, NOW)) as store:
        post(store, many("old ", 30), NOW, told)
        later = NOW + timedelta(days=401)
        post(store, many("new ", 30, later), later, replace(told, at=later))
        assert names(store) == [f"new {n}" for n in range(30)]
        assert [each.at for each in store.read_transitions()] == [later]


def test_a_wrong_clock_once_does_not_close_the_door(path: Path) -> None:
    """What was dated ahead counts for nothing until then."""
    with closing(Store.open(path, NOW)) as store:
        ahead = NOW + timedelta(days=1500)
        post(store, many("ahead ", retention.NEW_AT_ONCE, ahead), ahead)
        post(store, [seen_incident("today")], NOW)
        assert "today" in names(store)


def test_a_long_incident_keeps_its_beginning_and_every_date(path: Path) -> None:
    """Of each post the first words: its times are what lengths and leads are reckoned from."""
    long = seen_incident("long", text="word " * 10_000)
    with closing(Store.open(path, NOW)) as store:
        post(store, [long], NOW)
    with closing(Store.open(path, NOW)) as store:
        (kept,) = store.read_incidents()
    assert [u.at for u in kept.incident.updates] == [u.at for u in long.incident.updates]
    assert all(u.text == "word " * 40 for u in kept.incident.updates)
    assert len(retention.incident_json(long)) < retention.MAX_INCIDENT_BYTES


def test_a_file_over_its_budget_lets_go_of_the_oldest_and_says_so_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told goes last, what goes on never."""
    monkeypatch.setattr(retention, "FILE_BUDGET", 600_000)
    told = Transition(
        TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOW, NOW, incidents=("told",)
    )
    said: list[StoreComplaint | None] = []
    with closing(Store.open(path, NOW)) as store:
        post(
            store,
            [seen_incident("told", text="x" * 20_000), seen_incident("first", text="x" * 20_000)],
            NOW,
            told,
        )
        assert store.complaint is None
        for n in range(40):
            at = NOW + n * timedelta(hours=1)
            post(
                store,
                [seen_incident(f"{n}", at, text="x" * 20_000), seen_incident("goes on", going_on=True)],
                at,
            )
            said.append(store.complaint)
            store.complaint = None  # as told
        kept = names(store)
        monkeypatch.setattr(retention, "FILE_BUDGET", 60_000)
        post(
            store,
            [seen_incident("one more", NOW + DAY * 2), seen_incident("goes on", going_on=True)],
            NOW + DAY * 2,
        )
        assert "goes on" in names(store)
        assert "told" not in names(store)
    assert [one for one in said if one] == [StoreComplaint(StoreFault.LARGE)]
    assert {"told", "goes on", "39"} <= set(kept)
    assert "first" not in kept
    assert path.stat().st_size < 1_000_000


@pytest.mark.long
def test_a_file_that_grew_before_gives_the_disk_back(path: Path) -> None:
    """One of an earlier version, of 60 MB: at the first news."""
    Store.open(path, NOW).close()
    with closing(open_for_writing(path)) as db:
        db.execute("BEGIN")
        for n, one in enumerate(many("old ", 3000)):
            big = replace(one, incident=replace(one.incident, stage_word="x" * 20_000))
            key, doc = to_json(one.incident.id), to_json(big)
            db.execute("INSERT INTO incidents VALUES (?, ?, ?)", (key, NOW.timestamp() + n, doc))
        db.execute("COMMIT")
    assert path.stat().st_size > 60_000_000
    with closing(Store.open(path, NOW)) as store:
        post(store, [seen_incident("new", NOW + DAY)], NOW + DAY)
        assert "new" in names(store)
        assert len(names(store)) <= retention.MAX_UNTOLD
    assert flood.size(path) < 15_000_000


def test_a_sighting_reads_only_what_it_is_of(path: Path) -> None:
    """However much the file holds."""
    with closing(Store.open(path, NOW)) as store:
        post(store, many("old ", 80), NOW)
        read: list[str] = []
        assert store._db is not None
        store._db.set_trace_callback(read.append)
        post(store, [seen_incident("old 3", text="news"), seen_incident("new")], NOW)
        docs = [each for each in read if each.startswith("SELECT doc FROM incidents")]
    assert len(docs) == 2
    assert all("WHERE id =" in each for each in docs)


def test_what_a_full_disk_does_not_take_stays_small_in_memory(tmp_path: Path) -> None:
    """For as long as that lasts."""
    (tmp_path / "file").write_text("")
    with closing(Store.open(tmp_path / "file" / "state.db", NOW)) as store:
        for n in range(30):
            post(store, many(f"{n} ", 100, going_on=True), NOW)
        assert store.complaint is not None
        assert len(names(store)) <= retention.MAX_UNTOLD
        assert names(store)[-1] == "29 99"
