"""From counts to one word: who votes, how long, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.crowd.counts import (
    CALM,
    DOWNDETECTOR,
    GITHUB,
    MASTODON,
    NEWS,
    START,
    ask_once,
    crowd_count,
    keep_asking,
    taught_memory,
)
from trayapp.core.crowd.votes import CrowdMemory, add_counts, judge_crowd
from trayapp.model.crowd import CrowdFamily, CrowdSource, CrowdWord, ReportLevel

MINUTE = timedelta(minutes=1)
MEMORY, NOW = taught_memory()
WITH_REPORTS, _ = taught_memory({**CALM, DOWNDETECTOR: 1})


def word(memory: CrowdMemory, minutes: float = 0.0) -> CrowdWord:
    """The word so many minutes after the lesson."""
    return judge_crowd(memory, NOW + minutes * MINUTE).word


def test_calm_sources_say_none() -> None:
    """Two families can be read, and nobody votes."""
    verdict = judge_crowd(ask_once(MEMORY, NOW, CALM), NOW)
    assert (verdict.word, verdict.families, verdict.since, verdict.learning) == (
        CrowdWord.NONE,
        (),
        None,
        False,
    )


def test_one_family_says_some_and_two_say_many() -> None:
    """GitHub and Hacker News are one family: the same people write there."""
    one = ask_once(MEMORY, NOW, CALM | {GITHUB: 12, NEWS: 9})
    assert word(one) is CrowdWord.SOME
    assert judge_crowd(one, NOW).families == (CrowdFamily.DEVELOPERS,)
    two = ask_once(MEMORY, NOW, CALM | {GITHUB: 12, MASTODON: 6})
    assert word(two) is CrowdWord.MANY
    assert judge_crowd(two, NOW).families == (CrowdFamily.DEVELOPERS, CrowdFamily.PUBLIC)


def test_a_vote_holds_for_30_minutes_after_the_last_unusual_count() -> None:
    """It begins with the first one."""
    memory = ask_once(MEMORY, NOW, CALM | {GITHUB: 12})
    memory = ask_once(memory, NOW + 10 * MINUTE, CALM | {GITHUB: 12})
    memory = keep_asking(memory, NOW + 20 * MINUTE, timedelta(minutes=20), CALM)
    assert judge_crowd(memory, NOW + 39 * MINUTE).since == NOW
    assert (word(memory, 39), word(memory, 40)) == (CrowdWord.SOME, CrowdWord.NONE)


def test_a_vote_that_ended_begins_anew() -> None:
    """An hour later its beginning is another."""
    memory = ask_once(MEMORY, NOW, CALM | {GITHUB: 12})
    memory = ask_once(memory, NOW + 60 * MINUTE, CALM | {GITHUB: 12})
    assert judge_crowd(memory, NOW + 60 * MINUTE).since == NOW + 60 * MINUTE


def test_in_the_first_three_days_nobody_votes() -> None:
    """The word is not known, and the verdict says that it is learning."""
    memory, now = taught_memory(days=2.9)
    memory = ask_once(memory, now, CALM | {GITHUB: 500, MASTODON: 500})
    verdict = judge_crowd(memory, now)
    assert (verdict.word, verdict.learning) == (CrowdWord.NOT_KNOWN, True)


def test_three_days_without_readings_teach_nothing() -> None:
    """A computer that slept from Friday to Monday still learns."""
    memory = ask_once(ask_once(CrowdMemory(), START, CALM), NOW, CALM)
    assert judge_crowd(memory, NOW).learning


def test_what_cannot_be_read_is_not_calm() -> None:
    """An hour after the last count a source counts as unread, and with one family left the word is not known."""
    memory = keep_asking(MEMORY, NOW, timedelta(hours=2), {GITHUB: 0, NEWS: 0})
    assert word(memory, 110) is CrowdWord.NOT_KNOWN
    assert word(ask_once(memory, NOW + 110 * MINUTE, {MASTODON: 0}), 110) is CrowdWord.NONE
    assert word(CrowdMemory()) is CrowdWord.NOT_KNOWN


def test_one_family_alone_is_never_enough_to_know() -> None:
    """Who asks GitHub and Hacker News only never hears a word from it."""
    memory, now = taught_memory({GITHUB: 0, NEWS: 0})
    memory = ask_once(memory, now, {GITHUB: 50, NEWS: 50})
    assert judge_crowd(memory, now).word is CrowdWord.NOT_KNOWN


def test_downdetector_s_own_danger_is_enough() -> None:
    """It is a count of reports against what is usual there; its warning is one vote, and its success none."""
    for level, expected in (
        (ReportLevel.DANGER, CrowdWord.MANY),
        (ReportLevel.WARNING, CrowdWord.SOME),
        (ReportLevel.SUCCESS, CrowdWord.NONE),
        (None, CrowdWord.NONE),
    ):
        memory = ask_once(WITH_REPORTS, NOW, CALM)
        memory = add_counts(memory, [crowd_count(DOWNDETECTOR, 400, NOW, level)])
        assert word(memory) is expected, level


def test_few_reports_are_no_danger_whatever_downdetector_calls_them() -> None:
    """Fewer than 20."""
    memory = ask_once(WITH_REPORTS, NOW, CALM)
    assert (
        word(add_counts(memory, [crowd_count(DOWNDETECTOR, 19, NOW, ReportLevel.DANGER)])) is CrowdWord.NONE
    )


def test_the_products_are_those_of_the_voters() -> None:
    """Not of everybody who was counted."""
    memory = add_counts(
        MEMORY,
        [
            crowd_count(GITHUB, 12, NOW, product="Codex"),
            crowd_count(NEWS, 1, NOW, product="Sora"),
            crowd_count(MASTODON, 0, NOW),
        ],
    )
    assert judge_crowd(memory, NOW).products == ("Codex",)


def test_trends_never_vote() -> None:
    """They are context, even if somebody counted them."""
    assert add_counts(CrowdMemory(), [crowd_count(CrowdSource.TRENDS, 9000, NOW)]) == CrowdMemory()


def test_an_outage_does_not_become_usual() -> None:
    """The next day at the same hour as many are unusual again."""
    memory = keep_asking(MEMORY, NOW, timedelta(hours=2), CALM | {GITHUB: 12, MASTODON: 6})
    memory = keep_asking(memory, NOW + timedelta(hours=2), timedelta(hours=22), CALM)
    later = NOW + timedelta(days=1)
    assert (
        judge_crowd(ask_once(memory, later, CALM | {GITHUB: 12, MASTODON: 6}), later).word is CrowdWord.MANY
    )


def test_what_stays_becomes_usual() -> None:
    """A source that is livelier for good is not hot for ever: after a day its hours are learned."""
    memory = keep_asking(MEMORY, NOW, timedelta(days=3), CALM | {GITHUB: 12})
    later = NOW + timedelta(days=3)
    assert judge_crowd(ask_once(memory, later, CALM | {GITHUB: 12}), later).word is CrowdWord.NONE


@pytest.mark.parametrize("days", [-400, -3, -0.1])
def test_a_clock_that_is_set_back_holds_no_vote(days: float) -> None:
    """A vote from the future is none, and what is read afterwards is learned anew."""
    memory = ask_once(MEMORY, NOW, CALM | {GITHUB: 12, MASTODON: 6})
    then = NOW + timedelta(days=days)
    memory = ask_once(memory, then, CALM)
    assert judge_crowd(memory, then).families == ()


def test_a_clock_that_was_far_ahead_does_not_end_the_learning() -> None:
    """A count of the year 2099 does not keep those of today from being learned."""
    memory = ask_once(MEMORY, NOW.replace(year=2099), CALM)
    memory = keep_asking(memory, NOW, timedelta(days=4), CALM)
    after = NOW + timedelta(days=4)
    assert not judge_crowd(ask_once(memory, after, CALM), after).learning


PEOPLE = st.integers(0, 10_000)


@given(st.lists(PEOPLE, max_size=12))
def test_one_family_never_makes_many(counts: list[int]) -> None:
    """However many people one family counts, and whatever they count one after the other."""
    memory = MEMORY
    for n, people in enumerate(counts):
        at = NOW + 10 * n * MINUTE
        memory = ask_once(memory, at, {GITHUB: people, NEWS: people, MASTODON: 0})
        assert judge_crowd(memory, at).word is not CrowdWord.MANY


@given(
    st.dictionaries(st.sampled_from(list(CALM)), PEOPLE), st.dictionaries(st.sampled_from(list(CALM)), PEOPLE)
)
def test_more_people_never_make_a_smaller_word(
    fewer: dict[CrowdSource, int], more: dict[CrowdSource, int]
) -> None:
    """Of two times of asking that read the same sources."""
    low = CALM | fewer
    high = {source: people + more.get(source, 0) for source, people in low.items()}
    order = [CrowdWord.NONE, CrowdWord.SOME, CrowdWord.MANY]
    assert order.index(word(ask_once(MEMORY, NOW, low))) <= order.index(word(ask_once(MEMORY, NOW, high)))


@given(
    st.lists(
        st.tuples(st.sampled_from(list(CrowdSource)), PEOPLE, st.integers(-40 * 1440, 40 * 1440)), max_size=30
    )
)
def test_no_order_of_counts_and_clocks_breaks_the_rule(counts: list[tuple[CrowdSource, int, int]]) -> None:
    """Every clock may jump, and the word is always one of four."""
    memory = MEMORY
    for source, people, minutes in counts:
        at = NOW + minutes * MINUTE
        memory = add_counts(memory, [crowd_count(source, people, at)])
        verdict = judge_crowd(memory, at)
        assert verdict.since is None or verdict.since <= at + 5 * MINUTE
        assert (verdict.word is CrowdWord.MANY) <= (len(verdict.families) > 1)
        for known in memory.sources.values():
            assert len(known.baseline.counts) == 24
            assert {len(row) for row in known.baseline.counts} == {14}
