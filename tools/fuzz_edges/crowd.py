"""What is read of other people's reports: one source's answer, broken, and through the words and the rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.sources.crowd.shapes import (
    UNTIL,
    WINDOW,
    hits,
    issue,
    issues,
    json_body,
    report,
    story,
    toot,
    trends,
)
from tests.sources.mutations import TOKENS
from tools.fuzz_edges.engine import Wrong
from tools.fuzz_edges.mutate import Mutator
from trayapp.core.crowd.votes import CrowdMemory, add_counts, judge_crowd
from trayapp.core.crowd.words import named_products, read_report
from trayapp.model import Miss
from trayapp.model.crowd import CrowdCount, CrowdSource
from trayapp.sources.crowd.counting import MAX_PEOPLE, Heard, read_json
from trayapp.sources.crowd.downdetector import read_company, read_level, read_reports
from trayapp.sources.crowd.github import read_issues
from trayapp.sources.crowd.hacker_news import read_hits
from trayapp.sources.crowd.mastodon import read_posts
from trayapp.sources.crowd.trends import read_trends
from trayapp.sources.messages import HttpResponse

_BODIES = (
    json_body(issues(*(issue(f"a{n}") for n in range(10)), total=30)),
    json_body(hits(story("ada", "ChatGPT is down"), story("ben", "Codex çöktü mü?"))),
    json_body([toot("ada"), toot("ben", tags=("codexdown",))]),
    json_body([report(), report()]),
    trends(("chatgpt", UNTIL - timedelta(hours=1)), ("derbi", UNTIL)),
)


class CrowdTarget:
    """One source's answer; the first byte says whose."""

    name = "crowd"
    mutator = Mutator(
        (
            *TOKENS,
            b"<item>",
            b"</title>",
            b"<!DOCTYPE rss [",
            b"&a;",
            b"chatgpt",
            b" down",
            b"#",
            "ı".encode(),
        )
    )
    seeds = tuple(b"%d" % n + body for n, body in enumerate(_BODIES))

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        which, answer = (data or b"0")[0] % len(_BODIES), HttpResponse(200, body=data[1:])
        read_report(data.decode("utf-8", "replace"))
        if which == 4:
            return type(read_trends(answer, "TR", UNTIL, named_products)).__name__
        parsed = read_json(answer, UNTIL)
        found = parsed if isinstance(parsed, Miss) else _read(which, parsed)
        if isinstance(found, CrowdCount):
            if not 0 <= found.people <= MAX_PEOPLE:
                raise Wrong(f"{found.people} people")
            judge_crowd(add_counts(CrowdMemory(), [found]), UNTIL)
        return f"{which} {type(found).__name__}"

    def close(self) -> None:
        """Nothing was started."""


def _read(which: int, parsed: Any) -> CrowdCount | Miss:
    if which == 0:
        return read_issues(parsed, WINDOW)
    if which == 1:
        return read_hits([parsed], WINDOW, read_report)
    if which == 2:
        heard = read_posts(parsed, WINDOW)
        return heard.count(CrowdSource.MASTODON, WINDOW) if isinstance(heard, Heard) else heard
    read_level(parsed)
    read_company(parsed, "TR")
    people = read_reports(parsed, WINDOW)
    return people if isinstance(people, Miss) else CrowdCount(CrowdSource.DOWNDETECTOR, people, WINDOW)
