"""Lives of what OpenAI posts: second outages, fixes that are watched, reopened and overlapping incidents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import MISS
from tests.core.life import Life
from tests.core.lives.world import at, at_level, down
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, page, wall, with_states
from trayapp.model import Level, NativeReading, Stage, Update

CHATS = ("ChatGPT/Chats",)


@pytest.mark.long
@pytest.mark.parametrize(
    ("level", "heard"),
    [
        (Level.OUTAGES, ["15:00 ChatGPT is down", "16:01 ChatGPT is back after 1 h"]),
        (Level.PROBLEMS, ["15:01 Worse: ChatGPT is now down", "16:01 ChatGPT is back after 6 h 57 min"]),
        (Level.EVERYTHING, ["15:01 Worse: ChatGPT is now down", "16:01 ChatGPT is back after 6 h 57 min"]),
    ],
)
def test_a_second_outage_within_a_lesser_trouble_is_told_at_each_level(
    level: Level, heard: list[str]
) -> None:
    """Down, then degraded for five hours, then down again: who is told of the degraded part is told of a worsening."""
    day = Life(limits=at_level(level)).until("09:03")
    day.page = page(ChatGPT=MAJOR)
    day.until("10:00")
    day.page = page(ChatGPT=DEGRADED)
    day.until("15:00")
    day.page = page(ChatGPT=MAJOR)
    day.until("16:00")
    day.page = page()
    day.until("16:10")
    assert day.heard[:2] == [
        "09:04 ChatGPT is down",
        "10:01 ChatGPT is no longer down after 56 min; still degraded",
    ]
    assert day.heard[2:] == heard
    assert [icon.partition(" ")[2] for icon in day.icons] == [
        "operational",
        "major_outage",
        "degraded",
        "major_outage",
        "operational",
    ]


@pytest.mark.long
def test_an_outage_within_a_lesser_trouble_is_dated_by_itself() -> None:
    """A login trouble of two days, and half an hour of outage in it."""
    slow = down("Login is slow", DEGRADED, began="09:30", number=2, parts=("ChatGPT/Login",))
    day = Life().until("09:30")
    day.page = with_states(page(slow), ChatGPT_Login=DEGRADED)
    day.for_seconds(2 * 86_400.0).until("10:00")
    day.page = with_states(page(slow, down(began="10:00", day=3), ChatGPT=MAJOR), ChatGPT_Login=DEGRADED)
    day.until("10:30")
    day.page = with_states(page(slow), ChatGPT_Login=DEGRADED)
    day.until("11:00")
    assert day.heard == [
        "16 10:00 ChatGPT is down",
        "16 10:31 ChatGPT is no longer down after 30 min; still degraded",
    ]
    assert day.bodies == [
        "OpenAI: Chats: Major outage since 10:00. “ChatGPT is down” (Investigating). You will be told when it is back.",
        "OpenAI: “Login is slow” (Investigating). The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again.",
    ]


def test_an_incident_that_is_posted_as_already_watched_is_a_mild_word() -> None:
    """Monitoring is its first post: what it was cannot be known any more."""
    day = Life(limits=at_level(Level.PROBLEMS)).until("09:10")
    day.page = page(down(stage=Stage.MONITORING, began="09:10", parts=CHATS), indicator=DEGRADED)
    day.until("10:00")
    day.page = page()
    day.until("10:10")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "09:12 degraded", "10:01 operational"]


@pytest.mark.parametrize("level", list(Level)[:3])
def test_a_fix_that_is_watched_is_the_end_at_each_level(level: Level) -> None:
    """OpenAI watches for an hour; the person works again since 09:57."""
    day = Life(limits=at_level(level)).until("09:10")
    day.page = page(down(began="09:10", parts=CHATS), ChatGPT=MAJOR)
    day.until("09:57")
    day.page = page(down(stage=Stage.MONITORING, began="09:10", parts=CHATS, posts=2), indicator=OPERATIONAL)
    day.until("11:00")
    day.page = page()
    day.until("11:10")
    posts = ["09:57 ChatGPT: Fix applied, monitoring"] if level is Level.EVERYTHING else []
    assert day.heard == ["09:12 ChatGPT is down", *posts, "09:58 ChatGPT is back after 45 min"]
    assert day.bodies[-1].startswith("OpenAI: fix applied, watching.")
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:57 operational"]


def test_a_fix_that_failed_is_an_outage_again() -> None:
    """Back to investigating while it was watched: down again, and its own end."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10", parts=CHATS), ChatGPT=MAJOR)
    day.until("09:57")
    day.page = page(down(stage=Stage.MONITORING, began="09:10", parts=CHATS), indicator=OPERATIONAL)
    day.until("10:20")
    day.page = page(down(began="09:10", parts=CHATS), ChatGPT=MAJOR)
    day.until("10:50")
    day.page = page()
    day.until("11:00")
    assert day.heard == [
        "09:12 ChatGPT is down",
        "09:58 ChatGPT is back after 45 min",
        "10:20 ChatGPT is down again",
        "10:51 ChatGPT is back after 30 min",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:12 major_outage",
        "09:57 operational",
        "10:20 major_outage",
        "10:51 operational",
    ]


