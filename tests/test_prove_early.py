"""How the early word of a recovery is measured."""

from __future__ import annotations

from math import inf

import pytest

from tools.prove.early import AFTER_THE_END, Early, early, rows
from tools.prove.noise import HOUR, MINUTE
from tools.prove.pages import Posting
from trayapp.model import Stage, State

_UNWATCHED = ((HOUR, Stage.INVESTIGATING), (5 * HOUR, Stage.RESOLVED))


def posting(*posts: tuple[float, Stage]) -> Posting:
    """A major outage of the API."""
    return Posting("p", "Errors", ("APIs",), State.MAJOR, posts)


@pytest.mark.long
def test_a_full_outage_has_one_true_word_after_its_end() -> None:
    """Four answers 40 s apart, or 100 s after two hours; OpenAI's word comes as late as its texts say of others'."""
    found = early(posting(*_UNWATCHED), 1.0, 1)
    assert found is not None
    assert not found.false
    assert 100.0 < found.said < 420.0
    assert found.first == found.over
    assert found.over in {over * MINUTE for fix, over in AFTER_THE_END if fix is None}


def test_what_was_over_soon_after_its_post_is_not_counted() -> None:
    """There is nobody to be told."""
    assert early(posting((HOUR, Stage.INVESTIGATING), (HOUR + 5 * MINUTE, Stage.RESOLVED)), 1.0, 1) is None


def test_a_word_that_comes_after_openais_is_no_lead() -> None:
    """It is counted among those that did not come first, and lowers no median."""
    ahead, behind = Early(160.0, False, 900.0, 1800.0), Early(inf, True, 120.0, 900.0)
    found = {
        row.what: row.figure
        for row in rows({("early", name, "the program"): [ahead, behind] for name in _NAMES})
    }
    assert {f.value for what, f in found.items() if what.endswith(": false")} == {0.5}
    assert {f.value for what, f in found.items() if "that it watches a fix" in what} == {740.0}
    assert {f.value for what, f in found.items() if what.endswith("any word of OpenAI's")} == {0.5}


_NAMES = ("full", "50 % failing", "25 % failing")
