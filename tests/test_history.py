"""Past incidents and their lengths, from what the program has kept, while it runs and after."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.pages import BEGAN, incident, wall
from tests.desktop.desktops import wait_until
from tests.endtoend.command import configure_home, ran, settings
from tests.endtoend.running import Program
from tests.film import own_film
from tests.systems import unix
from trayapp.app.languages import load_translator
from trayapp.commands.history import history_lines, past_incident_json, suspicion_json
from trayapp.core.history.suspicions import Suspicion
from trayapp.demo.server import StatusServer
from trayapp.model import Incident, SavedMemory, SeenIncident, Stage, State, Transition, TransitionKind
from trayapp.places import find_places
from trayapp.store import Store

ENGLISH = load_translator("en")
OVER = replace(
    incident("Answers fail", stage=Stage.RESOLVED, began=0, ended=5700),
    products=("APIs", "ChatGPT"),
    url="https://status.test/incidents/incident1",
)
UNPOSTED = Suspicion(("APIs",), wall(46_800), wall(46_920), wall(47_460), posted=False)
NOW = wall(100_000)
START = Transition(
    TransitionKind.START, ("Codex",), State.OPERATIONAL, State.PARTIAL, wall(0), wall(-60), confirmed=False
)
LATE = " · This computer noticed 2 min after OpenAI's first post."
OPEN = incident("Log-ins fail", State.PARTIAL, number=2, began=86400)


def seen_incident(one: Incident, *, suspected: float | None = None) -> SeenIncident:
    """An incident seen two minutes after it was posted."""
    return SeenIncident(
        one, (one.started_at or BEGAN) + timedelta(minutes=2), None if suspected is None else wall(suspected)
    )


def keep_history(home: Path, *incidents: Incident) -> None:
    """A home whose program has seen them."""
    with closing(Store.open(home / "state.db", BEGAN)) as store:
        store.remember_incidents([seen_incident(one) for one in incidents])
        store.save(
            SavedMemory(),
            [START, replace(START, change=TransitionKind.END, before=State.PARTIAL, after=State.OPERATIONAL)],
            now=NOW,
        )


def test_a_line_says_when_how_long_what_and_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open one has no length yet, and one whose end nobody dated never will."""
    english = replace(ENGLISH, to_local=lambda at: at)
    undated = replace(OVER, resolved_at=None, products=())
    assert history_lines(
        english, [seen_incident(OPEN), seen_incident(OVER), seen_incident(undated)], [], NOW
    ) == [
        "15 Mar 2026, 09:00        still open  “Log-ins fail” (Investigating)" + LATE,
        "14 Mar 2026, 09:00        1 h 35 min  “Answers fail” (Resolved) (APIs and ChatGPT)" + LATE,
        "14 Mar 2026, 09:00    length unknown  “Answers fail” (Resolved)" + LATE,
    ]


def test_what_openai_never_posted_stands_among_the_incidents() -> None:
    """With its length and whom it hit, and how often that was so; what was posted is an incident already."""
    english = replace(ENGLISH, to_local=lambda at: at)
    assert history_lines(
        english, [seen_incident(OPEN), seen_incident(OVER)], [UNPOSTED, replace(UNPOSTED, posted=True)], NOW
    ) == [
        "15 Mar 2026, 09:00        still open  “Log-ins fail” (Investigating)" + LATE,
        "14 Mar 2026, 22:00            11 min  Suspected here, never posted by OpenAI (APIs)",
        "14 Mar 2026, 09:00        1 h 35 min  “Answers fail” (Resolved) (APIs and ChatGPT)" + LATE,
        "In the last 90 days this computer suspected 2 outages by itself.",
        "OpenAI never posted 1 of them: it was false, or real and not announced.",
    ]


def test_who_noticed_first_is_said() -> None:
    """Where this computer suspected it before OpenAI posted, and not where it only read of it the day after."""
    (earlier,) = history_lines(ENGLISH, [seen_incident(OVER, suspected=-300)], [], NOW)
    assert earlier.endswith("(APIs and ChatGPT) · This computer noticed 5 min before OpenAI's first post.")
    (unseen,) = history_lines(ENGLISH, [SeenIncident(OVER, wall(86_400))], [], NOW)
    assert unseen.endswith("(APIs and ChatGPT)")
    assert past_incident_json(SeenIncident(OVER, wall(86_400)))["lead_s"] is None


