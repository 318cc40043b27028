"""Lives with the check that has the person's own key: the page is green, and answers break off."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.core.films import LIMITS, MISS, moment
from tests.core.life import Life
from tests.core.pages import MAJOR, page
from trayapp.core.polling.key_check import key_check_due
from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Action,
    AnswerFinding,
    ConnectionState,
    Level,
    Limits,
    Outcome,
    ProbeResult,
    ProbeSpec,
    RoundTerms,
    Spending,
)

SPEC = ProbeSpec("Answers", "APIs", "https://api.test/v1", 900.0, keyed=True)
KEYED = replace(LIMITS, probes=(*LIMITS.probes, SPEC))
LOCAL = tuple(spec.name for spec in LIMITS.probes)
PROBLEMS = replace(KEYED, level=Level.PROBLEMS)


def home(limits: Limits = KEYED) -> Life:
    """A morning on a network on which answers have come whole."""
    return Life(limits=limits, network="home").until("09:30")


def check_times(day: Life) -> list[float]:
    """When the check began, in seconds of the film."""
    return [second for second, plan in day.plans if "Answers" in plan.probes]


@pytest.mark.long
def test_on_a_calm_day_it_asks_four_times_an_hour() -> None:
    """And the page that is green stays green."""
    day = Life(limits=KEYED, network="home").until("21:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])
    assert 46 <= len(check_times(day)) <= 54


def test_answers_that_fail_are_an_outage_not_confirmed_with_the_reason() -> None:
    """The page is green and the key-less probe is answered: told some three minutes after the first poll."""
    day = home()
    day.findings = {"Answers": AnswerFinding.FAILED}
    day.until("10:30")
    assert len(day.heard) == 1
    assert day.heard[0].endswith("APIs: possible outage")
    assert "Not confirmed by OpenAI." in day.bodies[0]
    assert day.verdict is not None
    first = next(reason.since for reason in day.verdict.reasons if reason.since)
    assert 180 <= (day.told[0][0] - first).total_seconds() <= 240


def test_answers_that_only_break_off_are_degraded_and_say_so() -> None:
    """No outage by themselves: who wants to hear of outages alone sees a hollow yellow icon."""
    day = home()
    day.findings = {"Answers": AnswerFinding.TRUNCATED}
    day.until("10:30")
    assert day.heard == []
    assert [entry.partition(" ")[2] for entry in day.icons] == [
        "operational", "operational hollow", "degraded hollow"]  # fmt: skip
    assert "answers break off" in day.sentence


def test_who_wants_to_hear_of_problems_hears_of_answers_that_break_off() -> None:
    """With the reason in its body."""
    day = home(PROBLEMS)
    day.findings = {"Answers": AnswerFinding.TRUNCATED}
    day.until("10:30")
    assert len(day.heard) == 1
    assert "answers break off" in day.bodies[0]


def test_answers_that_break_off_while_the_keyless_probe_fails_are_an_outage() -> None:
    """Another probe agrees."""
    day = home()
    day.findings, day.answers = {"Answers": AnswerFinding.TRUNCATED}, {"API": Outcome.FAILURE}
    day.until("10:30")
    assert [entry.partition(" ")[2] for entry in day.heard] == ["APIs: possible outage"]
    assert day.icons[-1].endswith("partial_outage hollow")


def test_what_breaks_off_in_an_outage_that_openai_posts_is_what_openai_posts() -> None:
    """The page's word is worse, and stays."""
    day = home()
    day.findings, day.page = {"Answers": AnswerFinding.TRUNCATED}, page(APIs=MAJOR)
    day.until("10:30")
    assert day.icons[-1].endswith("major_outage")


def test_it_ends_with_three_answers_in_a_row() -> None:
    """Asked every five minutes, so within a quarter of an hour of the return."""
    day = home()
    day.findings = {"Answers": AnswerFinding.FAILED}
    day.until("10:30")
    day.findings = {}
    day.until("11:00")
    assert len(day.heard) == 2
    assert "APIs is back" in day.heard[1] or "APIs are back" in day.heard[1]
    assert "10:38" <= day.heard[1][:5] <= "10:46"
    assert day.icons[-1].endswith("operational")


