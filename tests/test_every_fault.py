"""What tries every fault: that it works, hides nothing, and fails for a fault alone. `make faults` tries them all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import every_fault
from tests.every_fault import Row, table
from tests.faults_here import cases as here
from tests.faults_here.fault import Fault, Lived, try_fault
from tests.faults_here.life import Life
from tests.faults_net import running as networks
from tests.faults_net.case import Case
from tests.faults_net.cases import CASES
from tests.faults_net.running import Result
from trayapp.model import State

KINDS = {
    "disk", "memory", "session bus", "system bus", "panel", "notification server", "clock", "text", "page", "environment",
}  # fmt: skip


def test_there_are_sixty_faults_of_every_kind_and_no_two_bear_a_name() -> None:
    """Of networks, and of this computer."""
    names = [*(case.name for case in CASES), *(fault.name for fault in here.FAULTS)]
    assert len(set(names)) == len(names) >= 60
    assert {fault.name.partition(":")[0] for fault in here.FAULTS} == KINDS


@pytest.mark.long
@pytest.mark.desktop
@pytest.mark.skipif(bool(here.why_not()), reason=here.why_not() or "it is here")
@pytest.mark.parametrize("name", ["disk: full", "text: markup"])
def test_a_fault_is_lived_through(name: str) -> None:
    """One that comes before the program begins, and one that comes over it."""
    (fault,) = (fault for fault in here.FAULTS if fault.name == name)
    came = try_fault(fault)
    assert not came.faults
    assert came.said
    assert came.told > 0


@pytest.mark.desktop
@pytest.mark.skipif(bool(here.why_not()), reason=here.why_not() or "it is here")
def test_what_is_not_said_not_told_or_not_foreseen_is_a_fault() -> None:
    """A life in which nothing goes as it must."""

    def live(life: Life) -> None:
        life.begin(command=("sh", "-c", "echo Traceback; exec sleep 1000"))
        life.program.wait_for("Traceback")
        life._fault_at -= 100.0
        life.says("something")
        life.told = 1.0  # nobody waits a minute here

    faults = "; ".join(try_fault(Fault("planted", live)).faults)
    for wanted in ("does not say 'something'", "ended with -15", "a traceback", "no such table"):
        assert wanted in faults


WRONG, RIGHT = (
    Lived("memory: locked", "", 0.0, 0.0, ("does not say 'x'",)),
    Lived("memory: locked", "x", 1.0, 2.0, ()),
)
SLOW = Result(Case("calm"), {"seconds": 12.0}, ["after 12.0 s"])
FINE = Result(Case("calm"), {"status": {"state": State.OPERATIONAL, "page": {}}, "seconds": 1.0, "wait": 3})


@pytest.mark.parametrize(
    ("first", "again", "code"),
    [
        ((FINE, RIGHT), None, 0),
        ((SLOW, WRONG), (FINE, RIGHT), 0),
        ((FINE, WRONG), (FINE, WRONG), 1),
    ],
    ids=["all well", "a busy computer", "a fault"],
)
def test_only_what_fails_twice_fails(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    first: tuple[Result, Lived],
    again: tuple[Result, Lived] | None,
    code: int,
) -> None:
    """What failed once is printed, and tried once more by itself."""

    def gives(which: int, results: tuple[Result, Lived] | None) -> Callable[..., list[object]]:
        def give(*_: object) -> list[object]:
            assert results is not None, "nothing was to be tried again"
            return [results[which]]

        return give

    for number, room in enumerate((networks, here)):
        monkeypatch.setattr(room, "try_all", gives(number, first))
        monkeypatch.setattr(room, "try_again", gives(number, again))
    monkeypatch.setattr(every_fault, "missing", lambda *_: "")
    monkeypatch.setattr(here, "why_not", lambda: "")
    monkeypatch.setattr(sys, "argv", ["every_fault"])
    assert every_fault.main() == code
    out = capsys.readouterr().out
    assert f"2 faults, {code} not as it must be" in out
    assert ("Tried once more." in out) is (again is not None)


def test_where_nothing_can_be_tried_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And fails nobody."""
    monkeypatch.setattr(every_fault, "missing", lambda *_: "needs ip")
    monkeypatch.setattr(here, "why_not", lambda: "needs Xvfb")
    monkeypatch.setattr(sys, "argv", ["every_fault"])
    assert every_fault.main() == 0
    out = capsys.readouterr().out
    assert "Skipped: needs ip. Faults of networks" in out
    assert "Skipped: needs Xvfb. Faults of this computer" in out


def test_the_table_hides_nothing(tmp_path: Path) -> None:
    """What is right and what is wrong each stand in it."""
    lines = table(
        [Row("calm", "operational", "1.0"), Row("blocked", faults=("FALSELY TOLD: x", "after 12 s"))]
    ).splitlines()[1:]
    assert [line.split("  ")[0] for line in lines] == ["calm", "blocked"]
    assert [line.rstrip().rpartition("  ")[2] for line in lines] == ["yes", "NO: FALSELY TOLD: x; after 12 s"]