def test_scripts_get_suspicions_with_what_became_of_them() -> None:
    """`posted` is true, false, or null while OpenAI may post it yet."""
    assert suspicion_json(UNPOSTED) == {
        "products": ["APIs"],
        "began_at": "2026-03-14T22:00:00Z",
        "told_at": "2026-03-14T22:02:00Z",
        "ended_at": "2026-03-14T22:11:00Z",
        "length_s": 660.0,
        "posted": False,
    }
    goes_on = suspicion_json(replace(UNPOSTED, ended_at=None, posted=None))
    assert (goes_on["ended_at"], goes_on["length_s"], goes_on["posted"]) == (None, None, None)


def test_hostile_names_are_shown_harmlessly() -> None:
    """No control character reaches the terminal, and a name of any length stays one line."""
    (line,) = history_lines(
        ENGLISH, [seen_incident(replace(OPEN, name="\x1b[2J\u202e" + "evil\n" * 5000))], [], NOW
    )
    assert line.isprintable()
    assert len(line) < 250


def test_scripts_get_lengths_in_seconds() -> None:
    """With all that `status --json` says of an incident, and when this computer saw and suspected it."""
    told = past_incident_json(seen_incident(OVER, suspected=-300))
    assert told == {
        "id": "incident1",
        "name": "Answers fail",
        "impact": "major_outage",
        "stage": "resolved",
        "products": ["APIs", "ChatGPT"],
        "started_at": "2026-03-14T09:00:00Z",
        "updated_at": None,
        "url": "https://status.test/incidents/incident1",
        "ended_at": "2026-03-14T10:35:00Z",
        "length_s": 5700.0,
        "first_seen": "2026-03-14T09:02:00Z",
        "suspected_at": "2026-03-14T08:55:00Z",
        "lead_s": 300.0,
    }
    assert past_incident_json(seen_incident(OPEN))["length_s"] is None


def test_an_end_dated_before_the_beginning_is_no_negative_length() -> None:
    """Posts are dated by hand."""
    assert past_incident_json(seen_incident(replace(OVER, resolved_at=wall(-60))))["length_s"] == 0.0


@pytest.mark.long
def test_the_command_prints_the_newest_first(tmp_path: Path) -> None:
    """For people and for scripts."""
    keep_history(tmp_path, OVER, OPEN)
    lines = ran(tmp_path, "history", TZ="UTC").out.splitlines()
    assert [line[:18] for line in lines[:3]] == [
        "15 Mar 2026, 09:00",
        "14 Mar 2026, 09:00",
        "14 Mar 2026, 08:59",
    ]
    told = ran(tmp_path, "history", "--json").json
    assert [one["id"] for one in told["incidents"]] == ["incident2", "incident1"]
    assert [(one["products"], one["posted"]) for one in told["suspicions"]] == [(["Codex"], False)]


@pytest.mark.long
def test_without_a_past_the_command_says_so_and_makes_no_file(tmp_path: Path) -> None:
    """Exit 0: nothing has happened, or the program has not run yet."""
    done = ran(tmp_path, "history")
    assert (done.code, done.out) == (0, "No incident has been seen yet.\n")
    assert ran(tmp_path, "history", "--json").json == {"incidents": [], "suspicions": []}
    assert not list(tmp_path.iterdir())


@pytest.mark.long
@unix
def test_the_running_program_keeps_what_it_sees_and_is_not_disturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The incidents of its first look are in the history while it runs and holds the file."""
    film = own_film()
    with StatusServer(film.scenes[1]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        monkeypatch.setenv("OPENAI_STATUS_TRAY_HOME", str(home))
        with Program(home) as program:
            wait_until(find_places().state_file.exists, what="the file")
            wait_until(
                lambda: ran(home, "history", "--json").json["incidents"], what="an incident in the history"
            )
            told = ran(home, "history", "--json").json["incidents"]
            program.end()
        assert program.process.returncode == 0
        assert "put aside" not in program.log
    assert film.incident_id in [one["id"] for one in told]
    assert any(one["length_s"] for one in told)


def test_a_memory_that_was_just_made_is_empty(tmp_path: Path) -> None:
    """The program that starts makes the file before what is in it: that is in nobody's way."""
    (tmp_path / "state.db").touch()
    assert ran(tmp_path, "history", "--json").json == {"incidents": [], "suspicions": []}


@pytest.mark.long
def test_a_memory_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Exit status 1 with one line that names the file; none at all is no incident yet."""
    assert ran(tmp_path, "history").out == "No incident has been seen yet.\n"
    (tmp_path / "state.db").write_text("no database")
    done = ran(tmp_path, "history")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"openai-status-tray: {tmp_path / 'state.db'}: cannot be read\n"
