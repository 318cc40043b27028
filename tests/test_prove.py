"""The prover itself: its short cut is no cut, its seeds repeat, and it hides nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.measurements import put_into
from tools.prove import noise, outage
from tools.prove.calm import is_calm
from tools.prove.client import Client, Seen
from tools.prove.figures import Figure, quantile, rate, share
from tools.prove.films import FILMS
from tools.prove.groups import NAMES, plan
from tools.prove.history import chunks, history, make_up_history
from tools.prove.jobs import Job, Size, run_jobs
from tools.prove.noise import DAY, NORMAL, Noise, spells
from tools.prove.noisy import weeks
from tools.prove.pages import Posting, editions
from tools.prove.replay import replay
from tools.prove.report import Source, as_json, write_report
from tools.prove.rows import Row, markdown
from tools.prove.subject import NO_GATE, PROGRAM, THREE_IN_A_ROW
from tools.prove.world import World
from trayapp.core import judge
from trayapp.core.state.memory import Memory
from trayapp.model import Moment, Round, Stage, State

_LIVELY = replace(NORMAL, fault_rate=0.01, glitches=3.0, answers=2.0, clocks=0.5)
_POSTED = Posting(
    "p", "Errors", ("APIs",), State.PARTIAL, ((90000.0, Stage.INVESTIGATING), (95000.0, Stage.RESOLVED))
)


def client(kind: Noise, until: float, *, skips: bool, postings: tuple[Posting, ...] = ()) -> Client:
    """A client in a noisy world."""
    world = World(spells(kind, until, 1), editions(postings, 1), 1, kind.habits)
    return Client(world, PROGRAM, 1, skips=skips)


def without_clocks(memory: Memory) -> Memory:
    """What decides, apart from when and what was last looked at and what calm looks taught of the line and the feed."""
    probes = {
        name: replace(p, looks=0.0, failures=0.0, answered={}) for name, p in memory.saved.probes.items()
    }
    kept = replace(memory.saved, last_round=None, last_reading=None, probes=probes)
    raw, page = (p and replace(p, past_read=False) for p in (memory.raw_page, memory.page))
    return replace(
        memory,
        saved=kept,
        raw_page=raw,
        page=page,
        moment=None,
        page_read_at=None,
        previous_read_at=None,
        native_read_at=None,
        whole_read_at=None,
        native_misses=0,
        evidence={},
        answered_on_network={},
    )


@pytest.mark.long
def test_where_all_is_calm_step_is_a_fixed_point() -> None:
    """Another look that finds the same calm world changes clocks, and nothing that decides or shows."""
    living = client(noise.QUIET, DAY, skips=False)
    calm = 0
    before: tuple[Memory, Seen] | None = None
    for seen in living.live(DAY):
        if before is not None:
            calm += 1
            assert without_clocks(living.memory) == without_clocks(before[0])
            assert (
                replace(seen.verdict, at=before[1].verdict.at, page=before[1].verdict.page)
                == before[1].verdict
            )
            assert not seen.told
        limits = PROGRAM.limits
        if is_calm(living.memory, living.schedule, living.clock.awake, limits):
            before = living.memory, seen
    assert calm > 1000


def test_a_look_that_only_a_probe_answers_is_a_fixed_point_too() -> None:
    """In calm, `step` on a round without the page leaves all that decides as it was."""
    living = client(noise.QUIET, DAY, skips=False)
    list(living.live(DAY / 4))
    now = living.clock.moment()
    later = Moment(now.wall + timedelta(seconds=100), now.awake + 100.0, now.boot + 100.0)
    after, _, told = judge.judge_round(
        living.memory, Round(later, probes=tuple(living.memory.probe_results.values())), PROGRAM.limits
    )
    assert without_clocks(after) == without_clocks(living.memory)
    assert told == ()


@pytest.mark.long
def test_a_life_with_calm_skipped_is_the_life_without() -> None:
    """Over days with noise, sleep and a posted incident both end in equal memories and schedules and tell the same."""
    lives = [client(_LIVELY, 3 * DAY, skips=skips, postings=(_POSTED,)) for skips in (True, False)]
    told = [[(s.t, s.told) for s in living.live(3 * DAY) if s.told] for living in lives]
    skipping, plodding = lives
    assert told[0] == told[1]
    assert told[0]
    assert skipping.memory == plodding.memory
    assert skipping.schedule == plodding.schedule
    assert skipping.rounds < plodding.rounds / 2


@pytest.mark.long
def test_time_only_goes_on() -> None:
    """Rounds come in order of time, through sleep and clocks that are set."""
    times = [seen.t for seen in client(_LIVELY, DAY, skips=True).live(DAY)]
    assert all(a <= b for a, b in pairwise(times))


@pytest.mark.long
def test_the_same_seed_gives_the_same_weeks() -> None:
    """Two runs of a seed agree in every figure; another seed does not."""
    first, again, other = (weeks(_LIVELY, PROGRAM, 0.15, seed) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_two_processes_give_what_one_gives() -> None:
    """Results stand in the order of the jobs, whoever did them first."""
    jobs = [Job(("unposted", str(n), ""), _Trial(n)) for n in range(6)]
    assert run_jobs(jobs, 2) == run_jobs(jobs, 1)


class _Trial:
    """One outage, as a piece of work that can be sent to a process."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self) -> list[outage.Noticed]:
        return [outage.live_through_unposted(outage.FULL_ALL, PROGRAM, self._number)]


def test_a_full_outage_is_told_while_nobody_posts_it() -> None:
    """Checking comes first, then the notification, within the span the law asks and one interval."""
    noticed = outage.live_through_unposted(outage.FULL_API, PROGRAM, 3)
    assert noticed.checking < noticed.told
    assert PROGRAM.limits.alarm_span <= noticed.told < 300.0


