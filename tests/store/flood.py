"""A page that posts without end, through the real judge and into a real file: what it costs on disk and in memory.

    python -m tests.store.flood STATE POLLS

Prints bytes of the folder and KiB of resident memory, every tenth of the polls.
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.core.films import LIMITS
from tests.core.pages import BEGAN, page
from trayapp.core import judge
from trayapp.core.history.observations import incident_sightings, round_observations
from trayapp.core.state.memory import Memory
from trayapp.model import ConnectionState, Incident, Moment, PageReading, Round, Stage, State, Update
from trayapp.store import Store

INCIDENTS, NAME, POSTS, POST, ID = 200, 160, 30, 2000, 100
"""The most that is read of a page's answer."""
_TEXT = "\N{PILE OF POO}" * POST
_POSTS = tuple(Update(f"{n}", Stage.INVESTIGATING, "investigating", _TEXT, BEGAN) for n in range(POSTS))


def flood_reading(poll: int, *, every_open: int = 10) -> PageReading:
    """A reading whose incidents nobody has seen before, each of the longest; every so many still goes on."""
    return replace(
        page(ChatGPT=State.MAJOR),
        incidents=tuple(
            Incident(
                f"{poll}-{number}-".ljust(ID, "x"),
                "\N{PILE OF POO}" * NAME,
                Stage.RESOLVED if number % every_open else Stage.INVESTIGATING,
                "investigating",
                State.MAJOR,
                "critical",
                started_at=BEGAN + timedelta(minutes=poll),
                components=("a",),
                updates=_POSTS,
                url="https://status.test/" + "x" * ID,
            )
            for number in range(INCIDENTS)
        ),
    )


def size(file: Path) -> int:
    """Bytes that the file and what lies beside it take."""
    return sum(each.stat().st_size for each in file.parent.iterdir())


def resident() -> int:
    """KiB of this process."""
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0])


def flood(file: Path, polls: int) -> None:
    """Poll by poll, as the ledger keeps it."""
    memory = Memory()
    with closing(Store.open(file, BEGAN)) as store:
        for poll in range(polls):
            wall = BEGAN + timedelta(minutes=poll)
            round_ = Round(
                Moment(wall, poll * 60.0, poll * 60.0), flood_reading(poll), None, (), ConnectionState.GOOD
            )
            before = memory
            memory, _, told = judge.judge_round(before, round_, LIMITS)
            store.save(memory.saved, told, now=wall)
            store.remember_incidents(incident_sightings(before, memory, round_))
            store.save_observations(round_observations(memory, round_, LIMITS), wall)
            if not (poll + 1) % (polls // 10):
                sys.stdout.write(f"{poll + 1} {size(file)} {resident()}\n")


if __name__ == "__main__":
    flood(Path(sys.argv[1]), int(sys.argv[2]))
