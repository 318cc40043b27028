"""Reads the answers of `/api/v2` of any Statuspage-compatible page (Atlassian's, incident.io's) into one reading.

Every key may be missing and every word unknown. A reading needs at least the page's indicator or one component.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from trayapp.model import Cause, Incident, Miss, PageReading
from trayapp.sources.components import has_groups, read_components
from trayapp.sources.incidents import merge_incidents, read_incidents
from trayapp.sources.lenient_json import JsonObject, parse_document, read_object, read_text, read_time
from trayapp.sources.messages import HttpResponse
from trayapp.sources.page_vocabulary import read_severity

_LONGEST_URL = 500
"""The longest address that the page may give for itself, in characters."""


def read_page(
    summary: HttpResponse | Miss,
    components: HttpResponse | Miss | None = None,
    incidents: HttpResponse | Miss | None = None,
    *,
    base: str = "",
    may_link: Callable[[str], bool] = lambda _url: True,
) -> PageReading | Miss:
    """Makes a reading of `summary.json` and, if they were requested, `components.json` and `incidents.json`.

    `base`: the configured address, for links if the page gives none that passes `may_link`. The last two answers may
    fail: incident.io's summary lists only 25 of all components, so that the reading is then not whole.
    """
    main = parse_document(summary)
    if isinstance(main, Miss):
        return main
    page = read_object(main, "page")
    word = read_text(read_object(main, "status"), "indicator")
    url = own if (own := _read_own_url(page)) and may_link(own) else ""
    listed = read_components(main)
    current = read_incidents(((main, "incidents"), (main, "scheduled_maintenances")), url or base)
    lists_incidents = "incidents" in main or bool(word)
    lists_all = "scheduled_maintenances" in main or has_groups(main)
    del main  # a document takes about thirty times the memory of its text: one at a time
    everything = read_components(_optional_document(components))
    found = _optional_document(incidents)
    past, past_read = read_incidents(((found, "incidents"),), url or base), "incidents" in found
    if not word and not everything and not listed:
        return Miss(Cause.FORMAT, detail="neither an indicator nor components")
    return PageReading(
        url=url,
        name=read_text(page, "name"),
        updated_at=read_time(page, "updated_at"),
        indicator=read_severity(word) if word else None,
        indicator_word=word,
        components=everything or listed,
        whole=bool(everything) or lists_all,
        incidents=_join_incidents(current, past, summary_lists=lists_incidents),
        fresh_for=summary.fresh_for if isinstance(summary, HttpResponse) else None,
        age=summary.age if isinstance(summary, HttpResponse) else 0.0,
        past_read=past_read,
    )


def _join_incidents(
    current: tuple[Incident, ...], past: tuple[Incident, ...], *, summary_lists: bool
) -> tuple[Incident, ...]:
    """Joins the open incidents, by `summary.json` alone, and the closed ones of the list of past incidents.

    Each file may come from another cache: an older list must not reopen an ended incident.
    """
    known = {incident.id for incident in current}
    over = [i for i in past if i.id not in known and not (summary_lists and i.is_open)]
    return merge_incidents((*current, *over))


def _optional_document(answer: HttpResponse | Miss | None) -> JsonObject:
    """Parses an answer that may be missing: a 404 for it does not make the page unreadable."""
    found = parse_document(answer) if answer is not None else {}
    return {} if isinstance(found, Miss) else found


def _read_own_url(page: JsonObject) -> str:
    url = read_text(page, "url", _LONGEST_URL)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return url if usable else ""
