"""What a copy knows of its build, and what `doctor` says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trayapp.app.build_record import OLD_AFTER, BuildRecord, read_build_record, running_versions
from trayapp.app.languages import load_translator
from trayapp.commands.doctor.build import build_finding
from trayapp.model.least_versions import LEAST_DEBIAN_VERSIONS, find_too_old

BUILT = datetime(2026, 11, 20, tzinfo=UTC)
ENGLISH = load_translator("en")
NEW_ENOUGH = {
    least.part: least.version
    for least in LEAST_DEBIAN_VERSIONS
    if running_versions()[least.part].startswith(f"{least.series}.")
}
"""As if what runs these tests were Debian's newest, where its number alone would be too old."""


def test_a_checkout_has_no_record() -> None:
    """And says so."""
    assert read_build_record() == BuildRecord()
    finding = build_finding(ENGLISH, BUILT, BuildRecord(), brings_python=False)
    assert finding.ok
    assert "nobody noted when it was built" in finding.found


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(hours=3), "0 days old"),
        (timedelta(days=1), "1 day old"),
        (-timedelta(days=3), "0 days old"),
    ],
)
def test_the_age_is_said(age: timedelta, text: str) -> None:
    """In days; a clock that is wrong makes none of them negative."""
    finding = build_finding(ENGLISH, BUILT + age, BuildRecord(BUILT), brings_python=False)
    assert finding.ok
    assert f"of 2026-11-20, {text}" in finding.found
    assert f"Python {running_versions()['Python']}" in finding.found


def test_an_old_build_that_brings_its_parts_is_not_well() -> None:
    """Nobody but a newer package mends them; what the system brings is the system's to mend, however old the build."""
    later = BUILT + OLD_AFTER + timedelta(days=1)
    own = build_finding(ENGLISH, later, BuildRecord(BUILT, NEW_ENOUGH), brings_python=True)
    assert not own.ok
    assert own.do.startswith("Install the newest version")
    assert build_finding(ENGLISH, later, BuildRecord(BUILT), brings_python=False).ok


@pytest.mark.skipif(
    bool(list(find_too_old(running_versions(), NEW_ENOUGH))), reason="needs a Python that is new enough"
)
def test_a_young_build_is_well() -> None:
    """With parts that are new enough."""
    finding = build_finding(ENGLISH, BUILT, BuildRecord(BUILT, NEW_ENOUGH), brings_python=True)
    assert (finding.ok, finding.do) == (True, "")
