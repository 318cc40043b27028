"""What somebody else has put into the file: nothing of it runs, and one bad row hides nothing else."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.endtoend.command import configure_home, ran, settings
from trayapp.model import Observation, ObservationSource, Stage, State, StoreComplaint, StoreFault
from trayapp.store import Store
from trayapp.store.codec import to_json
from trayapp.store.reader import read_history

from .samples import SEEN, TOLD
from .values import EPOCH, NOON

GOOD = replace(SEEN, incident=replace(SEEN.incident, id="good", name="Answers fail"))
LOOK = Observation(ObservationSource.PAGE, "APIs", NOON, 60.0, State.MAJOR)

ENDLESS = """
    DROP TABLE incidents;
    CREATE VIEW incidents AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS doc, i AS first_seen, i AS id FROM n
"""
STRANGE = {
    "an endless view": ENDLESS,
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON incidents BEGIN DELETE FROM kept; END",
    "a view beside": "CREATE VIEW v AS SELECT load_extension('evil')",
    "another table": "CREATE TABLE more (x)",
    "an index that reckons": "CREATE INDEX i ON incidents (length(doc))",
    "a column more": "ALTER TABLE incidents ADD COLUMN x",
    "another table of that name": "DROP TABLE intents; CREATE TABLE intents (id)",
    "a table less": "DROP TABLE transitions",
    "a table that is a function": "DROP TABLE intents; CREATE VIRTUAL TABLE intents USING fts5(id, at, doc)",
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_a_file_with_other_tables_than_ours_is_put_aside(path: Path, change: str) -> None:
    """At once, by the program; who only reads it says that it cannot be read."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(change)
    began = time.monotonic()
    assert not read_history(path, EPOCH).is_readable
    with closing(Store.open(path, NOON)) as store:
        assert store.complaint == StoreComplaint(
            StoreFault.CORRUPT, str(path.with_name("state.db.kept-20261122T120000Z"))
        )
        assert store.read_incidents() == []
    assert time.monotonic() - began < 5.0