def test_a_reopened_incident_is_down_again_and_counts_anew() -> None:
    """The 48 min that were told are not told twice, nor the 20 min in which all worked."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("10:00")
    day.page = page()
    day.until("10:20")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("10:40")
    day.page = page()
    day.until("10:50")
    assert day.heard == [
        "09:12 ChatGPT is down",
        "10:01 ChatGPT is back after 48 min",
        "10:21 ChatGPT is down again",
        "10:41 ChatGPT is back after 19 min",
    ]
    assert day.bodies[2:3] == [
        "OpenAI: Chats: Major outage since 10:21. “ChatGPT is down” (Investigating). You will be told when it is back."
    ]


def test_two_incidents_that_overlap_are_one_outage_until_both_are_over() -> None:
    """The second begins before the first ends."""
    first = down(began="09:10", parts=CHATS)
    second = down("Conversations fail", began="09:40", number=2, parts=CHATS)
    day = Life().until("09:10")
    day.page = page(first, ChatGPT=MAJOR)
    day.until("09:40")
    day.page = page(first, second, ChatGPT=MAJOR)
    day.until("10:10")
    day.page = page(second, ChatGPT=MAJOR)
    day.until("11:00")
    day.page = page()
    day.until("11:10")
    assert day.heard == ["09:12 ChatGPT is down", "11:01 ChatGPT is back after 1 h 48 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "11:00 operational"]


def test_a_worse_incident_beside_a_mild_one_ends_without_it() -> None:
    """Down for 20 min while something slow goes on for hours: no longer down, and nothing of the hours."""
    slow = down("Slow uploads in ChatGPT", DEGRADED, began="09:10", parts=("ChatGPT/Search",))
    worse = down(began="10:00", number=2, parts=CHATS)
    day = Life().until("09:10")
    day.page = with_states(page(slow), ChatGPT_Search=DEGRADED)
    day.until("10:00")
    day.page = with_states(page(slow, worse, ChatGPT=MAJOR), ChatGPT_Search=DEGRADED)
    day.until("10:20")
    day.page = with_states(page(slow), ChatGPT_Search=DEGRADED)
    day.until("13:00")
    day.page = page()
    day.until("13:10")
    assert day.heard == [
        "10:00 ChatGPT is down",
        "10:21 ChatGPT is no longer down after 20 min; still degraded",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:12 degraded",
        "10:00 major_outage",
        "10:21 degraded",
        "13:01 operational",
    ]


def test_an_outage_that_grows_is_told_as_worse_and_has_one_end() -> None:
    """Partly down at first."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=PARTIAL)
    day.until("09:40")
    day.page = page(ChatGPT=MAJOR)
    day.until("10:10")
    day.page = page()
    day.until("10:20")
    assert day.heard == [
        "09:12 ChatGPT: Chats is partly down",
        "09:40 Worse: ChatGPT is now down",
        "10:11 ChatGPT is back after 58 min",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:12 partial_outage",
        "09:40 major_outage",
        "10:11 operational",
    ]


