"""Counts people who post #ChatGPTDown and the like on a Mastodon server, by its timeline of tags.

https://docs.joinmastodon.org/methods/timelines/#tag: without an account where the server lets strangers read it. The tag is
the report; no word is looked for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from trayapp.model import Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow
from trayapp.sources.crowd.counting import (
    FETCH_SECONDS,
    Fetch,
    Heard,
    Voices,
    crowd_request,
    format_miss,
    read_json,
    read_timestamp,
)
from trayapp.sources.etag_cache import is_usable_etag
from trayapp.sources.lenient_json import JsonObject, read_id, read_object, read_rows, read_text
from trayapp.sources.messages import HttpRequest, HttpResponse

_TAGS = {"chatgptdown": "ChatGPT", "codexdown": "Codex", "openaidown": ""}
"""Tags as a server compares them, and the product of each; OpenAI is all of them."""
_SHOWN = 40
"""Posts of an answer, the most that servers give: one person's flood hides the fewest others."""
_WHOLE_AFTER = timedelta(hours=1)


class MastodonTag:
    """Asks one server, and remembers the times of its last answer for when that has not changed."""

    source = CrowdSource.MASTODON
    requests = 1

    def __init__(self, base: str = "https://mastodon.social") -> None:
        self._base = base
        self._etag = ""
        self._heard: Heard | None = None
        self._whole_at: datetime | None = None
        """When the whole answer last came: a stuck cache would say for ever that nothing has changed."""

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Asks once. An unchanged answer (304) is counted anew, because the window has moved."""
        known = self._heard
        if self._whole_at is None or not timedelta(0) <= window.until - self._whole_at < _WHOLE_AFTER:
            self._etag = ""
        (answer,) = fetch([self._request()], FETCH_SECONDS)
        if isinstance(answer, HttpResponse) and answer.status == 304 and self._etag and known:
            return known.count(self.source, window)
        self._etag, self._heard = "", None
        found = read_json(answer, window.until)
        heard = found if isinstance(found, Miss) else read_posts(found, window)
        if isinstance(heard, Miss):
            return heard
        etag = answer.headers.get("etag", "") if isinstance(answer, HttpResponse) else ""
        if is_usable_etag(etag):
            self._etag, self._heard, self._whole_at = etag, heard, window.until
        return heard.count(self.source, window)

    def _request(self) -> HttpRequest:
        path = f"/api/v1/timelines/tag/ChatGPTDown?limit={_SHOWN}&any[]=OpenAIDown&any[]=CodexDown"
        return crowd_request(self._base + path, etag=self._etag)


def read_posts(found: Any, window: CrowdWindow) -> Heard | Miss:
    """Reads when people last posted the tag. Bots and forwarded posts are nobody."""
    if not isinstance(found, list):
        return format_miss("no list of posts")
    rows = read_rows({"posts": found}, "posts", _SHOWN)
    dated = [(at, row) for row in rows if (at := read_timestamp(row.get("created_at"))) is not None]
    if found and not dated:
        return format_miss("posts without a time")
    voices = Voices(window)
    for at, row in dated:
        account = read_object(row, "account")
        if account.get("bot") is not True and not row.get("reblog"):
            voices.add(read_id(account, "url", "acct", "id"), at, _products_of(row))
    return voices.sum_up(min(at for at, _ in dated) if len(found) >= _SHOWN else None)


def _products_of(row: JsonObject) -> frozenset[str]:
    names = (_TAGS.get(read_text(tag, "name").casefold(), "") for tag in read_rows(row, "tags", _SHOWN))
    return frozenset(filter(None, names))
