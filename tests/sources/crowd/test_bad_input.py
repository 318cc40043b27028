"""Bad answers: each source makes of each what the table says, and never takes down another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults import FAULTS, faulty
from tests.sources.conftest import Serve
from tests.sources.crowd.asked import NOW, READERS, trends_of
from tests.sources.crowd.shapes import (
    UNTIL,
    WINDOW,
    comment,
    company,
    hits,
    issue,
    issues,
    json_body,
    report,
    story,
    toot,
    trends,
)
from tests.sources.mutations import mutate_body
from tests.sources.servers import Manner, Seen, gzip_bomb, say
from trayapp.core.crowd.words import named_products, read_report
from trayapp.model import Cause, Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, SearchTrend
from trayapp.sources.crowd import counting
from trayapp.sources.crowd.counting import MAX_BODY, read_epoch, read_json
from trayapp.sources.crowd.downdetector import read_company, read_level, read_reports
from trayapp.sources.crowd.github import read_issues
from trayapp.sources.crowd.hacker_news import read_hits
from trayapp.sources.crowd.mastodon import read_posts
from trayapp.sources.crowd.trends import read_trends
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpResponse

GITHUB, NEWS, MASTODON, DOWNDETECTOR, TRENDS = (
    CrowdSource.GITHUB,
    CrowdSource.HACKER_NEWS,
    CrowdSource.MASTODON,
    CrowdSource.DOWNDETECTOR,
    CrowdSource.TRENDS,
)
SOURCES = (GITHUB, NEWS, MASTODON, DOWNDETECTOR, TRENDS)
HOUR = timedelta(hours=1)
WALL = b"<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body>Checking</body></html>"
CONSENT = b"<html lang='tr'><body><form action='/save'>Before you continue</form></body></html>"
SHAPES: Mapping[CrowdSource, bytes] = {
    GITHUB: json_body(issues(issue("ada"))),
    NEWS: json_body(hits(story("ada", "ChatGPT is down"))),
    MASTODON: json_body([toot("ada")]),
    DOWNDETECTOR: json_body([report()]),
    TRENDS: trends(("chatgpt", NOW - HOUR)),
}


def for_downdetector(manner: Manner) -> Manner:
    """Its entry and level stay whole, so that the reports are what is bad."""

    def answer(seen: Seen, *rest: Any) -> bool:
        whole = {"/companies/search": json_body([company()]), "/companies/77": b'"success"'}
        body = next((body for begins, body in whole.items() if seen.path.startswith(begins)), None)
        return (manner if body is None else say(200, body))(seen, *rest)

    return answer


def asked_once(source: CrowdSource, base: str, http: HttpClient) -> CrowdCount | SearchTrend | Miss:
    """What one time of asking brings."""
    if source is TRENDS:
        return trends_of(base).look(http.fetch, NOW)
    return READERS[source](base).count_people(http.fetch, WINDOW)


def miss(source: CrowdSource, serve: Serve, http: HttpClient, manner: Manner) -> Miss:
    """The miss that a manner brings."""
    wrapped = for_downdetector(manner) if source is DOWNDETECTOR else manner
    got = asked_once(source, serve(wrapped).url, http)
    assert isinstance(got, Miss), got
    return got


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        pytest.param(say(200, WALL, content_type="text/html"), (Cause.HTML, 200), id="a wall"),
        pytest.param(say(200, CONSENT, content_type="text/html"), (Cause.HTML, 200), id="a consent page"),
        pytest.param(say(401, b"{}"), (Cause.STATUS, 401), id="401"),
        pytest.param(say(403, WALL), (Cause.STATUS, 403), id="403"),
        pytest.param(say(422, b"{}"), (Cause.STATUS, 422), id="422"),
        pytest.param(say(429, b"{}"), (Cause.STATUS, 429), id="429"),
        pytest.param(say(500), (Cause.STATUS, 500), id="500"),
        pytest.param(say(302, location="/elsewhere"), (Cause.STATUS, 302), id="a redirect"),
        pytest.param(say(304), (Cause.STATUS, 304), id="304 that nobody asked for"),
        pytest.param(say(200, b""), (Cause.FORMAT, 200), id="nothing"),
        pytest.param(say(200, b"\xff\xfe\x00"), (Cause.FORMAT, 200), id="no text"),
        pytest.param(say(200, b"[" * 100_000), (Cause.FORMAT, 200), id="deep"),
        pytest.param(say(200, b'"' + b"x" * MAX_BODY + b'"'), (Cause.TOO_BIG, 200), id="too big"),
        pytest.param(gzip_bomb(50_000_000), (Cause.TOO_BIG, 200), id="a bomb"),
    ],
)
def test_an_answer_that_is_none_is_a_miss(
    serve: Serve, http: HttpClient, source: CrowdSource, manner: Manner, expected: tuple[Cause, int]
) -> None:
    """Whatever source it is."""
    got = miss(source, serve, http, manner)
    assert (got.cause, got.status) == expected


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_truncated_answer_is_a_miss(
    serve: Serve, http: HttpClient, source: CrowdSource, share: float
) -> None:
    """Cut by the server, so that its length is right."""
    body = SHAPES[source]
    assert miss(source, serve, http, say(200, body[: int(len(body) * share)])).cause is Cause.FORMAT


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_asks_to_wait_is_heard(serve: Serve, http: HttpClient, source: CrowdSource) -> None:
    """By Retry-After, or by the end of its allowance in either spelling; an hour at the most."""
    reset = UNTIL + timedelta(minutes=7)
    used_up = {"x_ratelimit_remaining": "0"}
    for headers, seconds in (
        ({"retry_after": "90"}, 90.0),
        ({"retry_after": "999999"}, 3600.0),
        (used_up | {"x_ratelimit_reset": str(int(reset.timestamp()))}, 420.0),
        (used_up | {"x_ratelimit_reset": "2026-09-22T12:07:00.290188Z"}, pytest.approx(420.3, abs=0.1)),
        (used_up | {"x_ratelimit_reset": "9" * 400}, None),
        (used_up | {"x_ratelimit_reset": "soon"}, None),
        ({"x_ratelimit_remaining": "7", "x_ratelimit_reset": str(int(reset.timestamp()))}, None),
    ):
        assert miss(source, serve, http, say(403, b"{}", **headers)).retry_after == seconds, headers


IMPOSSIBLE: list[object] = [10**9, 10**400, -1, -(10**9), "many", "", None, True, 1.5, [], {}]
FAR = datetime(2300, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("total", IMPOSSIBLE, ids=lambda value: str(value)[:12])
def test_an_impossible_count_is_a_miss(total: object) -> None:
    """Of GitHub's issues and of Downdetector's reports."""
    if total is not None:  # `issues` counts by itself then
        assert isinstance(read_issues(parse_document(issues(issue("ada"), total=total)), WINDOW), Miss)
    assert isinstance(read_reports(parse_document([report(total=total)]), WINDOW), Miss)


def test_many_possible_counts_that_are_impossible_together_are_a_miss() -> None:
    """More than the whole world writes in 20 minutes."""
    assert isinstance(read_reports(parse_document([report(total=9000), report(total=9000)]), WINDOW), Miss)


@pytest.mark.parametrize("incomplete", [True, None, "false", 0])
def test_an_incomplete_search_is_a_miss(incomplete: object) -> None:
    """GitHub gave up halfway: fewer may be shown than there are."""
    assert isinstance(read_issues(parse_document(issues(incomplete=incomplete)), WINDOW), Miss)


def parse_document(document: object) -> Any:
    """As the program parses it, numbers as text."""
    return read_json(HttpResponse(200, body=json_body(document)), UNTIL)


def people(found: object) -> int | None:
    """The people of a count; None for a miss."""
    if isinstance(found, counting.Heard):
        found = found.count(MASTODON, WINDOW)
    assert isinstance(found, CrowdCount | Miss), found
    return found.people if isinstance(found, CrowdCount) else None


Reading = Callable[..., int | None]


def read_github(*dates: datetime | str) -> int | None:
    """Issues of these times."""
    rows = [issue(f"a{n}") | {"created_at": time_text(at)} for n, at in enumerate(dates)]
    return people(read_issues(parse_document(issues(*rows)), WINDOW))


def read_news(*dates: datetime | str) -> int | None:
    """Stories of these times."""
    rows = [
        story(f"a{n}", "ChatGPT is down")
        | {"created_at_i": int(at.timestamp()) if isinstance(at, datetime) else at}
        for n, at in enumerate(dates)
    ]
    return people(read_hits([parse_document(hits(*rows))], WINDOW, read_report))


def read_toots(*dates: datetime | str) -> int | None:
    """Posts of these times."""
    rows = [toot(f"a{n}") | {"created_at": time_text(at)} for n, at in enumerate(dates)]
    return people(read_posts(parse_document(rows), WINDOW))


def time_text(at: datetime | str) -> str:
    """A time as text."""
    return at if isinstance(at, str) else at.isoformat()


@pytest.mark.parametrize("read", [read_github, read_news, read_toots])
def test_only_what_has_a_time_in_the_window_counts(read: Reading) -> None:
    """Neither the future nor the year 1; a feed in which nothing has a time is a miss, and an empty one a quiet hour."""
    good = UNTIL - timedelta(minutes=1)
    assert read() == 0
    assert read(good, UNTIL + HOUR, FAR) == 1
    assert read(UNTIL + timedelta(minutes=4)) == 1
    assert read(good, "0001-01-01T00:00:00Z", "yesterday", "") == 1
    assert read("0001-01-01T00:00:00Z", "yesterday") is None


def test_a_step_of_reports_without_a_time_is_a_miss() -> None:
    """A sum with a hole is no sum; steps beyond the window are left out."""
    assert isinstance(
        read_reports(parse_document([report(), report() | {"point_in_time": "0001-01-01"}]), WINDOW), Miss
    )
    assert isinstance(read_reports(parse_document([1, 2]), WINDOW), Miss)
    assert read_reports(parse_document([report(FAR, 50), report()]), WINDOW) == 4
    assert read_reports(parse_document([]), WINDOW) == 0


def test_a_flood_from_one_author_is_one_person() -> None:
    """In each source that knows authors; those without a name are one person together."""
    rows = [story("ada", "ChatGPT is down") for _ in range(50)]
    assert people(read_hits([parse_document(hits(*rows))] * 3, WINDOW, read_report)) == 1
    assert people(read_posts(parse_document([toot("ada")] * 40), WINDOW)) == 1
    assert people(read_issues(parse_document(issues(*[issue("ada")] * 10, total=10)), WINDOW)) == 1
    accounts: list[object] = [None, 7, {}, {"acct": []}]
    nameless = [toot("ada") | {"account": account} for account in accounts]
    assert people(read_posts(parse_document(nameless), WINDOW)) == 1


def test_unknown_keys_are_ignored_and_missing_texts_are_no_report() -> None:
    """Shapes grow."""
    rows = [story("ada", "ChatGPT is down", brand_new={"x": [1]}), comment("ben", "x") | {"comment_text": 7}]
    assert people(read_hits([parse_document(hits(*rows, brand_new=1))], WINDOW, read_report)) == 1
    assert people(read_posts(parse_document([toot("ada", brand_new=None) | {"tags": None}]), WINDOW)) == 1


def test_downdetector_s_entry_must_be_openai_s_and_a_number() -> None:
    """It becomes a part of an address."""
    for number in ("77/../../x", "", None, -7, "7 7", "7" * 40):
        assert isinstance(read_company(parse_document([company(number)]), "TR"), Miss)
    assert isinstance(read_company(parse_document([company(77, "US"), company(77, slug="tea")]), "TR"), Miss)
    assert isinstance(read_company(parse_document({}), "TR"), Miss)
    assert read_company(parse_document([company("x"), company(77)]), "TR") == "77"


@pytest.mark.parametrize("level", ["panic", "", None, 7, ["danger"], {"status": "danger"}])
def test_an_unknown_level_is_a_miss(level: object) -> None:
    """It is neither danger nor success."""
    assert isinstance(read_level(parse_document(level)), Miss)


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>',
        b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>',
        b"<feed><entry/></feed>",
        b"<rss>" * 3000,
        b"<rss><channel>" + b"<item/>" * 3000 + b"</channel></rss>",
        b"<rss><channel><item><title>&nbsp;</title></item></channel></rss>",
        b'<?xml version="1.0" encoding="no-such"?><rss/>',
        b"\x00",
    ],
)
def test_a_feed_with_tricks_is_a_miss(body: bytes) -> None:
    """Entities, files, depth, floods, another format."""
    assert isinstance(read_trends(HttpResponse(200, body=body), "TR", NOW, named_products), Miss)


def test_a_trend_without_a_usable_time_is_none() -> None:
    """Neither of the year 1 nor of tomorrow nor of another spelling."""
    dates = [b"Mon, 01 Jan 0001 00:00:00 +0000", b"tomorrow", b"", b"Fri, 31 Dec 9999 23:59:59 -1200"]
    for date in dates:
        body = (
            b"<rss><channel><item><title>chatgpt</title><pubDate>%s</pubDate></item></channel></rss>" % date
        )
        found = read_trends(HttpResponse(200, body=body), "TR", NOW, named_products)
        assert found == SearchTrend("TR", None, 1), date


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"hang", "drip_head", "drip_body"}))
@pytest.mark.parametrize("source", [GITHUB, MASTODON, TRENDS])
def test_every_fault_of_a_network_is_a_miss(http: HttpClient, source: CrowdSource, fault: str) -> None:
    """Resets, bombs, portals, loops."""
    with faulty(fault) as url:
        assert isinstance(asked_once(source, url, http), Miss)


@pytest.mark.parametrize("fault", ["hang", "drip_head", "drip_body"])
def test_a_source_that_hangs_is_a_miss_in_time(
    http: HttpClient, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within its own deadline."""
    monkeypatch.setattr("trayapp.sources.crowd.github.FETCH_SECONDS", 0.4)
    with faulty(fault) as url:
        got = asked_once(GITHUB, url, http)
    assert isinstance(got, Miss)
    assert got.cause is Cause.TIMEOUT