def test_an_end_beside_an_incident_that_weighs_nothing_any_more_is_told_as_watched() -> None:
    """One incident's components are well again, the other's fix is watched: the icon stays yellow and it is said why."""
    first = down(began="09:10", parts=CHATS)
    second = down("Login fails", PARTIAL, began="09:20", number=2, parts=("ChatGPT/Login",))
    day = Life().until("09:10")
    day.page = page(first, ChatGPT=MAJOR)
    day.until("09:20")
    day.page = page(first, second, ChatGPT=MAJOR)
    day.until("09:57")
    day.page = page(first, replace(second, stage=Stage.MONITORING), indicator=DEGRADED)
    day.until("10:30")
    assert day.heard == ["09:12 ChatGPT is down", "09:58 ChatGPT is back after 45 min"]
    assert day.bodies[1:] == [
        "OpenAI: fix applied, watching. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again."
    ]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:57 degraded"]


@pytest.mark.parametrize(
    ("stages", "since"),
    [
        ([("09:40", Stage.INVESTIGATING)], "09:40"),
        ([("09:40", Stage.INVESTIGATING), ("10:10", Stage.IDENTIFIED)], "09:40"),
        (
            [("09:40", Stage.INVESTIGATING), ("10:10", Stage.MONITORING), ("11:20", Stage.INVESTIGATING)],
            "11:20",
        ),
        ([("09:40", Stage.MONITORING), ("11:20", Stage.IDENTIFIED), ("11:40", Stage.IDENTIFIED)], "11:20"),
        (
            [("09:40", Stage.INVESTIGATING), ("10:10", Stage.RESOLVED), ("11:20", Stage.INVESTIGATING)],
            "11:20",
        ),
    ],
)
def test_who_comes_back_to_an_outage_is_told_since_when_it_has_been_as_bad(
    stages: list[tuple[str, Stage]], since: str
) -> None:
    """Since its first post, but where a fix that was being watched failed, since the post that says so."""
    posts = [Update(f"p{n}", s, str(s), "", wall(at(time))) for n, (time, s) in enumerate(stages)]
    reopened = wall(at(since)) if any(s is Stage.RESOLVED for _, s in stages) else None
    open_now = replace(
        down(began=stages[0][0], stage=stages[-1][1], parts=CHATS),
        updates=tuple(reversed(posts)),
        reopened_at=reopened,
    )
    day = Life().until("09:30")
    day.page = page(open_now, ChatGPT=MAJOR)
    day.sleep_until("12:00").until("12:30")
    assert f"Major outage since {since}." in day.bodies[0]


def test_trouble_did_not_begin_before_the_page_was_last_seen_without_it() -> None:
    """No post dates it: it began after the last reading before the lid was closed, however old the incident is."""
    day = Life().until("09:30")
    watched = down(began="09:20", stage=Stage.MONITORING, parts=CHATS)
    day.page = page(watched)
    day.until("11:00")
    day.page = page(replace(watched, stage=Stage.INVESTIGATING), ChatGPT=MAJOR)
    day.sleep_until("12:00").until("12:30")
    assert "Major outage since 11:00." in day.bodies[0]


@pytest.mark.parametrize("answers", [True, False], ids=["a feed that answers", "a feed that does not"])
def test_what_the_feed_said_before_a_fix_does_not_keep_an_outage_open(answers: bool) -> None:
    """It cannot be reached any more when OpenAI posts that a fix is being watched."""
    day = Life().until("09:30")
    bad = {"ChatGPT/Chats": MAJOR}
    day.page, day.native = page(down(began="09:30", parts=CHATS), ChatGPT=MAJOR), NativeReading({}, {}, bad)
    day.until("10:00")
    day.page = page(down(began="09:30", stage=Stage.MONITORING, parts=CHATS))
    day.native = NativeReading({}, {}) if answers else MISS
    day.until("10:30")
    assert [line[:5] for line in day.heard] == ["09:32", "10:02"]
