"""One life with all its rules: what it found, and what it took."""

from __future__ import annotations

import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

from tools.fuzz.early import Early
from tools.fuzz.events import Story
from tools.fuzz.kept import Arriving, Recorded
from tools.fuzz.player import Player
from tools.fuzz.rules import Asked, Books, Bounded, BrokenError, Lengths, Quiet
from tools.fuzz.timely import Readings, Ticks
from tools.fuzz.truth import Shown, Still
from tools.fuzz.watching import Watcher
from tools.fuzz.worded import Words

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""The store is real; its disk need not be."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of a life."""

    days: float
    rounds: int
    rule: str = ""
    """The rule that was broken; empty if none was."""
    how: str = ""
    at: float = 0.0
    told: tuple[str, ...] = ()
    """The titles of what the person was shown."""


def watchers() -> tuple[Watcher, ...]:
    """All rules."""
    return (
        Books(),
        Quiet(),
        Asked(),
        Lengths(),
        Bounded(),
        Readings(),
        Ticks(),
        Shown(),
        Still(),
        Recorded(),
        Arriving(),
        Words(),
        Early(),
    )


def live(story: Story, *, skips: bool = True) -> Lived:
    """Play a life; a broken rule ends it."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        life = Player(story, Path(folder), watchers(), skips)
        rule = how = ""
        try:
            life.play()
        except BrokenError as error:
            rule, how = error.rule, str(error)
        except Exception as error:  # noqa: BLE001 - that it raises is what is looked for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            rule, how = f"raises {type(error).__name__} in {frame.name}", traceback.format_exc()
        finally:
            life.store.close()
        return Lived(
            life.world.real / 86_400.0,
            life.rounds,
            rule,
            how,
            life.world.real,
            tuple(one.title for one in life.shown),
        )
