"""Killed at any moment of an outage, the program tells its start once or twice, and all else at most once.

A film has ten kills. `KILLED_FILMS=20` plays twenty of them; without it there are four.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, settings
from tests.endtoend.mortal import Disk, Mortal, mortal
from tests.endtoend.running import Notices
from tests.film import Scene
from trayapp.demo.component_names import COMPONENTS_BY_GROUP
from trayapp.demo.page_json import SUMMARY_PATH, PageContent
from trayapp.demo.server import StatusServer
from trayapp.model import State

pytestmark = pytest.mark.desktop

FILMS = int(os.environ.get("KILLED_FILMS", "4"))
SHORT = 'interval = "15s"\ninterval_in_trouble = "15s"'
FOLLOWED = ("ChatGPT", "APIs", "Codex")
LIFE = 1.6
"""Seconds that a life lasts at most; on the program's clock, 80."""
ROUND = 0.1
"""Seconds in which a look is answered, judged, kept and told."""
TELLING = 0.03
"""Seconds in which what was kept is told, and that noted."""


@dataclass
class Film:
    """A page, and a program that watches it and is killed."""

    program: Mortal
    server: StatusServer
    dice: Random
    repeats: int = 0
    """Kills after which a start was still to be told: each may have it told once more."""
    hour: int = 0

    def says(self, state: State, *products: str) -> None:
        """From now on, the page has all components of these products in that state."""
        self.hour += 1
        self.server.set_answers(_page(self.hour, state, products))

    def kill(self) -> None:
        """One kill, at a moment of a kind that chance decides, and one more life."""
        self.dice.choice([self._any_moment, self._in_a_round, self._in_a_telling])()
        self.program.end(signal.SIGKILL)
        left = self.program.remains()
        _assert_whole(left)
        self.repeats += len(left.intents)
        self.program.start()

    def _any_moment(self) -> None:
        time.sleep(self.dice.uniform(0.0, LIFE))

    def _in_a_round(self) -> None:
        looks = self._looks() + self.dice.choice([1, 2])
        _wait(lambda: self._looks() >= looks)
        time.sleep(self.dice.uniform(0.0, ROUND))

    def _in_a_telling(self) -> None:
        written = self.program.last_write()
        _wait(lambda: self.program.last_write() > written)
        time.sleep(self.dice.uniform(0.0, TELLING))

    def _looks(self) -> int:
        return sum(asked.path == SUMMARY_PATH for asked in self.server.asked)


def _wait(condition: Callable[[], object]) -> None:
    with suppress(AssertionError):  # there may be nothing more to wait for
        wait_until(condition, LIFE)


def _page(hour: int, state: State, products: tuple[str, ...]) -> Scene:
    troubled = {(p, name): state for p in products for name in COMPONENTS_BY_GROUP[p]}
    return scenes.scene(PageContent(scenes.BEFORE + timedelta(hours=hour), troubled))


def _assert_whole(disk: Disk) -> None:
    """What is kept as told is what was told last; an end is of something told; an intent is of a start that was told."""
    told = dict.fromkeys(FOLLOWED, State.OPERATIONAL)
    for transition in disk.transitions:
        for name in transition.products:
            assert told[name] is not transition.after, "a start or an end told again"
            told[name] = transition.after
    assert told == {name: disk.kept.products[name].told for name in FOLLOWED}
    starts = {f"{t.at.isoformat()} {t.change}" for t in disk.transitions if t.must_arrive}
    assert all(intent.id.startswith(tuple(starts)) for intent in disk.intents)


@pytest.mark.parametrize("number", range(FILMS))
def test_a_killed_program_tells_a_start_once_or_twice_and_all_else_at_most_once(
    number: int, tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """Three outages, with ten kills at random moments of them; after each, what was kept is whole."""
    dice = Random(number)  # noqa: S311 - moments for a test, not secrets
    with StatusServer(_page(0, State.OPERATIONAL, ())) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        with mortal(home, bus) as program:
            film = Film(program, server, dice)
            program.start()
            wait_until(lambda: notices.with_title("watching"), what="the welcome")
            for product, kills in zip(dice.sample(FOLLOWED, len(FOLLOWED)), (4, 3, 3), strict=True):
                _outage(film, product, kills)
            wait_until(lambda: not program.on_disk().intents, what="all that had to arrive noted as shown")
            program.end(signal.SIGTERM)
            _assert_whole(program.remains())
            _assert_told_as_promised(film, notices)
            assert "Traceback" not in program.log
            assert not list(home.glob("*.kept-*")), "a file put aside"


def _outage(film: Film, product: str, kills: int) -> None:
    """One outage, from its start to its end, with so many kills."""
    if film.dice.random() < 0.3:
        film.says(State.PARTIAL, product)
        film.kill()
        kills -= 1
    film.says(State.MAJOR, product)
    for _ in range(kills - 1):
        film.kill()
    wait_until(lambda: film.program.on_disk().states_told(product) == {State.MAJOR}, what="the start kept")
    film.says(State.OPERATIONAL)
    film.kill()
    wait_until(
        lambda: film.program.on_disk().states_told(product) == {State.OPERATIONAL}, what="the end kept"
    )


_DOWN = ("is down", "are down", "is now down", "are now down")


def _as_a_start(title: str) -> str:
    """The title of a worsening as that of a start without one."""
    return title.removeprefix("Worse: ").replace(" now down", " down")


def _assert_told_as_promised(film: Film, notices: Notices) -> None:
    """Each major outage shown, as a start or as the worse of one, and shown again only after a kill before its receipt.

    All else is shown once at most.
    """
    starts = Counter(shown.title for shown in notices.all() if shown.title.endswith(_DOWN))
    assert {_as_a_start(title) for title in starts} == {"ChatGPT is down", "APIs are down", "Codex is down"}
    assert starts.total() <= len(FOLLOWED) + film.repeats
    assert len({(shown.title, shown.body) for shown in notices.all() if shown.title in starts}) == len(
        FOLLOWED
    )
    others = [shown.title for shown in notices.all() if shown.title not in starts]
    assert max(Counter(title.partition(" after ")[0] for title in others).values()) == 1
    assert len(others) <= 1 + sum(not t.must_arrive for t in film.program.remains().transitions)