def test_a_file_from_before_there_were_observations_is_ours(path: Path) -> None:
    """They are made in it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE witnesses; DROP TABLE observations")
    with closing(Store.open(path, NOON)) as store:
        assert store.complaint is None
        assert store.read_transitions() == [TOLD]
        store.save_observations([LOOK], NOON)
    assert read_history(path, EPOCH).observations == (LOOK,)


def _doc(change: Callable[[dict[str, object]], object]) -> str:
    doc = json.loads(to_json(replace(SEEN, incident=replace(SEEN.incident, id="bad"))))
    change(doc)
    return json.dumps(doc)


NO_UTF8 = b'\xff"'
BAD_DOCS: dict[str, object] = {
    "no JSON": "{",
    "a list": "[]",
    "a number": 5,
    "bytes that are no text": b"\xff\xfe\x00",
    "text that is no UTF-8": NO_UTF8,
    "too deep": "[" * 100_000,
    "year 1": _doc(lambda doc: doc.update(first_seen="0001-01-01T00:00:00+00:00")),
    "year 9999": _doc(lambda doc: doc.update(first_seen="9999-12-31T00:00:00-12:00")),
    "a stage unheard of": _doc(lambda doc: doc["incident"].update(stage="?")),  # type: ignore[attr-defined]  # it is a dict
    "nothing in it": "{}",
}


@pytest.mark.parametrize("bad", BAD_DOCS.values(), ids=BAD_DOCS)
def test_a_row_that_cannot_be_read_hides_nothing_else(path: Path, bad: object) -> None:
    """Of incidents, of what was told, of what was owed; the program and who only reads."""
    with closing(Store.open(path, NOON)) as store:
        store.remember_incidents([GOOD])
        store.save_observations([LOOK], NOON)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO incidents VALUES ('bad', 0, ?)", (bad,))
        db.execute("INSERT INTO transitions (at, doc) VALUES (0, ?)", (bad,))
        db.execute("INSERT INTO intents VALUES ('bad', ?, ?)", (NOON.timestamp(), bad))
        for table in ("incidents", "transitions", "intents") if bad == NO_UTF8 else ():
            db.execute(f"UPDATE {table} SET doc = CAST(doc AS TEXT) WHERE doc = ?", (bad,))  # noqa: S608  # our own names
    found = read_history(path, EPOCH)
    assert (found.is_readable, found.incidents, found.transitions, found.observations) == (
        True,
        (GOOD,),
        (TOLD,),
        (LOOK,),
    )
    with closing(Store.open(path, NOON)) as store:
        assert store.complaint is None
        assert (store.read_incidents(), store.read_transitions(), store.unfinished_intents(NOON)) == (
            [GOOD],
            [TOLD],
            [],
        )
        store.remember_incidents([replace(GOOD, suspected_at=NOON)])
        assert store.read_incidents() == [replace(GOOD, suspected_at=NOON)]


@pytest.mark.parametrize(
    "row",
    [
        (9e18, 1, 0, 60, 1, 5),
        (99999999999999, 1, 0, 60, 1, 5),
        ("x", 1, 0, 60, 1, 5),
        (1790000000, 1, 77, 60, 1, 5),
        (1790000000, 1, "x", 60, 1, 5),
        (1790000000, 1, 0, "x", 1, 5),
        (1790000000, 1, 0, 60, 0, 5),
        (1790000000, 1, 0, 60, 1, "x"),
        (1790000000, 2, 0, 60, 1, 5),
    ],
)
def test_an_observation_that_nobody_made_hides_no_other(path: Path, row: tuple[object, ...]) -> None:
    """A time without a date, a state that is none, no looks, a witness unheard of."""
    with closing(Store.open(path, NOON)) as store:
        store.save_observations([LOOK], NOON)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO witnesses VALUES (2, 'gossip', 'APIs')")
        db.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?)", row)
    found = read_history(path, EPOCH)
    assert found.is_readable
    assert LOOK in found.observations
    assert len(found.observations) == 1


@pytest.mark.parametrize("table", ["incidents", "transitions", "observations", "witnesses"])
def test_a_part_of_the_file_that_is_broken_hides_no_other(path: Path, table: str) -> None:
    """What lies in other parts is read all the same."""
    with closing(Store.open(path, NOON)) as store:
        store.remember_incidents([GOOD])
        store.save_observations([LOOK], NOON)
    with closing(sqlite3.connect(path)) as db:
        size = db.execute("PRAGMA page_size").fetchone()[0]
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    found = read_history(path, EPOCH)
    assert found.incidents == (() if table == "incidents" else (GOOD,))
    assert found.transitions == (() if table == "transitions" else (TOLD,))
    assert found.observations == (() if table in {"observations", "witnesses"} else (LOOK,))


@pytest.mark.long
@pytest.mark.parametrize("zone", ["<+14>-14", "<-12>+12"])
def test_the_commands_show_what_can_be_read(tmp_path: Path, zone: str) -> None:
    """`history` and the details page, in the easternmost zone and the westernmost, beside times at the calendar's ends."""
    home = configure_home(tmp_path, settings("http://127.0.0.1:9"))
    with closing(Store.open(home / "state.db", NOON)) as store:
        store.remember_incidents([replace(GOOD, incident=replace(GOOD.incident, stage=Stage.RESOLVED))])
    with closing(sqlite3.connect(home / "state.db")) as db, db:
        for key in ("year 1", "year 9999"):
            db.execute("INSERT INTO incidents VALUES (?, 0, ?)", (key, BAD_DOCS[key]))
    assert [one["id"] for one in ran(home, "history", "--json", TZ=zone).json["incidents"]] == ["good"]
    assert "Answers fail" in ran(home, "history", TZ=zone).out
    page = home / "page.html"
    assert ran(home, "details", "--out", str(page), TZ=zone).code == 0
    assert "Answers fail" in page.read_text()


def test_a_first_sight_at_the_ends_of_time_does_not_stop_the_program(path: Path) -> None:
    """The column beside a text is not the text's own time."""
    with closing(sqlite3.connect(path)) as db, db:
        for n, at in enumerate((-9e18, 9e18, "x", float("inf"))):
            db.execute("INSERT INTO incidents VALUES (?, ?, '{}')", (str(n), at))
    with closing(Store.open(path, NOON)) as store:
        for n in range(60):
            store.remember_incidents(
                [replace(GOOD, incident=replace(GOOD.incident, id=str(n)), first_seen=NOON)]
            )
        store.save(store.last_saved(), [TOLD], now=NOON + timedelta(days=1))
        assert store.complaint is None
        assert len(store.read_incidents()) == 60
