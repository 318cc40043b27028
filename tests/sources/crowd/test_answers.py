"""What each source counts of a good answer, by a real server, and what it asks for."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from tests.sources.conftest import Serve
from tests.sources.crowd.asked import KEY, NOW, READERS, trends_of
from tests.sources.crowd.shapes import (
    RECENT,
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
from tests.sources.servers import Manner, Seen, Server, in_turn, say
from trayapp.model import Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, ReportLevel, SearchTrend
from trayapp.sources.http import HttpClient

GITHUB, NEWS, MASTODON, DOWNDETECTOR = (
    CrowdSource.GITHUB,
    CrowdSource.HACKER_NEWS,
    CrowdSource.MASTODON,
    CrowdSource.DOWNDETECTOR,
)
LATER = CrowdWindow(WINDOW.since + timedelta(minutes=19), WINDOW.until + timedelta(minutes=19))
OLD = WINDOW.since - timedelta(seconds=1)


def count(source: CrowdSource, server: Server, http: HttpClient) -> CrowdCount:
    """What one time of asking counts."""
    got = READERS[source](server.url).count_people(http.fetch, WINDOW)
    assert isinstance(got, CrowdCount), got
    return got


def by_beginning(manners: dict[str, Manner]) -> Manner:
    """One manner for each beginning of a path."""

    def manner(seen: Seen, *rest: object) -> bool:
        found = next((m for begins, m in manners.items() if seen.path.startswith(begins)), say(404))
        return found(seen, *rest)  # type: ignore[arg-type]

    return manner


def test_github_counts_people_and_not_their_issues(serve: Serve, http: HttpClient) -> None:
    """Two issues of one person are one; an issue from before the window is none."""
    found = issues(issue("ada"), issue("ada"), issue("ben"), issue("cem", OLD), issue("dee", user=None))
    server = serve(say(200, json_body(found)))
    assert count(GITHUB, server, http) == CrowdCount(GITHUB, 3, WINDOW, products=("Codex",))


def test_github_is_asked_for_the_label_since_the_window_began(serve: Serve, http: HttpClient) -> None:
    """One request, by the program's name, and without a cookie, an account or a page it came from."""
    server = serve(say(200, json_body(issues()), set_cookie="a=b"))
    assert count(GITHUB, server, http).people == 0
    (seen,) = server.seen
    assert seen.path == (
        "/search/issues?q=repo:openai/codex+is:issue+label:connectivity+created:%3E=2026-09-22T11:40:00Z"
        "&sort=created&order=desc&per_page=10"
    )
    assert seen.headers["user-agent"] == "openai-status-tray/test"
    assert not {"cookie", "authorization", "referer"} & seen.headers.keys()


def test_of_many_issues_as_great_a_share_counts_as_there_are_people(serve: Serve, http: HttpClient) -> None:
    """Eight people among ten issues that are shown, of 40."""
    authors = [*"abcdefgh", "a", "b"]
    server = serve(say(200, json_body(issues(*map(issue, authors), total=40))))
    assert count(GITHUB, server, http) == CrowdCount(GITHUB, 32, WINDOW, True, ("Codex",))


def test_a_flood_of_issues_by_one_person_is_one(serve: Serve, http: HttpClient) -> None:
    """However many there are."""
    server = serve(say(200, json_body(issues(*[issue("ada")] * 10, total=900))))
    assert count(GITHUB, server, http).people == 1


def test_hacker_news_counts_authors_whose_own_words_report_trouble(serve: Serve, http: HttpClient) -> None:
    """In a story's title or text, or in a comment, of which the story's title is no part."""
    rows = [
        story("ada", "ChatGPT is down"),
        comment("ada", "still down, ChatGPT"),
        comment("ben", "<p>ChatGPT isn&#x27;t <i>working</i> here"),
        comment("cem", "same here", story_title="ChatGPT is down"),
        comment("dee", "I download ChatGPT now"),
        story("eve", "Ask: anyone else?", story_text="Codex gives 503"),
        comment("fay", "ChatGPT is down", OLD),
    ]
    server = serve(say(200, json_body(hits(*rows))))
    assert count(NEWS, server, http) == CrowdCount(NEWS, 3, WINDOW, products=("ChatGPT", "Codex"))


