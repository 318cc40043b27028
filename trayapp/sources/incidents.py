"""Incidents and maintenances of a status page, of either dialect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import dropwhile, takewhile
from urllib.parse import quote

from trayapp.model import OVER, Incident, State, Update
from trayapp.sources.lenient_json import ID, POST, Loose, identity, items, text, when
from trayapp.sources.page_vocabulary import severity, stage

INCIDENTS = 200
"""Incidents of an answer that are read."""
COMPONENTS = 100
"""Components that an incident may name."""
_POSTS = 30
"""Posts of an incident, the newest."""
_POSTS_LOOKED_AT = 300
"""Of which they are the newest: their order is not promised."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read_incidents(lists: Iterable[tuple[Loose, str]], page_url: str) -> tuple[Incident, ...]:
    """The incidents under some keys of some answers, as `merged`."""
    return merged(
        incident
        for page, key in lists
        for row in items(page, key, INCIDENTS)
        if (incident := _incident(row, page_url, maintenance=key == "scheduled_maintenances"))
    )


def merged(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Incidents, newest first; of two with one id, the newer. Of too many, those that are over go first."""
    newest: dict[str, Incident] = {}
    for incident in incidents:
        if _is_newer(incident, newest.get(incident.id)):
            newest[incident.id] = incident
    newest_first = sorted(newest.values(), key=lambda i: (i.started_at or _LONG_AGO, i.id), reverse=True)
    kept = {i.id for i in sorted(newest_first, key=lambda i: not i.open)[:INCIDENTS]}
    return tuple(incident for incident in newest_first if incident.id in kept)


def _is_newer(incident: Incident, known: Incident | None) -> bool:
    return known is None or (incident.updated_at or _LONG_AGO) > (known.updated_at or _LONG_AGO)


def _incident(row: Loose, page_url: str, *, maintenance: bool) -> Incident | None:
    name = text(row, "name")
    incident_id = identity(row, "id") or name[:ID]
    if not incident_id:
        return None
    updates = _updates(row)
    resolved = when(row, "resolved_at")
    word = text(row, "status") or (updates[0].word if updates else "") or ("resolved" if resolved else "")
    now = stage(word)
    impact_word = text(row, "impact")
    return Incident(
        id=incident_id,
        name=name,
        stage=now,
        stage_word=word,
        # A planned maintenance is one, whatever impact it carries.
        impact=State.MAINTENANCE if maintenance else severity(impact_word),
        impact_word=impact_word,
        started_at=_started(row, updates),
        # The row's own `updated_at` moves days later, when somebody edits an old post.
        updated_at=(updates[0].at if updates else None) or when(row, "updated_at", "created_at"),
        resolved_at=_ended(updates, resolved) if now in OVER else None,
        reopened_at=_reopened(updates),
        ends_by=when(row, "scheduled_until"),
        components=_named(row),
        updates=updates[:_POSTS],
        url=f"{page_url.rstrip('/')}/incidents/{quote(incident_id, safe='')}",
    )


def _updates(row: Loose) -> tuple[Update, ...]:
    """The posts, newest first."""
    updates = (
        Update(
            id=identity(post, "id"),
            stage=stage(text(post, "status")),
            word=text(post, "status"),
            text=text(post, "body", POST),
            at=when(post, "display_at", "created_at"),
        )
        for post in items(row, "incident_updates", _POSTS_LOOKED_AT)
    )
    return tuple(sorted(updates, key=lambda update: update.at or _LONG_AGO, reverse=True))


def _started(row: Loose, updates: tuple[Update, ...]) -> datetime | None:
    """When it began: back-dated posts tell of an earlier beginning than the incident's own creation."""
    stated = when(row, "scheduled_for", "started_at")
    if stated is not None:
        return stated
    times = (when(row, "created_at"), *(update.at for update in updates))
    return min(filter(None, times), default=None)


def _ended(updates: tuple[Update, ...], stated: datetime | None) -> datetime | None:
    """When it ended for good: `resolved_at` keeps the first end of an incident that was reopened."""
    ends = [update.at for update in takewhile(lambda u: u.stage in OVER, updates) if update.at]
    return ends[-1] if ends else stated


def _reopened(updates: tuple[Update, ...]) -> datetime | None:
    """When it began anew: the first post after the last one that called it over, but for those that still do."""
    posts = list(dropwhile(lambda update: update.stage in OVER, updates))
    since = list(takewhile(lambda update: update.stage not in OVER, posts))
    return since[-1].at if since and len(since) < len(posts) else None


def _named(row: Loose) -> tuple[str, ...]:
    """Ids of the components that the incident or one of its posts names."""
    named = [identity(c, "id") for c in items(row, "components")]
    for holder in (row, *items(row, "incident_updates", _POSTS_LOOKED_AT)):
        named += [identity(c, "code", "component_id", "id") for c in items(holder, "affected_components")]
    return tuple(dict.fromkeys(filter(None, named)))[:COMPONENTS]
