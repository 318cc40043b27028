"""Readings of the status page: what it says in either dialect, however little or much of it is there."""

from __future__ import annotations

import pytest

from tests.sources.pages import Json, at, component, incident, json_response, only, read, summary
from trayapp.model import Cause, Miss, PageReading, State
from trayapp.sources.messages import HttpResponse
from trayapp.sources.statuspage import read_page


def test_a_calm_page_is_read() -> None:
    """Without incidents and maintenances, as incident.io sends it."""
    page = read(summary(component("Sprockets")))
    assert (page.name, page.url, page.updated_at) == ("Example", "https://status.example.test/", at(9))
    assert (page.indicator, page.indicator_word) == (State.OPERATIONAL, "none")
    assert [(c.name, c.state) for c in page.components] == [("Sprockets", State.OPERATIONAL)]
    assert page.incidents == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("operational", State.OPERATIONAL),
        ("under_maintenance", State.MAINTENANCE),
        ("degraded_performance", State.DEGRADED),
        ("Degraded Performance", State.DEGRADED),
        ("partial_outage", State.PARTIAL),
        ("major_outage", State.MAJOR),
        ("full_outage", State.MAJOR),
        ("on_fire", State.DEGRADED),
    ],
)
def test_component_words_of_both_dialects_have_their_states(word: str, state: State) -> None:
    """A word never heard before is degraded and kept as it came."""
    (found,) = read(summary(component("A", word))).components
    assert (found.state, found.word) == (state, word)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("none", State.OPERATIONAL),
        ("maintenance", State.MAINTENANCE),
        ("minor", State.DEGRADED),
        ("major", State.PARTIAL),
        ("critical", State.MAJOR),
        ("apocalyptic", State.DEGRADED),
    ],
)
def test_indicator_and_impact_share_their_words(word: str, state: State) -> None:
    """Both have the same scale, and both keep the word."""
    page = read(summary(indicator=word, incidents=[incident("identified", impact=word)]))
    assert (page.indicator, page.indicator_word) == (state, word)
    assert (only(page).impact, only(page).impact_word) == (state, word)


def test_the_list_of_components_is_whole_and_stands_before_the_summarys() -> None:
    """The summary lists some components only, and says nothing of the others."""
    main = summary(component("A"))
    partial = read(main)
    whole = read(main, {"components": [component("A"), component("B", "major_outage")]})
    assert (partial.whole, whole.whole) == (False, True)
    assert [c.name for c in whole.components] == ["A", "B"]


@pytest.mark.parametrize(
    "missing",
    [HttpResponse(404), Miss(Cause.TIMEOUT), json_response({"components": []}), json_response(["?"])],
)
def test_without_the_list_of_components_the_summarys_are_read(missing: HttpResponse | Miss) -> None:
    """A miss of an optional file is no miss of the page."""
    page = read_page(json_response(summary(component("A"))), missing, missing)
    assert isinstance(page, PageReading)
    assert ([c.name for c in page.components], page.whole) == (["A"], False)


@pytest.mark.parametrize(
    "main",
    [
        summary(component("A", group=False)),
        summary(component("A", group_id=None)),
        summary(component("A"), scheduled_maintenances=[]),
    ],
)
def test_atlassians_summary_is_whole(main: Json) -> None:
    """Atlassian's dialect, known by its keys, lists all components."""
    assert read(main).whole


def test_group_rows_are_skipped_and_name_their_childrens_group() -> None:
    """They repeat their children's state."""
    rows = (
        component("Child", group=False, group_id="C-Family"),
        component("Family", "major_outage", group=True),
    )
    assert [(c.name, c.group) for c in read(summary(*rows)).components] == [("Child", "Family")]


def test_known_components_belong_to_their_products_by_id_and_then_by_name() -> None:
    """Of two called "Login" the id decides; without it nobody can."""
    rows = (
        {"id": "01JSM5RTJWHRWDTS6Q604VEW3B", "name": "Login", "status": "operational"},
        {"id": "01JMXBNJXG1S2D9V65P1ZZTD94", "name": "Renamed since", "status": "operational"},
        component("Login"),
        component("embeddings"),
        component("Sprockets"),
    )
    groups = {c.id: c.group for c in read(summary(*rows)).components}
    assert list(groups.values()).count(None) == 2
    assert groups["01JSM5RTJWHRWDTS6Q604VEW3B"] == "APIs"
    assert groups["01JMXBNJXG1S2D9V65P1ZZTD94"] == "ChatGPT"
    assert groups["C-embeddings"] == "APIs"
    assert (groups["C-Login"], groups["C-Sprockets"]) == (None, None)


