"""Whatever other people report, in whatever film: no state, no transition and nothing that is kept differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.crowd.counts import CALM, GITHUB, MASTODON, NEWS, crowd_count, keep_asking
from tests.core.films import LIMITS, play
from tests.core.generated import films, readings
from tests.core.pages import BEGAN
from trayapp.core.crowd.votes import CrowdMemory
from trayapp.core.state.memory import Memory
from trayapp.model import Level, Limits, ProductVerdict, Round, Verdict
from trayapp.model.crowd import CrowdReport

DAYS = timedelta(days=5)
LEVELS = st.sampled_from([replace(LIMITS, level=level) for level in Level])
TAUGHT = keep_asking(CrowdMemory(), BEGAN - DAYS, DAYS, CALM)


def without_people(verdict: Verdict) -> Verdict:
    """The same without other people's word."""

    def plain(products: tuple[ProductVerdict, ...]) -> tuple[ProductVerdict, ...]:
        return tuple(replace(p, reported_by_people=False) for p in products)

    kept = tuple(r for r in verdict.reasons if not r.kind.startswith(("people", "reports")))
    return replace(
        verdict, products=plain(verdict.products), others=plain(verdict.others), reasons=kept, crowd=None
    )


@pytest.mark.long
@given(films(readings()), LEVELS, st.lists(st.integers(0, 40), min_size=1, max_size=5), st.booleans())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_other_people_change_no_state_and_no_transition(
    film: list[Round], limits: Limits, people: list[int], notify: bool
) -> None:
    """All of a verdict but the look, the line and the reasons is as if nobody had been asked."""
    heard = [
        replace(
            round_,
            crowd=CrowdReport(
                tuple(
                    crowd_count(source, people[n % len(people)], round_.moment.wall)
                    for source in (GITHUB, NEWS, MASTODON)
                )
            ),
        )
        for n, round_ in enumerate(film)
    ]
    crowd = replace(limits, crowd=("github", "hacker_news", "mastodon"), crowd_notify=notify)
    alone, among = play(film, limits), play(heard, crowd, Memory(crowd=TAUGHT))
    assert among.told == alone.told
    assert replace(among.memory, crowd=None) == alone.memory
    assert [without_people(verdict) for verdict in among.shown] == list(alone.shown)
