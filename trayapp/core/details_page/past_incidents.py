"""Incidents that are over: how long they lasted, and who noticed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

from trayapp.core.details_page.incident import lead_of
from trayapp.core.history.estimate import length
from trayapp.core.history.suspicions import Suspicion, never_posted
from trayapp.i18n.sanitize import clean, clip
from trayapp.i18n.translator import Speech
from trayapp.model import Incident, Seen
from trayapp.model.details_page import Block, Lines, Section, Table

SHOWN = 12
_NAME_UNITS = 90


def past(
    speech: Speech, seen: Iterable[Seen], suspected: Sequence[Suspicion], now: datetime
) -> Section | None:
    """The newest ones, and what only this computer suspected; None while nothing is known."""
    ended = [each for each in seen if not each.incident.open]
    blocks = (*_ended(speech, ended, now), *never_posted(speech, suspected, now))
    return Section("past", speech.say("Past incidents"), blocks) if blocks else None


def _ended(speech: Speech, ended: Sequence[Seen], now: datetime) -> Iterator[Block]:
    newest = sorted(ended, key=lambda each: _began(each.incident), reverse=True)[:SHOWN]
    if not newest:
        return
    yield from _typical(speech, ended)
    yield Table(
        caption=speech.say("Past incidents, newest first"),
        head=(
            speech.say("Incident"),
            speech.say("Began"),
            speech.say("Lasted"),
            speech.say("Noticed here"),
        ),
        rows=tuple(_row(speech, each, now) for each in newest),
    )


def _began(incident: Incident) -> datetime:
    return incident.started_at or datetime.min.replace(tzinfo=UTC)


def _typical(speech: Speech, ended: Sequence[Seen]) -> tuple[Block, ...]:
    lengths = [seconds for each in ended if (seconds := length(each.incident)) is not None]
    if not lengths:
        return ()
    middle = speech.duration(median(lengths))
    text = speech.say_many(
        "{count} past incident is known. It lasted {middle}.",
        "{count} past incidents are known. Half of them were over within {middle}.",
        len(lengths),
        count=len(lengths),
        middle=middle,
    )
    return (Lines((text,)),)


def _row(speech: Speech, seen: Seen, now: datetime) -> tuple[str, ...]:
    incident = seen.incident
    seconds = length(incident)
    return (
        clip(clean(incident.name), _NAME_UNITS) or speech.say("unnamed"),
        "–" if incident.started_at is None else speech.when(incident.started_at, now),
        "–" if seconds is None else speech.duration(seconds),
        _noticed(speech, lead_of(seen)),
    )


def _noticed(speech: Speech, lead: float | None) -> str:
    if lead is None:
        return "–"
    length = speech.duration(abs(lead))
    return (
        speech.say("{length} earlier", length=length)
        if lead > 0.0
        else speech.say("{length} later", length=length)
    )