def test_components_without_status_or_any_name_say_nothing() -> None:
    """A row without an id goes by its name; a number is an id too; other kinds are passed over."""
    rows: list[object] = [
        {"name": "No status"}, {"status": "operational"}, {"name": "Named", "status": "operational"},
        {"id": 7, "name": ["odd"], "status": "operational"}, "no object", None,
    ]  # fmt: skip
    page = read(summary() | {"components": rows})
    assert [(c.id, c.name) for c in page.components] == [("7", "7"), ("Named", "Named")]


def test_of_two_components_with_one_id_the_worse_counts() -> None:
    """In either order."""
    good, bad = component("A"), component("A", "partial_outage")
    for rows in ((good, bad), (bad, good)):
        assert [c.state for c in read(summary(*rows)).components] == [State.PARTIAL]


def test_of_two_components_with_one_id_and_two_names_both_are_there_by_name() -> None:
    """The id is the worse one's, in either order."""
    good, bad = component("A"), component("A", "partial_outage") | {"name": "Another"}
    for rows in ((good, bad), (bad, good)):
        found = {c.name: (c.state, c.id == str(bad["id"])) for c in read(summary(*rows)).components}
        assert found == {"A": (State.OPERATIONAL, False), "Another": (State.PARTIAL, True)}


@pytest.mark.parametrize("url", [None, 3, "javascript:alert(1)", "https://", "http://[", "status"])
def test_without_a_usable_address_links_go_to_the_configured_page(url: object) -> None:
    """The id is quoted, so that it stays one part of the path."""
    main = summary(incidents=[incident("identified", id="../a?b")]) | {"page": {"url": url}}
    page = read(main, base="https://mirror.example.test/")
    assert page.url == ""
    assert only(page).url == "https://mirror.example.test/incidents/..%2Fa%3Fb"


def test_times_are_told_in_utc_whatever_their_spelling() -> None:
    """With an offset, without a zone, or beyond the calendar."""
    for spelled, expected in (
        ("2026-05-01T02:00:00.123-08:00", at(10).replace(microsecond=123000)),
        ("2026-05-01T10:00:00", at(10)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ):
        assert read(summary() | {"page": {"updated_at": spelled}}).updated_at == expected


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", Cause.FORMAT),
        (b"{}", Cause.FORMAT),
        (b"[]", Cause.FORMAT),
        (b'{"status": {"indicator": ""}, "components": [{}]}', Cause.FORMAT),
        (b'{"status": {"indica', Cause.FORMAT),
        (b"[" * 100_000 + b"]" * 100_000, Cause.FORMAT),
        (b'{"components":' * 100_000, Cause.FORMAT),
        (b"\n <!doctype html><title>Sign in</title>", Cause.HTML),
    ],
)
def test_what_is_no_page_is_a_miss(body: bytes, cause: Cause) -> None:
    """Empty, cut, nested beyond reason, or a portal's page with status 200."""
    got = read_page(HttpResponse(200, body=body))
    assert isinstance(got, Miss)
    assert got.cause is cause


def test_another_status_is_a_miss_that_keeps_it() -> None:
    """With what the server asked us to wait."""
    assert read_page(HttpResponse(503, retry_after=30.0)) == Miss(Cause.STATUS, 503, retry_after=30.0)


def test_a_miss_of_the_summary_is_the_pages_miss() -> None:
    """The list of components alone is no reading."""
    miss = Miss(Cause.TIMEOUT)
    assert read_page(miss, json_response({"components": [component("A")]})) is miss


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"status": {"indicator": "minor"}}',
        b'{"status": {"indicator": "minor", "description": "\xff\xfe"}}',
        b'{"status": {"indicator": "minor"}, "n": [NaN, Infinity, 1e999]}',
        b'{"n": ' + b"9" * 10_000 + b', "status": {"indicator": "minor"}}',
        b'{"page": {"name": "\\ud800"}, "status": {"indicator": "minor"}}',
    ],
    ids=["byte order mark", "broken bytes", "no numbers", "huge number", "lone surrogate"],
)
def test_odd_json_is_read_all_the_same(body: bytes) -> None:
    """One odd value must not blind us to the rest, nor travel on to where no disk can hold it."""
    page = read_page(HttpResponse(200, body=body))
    assert isinstance(page, PageReading)
    assert page.indicator is State.DEGRADED
    page.name.encode()


def test_a_pages_freshness_travels_on() -> None:
    """For the rhythm of asking."""
    page = read_page(HttpResponse(200, body=json_response(summary()).body, fresh_for=20.0))
    assert isinstance(page, PageReading)
    assert page.fresh_for == 20.0