def test_an_end_is_the_same_after_a_restart() -> None:
    """What was told as degraded is not worse afterwards, and three answers end it."""
    day = home(PROBLEMS)
    day.findings = {"Answers": AnswerFinding.TRUNCATED}
    day.until("10:30").restart().until("10:50")
    assert len(day.heard) == 1
    day.findings = {}
    day.until("11:30")
    assert len(day.heard) == 2


@pytest.mark.parametrize(
    "finding",
    [
        AnswerFinding.NO_CREDIT, AnswerFinding.STREAMS_CUT, AnswerFinding.NOT_OPENAI,
        *(
            pytest.param(finding, marks=pytest.mark.long)
            for finding in (
                AnswerFinding.BUSY, AnswerFinding.ALWAYS_BUSY, AnswerFinding.KEY_REFUSED, AnswerFinding.REGION_REFUSED,
                AnswerFinding.NO_MODEL, AnswerFinding.NO_KEY, AnswerFinding.UNCLEAR,
            )
        ),
    ],
)  # fmt: skip
def test_what_is_not_openais_fault_is_never_an_outage(finding: AnswerFinding) -> None:
    """A whole day of it: nothing is told of a product, and the icon stays green."""
    day = Life(limits=KEYED, network="home", findings={"Answers": finding}).until("21:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (AnswerFinding.NO_CREDIT, "your credit is used up: this is not an outage"),
        (AnswerFinding.ALWAYS_BUSY, "your requests are refused (429)"),
        (AnswerFinding.KEY_REFUSED, "OpenAI refuses your key"),
        (AnswerFinding.STREAMS_CUT, "cuts streams"),
    ],
)
def test_quota_and_key_are_said_in_words(finding: AnswerFinding, words: str) -> None:
    """Where the reasons are."""
    day = home()
    day.findings = {"Answers": finding}
    day.until("10:30")
    assert words in day.sentence


def test_one_model_short_of_room_is_half_a_failure() -> None:
    """Twice as many are needed, and no status is learnt as a usual one."""
    day = home()
    day.findings = {"Answers": AnswerFinding.OVERLOADED}
    day.until("09:50")
    assert day.heard == []


def test_it_never_speaks_for_chatgpt() -> None:
    """Nor does ChatGPT's own trouble become a major one by it."""
    day = home()
    day.findings, day.answers = {"Answers": AnswerFinding.FAILED}, {"ChatGPT": Outcome.FAILURE}
    day.until("10:30")
    assert day.verdict is not None
    chatgpt = day.verdict.find_product("ChatGPT")
    assert chatgpt is not None
    assert chatgpt.state == "partial_outage"


def test_whole_answers_take_back_nothing() -> None:
    """The key-less probe's alarm stands while its own failures last."""
    day = home()
    day.answers = {"API": Outcome.FAILURE}
    day.until("10:30")
    assert [entry.partition(" ")[2] for entry in day.heard] == ["APIs: possible outage"]
    assert day.icons[-1].endswith("partial_outage hollow")


def test_a_suspicion_of_the_api_asks_it_at_once() -> None:
    """And one of ChatGPT does not."""
    day, other = home(), home()
    day.answers, other.answers = {"API": Outcome.FAILURE}, {"ChatGPT": Outcome.FAILURE}
    begun = len(check_times(day))
    day.until("09:36")
    other.until("09:36")
    assert len(check_times(day)) > begun
    assert len(check_times(other)) <= begun + 1
    failed = next(second for second, plan in day.plans if second > 1800 and "API" in plan.probes)
    assert any(0 <= second - failed <= 30 for second in check_times(day))


def test_after_a_failure_it_asks_again_soon_and_then_every_five_minutes() -> None:
    """30 s, 90 s and 180 s after the first; never as quickly as the key-less ones."""
    day = home()
    day.findings = {"Answers": AnswerFinding.FAILED}
    day.until("10:30")
    times = [second for second in check_times(day) if second > 1800]
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps[0] == pytest.approx(30, abs=6)
    assert gaps[1] == pytest.approx(60, abs=6)
    assert gaps[2] == pytest.approx(90, abs=6)
    assert all(gap == pytest.approx(300, abs=10) for gap in gaps[3:])


