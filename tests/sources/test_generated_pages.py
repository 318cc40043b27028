"""Thousands of made-up pages: none raises, and none depends on the order of its components."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trayapp.model import Miss, PageReading, is_on_ladder
from trayapp.sources.messages import HttpResponse
from trayapp.sources.native_feed import read_native
from trayapp.sources.statuspage import read_page

_ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
_WORDS = st.sampled_from(
    ["operational", "major_outage", "none", "critical", "resolved", "monitoring", "scheduled", "new word"]
)
_TEXT = _WORDS | st.text(max_size=6) | st.sampled_from(["Login", "01JSM5RTJWHRWDTS6Q604VEW3B"]) | _ANYTHING
_TIME = st.datetimes().map(lambda at: at.isoformat() + "Z") | _ANYTHING


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of these keys, and none of them certain."""
    return st.fixed_dictionaries({}, optional=fields)


def _rows(row: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[Any]:
    return st.lists(row | _ANYTHING, max_size=most) | _ANYTHING


_COMPONENT = _some(id=_TEXT, name=_TEXT, status=_TEXT, group=_ANYTHING, group_id=_TEXT)
_UPDATE = _some(
    id=_TEXT, status=_TEXT, body=_TEXT, display_at=_TIME, affected_components=_rows(_some(code=_TEXT))
)
_INCIDENT = _some(
    id=_TEXT, name=_TEXT, status=_TEXT, impact=_TEXT, created_at=_TIME, resolved_at=_TIME, updated_at=_TIME,
    scheduled_for=_TIME, components=_rows(_COMPONENT), incident_updates=_rows(_UPDATE),
    component_impacts=_rows(_some(component_id=_TEXT)),
)  # fmt: skip
_GROUP = _some(name=_TEXT, components=_rows(_some(component_id=_TEXT)))
_PAGE = _some(
    page=_some(name=_TEXT, url=_TEXT, updated_at=_TIME) | _ANYTHING,
    status=_some(indicator=_TEXT) | _ANYTHING,
    components=_rows(_COMPONENT),
    incidents=_rows(_INCIDENT),
    scheduled_maintenances=_rows(_INCIDENT),
    ongoing_incidents=_rows(_INCIDENT),
    structure=_some(items=_rows(_some(group=_GROUP))) | _ANYTHING,
)
_NAMED = st.sampled_from(["A", "B", "Login", "Search"])
_LISTED = st.lists(
    st.fixed_dictionaries({"id": _NAMED, "name": _NAMED, "status": _WORDS}, optional={"group_id": _NAMED}),
    min_size=1,
    max_size=5,
)


def _body(document: object) -> HttpResponse:
    return HttpResponse(200, body=json.dumps(document).encode())


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(_PAGE, _PAGE)
def test_no_page_raises_and_every_state_is_on_the_ladder(main: object, other: object) -> None:
    """Whatever keys are missing and whatever values are of another kind."""
    page = read_page(_body(main), _body(other), _body(other), base="https://page.test")
    assert isinstance(page, PageReading | Miss)
    if isinstance(page, PageReading):
        assert all(is_on_ladder(c.state) and c.id for c in page.components)
        assert all(is_on_ladder(i.impact) and i.id and i.url for i in page.incidents)


@pytest.mark.long
@settings(max_examples=500, deadline=None)
@given(_LISTED.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_components_does_not_matter(orders: tuple[list[Any], list[Any]]) -> None:
    """Not even where ids repeat."""
    one, other = (read_page(_body({"components": rows})) for rows in orders)
    assert one == other


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=64))
def test_no_bytes_raise(body: bytes) -> None:
    """Be they JSON or not."""
    assert isinstance(read_page(HttpResponse(200, body=body)), PageReading | Miss)


@pytest.mark.long
@settings(max_examples=500, deadline=None)
@given(_PAGE)
def test_no_native_feed_raises(feed: object) -> None:
    """It is undocumented, so it may change from one day to the next."""
    read_native(_body({"summary": feed}))
    read_native(_body(feed))