@pytest.mark.long
def test_a_posted_outage_has_one_start_and_one_end() -> None:
    """Suspicion, the page's word and the end make one story."""
    course = outage.whole(outage.FULL_API, PROGRAM, 3, 3600.0, posted=True)
    assert (course.starts, course.ends, course.flaps, course.disorder, course.left_open) == (1, 1, 0, 0, 0)


@pytest.mark.long
def test_the_ablations_lack_what_they_lack() -> None:
    """Without the gate an offline computer blames OpenAI; three in a row alarms before the span that the law asks."""
    offline = Noise("offline", offline=20.0, dropout=600.0)
    assert weeks(offline, PROGRAM, 0.15, 1).notices == 0
    assert weeks(offline, NO_GATE, 0.15, 1).while_offline > 0
    assert (
        outage.live_through_unposted(outage.FULL_API, THREE_IN_A_ROW, 3).told
        < outage.live_through_unposted(outage.FULL_API, PROGRAM, 3).told
    )


@pytest.mark.long
def test_a_history_is_replayed_whole() -> None:
    """Each incident of a history lies in one stretch, and what is told of one belongs to it."""
    postings = make_up_history(12, "test")
    cut = chunks(postings, 4)
    assert sum(map(len, cut)) == 12
    replayed = replay(cut[0], PROGRAM, 1)
    assert (replayed.stray, replayed.disorder, replayed.left_open) == (0, 0, 0)


def test_a_statuspage_history_can_be_given(tmp_path: Path) -> None:
    """Incidents in the page's own form become postings; one that is still open is left out."""
    file = tmp_path / "incidents.json"
    file.write_text(
        '{"incidents": [{"id": "a", "name": "Errors", "status": "resolved", "impact": "major", "incident_updates": ['
        '{"id": "2", "status": "resolved", "created_at": "2026-01-01T11:00:00Z"},'
        '{"id": "1", "status": "investigating", "created_at": "2026-01-01T10:00:00Z"}]},'
        '{"id": "b", "name": "More", "status": "investigating", "impact": "major", "incident_updates": ['
        '{"id": "3", "status": "investigating", "created_at": "2026-01-02T10:00:00Z"}]}]}',
        encoding="utf-8",
    )
    found, name = history(file)
    assert [(p.id, p.impact, p.ends - p.begins) for p in found] == [("a", State.PARTIAL, 3600.0)]
    assert "incidents.json" in name


@pytest.mark.parametrize(("value", "mark"), [(0.9, "PASS"), (1.1, "MISS"), (float("inf"), "MISS")])
def test_a_miss_is_printed_as_a_miss(value: float, mark: str) -> None:
    """A figure over its budget says MISS beside it, one within says PASS."""
    row = Row("delay", Figure(value, value, value, 10), "s", 1.0)
    assert f"| {mark} |" in markdown([row])


def test_what_was_never_tried_is_a_miss() -> None:
    """A budget that nothing was measured for is not kept."""
    assert Row("delay", rate(0, 0.0), "s", 1.0).mark == "MISS"


def test_an_interval_over_the_budget_is_said() -> None:
    """A figure within its budget by chance only says so."""
    assert "PASS, within chance" in markdown([Row("false starts", rate(1, 10.0), "a week", 0.2)])


def test_the_intervals_are_the_textbook_ones() -> None:
    """Garwood's for 10 events, Wilson's for 1 of 10, and infinity for what never came."""
    poisson, wilson = rate(10, 1.0), share(1, 10)
    assert (poisson.low, poisson.high) == pytest.approx((4.795, 18.390), abs=0.01)
    assert (wilson.low, wilson.high) == pytest.approx((0.0179, 0.4042), abs=0.001)
    assert quantile([1.0, 2.0, float("inf")], 0.95).value == float("inf")


@pytest.mark.long
def test_a_tiny_run_writes_the_whole_report() -> None:
    """Every budget, ablation, stretch of history and film is in it, and in its JSON, with what was missed.

    Without the groups that take long however little of them is lived through.
    """
    size = Size(weeks=0.1, trials=1, courses=1, shows=1, days=1)
    only = tuple(name for name in NAMES if name not in {"blocks", "lives", "running", "traffic"})
    results = run_jobs(plan(size, make_up_history(3, "test"), 1, only))
    source = Source("a made-up history", size, 1, only)
    text, data = write_report(results, source), json.loads(as_json(results, source))
    assert all(f"| {film.day} |" in text for film in FILMS)
    assert all(f"| {row['what']}, {row['unit']} |" in text for row in data["budgets"])
    assert {row["mark"] for row in data["budgets"]} <= {"PASS", "MISS", ""}
    assert text.count("| MISS") == sum(row["mark"] == "MISS" for row in data["budgets"])
    assert list(data["ablations"]) == ["the program", "page only", "no gate", "three in a row"]


def test_the_report_goes_between_the_document_s_markers(tmp_path: Path) -> None:
    """What stood between them goes, what stands around them stays; without markers nothing is written."""
    document = tmp_path / "measurements.md"
    document.write_text("before\n<!-- prove -->\nold\n<!-- /prove -->\nafter\n", encoding="utf-8")
    assert put_into(document, "prove", "new")
    assert document.read_text(encoding="utf-8") == "before\n<!-- prove -->\n\nnew\n<!-- /prove -->\nafter\n"
    document.write_text("bare", encoding="utf-8")
    assert not put_into(document, "prove", "new")
    assert document.read_text(encoding="utf-8") == "bare"
