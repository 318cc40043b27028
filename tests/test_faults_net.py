"""The faults of networks: that what tries them works, and finds what is wrong. `make faults` tries them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.faults_net import running
from tests.faults_net.case import Case
from tests.faults_net.cases import BY_PROXY, CASES
from tests.faults_net.internet import Names, _resolve
from tests.faults_net.running import TOOLS, Result, try_all
from tests.namespaces import missing
from trayapp.model.defaults import PROBES

FINE: dict[str, Any] = {
    "state": "operational",
    "sentence": "OpenAI reports no trouble.",
    "reasons": [],
    "products": [{"name": "ChatGPT", "reach": "ok"}],
    "page": {"why": None},
}


@pytest.mark.long
@pytest.mark.skipif(bool(missing(*TOOLS)), reason=missing(*TOOLS))
def test_the_program_lives_in_an_internet_of_its_own() -> None:
    """With its default configuration: directly, through a proxy, and without a line."""
    calm, proxy, gone = (
        next(case for case in CASES if case.name == name)
        for name in ("calm", "proxy: a proxy that works", "line gone, and back")
    )
    results = try_all([replace(case, reach={}) for case in (calm, proxy, gone)], minutes=0.0)
    states = [(result.found["status"] or {}).get("state") for result in results]
    assert states == ["operational", "operational", "offline"], [result.found for result in results]
    outcomes = [probe["outcome"] for probe in results[0].found["status"]["probes"]]
    assert outcomes == ["alive"] * len(PROBES)
    assert proxy.environment is BY_PROXY


@pytest.mark.parametrize(
    ("case", "said", "seconds", "fault"),
    [
        (Case(""), FINE, 1.0, ""),
        (Case(""), None, 1.0, "no JSON"),
        (Case(""), FINE, 11.1, "after 11.1 s"),
        (Case(""), {**FINE, "state": "offline"}, 1.0, "offline and not operational"),
        (Case(""), {**FINE, "page": {"why": "dns"}}, 1.0, "page: dns"),
        (Case("", why="dns"), FINE, 1.0, "page: readable"),
        (Case("", why="-"), {**FINE, "page": {"why": "dns"}}, 1.0, ""),
        (Case("", why="timeout"), {**FINE, "page": {"why": "dns"}}, 1.0, "page: 'dns' and not 'timeout'"),
        (Case("", says="offline"), FINE, 1.0, "does not say 'offline'"),
        (Case(""), {**FINE, "reasons": ["certificate not trusted"]}, 1.0, "says 'certificate'"),
        (Case("", reach={"ChatGPT": "ok|failing"}), FINE, 1.0, ""),
        (Case("", reach={"ChatGPT": "failing"}), FINE, 1.0, "reach of ChatGPT: ok and not failing"),
        (
            Case("", reach={"ChatGPT": "ok"}),
            {**FINE, "products": [{"name": "ChatGPT"}]},
            1.0,
            "reach is not said",
        ),
    ],
)
def test_what_is_not_by_the_law_is_named(
    case: Case, said: dict[str, Any] | None, seconds: float, fault: str
) -> None:
    """Each kind of fault by itself; nothing where all is right."""
    found = case.faults_of_status(said, seconds)
    assert len(found) == bool(fault)
    assert fault in "".join(found)


@pytest.mark.parametrize(
    ("told", "status", "said", "fault"),
    [
        ("", 3, "The time is up.", ""),
        ("", 2, "Nothing could be told.", ""),
        ("", 0, "ChatGPT: possible outage", "FALSELY TOLD: ChatGPT"),
        ("", 70, "", "wait ended with 70"),
        ("possible", 0, "ChatGPT: possible outage", ""),
        ("possible", 3, "The time is up.", "was not told"),
        ("APIs.*possible", 0, "ChatGPT: possible outage", "told other than"),
    ],
)
def test_what_is_told_falsely_or_not_at_all_is_named(told: str, status: int, said: str, fault: str) -> None:
    """By the exit status of `wait` and its last words."""
    found = Case("", told=told).faults_of_wait(status, said)
    assert len(found) == bool(fault)
    assert fault in "".join(found)


def test_every_case_can_be_named_and_judged() -> None:
    """No two bear a name, and every pattern is one."""
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        for pattern in (case.why, case.says, case.never, case.told):
            re.compile(pattern)


def test_what_failed_is_tried_once_more_and_no_longer_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    """For first words that were wrong nobody waits six minutes again; what was right stands."""
    asked: list[tuple[list[str], float]] = []

    def again(cases: Sequence[Case], minutes: float) -> list[Result]:
        asked.append(([case.name for case in cases], minutes))
        return [Result(case, {}) for case in cases]

    monkeypatch.setattr(running, "try_all", again)
    hasty, falsely, right = Case("hasty"), Case("falsely"), Case("right")
    both = Result(falsely, {}, ["after 12.0 s"], ["FALSELY TOLD: x"])
    kept = Result(right, {"seconds": 1.0})
    results = running.try_again([Result(hasty, {}, ["after 12.0 s"]), both, kept], 6.0)
    assert asked == [(["hasty"], 0.0), (["falsely"], 6.0)]
    assert [result.case.name for result in results] == ["hasty", "falsely", "right"]
    assert not any(result.faults for result in results)
    assert results[2] is kept


@pytest.mark.parametrize(
    ("names", "kind", "address"),
    [
        (Names(), 1, "104.18.40.3"),
        (Names(), 28, ""),
        (Names(dead=True), 1, None),
        (Names(drops_aaaa=True), 28, None),
        (Names(drops_aaaa=True), 1, "104.18.40.3"),
        (Names(missing=frozenset({"chatgpt.com"})), 1, ""),
        (Names(zeroed=frozenset({"chatgpt.com"})), 1, "0.0.0.0"),
    ],
)
def test_names_are_answered_as_a_case_wants(names: Names, kind: int, address: str | None) -> None:
    """A question for chatgpt.com, and the last four bytes of its answer."""
    question = b"\1\2\1\0\0\1\0\0\0\0\0\0" + b"\7chatgpt\3com\0" + kind.to_bytes(2, "big") + b"\0\1"
    said = _resolve(question, names)
    if address is None:
        assert said is None
        return
    assert said is not None
    count = int.from_bytes(said[6:8], "big")
    assert ".".join(map(str, said[-4:])) == address if address else count == 0
