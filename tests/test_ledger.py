"""What is kept of a round for the history."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.core.films import LIMITS, alive, every, failing, look, moment, paused, play
from tests.core.pages import BEGAN, page, wall
from trayapp.core.judge import step
from trayapp.core.suspicions import suspicions
from trayapp.ledger import Ledger
from trayapp.store import Store
from trayapp.store.past import past
from trayapp.world import Settings, World


def test_what_a_pause_left_unsaid_is_in_the_history_with_what_the_rounds_showed(tmp_path: Path) -> None:
    """Another process reads it from the file while the program runs."""
    file = tmp_path / "state.db"
    # Only these two of the world are asked here.
    world = cast("World", SimpleNamespace(keeper=lambda: Store.open(file, BEGAN), clock=lambda: moment(0)))
    ledger = Ledger(world, lambda: cast("Settings", None))
    memory = paused(play([look(0, page(), alive("API"))]), 36_000)
    for round_ in [
        *every(22, 150, 300, page(), failing("API")),
        *every(60, 340, 1100, page(), alive("API")),
    ]:
        before = memory
        memory, _, told = step(memory, round_, LIMITS)
        assert told == ()
        ledger.remember(before, memory, round_, LIMITS)
    known = past(file, BEGAN)
    (one,) = suspicions(known.told, known.seen, wall(36_000))
    assert (one.products, one.began, one.told_at, one.posted) == (("APIs",), wall(150), None, False)
    assert known.observations
    ledger.keeper.close()
