"""What is written as JSON is read back the same, and what does not fit is refused in one way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given, settings

from tests.sources.mutations import documents
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.model import (
    LADDER,
    Limits,
    Moment,
    Notification,
    Round,
    SavedIncident,
    SavedMemory,
    SeenIncident,
    Stage,
    Transition,
)
from trayapp.sources.messages import HttpResponse
from trayapp.sources.statuspage import read_page
from trayapp.store.codec import CodecError, from_json, to_json

from .values import NOON, values


@pytest.mark.long
@given(
    kept=values(SavedMemory),
    transition=values(Transition),
    notice=values(Notification),
    seen=values(SeenIncident),
)
@settings(max_examples=150, deadline=None)
def test_every_value_comes_back_as_it_was(
    kept: SavedMemory, transition: Transition, notice: Notification, seen: SeenIncident
) -> None:
    """Each field of each kept type survives, hostile text and the far end of time included."""
    assert from_json(SavedMemory, to_json(kept)) == kept
    assert from_json(Transition, to_json(transition)) == transition
    assert from_json(Notification, to_json(notice)) == notice
    assert from_json(SeenIncident, to_json(seen)) == seen


@given(round_=values(Round))
@settings(max_examples=100, deadline=None)
def test_a_round_comes_back_as_it_was(round_: Round) -> None:
    """A reading and a miss are told apart where either may stand."""
    assert from_json(Round, to_json(round_)) == round_


def test_a_key_nobody_knows_is_ignored_and_a_missing_one_takes_its_default() -> None:
    """A field can come or go without a new version of the file."""
    assert from_json(SavedMemory, '{"looked": true, "mood": "fine"}') == SavedMemory(looked=True)
    assert from_json(SavedIncident, '{"stage": "identified", "newest": "u1"}') == SavedIncident(
        Stage.IDENTIFIED, "u1"
    )


@dataclass(frozen=True)
class _Cup:
    size: float
    full: bool = False
    filled_at: datetime | None = None


def test_a_whole_number_is_a_good_float() -> None:
    """JSON does not tell 1 from 1.0."""
    cup = from_json(_Cup, '{"size": 1}')

    assert cup == _Cup(1.0)
    assert type(cup.size) is float


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"size": "1"}',
        '{"size": true}',
        '{"size": 1, "full": 1}',
        '{"size": 1, "filled_at": 5}',
        '{"size": 1, "filled_at": "2026-11-22T12:00:00"}',
        '{"size": 1, "filled_at": "noon"}',
        "[" * 100_000,
        f'{{"size": {10**400}}}',
        f'{{"size": {"9" * 5000}}}',
    ],
)
def test_what_does_not_fit_is_one_kind_of_error(text: str) -> None:
    """Whoever reads need know nothing of JSON's or Python's own errors."""
    with pytest.raises(CodecError):
        from_json(_Cup, text)


@pytest.mark.parametrize(
    "text", ['{"tell_when_back": "APIs"}', '{"products": []}', '{"incidents": {"i": {"stage": "?"}}}']
)
def test_a_wrong_shape_inside_is_refused_too(text: str) -> None:
    """A text is no list of letters, a list is no mapping, and an unheard-of word is no stage."""
    with pytest.raises(CodecError):
        from_json(SavedMemory, text)


@pytest.mark.parametrize("count", [1, 4, 6, 50])
def test_dates_of_another_ladder_are_not_known(count: int) -> None:
    """A file of another version, or of nobody's, may have more of them or fewer: then a round works out its own."""
    dates = ", ".join(["null"] * (count - 1) + ['"2026-11-22T12:00:00+00:00"'])
    kept = from_json(
        SavedMemory, f'{{"products": {{"APIs": {{"known": "major_outage", "reached": [{dates}]}}}}}}'
    )
    assert kept.products["APIs"].reached == ()
    page = read_page(HttpResponse(200, body=documents(NOON)[0][0]))
    memory, _, _ = judge_round(Memory(saved=kept), Round(Moment(NOON, 0.0, 0.0), page), Limits())
    assert len(memory.saved.products["APIs"].reached) == len(LADDER)


def test_the_json_is_plain_ascii() -> None:
    """So half a character cannot keep it from the disk."""
    assert json.loads(to_json(SavedMemory(tell_when_back=("\ud800é",))))["tell_when_back"] == ["\ud800é"]
    assert to_json(SavedMemory(tell_when_back=("\ud800é",))).isascii()
