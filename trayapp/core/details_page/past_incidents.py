"""Lists incidents that are over: how long they lasted, and who noticed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

from trayapp.core.details_page.incident import detection_lead
from trayapp.core.history.estimate import incident_seconds
from trayapp.core.history.suspicions import Suspicion, suspicion_blocks
from trayapp.i18n.sanitize import clean_text, clip_text
from trayapp.i18n.translator import Translator
from trayapp.model import Incident, SeenIncident
from trayapp.model.details_page import Block, Paragraphs, Section, Table

MAX_SHOWN = 12
_NAME_UNITS = 90


def past_section(
    speech: Translator, seen: Iterable[SeenIncident], suspected: Sequence[Suspicion], now: datetime
) -> Section | None:
    """Builds the section of the newest ones and of this computer's suspicions; None if there are none."""
    ended = [each for each in seen if not each.incident.is_open]
    blocks = (*_past_blocks(speech, ended, now), *suspicion_blocks(speech, suspected, now))
    return Section("past", speech.say("Past incidents"), blocks) if blocks else None


def _past_blocks(speech: Translator, ended: Sequence[SeenIncident], now: datetime) -> Iterator[Block]:
    newest = sorted(ended, key=lambda each: _start_time(each.incident), reverse=True)[:MAX_SHOWN]
    if not newest:
        return
    yield from _typical_length_lines(speech, ended)
    yield Table(
        caption=speech.say("Past incidents, newest first"),
        header=(
            speech.say("Incident"),
            speech.say("Began"),
            speech.say("Lasted"),
            speech.say("Noticed here"),
        ),
        rows=tuple(_table_row(speech, each, now) for each in newest),
    )


def _start_time(incident: Incident) -> datetime:
    return incident.started_at or datetime.min.replace(tzinfo=UTC)


def _typical_length_lines(speech: Translator, ended: Sequence[SeenIncident]) -> tuple[Block, ...]:
    lengths = [seconds for each in ended if (seconds := incident_seconds(each.incident)) is not None]
    if not lengths:
        return ()
    middle = speech.duration_text(median(lengths))
    text = speech.say_many(
        "{count} past incident is known. It lasted {middle}.",
        "{count} past incidents are known. Half of them were over within {middle}.",
        len(lengths),
        count=len(lengths),
        middle=middle,
    )
    return (Paragraphs((text,)),)


def _table_row(speech: Translator, seen: SeenIncident, now: datetime) -> tuple[str, ...]:
    incident = seen.incident
    seconds = incident_seconds(incident)
    return (
        clip_text(clean_text(incident.name), _NAME_UNITS) or speech.say("unnamed"),
        "–" if incident.started_at is None else speech.time_text(incident.started_at, now),
        "–" if seconds is None else speech.duration_text(seconds),
        _lead_text(speech, detection_lead(seen)),
    )


def _lead_text(speech: Translator, lead: float | None) -> str:
    if lead is None:
        return "–"
    length = speech.duration_text(abs(lead))
    return (
        speech.say("{length} earlier", length=length)
        if lead > 0.0
        else speech.say("{length} later", length=length)
    )
