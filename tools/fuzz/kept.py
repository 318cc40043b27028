"""Rules of what is kept: a recording says the same again, and a crash neither loses a major outage nor repeats it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tools.fuzz.events import Event, Kind, Story
from tools.fuzz.player import Player
from tools.fuzz.rules import BrokenError
from tools.fuzz.watching import Seen, Watcher
from trayapp.commands.replay import replay_rounds
from trayapp.engine.recording import Recorder, read_lines
from trayapp.model import Action, Notification, Round, Transition

_UNRECORDED = frozenset({Action.PAUSE, Action.RESUME, Action.TELL_WHEN_BACK})
_REMEMBERED = 9.0 * 60.0
"""An intent is kept for ten minutes."""


def is_recorded(story: Story) -> bool:
    """Whether a recording holds all that its verdicts came of: what a person did in the menu is no round."""
    return not any(
        (event.kind is Kind.DO and event.what[0] in _UNRECORDED)
        or event.kind is Kind.DIE_TELLING
        or (event.kind is Kind.STOP and event.what[0])
        or (event.kind is Kind.SETTING and event.what[0] in {"follow", "ignore", "probes"})
        for event in story.events
    )


class Recorded(Watcher):
    """What is told of the recorded rounds is what was told."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None
        self._told: list[Transition] = []

    def on_start(self, life: Player) -> None:
        """Each start of the program begins a part of the recording."""
        if is_recorded(life.story):
            limits = life.settings.limits_at(life.now.wall)
            self._recorder = Recorder(life.folder / "rounds.jsonl", limits, lambda _why: None)

    def on_round(self, life: Player, seen: Seen) -> None:
        """Write the round down."""
        if self._recorder is not None:
            self._recorder.add_round(seen.round, seen.limits)
            self._told += [one for one in seen.told if not one.silent]

    def on_calm(self, life: Player, seconds: float) -> None:
        """Write down the last reading of a calm that was skipped: a restart may ask when the page was last read."""
        read, page = life.memory.page_read_at, life.memory.raw_page
        if self._recorder is not None and read is not None and page is not None:
            self._recorder.add_round(
                Round(read, replace(page, copy="", age=0.0)), life.settings.limits_at(read.wall)
            )

    def on_end(self, life: Player) -> None:
        """Give it to the judge again."""
        if self._recorder is None:
            return
        self._recorder.close()
        again = [
            told.transition for told in replay_rounds(read_lines(life.folder / "rounds.jsonl"), life.speech)
        ]
        if again != self._told:
            pairs = zip([*again, None], [*self._told, None], strict=False)
            first = next((pair for pair in pairs if pair[0] != pair[1]), None)
            raise BrokenError("replay differs", f"{len(again)} and {len(self._told)} told, first {first}")


class Arriving(Watcher):
    """What must arrive is shown after a crash, unless it is no news any more."""

    def __init__(self) -> None:
        self._owed: tuple[datetime, Notification] | None = None

    def on_kill(self, life: Player, notice: Notification) -> None:
        """It was killed just before it showed this."""
        self._owed = (life.now.wall, notice)

    def on_start(self, life: Player) -> None:
        """The next run shows it."""
        owed, self._owed = self._owed, None
        if owed is None or not timedelta(0) <= life.now.wall - owed[0] < timedelta(seconds=_REMEMBERED):
            return
        if owed[1].id not in {one.id for one in life.shown}:
            raise BrokenError("lost in a crash", owed[1].title)

    def on_event(self, life: Player, event: Event) -> None:
        """Nothing is shown twice that was shown whole."""
        ids = [one.id for one in life.shown]
        if len(ids) != len(set(ids)):
            twice = next(one.title for one in life.shown if ids.count(one.id) > 1)
            raise BrokenError("shown twice", twice)
