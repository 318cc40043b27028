"""/api/v2 of any Statuspage-compatible page, Atlassian's and incident.io's: its answers -> one reading of the page.

Every key may be absent and every word new. What a reading needs at least is the page's indicator or one component.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from trayapp.model import Cause, Incident, Miss, Page
from trayapp.sources.components import has_groups, read_components
from trayapp.sources.incidents import newest_first, read_incidents
from trayapp.sources.loose import Loose, document, inner, text, when
from trayapp.sources.terms import severity
from trayapp.sources.wire import Answer


def read_page(
    summary: Answer | Miss,
    components: Answer | Miss | None = None,
    incidents: Answer | Miss | None = None,
    *,
    base: str = "",
    may_link: Callable[[str], bool] = lambda _url: True,
) -> Page | Miss:
    """One reading, from `summary.json` and, where they came, `components.json` and `incidents.json`.

    `base` is the configured address of the page, for links when it gives none of its own that `may_link`. The last two answers may
    fail: incident.io's summary lists 25 of all components only, so without them the reading is not whole.
    """
    main = document(summary)
    if isinstance(main, Miss):
        return main
    everything, past = _optional(components), _optional(incidents)
    whole = read_components(everything)
    listed = whole or read_components(main)
    word = text(inner(main, "status"), "indicator")
    if not word and not listed:
        return Miss(Cause.FORMAT, detail="neither an indicator nor components")
    page = inner(main, "page")
    url = own if (own := _own_address(page)) and may_link(own) else ""
    return Page(
        url=url,
        name=text(page, "name"),
        updated_at=when(page, "updated_at"),
        indicator=severity(word) if word else None,
        indicator_word=word,
        components=listed,
        past_read="incidents" in past,
        whole=bool(whole) or "scheduled_maintenances" in main or has_groups(main),
        incidents=_incidents(main, past, url or base, has_indicator=bool(word)),
        fresh_for=summary.fresh_for if isinstance(summary, Answer) else None,
        age=summary.age if isinstance(summary, Answer) else 0.0,
    )


def _incidents(main: Loose, past: Loose, base: str, *, has_indicator: bool) -> tuple[Incident, ...]:
    """What is open, by `summary.json` alone, and of the list of past incidents what is over.

    The two files come from caches of their own: an older list must not bring back what has ended.
    """
    opened = read_incidents(((main, "incidents"), (main, "scheduled_maintenances")), base)
    listed = read_incidents(((past, "incidents"),), base)
    if not has_indicator and "incidents" not in main:
        return listed
    known = {incident.id for incident in opened}
    over = tuple(incident for incident in listed if incident.id not in known and not incident.open)
    return newest_first((*opened, *over))


def _optional(answer: Answer | Miss | None) -> Loose:
    """An answer that may be missing: a 404 of it is no trouble of the page."""
    found = document(answer) if answer is not None else {}
    return {} if isinstance(found, Miss) else found


def _own_address(page: Loose) -> str:
    url = text(page, "url")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return url if usable else ""