@pytest.mark.long
def test_150_a_day_are_the_most_and_a_restart_begins_no_new_count() -> None:
    """Of a day on which all fails; at midnight (UTC) it goes on."""
    day = home()
    day.findings = {"Answers": AnswerFinding.FAILED}
    spending = Spending(f"{day.now.wall:%Y-%m-%d}", 149, f"{day.now.wall:%Y-%m}", 149)
    day.memory = replace(day.memory, saved=replace(day.memory.saved, spending=spending))
    before = len(check_times(day))
    day.until("12:00").restart().until("23:50")
    assert len(check_times(day)) == before + 1
    day.until("00:30")
    assert len(check_times(day)) > before + 1


def test_while_paused_it_does_not_ask() -> None:
    """And goes on when the person does."""
    day = home().do(Action.PAUSE, "on")
    begun = len(check_times(day))
    assert len(check_times(day.until("12:00"))) == begun
    assert len(check_times(day.do(Action.RESUME).until("12:30"))) > begun


def test_while_offline_it_does_not_ask() -> None:
    """There is nothing to learn."""
    day = home()
    day.line, day.page, day.answers = ConnectionState.OFFLINE, MISS, dict.fromkeys(LOCAL, Outcome.LOCAL)
    day.until("09:50")
    begun = len(check_times(day))
    assert len(check_times(day.until("12:00"))) == begun


def test_it_waits_for_a_minute_after_waking() -> None:
    """The network may not be there yet."""
    day = home().sleep_until("12:00")
    woken = day.now.awake
    day.until("12:30")
    start = home().now.awake - 1800.0
    first = next(second for second in check_times(day) if start + second >= woken)
    assert start + first >= woken + 50.0


def test_where_no_answer_ever_came_whole_a_failure_without_a_word_of_openais_is_nothing() -> None:
    """An office whose proxy eats streams: nobody says that the API cannot be reached."""
    day = Life(limits=KEYED, network="office", findings={"Answers": AnswerFinding.TRUNCATED}).until("12:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])


def test_what_is_spent_is_counted() -> None:
    """Each request, and its tokens."""
    day = home().until("12:05")
    spending = day.memory.saved.spending
    assert spending.today == spending.requests == len(check_times(day))
    assert (spending.tokens_in, spending.tokens_out) == (
        12 * len(check_times(day)),
        2 * len(check_times(day)),
    )


@pytest.mark.parametrize(
    ("outcome", "wait", "pause"),
    [
        (Outcome.NEUTRAL, 0.0, 900.0),
        (Outcome.NEUTRAL, 1800.0, 1800.0),
        (Outcome.NEUTRAL, None, 900.0),
        (Outcome.LOCAL, 60.0, 60.0),
        (Outcome.LOCAL, 6 * 3600.0, 6 * 3600.0),
        (Outcome.LOCAL, None, 900.0),
    ],
)
def test_who_is_asked_to_wait_waits_and_nobody_is_hurried(
    outcome: Outcome, wait: float | None, pause: float
) -> None:
    """A `Retry-After: 0` makes nothing quicker; what is ours is tried again when that makes sense."""
    now = moment(10.0)
    found = ProbeResult("Answers", "APIs", outcome, finding=AnswerFinding.BUSY, retry_after=wait)
    schedule, memory = Schedule(polled_at={"Answers": now.awake}), Memory(probe_results={"Answers": found})
    assert key_check_due(schedule, memory, SPEC, RoundTerms(now, KEYED)) == now.awake + pause


def test_one_signed_failure_does_not_show_that_streams_come_through() -> None:
    """An office whose proxy cuts streams, and a 500 of OpenAI's on the way: still nothing is said of cut ones."""
    day = Life(limits=KEYED, network="office", findings={"Answers": AnswerFinding.FAILED}).for_seconds(460.0)
    day.findings = {"Answers": AnswerFinding.TRUNCATED}
    day.until("12:00")
    assert day.heard == []
    assert not any("degraded" in entry for entry in day.icons)
