"""What is kept of a round for the history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.core.films import LIMITS, alive, every, failing, look, moment, paused, play
from tests.core.pages import BEGAN, page, wall
from trayapp.app.languages import speech
from trayapp.core.history.suspicions import suspicions
from trayapp.core.judge import step
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import Settings, World
from trayapp.model import Finding, Outcome, ProbeResult, ProbeSpec, Spent
from trayapp.store import Store
from trayapp.store.reader import past


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


def test_that_the_check_with_the_key_rests_is_told_once_and_counted_on_disk(tmp_path: Path) -> None:
    """A restart in between tells it no second time; after a whole answer it would be news again."""
    file, told = tmp_path / "state.db", list[str]()
    world = cast(
        "World",
        SimpleNamespace(
            keeper=lambda: Store.open(file, BEGAN),
            clock=lambda: moment(0),
            tell=lambda notice: told.append(notice.title),
            happened=lambda _transition: None,
            take_back=lambda _threads: None,
        ),
    )
    spec = ProbeSpec("Answers", "APIs", "https://api.test/v1", 900.0, keyed=True)
    limits = replace(LIMITS, probes=(*LIMITS.probes, spec))
    settings = cast("Settings", SimpleNamespace(speech=speech("en"), limits=limits))

    def lived(*found: tuple[Finding, float | None]) -> Ledger:
        ledger = Ledger(world, lambda: settings)
        memory = ledger.opened()
        memory = replace(memory, kept=replace(memory.kept, welcomed=True))
        for at, (finding, wait) in enumerate(found):
            outcome = Outcome.ALIVE if finding is Finding.WHOLE else Outcome.LOCAL
            result = ProbeResult("Answers", "APIs", outcome, finding=finding, retry_after=wait)
            round_ = replace(look(900.0 * at, page(), (result,)), spent=Spent(1, 12, 2))
            memory, verdict, transitions = step(memory, round_, limits)
            memory = ledger.tell(memory, transitions, verdict)
        ledger.keeper.close()
        return ledger

    lived((Finding.KEY, 60.0))
    assert told == []
    lived((Finding.KEY, None), (Finding.KEY, None))
    lived((Finding.KEY, None))
    assert told == ["OpenAI Status Tray: OpenAI refuses your key"]
    lived((Finding.WHOLE, None), (Finding.CREDIT, 21_600.0), (Finding.BUSY, None), (Finding.CREDIT, 21_600.0))
    assert told[1:] == ["OpenAI Status Tray: your credit is used up: this is not an outage"]
    store = Store.open(file, BEGAN)
    assert (store.kept().spending.today, store.kept().spending.tokens_in) == (8, 96)
    store.close()
