"""Times at the calendar's ends, wherever a time is read from: named or passed over, never a traceback."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.core.films import outage, sequence
from tests.endtoend.command import configure_home, settings
from tests.store.samples import OLD, SEEN, TOLD
from tests.store.values import NOON
from tests.systems import unix
from tests.test_recording import record_rounds
from trayapp import cli
from trayapp.i18n.translator import is_endless
from trayapp.model import FOREVER, SavedMemory, parse_timestamp
from trayapp.places import HOME_VARIABLE
from trayapp.store import Store
from trayapp.store.codec import from_json, to_json

ENDS = (
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "0001-12-31T23:59:59+00:00",
    "9999-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999998+00:00",
    "9999-12-31T23:59:59.999999-14:00",
)


@pytest.mark.parametrize("spelled", [*ENDS, "2026-03-14T09:00:00", "noon", ""])
def test_what_is_no_usable_time_is_one_kind_of_error(spelled: str) -> None:
    """Whoever reads a time need know one error alone."""
    with pytest.raises(ValueError, match=r"time|isoformat"):
        parse_timestamp(spelled)


@pytest.mark.parametrize("at", [datetime(2, 1, 1, tzinfo=UTC), FOREVER])
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_every_time_that_is_read_has_a_local_one_and_a_year_around_it(at: datetime, hours: int) -> None:
    """So nothing that reckons with it overflows."""
    zone = timezone(timedelta(hours=hours))
    assert parse_timestamp(at.astimezone(zone).isoformat()) == at
    assert (at - timedelta(days=300)).astimezone(zone) < (at + timedelta(days=300)).astimezone(zone)


def test_a_pause_without_end_that_an_earlier_version_kept_goes_on() -> None:
    """It was spelled as the calendar's very end."""
    kept = from_json(SavedMemory, '{"paused_until": "9999-12-31T23:59:59.999999+00:00"}')
    assert kept == SavedMemory(paused_until=FOREVER) == from_json(SavedMemory, to_json(kept))
    assert is_endless(FOREVER)


@pytest.fixture(params=["<+14>-14", "<-12>+12"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The easternmost zone, and the westernmost."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@unix
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("spelled", [*ENDS, "9999-12-31T23:59:59.999999+00:00"])
@pytest.mark.parametrize("key", ["wall", "started_at"])
def test_a_recording_with_such_a_time_is_judged_or_named(
    tmp_path: Path, key: str, spelled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, in every zone."""
    record_rounds(tmp_path / "r", *sequence(outage(100, 400)))
    told = (tmp_path / "r").read_text().splitlines()
    changed = [
        _with(json.loads(line), key, spelled) if number else json.loads(line)
        for number, line in enumerate(told)
    ]
    (tmp_path / "r").write_text("\n".join(map(json.dumps, changed)) + "\n")
    assert cli.main(["replay", str(tmp_path / "r")]) in {0, 64}
    said = capsys.readouterr().err
    assert len(said.splitlines()) <= 1
    assert "could not go on" not in said


@pytest.mark.long
@unix
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("spelled", ENDS)
@pytest.mark.parametrize("command", [["history"], ["history", "--json"], ["details", "--out"]])
def test_a_memory_with_such_times_hides_nothing_else(
    tmp_path: Path,
    command: list[str],
    spelled: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A row of a file that is damaged or was tampered with is passed over, and the next one is shown."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    configure_home(tmp_path, settings("http://127.0.0.1:9"))
    good = replace(SEEN, incident=replace(SEEN.incident, id="good", name="A good one", started_at=NOON))
    with closing(Store.open(tmp_path / "state.db", NOON)) as store:
        store.save(OLD, [TOLD], now=NOON)
        store.remember_incidents([SEEN, good])
    with closing(sqlite3.connect(tmp_path / "state.db")) as db, db:
        change = "UPDATE {table} SET doc = replace(doc, ?, ?) WHERE doc NOT LIKE '%good%'"
        for table in ("kept", "transitions", "incidents"):
            db.execute(change.format(table=table), (NOON.isoformat(), spelled))
        db.execute("INSERT INTO witnesses VALUES (1, 'page', 'ChatGPT'), (2, 'probe', 'API')")
        rows = [(at, witness) for at in (-(2**63), -(10**11), 10**12, 2**63 - 1) for witness in (1, 2)]
        db.executemany("INSERT INTO observations VALUES (?, ?, 0, 9223372036854775807, 1, 5)", rows)
    file = tmp_path / "page.html"
    assert cli.main([*command, str(file)] if "--out" in command else command) == 0
    out, err = capsys.readouterr()
    assert "could not" not in err
    assert file.read_text() if "--out" in command else "A good one" in out


def _with(found: object, key: str, value: str) -> object:
    """The same, with another value wherever that key stands."""
    if isinstance(found, dict):
        return {name: value if name == key else _with(inner, key, value) for name, inner in found.items()}
    return [_with(one, key, value) for one in found] if isinstance(found, list) else found
