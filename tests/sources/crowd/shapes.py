"""Answers of each source of the crowd, in its shape and in our own words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from trayapp.model.crowd import CrowdWindow

UNTIL = datetime(2026, 9, 22, 12, 0, tzinfo=UTC)
WINDOW = CrowdWindow(UNTIL - timedelta(minutes=20), UNTIL)
RECENT = UNTIL - timedelta(minutes=3)
Json = dict[str, Any]


def json_body(document: object) -> bytes:
    """A body."""
    return json.dumps(document).encode()


def iso(at: datetime) -> str:
    """As GitHub writes a time."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def millis(at: datetime) -> str:
    """As Mastodon and Hacker News write one."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def issue(author: str, at: datetime = RECENT, **more: object) -> Json:
    """An issue as GitHub's search gives it, with some of its many keys."""
    return {
        "url": "https://api.example.test/repos/o/r/issues/7",
        "id": 1007,
        "number": 7,
        "title": "The blue button does nothing",
        "user": {"login": author, "id": 1, "type": "User", "site_admin": False},
        "labels": [{"id": 5, "name": "connectivity", "color": "ededed", "default": False}],
        "state": "open",
        "created_at": iso(at),
        "updated_at": iso(at),
        "closed_at": None,
        "body": "I press it and wait.",
        "score": 1.0,
    } | more


def issues(*items: Json, total: object = None, incomplete: object = False) -> Json:
    """An answer of GitHub's search; by default it shows all that there are."""
    count = len(items) if total is None else total
    return {"total_count": count, "incomplete_results": incomplete, "items": list(items)}


def comment(author: str, text: str, at: datetime = RECENT, **more: object) -> Json:
    """A comment as Algolia gives it."""
    return {
        "created_at": millis(at),
        "title": None,
        "url": None,
        "author": author,
        "points": None,
        "story_text": None,
        "comment_text": text,
        "num_comments": None,
        "story_id": 4000,
        "story_title": "Something about tea",
        "parent_id": 4001,
        "created_at_i": int(at.timestamp()),
        "_tags": ["comment", f"author_{author}", "story_4000"],
        "objectID": "4002",
    } | more


def story(author: str, title: str, at: datetime = RECENT, **more: object) -> Json:
    """A story as Algolia gives it."""
    return comment(author, "", at, title=title, comment_text=None, story_text="", num_comments=3) | more


def hits(*rows: Json, **more: object) -> Json:
    """An answer of Algolia's."""
    return {
        "hits": list(rows),
        "nbHits": len(rows),
        "page": 0,
        "nbPages": 1,
        "hitsPerPage": 50,
        "exhaustiveNbHits": True,
        "query": "chatgpt",
        "params": "advancedSyntax=true",
        "processingTimeMS": 2,
    } | more


def toot(author: str, at: datetime = RECENT, tags: Sequence[str] = ("ChatGPTDown",), **more: object) -> Json:
    """A post as Mastodon gives it."""
    return {
        "id": "114000000000000001",
        "created_at": millis(at),
        "visibility": "public",
        "language": "en",
        "uri": f"https://tea.example/users/{author}/statuses/1",
        "content": "<p>no tea today</p>",
        "reblog": None,
        "account": {
            "id": "1",
            "username": author,
            "acct": f"{author}@tea.example",
            "bot": False,
            "url": f"https://tea.example/@{author}",
        },
        "tags": [{"name": tag, "url": f"https://tea.example/tags/{tag}"} for tag in tags],
    } | more


def report(at: datetime = RECENT, total: object = 4, **more: object) -> Json:
    """Five minutes of reports as Downdetector gives them."""
    return {
        "indicators": 1,
        "other": 3,
        "point_in_time": iso(at).replace("Z", "+00:00"),
        "total": total,
    } | more


def company(number: object = 77, country: str = "TR", slug: str = "openai") -> Json:
    """An entry of Downdetector's."""
    return {"country_iso": country, "id": number, "indicators": "A,B", "name": "Tea", "slug": slug}


def trends(*items: tuple[str, datetime]) -> bytes:
    """A feed of Google's trends: tabs, empty elements and a second title within each item."""
    rows = "".join(
        f"\t\t<item>\n\t\t\t<title>{title}</title>\n\t\t\t<ht:approx_traffic>200+</ht:approx_traffic>\n"
        f"\t\t\t<description/>\n\t\t\t<pubDate>{format_datetime(at)}</pubDate>\n"
        "\t\t\t<ht:news_item><ht:news_item_title>ChatGPT down</ht:news_item_title></ht:news_item>\n\t\t</item>\n"
        for title, at in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:ht="https://trends.google.com/trending/rss" version="2.0">\n'
        f"\t<channel>\n\t\t<title>Searches about ChatGPT</title>\n{rows}\t</channel>\n</rss>"
    ).encode()
