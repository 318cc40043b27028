"""Recorded answers of real pages read right; skipped where they are not at hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from trayapp.model import Native, Page, Stage, State
from trayapp.sources.native import read_native
from trayapp.sources.statuspage import read_page
from trayapp.sources.wire import Answer

DATA = Path(__file__).parents[3] / "shared" / "data"
OPENAI = DATA / "openai-incidentio"
CALM = "summary-2026-09-15T1219Z-operational.json"
MINOR = "summary-2026-09-22T1534Z-minor-incident-all-listed-components-operational.json"
COMPONENTS = "components-2026-08-34-components-trimmed-keys.json"
INCIDENTS = "incidents-2026-09-15T1222Z-25-resolved.json"

pytestmark = pytest.mark.skipif(not OPENAI.is_dir(), reason="the recorded answers are not at hand")


def recorded(name: str) -> Answer:
    """A recorded body with status 200."""
    return Answer(200, body=(OPENAI / name).read_bytes())


def read(summary: str, *more: str) -> Page:
    """A reading of recorded answers."""
    page = read_page(recorded(summary), *(recorded(name) for name in more))
    assert isinstance(page, Page)
    return page


def test_the_calm_summary_is_operational_and_not_whole() -> None:
    """It lists 25 of 34 components and has no incidents."""
    page = read(CALM)
    assert (page.indicator, page.whole, page.incidents) == (State.OPERATIONAL, False, ())
    assert len(page.components) == 25


def test_the_list_of_components_is_whole_and_each_belongs_to_a_product() -> None:
    """All 34, by the built-in table."""
    page = read(CALM, COMPONENTS)
    assert page.whole
    assert Counter(c.group for c in page.components) == {
        "APIs": 12, "ChatGPT": 15, "Codex": 4, "Ads Platform": 2, "FedRAMP": 1,
    }  # fmt: skip


def test_the_open_incident_is_found_though_every_listed_component_is_operational() -> None:
    """Its newest post was made when it says, and its link is the page's."""
    page = read(MINOR)
    assert page.indicator is State.DEGRADED
    assert {c.state for c in page.components} == {State.OPERATIONAL}
    (found,) = page.incidents
    assert (found.stage, found.impact, found.open) == (Stage.MONITORING, State.DEGRADED, True)
    assert found.url == f"https://status.openai.com/incidents/{found.id}"
    assert found.updated_at == found.updates[0].at
    assert [u.stage for u in found.updates] == [Stage.MONITORING, Stage.IDENTIFIED]


def test_past_incidents_have_ends_after_their_beginnings() -> None:
    """All 25, with every post."""
    page = read(CALM, COMPONENTS, INCIDENTS)
    assert len(page.incidents) == 25
    for found in page.incidents:
        assert not found.open
        assert found.updates
        assert found.started_at is not None
        assert found.resolved_at is not None
        assert found.started_at < found.resolved_at


def test_the_native_feed_says_which_components_an_incident_affects() -> None:
    """Those that it names, each once."""
    native = read_native(recorded("proxy-incidents-2026-08-5-of-93-trimmed.json"))
    assert isinstance(native, Native)
    assert len(native.concerns) == 5
    assert native.concerns["01KXT44TAQQ2R0AZDDVSJGAC4H"] == (
        "01KMKFAMWKNQ84Z1766MV08ZDE",
        "01KMKFAMWKQ81YWSE1Z18R6VHR",
    )


def test_atlassians_maintenances_are_read_with_their_components() -> None:
    """Completed ones, with null lists among their posts."""
    path = DATA / "claude-atlassian" / "scheduled-maintenances-2026-09-15-completed.json"
    main = json.loads(path.read_text()) | {"status": {"indicator": "none"}}
    page = read_page(Answer(200, body=json.dumps(main).encode()))
    assert isinstance(page, Page)
    assert page.incidents
    assert all(i.stage is Stage.COMPLETED and i.impact is State.MAINTENANCE for i in page.incidents)
    assert all(i.components for i in page.incidents)
