"""What is kept of a round for the history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.core.films import LIMITS, alive, every, failing, look, memory_after_pause, moment, play
from tests.core.pages import BEGAN, page, wall
from trayapp.app.languages import load_translator
from trayapp.core.history.suspicions import find_suspicions
from trayapp.core.judge import judge_round
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import PollerPorts, PollerSettings
from trayapp.model import AnswerFinding, KeyUsage, Outcome, ProbeResult, ProbeSpec
from trayapp.store import Store
from trayapp.store.reader import read_history


def test_what_a_pause_left_unsaid_is_in_the_history_with_what_the_rounds_showed(tmp_path: Path) -> None:
    """Another process reads it from the file while the program runs."""
    file = tmp_path / "state.db"
    # Only these two of the world are asked here.
    world = cast(
        "PollerPorts", SimpleNamespace(open_store=lambda: Store.open(file, BEGAN), clock=lambda: moment(0))
    )
    ledger = Ledger(world, lambda: cast("PollerSettings", None))
    memory = memory_after_pause(play([look(0, page(), alive("API"))]), 36_000)
    for round_ in [
        *every(22, 150, 300, page(), failing("API")),
        *every(60, 340, 1100, page(), alive("API")),
    ]:
        before = memory
        memory, _, told = judge_round(memory, round_, LIMITS)
        assert told == ()
        ledger.save_history(before, memory, round_, LIMITS)
    known = read_history(file, BEGAN)
    (one,) = find_suspicions(known.transitions, known.incidents, wall(36_000))
    assert (one.products, one.began_at, one.told_at, one.posted) == (("APIs",), wall(150), None, False)
    assert known.observations
    ledger.store.close()


def test_that_the_check_with_the_key_rests_is_told_once_and_counted_on_disk(tmp_path: Path) -> None:
    """A restart in between tells it no second time; after a whole answer it would be news again."""
    file, told = tmp_path / "state.db", list[str]()
    world = cast(
        "PollerPorts",
        SimpleNamespace(
            open_store=lambda: Store.open(file, BEGAN),
            clock=lambda: moment(0),
            notify=lambda notice: told.append(notice.title),
            report_transition=lambda _transition: None,
            withdraw=lambda _threads: None,
        ),
    )
    spec = ProbeSpec("Answers", "APIs", "https://api.test/v1", 900.0, keyed=True)
    limits = replace(LIMITS, probes=(*LIMITS.probes, spec))
    settings = cast("PollerSettings", SimpleNamespace(speech=load_translator("en"), limits=limits))

    def live_rounds(*found: tuple[AnswerFinding, float | None]) -> Ledger:
        ledger = Ledger(world, lambda: settings)
        memory = ledger.load_memory()
        memory = replace(memory, saved=replace(memory.saved, welcomed=True))
        for at, (finding, wait) in enumerate(found):
            outcome = Outcome.ALIVE if finding is AnswerFinding.WHOLE else Outcome.LOCAL
            result = ProbeResult("Answers", "APIs", outcome, finding=finding, retry_after=wait)
            round_ = replace(look(900.0 * at, page(), (result,)), spent=KeyUsage(1, 12, 2))
            memory, verdict, transitions = judge_round(memory, round_, limits)
            memory = ledger.save_and_notify(memory, transitions, verdict)
        ledger.store.close()
        return ledger

    live_rounds((AnswerFinding.KEY_REFUSED, 60.0))
    assert told == []
    live_rounds((AnswerFinding.KEY_REFUSED, None), (AnswerFinding.KEY_REFUSED, None))
    live_rounds((AnswerFinding.KEY_REFUSED, None))
    assert told == ["OpenAI Status Tray: OpenAI refuses your key"]
    live_rounds(
        (AnswerFinding.WHOLE, None),
        (AnswerFinding.NO_CREDIT, 21_600.0),
        (AnswerFinding.BUSY, None),
        (AnswerFinding.NO_CREDIT, 21_600.0),
    )
    assert told[1:] == ["OpenAI Status Tray: your credit is used up: this is not an outage"]
    store = Store.open(file, BEGAN)
    assert (store.last_saved().spending.today, store.last_saved().spending.tokens_in) == (8, 96)
    store.close()