def test_hacker_news_is_asked_for_three_words(serve: Serve, http: HttpClient) -> None:
    """Stories and comments since the window began."""
    server = serve(say(200, json_body(hits())))
    assert count(NEWS, server, http).people == 0
    since = int(WINDOW.since.timestamp())
    assert server.paths() == [
        f"/api/v1/search_by_date?query={word}&tags=(story,comment)&numericFilters=created_at_i%3E{since}&hitsPerPage=50"
        for word in ("chatgpt", "codex", "openai")
    ]


def test_a_full_answer_of_hacker_news_says_at_least(serve: Serve, http: HttpClient) -> None:
    """Fifty hits, all within the window."""
    server = serve(say(200, json_body(hits(*(story(f"a{n}", "ChatGPT is down") for n in range(50))))))
    found = count(NEWS, server, http)
    assert (found.people, found.capped) == (50, True)


def test_mastodon_counts_people_who_post_the_tag(serve: Serve, http: HttpClient) -> None:
    """Neither bots nor what somebody only passed on; the product is the tag's."""
    bot = toot("bot")
    bot["account"]["bot"] = True
    posts = [
        toot("ada"),
        toot("ada"),
        toot("ben", tags=("codexdown", "tea")),
        toot("cem", tags=("OPENAIDOWN",)),
        bot,
        toot("dee", reblog={"id": "1"}),
        *(toot(f"old{n}", OLD, tags=("CodexDown",)) for n in range(9)),
    ]
    server = serve(say(200, json_body(posts)))
    found = count(MASTODON, server, http)
    assert (found.people, found.capped) == (3, False)
    assert found.products == ("ChatGPT", "Codex")
    assert server.paths() == ["/api/v1/timelines/tag/ChatGPTDown?limit=40&any[]=OpenAIDown&any[]=CodexDown"]


def test_an_unchanged_answer_of_mastodon_is_counted_anew(serve: Serve, http: HttpClient) -> None:
    """The window has moved on: who posted long ago no longer counts, and nothing of their text was kept."""
    early, late = toot("ada", WINDOW.since), toot("ben", UNTIL)
    server = serve(in_turn(say(200, json_body([late, early]), etag='W/"one"'), say(304), say(503)))
    reader = READERS[MASTODON](server.url)
    counts = [reader.count_people(http.fetch, window) for window in (WINDOW, LATER)]
    assert [c.people for c in counts if isinstance(c, CrowdCount)] == [2, 1]
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, 'W/"one"']
    assert isinstance(reader.count_people(http.fetch, LATER), Miss)
    assert isinstance(reader.count_people(http.fetch, LATER), Miss)
    assert "if-none-match" not in server.seen[-1].headers


def test_once_an_hour_mastodon_s_whole_answer_is_asked_for(serve: Serve, http: HttpClient) -> None:
    """A cache that is stuck must not say for ever that nothing has changed."""
    server = serve(in_turn(say(200, json_body([]), etag='"one"'), say(200, json_body([]), etag='"two"')))
    reader = READERS[MASTODON](server.url)
    reader.count_people(http.fetch, WINDOW)
    hour = timedelta(hours=1)
    reader.count_people(http.fetch, CrowdWindow(WINDOW.since + hour, WINDOW.until + hour))
    assert "if-none-match" not in server.seen[-1].headers


def downdetector(status: bytes = b'"danger"') -> Manner:
    """Its API for one country."""
    old = report(WINDOW.since - timedelta(minutes=5), 900)
    return by_beginning(
        {
            "/companies/search": say(
                200, json_body([company(76, "US"), company(), company(78, "TR", "tea")])
            ),
            "/slugs/openai/reports": say(200, json_body([old, report(), report(RECENT, 30, tweets=0)])),
            "/companies/77/status": say(200, status),
        }
    )


