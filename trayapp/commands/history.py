"""`history`: prints past incidents and suspicions as this computer saw them, from the state file alone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trayapp import APP_ID
from trayapp.app.context import CommandContext
from trayapp.app.status_report import incident_json
from trayapp.core.details_page.incident import detection_lead, lead_text
from trayapp.core.history.suspicions import Suspicion, find_suspicions, suspicion_duration, suspicion_summary
from trayapp.core.wording.labels import incident_title
from trayapp.i18n.translator import Translator
from trayapp.model import Incident, SeenIncident, format_utc
from trayapp.store.codec import CodecError, from_json
from trayapp.store.reader import read_history, read_last_saved

if TYPE_CHECKING:
    from trayapp.core.details_page.crowd_worth import RatedSpell

NEVER = datetime.max.replace(tzinfo=UTC)


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Print incidents and suspicions, the newest first. Return 1 if the state file cannot be read, else 0."""
    file = context.places.state_file
    known = read_history(file, since=NEVER)
    if not known.is_readable:
        why = context.speech.say("cannot be read")
        print(f"{APP_ID}: {file}: {why}", file=sys.stderr)
        return 1
    seen = sorted(known.incidents, key=_start_time, reverse=True)
    now = datetime.now(UTC)
    suspected = find_suspicions(known.transitions, known.incidents, now)[::-1]
    crowd = read_last_saved(file).crowd
    reported = rate_reports(crowd, seen, now)
    if arguments.json:
        document = {
            "incidents": [past_incident_json(each) for each in seen],
            "suspicions": [suspicion_json(each) for each in suspected],
        }
        if crowd:
            document["reports"] = [report_json(each) for each in reversed(reported)]
        print(json.dumps(document))
    else:
        lines = history_lines(context.speech, seen, suspected, now)
        if reported:
            from trayapp.core.details_page.crowd_worth import worth_summary

            lines += worth_summary(context.speech, reported, now)
        print("\n".join(lines))
    return 0


def rate_reports(saved: str, seen: Iterable[SeenIncident], now: datetime) -> list[RatedSpell]:
    """Return when many other people reported trouble and what became of it, oldest first; nothing if it was never asked."""
    if not saved:
        return []
    from trayapp.core.crowd.votes import CrowdMemory
    from trayapp.core.details_page.crowd_worth import rate_spells

    try:
        return rate_spells(from_json(CrowdMemory, saved).spells, seen, now)
    except CodecError:
        return []


def report_json(rated: RatedSpell) -> dict[str, Any]:
    """Return a time in which many people reported trouble as a JSON object; `worth` is early, late, wrong or open."""
    return {
        "products": list(rated.spell.products),
        "began_at": format_utc(rated.spell.began),
        "ended_at": format_utc(rated.spell.lasted_until),
        "posted_at": format_utc(rated.posted_at),
        "worth": rated.worth.value,
    }


def history_lines(
    speech: Translator, seen: Iterable[SeenIncident], suspected: Sequence[Suspicion], now: datetime
) -> list[str]:
    """Return a line for each incident and each suspicion never posted, the newest first, then a summary."""
    lines = [(_start_time(each), _incident_line(speech, each)) for each in seen]
    lines += [(each.began_at, _unposted_line(speech, each)) for each in suspected if each.posted is False]
    newest = [line for _, line in sorted(lines, key=lambda one: one[0], reverse=True)]
    return [*newest, *suspicion_summary(speech, suspected, now)] or [
        speech.say("No incident has been seen yet.")
    ]


def _incident_line(speech: Translator, seen: SeenIncident) -> str:
    """Return local start time, length, name and stage, the products, and who noticed it first, as one line."""
    incident, length = seen.incident, _length_seconds(seen.incident)
    how_long = speech.say("still open") if incident.is_open else speech.say("length unknown")
    if length is not None:
        how_long = speech.duration_text(length)
    about = f" ({speech.join_products(incident.products)})" if incident.products else ""
    lead = f" · {text}" if (text := lead_text(speech, seen)) else ""
    return _format_line(speech, _start_time(seen), how_long, incident_title(speech, incident) + about + lead)


def _unposted_line(speech: Translator, suspicion: Suspicion) -> str:
    what = speech.say("Suspected here, never posted by OpenAI")
    about = f"{what} ({speech.join_products(suspicion.products)})"
    return _format_line(speech, suspicion.began_at, suspicion_duration(speech, suspicion), about)


def _format_line(speech: Translator, began: datetime, how_long: str, what: str) -> str:
    return f"{speech.dated_time(began):>18}  {how_long:>16}  {what}"


def past_incident_json(seen: SeenIncident) -> dict[str, Any]:
    """Return an incident as `status --json` does, with fields that only a past one has.

    `lead_s`: seconds by which this computer was ahead of OpenAI's first post; null if it did not poll then.
    """
    return {
        **incident_json(seen.incident),
        "ended_at": format_utc(seen.incident.resolved_at),
        "length_s": _length_seconds(seen.incident),
        "first_seen": format_utc(seen.first_seen),
        "suspected_at": format_utc(seen.suspected_at),
        "lead_s": detection_lead(seen),
    }


def suspicion_json(suspicion: Suspicion) -> dict[str, Any]:
    """Return a suspicion as a JSON object; `posted` is null while OpenAI may still post an incident."""
    ended_at = suspicion.ended_at
    return {
        "products": list(suspicion.products),
        "began_at": format_utc(suspicion.began_at),
        "told_at": format_utc(suspicion.told_at),
        "ended_at": format_utc(ended_at),
        "length_s": None if ended_at is None else (ended_at - suspicion.began_at).total_seconds(),
        "posted": suspicion.posted,
    }


def _start_time(seen: SeenIncident) -> datetime:
    return seen.incident.started_at or seen.first_seen


def _length_seconds(incident: Incident) -> float | None:
    """Return an incident's length in seconds; None while it is open, or if the page gives no start or end."""
    if incident.started_at is None or incident.resolved_at is None:
        return None
    return max(0.0, (incident.resolved_at - incident.started_at).total_seconds())
