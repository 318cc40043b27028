"""What a round leaves in the history: who was asked, and what they showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.scenes import INCIDENT, NOW
from trayapp.core import judge
from trayapp.core.history.observations import incident_sightings, round_observations
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Cause,
    Component,
    ConnectionState,
    Limits,
    Miss,
    Moment,
    ObservationSource,
    Outcome,
    PageReading,
    ProbeResult,
    ProbeSpec,
    Round,
    SavedMemory,
    SavedProduct,
    State,
)

LIMITS = Limits(follow=("ChatGPT",), probes=(ProbeSpec("Front", "ChatGPT", "https://x.test", 150.0),))
CHAT = Component("c1", "Conversations", State.DEGRADED, "degraded_performance", group="ChatGPT")
FINE = tuple(
    Component(f"c{n}", f"Part {n}", State.OPERATIONAL, "operational", group="ChatGPT") for n in (2, 3)
)
PAGE = PageReading("https://page.test", "Page", None, None, "", (CHAT, *FINE), whole=True, incidents=())
ALIVE = ProbeResult("Front", "ChatGPT", Outcome.ALIVE, status=200, elapsed_ms=180)
FAILED = ProbeResult("Front", "ChatGPT", Outcome.FAILURE, Cause.TIMEOUT)


def seconds(number: float) -> Moment:
    """So many after the beginning, on all clocks."""
    return Moment(NOW + timedelta(seconds=number), number, number)


def states_by_witness(
    round_: Round, memory: Memory | None = None
) -> dict[tuple[ObservationSource, str], State]:
    """What a round leaves, by witness."""
    after, _, _ = judge.judge_round(memory or Memory(), round_, LIMITS)
    return {(each.witness, each.about): each.state for each in round_observations(after, round_, LIMITS)}


def test_page_and_computer_are_kept_apart() -> None:
    """The page says degraded, the probe is answered: each is kept as it is."""
    assert states_by_witness(Round(seconds(0), page=PAGE, probes=(ALIVE,))) == {
        (ObservationSource.PAGE, "ChatGPT"): State.DEGRADED,
        (ObservationSource.OWN_PROBES, "ChatGPT"): State.OPERATIONAL,
        (ObservationSource.PROBE, "Front"): State.OPERATIONAL,
    }


def test_who_was_not_asked_is_not_heard() -> None:
    """A round without the page leaves no word of the page, so a gap stays a gap."""
    memory, _, _ = judge.judge_round(Memory(), Round(seconds(0), page=PAGE), LIMITS)
    assert set(states_by_witness(Round(seconds(60), probes=(ALIVE,)), memory)) == {
        (ObservationSource.OWN_PROBES, "ChatGPT"),
        (ObservationSource.PROBE, "Front"),
    }


def test_a_page_that_cannot_be_read_says_nothing() -> None:
    """It was looked, and nothing was learned: not what it said last."""
    memory, _, _ = judge.judge_round(Memory(), Round(seconds(0), page=PAGE), LIMITS)
    missed = Round(seconds(120), page=Miss(Cause.HTML), line=ConnectionState.GOOD)
    assert states_by_witness(missed, memory) == {(ObservationSource.PAGE, "ChatGPT"): State.UNKNOWN}


def test_a_computer_without_internet_saw_nothing() -> None:
    """Failures while offline are no failures of OpenAI's."""
    memory, _, _ = judge.judge_round(Memory(), Round(seconds(0), page=PAGE), LIMITS)
    cut_off = Round(
        seconds(120), page=Miss(Cause.UNREACHABLE), probes=(FAILED,), line=ConnectionState.OFFLINE
    )
    assert set(states_by_witness(cut_off, memory).values()) == {State.OFFLINE}


def test_a_failed_check_is_less_than_a_suspicion() -> None:
    """One failure shows as trouble of the checks; enough of them as the possible outage that was told."""
    memory, _, _ = judge.judge_round(Memory(), Round(seconds(0), page=PAGE, probes=(ALIVE,)), LIMITS)
    states = []
    for number in range(1, 8):
        round_ = Round(seconds(30 * number), page=PAGE, probes=(FAILED,), line=ConnectionState.GOOD)
        memory, _, _ = judge.judge_round(memory, round_, LIMITS)
        states += [
            each.state
            for each in round_observations(memory, round_, LIMITS)
            if each.witness is ObservationSource.OWN_PROBES
        ]
    assert states[0] is State.DEGRADED
    assert states[-1] is State.PARTIAL


def test_answer_times_are_kept_of_answers_only() -> None:
    """A probe that timed out has no time."""
    for result, elapsed in ((ALIVE, 180), (replace(FAILED, elapsed_ms=6000), None)):
        round_ = Round(seconds(0), page=PAGE, probes=(result,), line=ConnectionState.GOOD)
        memory, _, _ = judge.judge_round(Memory(), round_, LIMITS)
        (probe,) = (
            each
            for each in round_observations(memory, round_, LIMITS)
            if each.witness is ObservationSource.PROBE
        )
        assert probe.elapsed_ms == elapsed


def test_incidents_are_seen_when_they_are_new_or_changed() -> None:
    """What the last reading had already is not written again."""
    page = replace(PAGE, incidents=(INCIDENT,))
    first = Round(seconds(0), page=page)
    memory, _, _ = judge.judge_round(Memory(), first, LIMITS)
    (sighted,) = incident_sightings(Memory(), memory, first)
    assert (sighted.incident.id, sighted.first_seen, sighted.suspected_at) == (INCIDENT.id, NOW, None)
    again, _, _ = judge.judge_round(memory, Round(seconds(120), page=page), LIMITS)
    assert incident_sightings(memory, again, Round(seconds(120), page=page)) == ()


def test_a_suspicion_that_was_told_dates_the_incident() -> None:
    """What this computer said before OpenAI did is kept with the incident; what OpenAI said first is not."""
    told_at = NOW - timedelta(minutes=9)
    page = replace(PAGE, incidents=(replace(INCIDENT, components=("c1",)),))
    round_ = Round(seconds(0), page=page)
    for confirmed, suspected in ((False, told_at), (True, None)):
        kept = SavedMemory(
            products={"ChatGPT": SavedProduct(told=State.PARTIAL, told_at=told_at, confirmed=confirmed)}
        )
        memory, _, _ = judge.judge_round(Memory(saved=kept), round_, LIMITS)
        (sighted,) = incident_sightings(Memory(saved=kept), memory, round_)
        assert sighted.suspected_at == suspected
