"""How old an answer is by its own word, and which cached copy it is of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.asking import answer
from tests.sources.conftest import Serve
from tests.sources.pages import component, json_response, summary
from tests.sources.servers import in_turn, say
from trayapp.model import PageReading
from trayapp.sources.cached_copies import CachedCopies
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import MAX_AGE, HttpRequest, HttpResponse, read_age
from trayapp.sources.statuspage import read_page
from trayapp.store.codec import from_json, to_json

MADE = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADER = {"cf-cache-status": "HIT"}


def cached_answer(
    after: float, body: bytes = b"{}", *, made: datetime = MADE, date_kept: bool = False
) -> HttpResponse:
    """What a cache answers so many seconds after the server made it: as Cloudflare does, or with the server's Date."""
    dated = made if date_kept else made + timedelta(seconds=after)
    date = format_datetime(dated.replace(microsecond=0), usegmt=True)
    return HttpResponse(200, {"date": date, "age": str(int(after))}, body, age=float(int(after)))


def names(*answers: HttpResponse) -> list[str]:
    """The names of some answers, one after the other."""
    copies = CachedCopies()
    return [copies.name_copy(each) for each in answers]


@pytest.mark.parametrize("date_kept", [False, True])
@given(after=st.lists(st.floats(1, 9e5), min_size=2, max_size=5), within=st.floats(0, 0.999))
def test_all_answers_of_one_copy_have_one_name(date_kept: bool, after: list[float], within: float) -> None:
    """Whichever way the cache tells when it was made, and however its seconds are rounded."""
    made = MADE + timedelta(seconds=within)
    (name,) = set(
        names(*(cached_answer(seconds, made=made, date_kept=date_kept) for seconds in sorted(after)))
    )
    assert name


@pytest.mark.parametrize("date_kept", [False, True])
@given(later=st.floats(4, 9e5))
def test_a_copy_that_was_made_later_has_another_name(date_kept: bool, later: float) -> None:
    """Though its bytes are the same: the server said it again."""
    renewed = cached_answer(1, made=MADE + timedelta(seconds=later), date_kept=date_kept)
    one, other = names(cached_answer(later, date_kept=date_kept), renewed)
    assert one != other


def test_other_bytes_are_another_copy() -> None:
    """Whatever the headers say."""
    one, other = names(cached_answer(30, b"{}"), cached_answer(30, b"[]"))
    assert one != other


@pytest.mark.parametrize(
    "fresh",
    [
        HttpResponse(200, {"date": "Fri, 01 May 2026 12:00:00 GMT"}),
        HttpResponse(200, {"date": "Fri, 01 May 2026 12:00:00 GMT", "age": "0", "cf-cache-status": "MISS"}),
        HttpResponse(200, {"age": "30"}, age=30.0),
        HttpResponse(200, {"age": "30", "date": "soon"}, age=30.0),
        HttpResponse(200, HEADER),
        HttpResponse(200),
    ],
)
def test_an_answer_of_the_server_itself_is_no_copy(fresh: HttpResponse) -> None:
    """Nor is one that does not say when it was made."""
    assert names(fresh, fresh) == ["", ""]


def test_a_hit_without_an_age_is_a_copy() -> None:
    """Its Date tells which."""
    hit = HttpResponse(200, HEADER | {"date": "Fri, 01 May 2026 12:00:00 GMT"})
    one, other = names(hit, hit)
    assert one == other != ""


def test_a_server_between_two_answers_of_a_copy_does_not_rename_it() -> None:
    """Several caches answer under one address."""
    one, fresh, other = names(cached_answer(30), HttpResponse(200, {}), cached_answer(60))
    assert (fresh, one) == ("", other)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("259200", 259200.0),
        (" 7 ", 7.0),
        ("9" * 400, MAX_AGE),
        ("-1", 0.0),
        ("1.5", 0.0),
        ("", 0.0),
        ("²", 0.0),
    ],
)
def test_an_age_is_seconds_and_bounded(text: str, seconds: float) -> None:
    """Nonsense is nothing, and no sum with it can leave the calendar."""
    assert read_age({"age": text}) == seconds


def test_a_page_is_as_old_as_its_summary_says() -> None:
    """The other files' ages do not count; the codec carries age and copy."""
    old = HttpResponse(200, {}, json_response(summary(component("A"))).body, age=200.0)
    page = read_page(old, HttpResponse(200, {}, b'{"components": []}', age=900.0))
    assert isinstance(page, PageReading)
    assert page.age == 200.0
    assert from_json(PageReading, to_json(page)) == page


def test_a_304_is_as_old_as_its_own_headers_say(http: HttpClient, serve: Serve) -> None:
    """The server has just said that nothing changed; how old the remembered body is does not count."""
    date = "Fri, 01 May 2026 12:00:00 GMT"
    server = serve(
        in_turn(
            say(200, b"{}", etag='"e"', age="500", date=date),
            say(304, date=date),
            say(304, date=date, age="40"),
        )
    )
    got = [answer(http, HttpRequest(server.url, page=True)) for _ in range(3)]
    assert [(each.status, each.age) for each in got] == [(200, 500.0), (200, 0.0), (200, 40.0)]
    old, fresh, again = names(*got)
    assert (bool(old), fresh, bool(again)) == (True, "", True)
