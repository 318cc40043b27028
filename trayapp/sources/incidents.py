"""Reads the incidents and maintenances of a status page, in Atlassian's dialect and in incident.io's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import dropwhile, takewhile
from urllib.parse import quote

from trayapp.model import CLOSED_STAGES, Incident, State, Update
from trayapp.sources.lenient_json import (
    MAX_ID,
    MAX_POST,
    JsonObject,
    read_id,
    read_rows,
    read_text,
    read_time,
)
from trayapp.sources.page_vocabulary import read_severity, read_stage

MAX_INCIDENTS = 200
"""The number of incidents read from an answer."""
MAX_COMPONENTS = 100
"""The number of components read from an incident."""
_MAX_POSTS = 30
"""The number of newest posts kept of an incident."""
_MAX_POSTS_READ = 300
"""The number of posts read to find the newest: their order is not promised."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read_incidents(lists: Iterable[tuple[JsonObject, str]], page_url: str) -> tuple[Incident, ...]:
    """Reads the incidents in pairs of an answer and its key, and merges them by `merge_incidents`."""
    return merge_incidents(
        incident
        for page, key in lists
        for row in read_rows(page, key, MAX_INCIDENTS)
        if (incident := _read_incident(row, page_url, maintenance=key == "scheduled_maintenances"))
    )


def merge_incidents(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Merges incidents, newest first; of two with one id the newer counts. Of too many, closed ones are dropped first."""
    newest: dict[str, Incident] = {}
    for incident in incidents:
        if _is_newer(incident, newest.get(incident.id)):
            newest[incident.id] = incident
    newest_first = sorted(newest.values(), key=lambda i: (i.started_at or _LONG_AGO, i.id), reverse=True)
    kept = {i.id for i in sorted(newest_first, key=lambda i: not i.is_open)[:MAX_INCIDENTS]}
    return tuple(incident for incident in newest_first if incident.id in kept)


def _is_newer(incident: Incident, known: Incident | None) -> bool:
    return known is None or (incident.updated_at or _LONG_AGO) > (known.updated_at or _LONG_AGO)


def _read_incident(row: JsonObject, page_url: str, *, maintenance: bool) -> Incident | None:
    name = read_text(row, "name")
    incident_id = read_id(row, "id") or name[:MAX_ID]
    if not incident_id:
        return None
    updates = _read_updates(row)
    resolved = read_time(row, "resolved_at")
    word = (
        read_text(row, "status") or (updates[0].word if updates else "") or ("resolved" if resolved else "")
    )
    now = read_stage(word)
    impact_word = read_text(row, "impact")
    return Incident(
        id=incident_id,
        name=name,
        stage=now,
        stage_word=word,
        # A planned maintenance counts as maintenance whatever its impact.
        impact=State.MAINTENANCE if maintenance else read_severity(impact_word),
        impact_word=impact_word,
        started_at=_start_time(row, updates),
        # The row's `updated_at` changes when somebody edits an old post days later.
        updated_at=(updates[0].at if updates else None) or read_time(row, "updated_at", "created_at"),
        resolved_at=_end_time(updates, resolved) if now in CLOSED_STAGES else None,
        reopened_at=_reopening_time(updates),
        ends_by=read_time(row, "scheduled_until"),
        components=_named_components(row),
        updates=updates[:_MAX_POSTS],
        url=f"{page_url.rstrip('/')}/incidents/{quote(incident_id, safe='')}",
    )


def _read_updates(row: JsonObject) -> tuple[Update, ...]:
    """Reads the posts, newest first."""
    updates = (
        Update(
            id=read_id(post, "id"),
            stage=read_stage(read_text(post, "status")),
            word=read_text(post, "status"),
            text=read_text(post, "body", MAX_POST),
            at=read_time(post, "display_at", "created_at"),
        )
        for post in read_rows(row, "incident_updates", _MAX_POSTS_READ)
    )
    return tuple(sorted(updates, key=lambda update: update.at or _LONG_AGO, reverse=True))


def _start_time(row: JsonObject, updates: tuple[Update, ...]) -> datetime | None:
    """Returns when an incident began: back-dated posts give an earlier time than its creation."""
    stated = read_time(row, "scheduled_for", "started_at")
    if stated is not None:
        return stated
    times = (read_time(row, "created_at"), *(update.at for update in updates))
    return min(filter(None, times), default=None)


def _end_time(updates: tuple[Update, ...], stated: datetime | None) -> datetime | None:
    """Returns when an incident finally ended: `resolved_at` keeps the first end of a reopened incident."""
    ends = [update.at for update in takewhile(lambda u: u.stage in CLOSED_STAGES, updates) if update.at]
    return ends[-1] if ends else stated


def _reopening_time(updates: tuple[Update, ...]) -> datetime | None:
    """Returns when an incident was last reopened: the first open post after a closing one; None if it never was."""
    posts = list(dropwhile(lambda update: update.stage in CLOSED_STAGES, updates))
    since = list(takewhile(lambda update: update.stage not in CLOSED_STAGES, posts))
    return since[-1].at if since and len(since) < len(posts) else None


def _named_components(row: JsonObject) -> tuple[str, ...]:
    """Returns the ids of the components that the incident or its posts name."""
    named = [read_id(c, "id") for c in read_rows(row, "components")]
    for holder in (row, *read_rows(row, "incident_updates", _MAX_POSTS_READ)):
        named += [read_id(c, "code", "component_id", "id") for c in read_rows(holder, "affected_components")]
    return tuple(dict.fromkeys(filter(None, named)))[:MAX_COMPONENTS]
