"""/api/v2 of any Statuspage-compatible page, Atlassian's and incident.io's: its answers -> one reading of the page.

Every key may be absent and every word new. What a reading needs at least is the page's indicator or one component.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from trayapp.model import Cause, Miss, Page
from trayapp.sources.components import has_groups, read_components
from trayapp.sources.incidents import merged, read_incidents
from trayapp.sources.loose import Loose, document, inner, text, when
from trayapp.sources.terms import severity
from trayapp.sources.wire import Answer

_LONGEST_URL = 500
"""Characters of the page's own address."""


def read_page(
    summary: Answer | Miss,
    components: Answer | Miss | None = None,
    incidents: Answer | Miss | None = None,
    *,
    base: str = "",
) -> Page | Miss:
    """One reading, from `summary.json` and, where they came, `components.json` and `incidents.json`.

    `base` is the configured address of the page, for links when it does not give its own. The last two answers may
    fail: incident.io's summary lists 25 of all components only, so without them the reading is not whole.
    """
    main = document(summary)
    if isinstance(main, Miss):
        return main
    page = inner(main, "page")
    word = text(inner(main, "status"), "indicator")
    url = _own_address(page)
    listed = read_components(main)
    current = read_incidents(((main, "incidents"), (main, "scheduled_maintenances")), url or base)
    lists_all = "scheduled_maintenances" in main or has_groups(main)
    del main  # a document takes some thirty times the room of its text: one at a time
    everything = read_components(_optional(components))
    found = _optional(incidents)
    past, past_read = read_incidents(((found, "incidents"),), url or base), "incidents" in found
    if not word and not everything and not listed:
        return Miss(Cause.FORMAT, detail="neither an indicator nor components")
    return Page(
        url=url,
        name=text(page, "name"),
        updated_at=when(page, "updated_at"),
        indicator=severity(word) if word else None,
        indicator_word=word,
        components=everything or listed,
        whole=bool(everything) or lists_all,
        incidents=merged((*current, *past)),
        fresh_for=summary.fresh_for if isinstance(summary, Answer) else None,
        age=summary.age if isinstance(summary, Answer) else 0.0,
        past_read=past_read,
    )


def _optional(answer: Answer | Miss | None) -> Loose:
    """An answer that may be missing: a 404 of it is no trouble of the page."""
    found = document(answer) if answer is not None else {}
    return {} if isinstance(found, Miss) else found


def _own_address(page: Loose) -> str:
    url = text(page, "url", _LONGEST_URL)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return url if usable else ""