def test_downdetector_counts_the_reports_of_the_window(serve: Serve, http: HttpClient) -> None:
    """With its own level; the entry's number is asked for once, and the key goes along as a header."""
    server = serve(downdetector())
    reader = READERS[DOWNDETECTOR](server.url)
    for _ in range(2):
        assert reader.count_people(http.fetch, WINDOW) == CrowdCount(
            DOWNDETECTOR, 34, WINDOW, products=("ChatGPT",), level=ReportLevel.DANGER
        )
    assert len(server.seen) == 5
    assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {KEY}"}
    assert (
        "/slugs/openai/reports?companies=77&interval=5m&startdate=2026-09-22T11:40:00Z&enddate=2026-09-22T12:00:00Z"
        in server.paths()
    )


@pytest.mark.parametrize("key", [None, "", " ", "two words", "zeile\r\nX: y", "schlüssel"])
def test_without_a_key_downdetector_is_not_asked(serve: Serve, http: HttpClient, key: str | None) -> None:
    """Nor with one that no header can hold."""
    from trayapp.sources.crowd.downdetector import Downdetector

    server = serve(downdetector())
    assert isinstance(Downdetector("TR", lambda: key, server.url).count_people(http.fetch, WINDOW), Miss)
    assert server.seen == []


def test_trends_say_at_which_place_a_product_is_searched_for(serve: Serve, http: HttpClient) -> None:
    """A recent entry by its own title; neither the list's title nor the news below an entry counts."""
    hour = timedelta(hours=1)
    rows = [("derbi", NOW - hour), ("chatgpt", NOW - 9 * hour), ("ChatGPT çöktü mü &amp; neden", NOW - hour)]
    server = serve(say(200, trends(*rows), content_type="application/rss+xml"))
    assert trends_of(server.url).look(http.fetch, NOW) == SearchTrend("TR", 3, 3, NOW - hour)
    assert server.paths() == ["/trending/rss?geo=TR"]


def test_a_country_that_searches_for_something_else(serve: Serve, http: HttpClient) -> None:
    """And one with an empty list."""
    for body, of in ((trends(("derbi", NOW), ("hava durumu", NOW)), 2), (trends(), 0)):
        server = serve(say(200, body))
        assert trends_of(server.url).look(http.fetch, NOW) == SearchTrend("TR", None, of)


def test_no_name_and_no_text_is_logged_or_kept(
    serve: Serve, http: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A count holds numbers and times; the log not even an address."""
    caplog.set_level(logging.DEBUG)
    server = serve(say(200, json_body(hits(story("zebra", "ChatGPT is down in Quito")))))
    found = count(NEWS, server, http)
    server = serve(say(200, json_body([toot("zebra", tags=("ChatGPTDown", "Quito"))]), etag='"x"'))
    reader = READERS[MASTODON](server.url)
    reader.count_people(http.fetch, WINDOW)
    kept = repr(found) + repr(vars(reader)) + caplog.text
    assert "zebra" not in kept
    assert "Quito" not in kept


def test_answers_may_come_compressed(serve: Serve, http: HttpClient) -> None:
    """As the servers like it."""
    import gzip

    server = serve(say(200, gzip.compress(json_body(issues(issue("ada")))), content_encoding="gzip"))
    assert count(GITHUB, server, http).people == 1
    assert server.seen[0].headers["accept-encoding"] == "gzip"


def test_no_redirect_is_followed(serve: Serve, http: HttpClient) -> None:
    """Neither with a key nor without."""
    other = serve(say(200, json_body(issues())))
    server = serve(say(302, location=other.url))
    for source in READERS:
        assert isinstance(READERS[source](server.url).count_people(http.fetch, WINDOW), Miss)
    assert other.seen == []