def test_seconds_since_1970_are_read_or_not() -> None:
    """Only what is a number of a usual length."""
    assert read_epoch("1758542400") == datetime(2025, 9, 22, 12, tzinfo=UTC)
    for text in ("", "-1", "1e9", "9" * 12, "9" * 5000, "١٢٣", None, 1758542400):
        assert read_epoch(text) is None, text


@given(st.sampled_from(sorted(set(SOURCES) - {TRENDS})), st.integers(0, 2**32))
def test_no_mutated_answer_raises(source: CrowdSource, seed: int) -> None:
    """Bytes, tokens, keys and kinds of values broken: a count or a miss, and never more people than can be."""
    found = read_json(HttpResponse(200, body=mutate_body(SHAPES[source], seed)), UNTIL)
    if isinstance(found, Miss):
        return
    if source is DOWNDETECTOR:
        reports = read_reports(found, WINDOW)
        assert isinstance(reports, Miss) or 0 <= reports <= 10_000
        assert isinstance(read_level(found), Miss)
        assert isinstance(read_company(found, "TR"), str | Miss)
        return
    got = {
        GITHUB: lambda: people(read_issues(found, WINDOW)),
        NEWS: lambda: people(read_hits([found], WINDOW, read_report)),
        MASTODON: lambda: people(read_posts(found, WINDOW)),
    }[source]()
    assert got is None or 0 <= got <= 10_000


@given(st.integers(0, 2**32))
def test_no_mutated_feed_raises(seed: int) -> None:
    """A place, no place, or a miss."""
    body = mutate_body(SHAPES[TRENDS], seed)
    assert isinstance(
        read_trends(HttpResponse(200, body=body), "TR", NOW, named_products), SearchTrend | Miss
    )


def test_a_whole_answer_of_each_source_is_read(serve: Serve, http: HttpClient) -> None:
    """The shapes that the bad ones are made of are good."""
    for source, body in SHAPES.items():
        manner = say(200, body)
        wrapped = for_downdetector(manner) if source is DOWNDETECTOR else manner
        got = asked_once(source, serve(wrapped).url, http)
        assert isinstance(got, CrowdCount | SearchTrend), (source, got)
        assert json.dumps(str(got))
