"""`history`: past incidents and their lengths, as this computer has seen them; the running program is not disturbed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from trayapp.commands.prepared import Prepared
from trayapp.commands.status import incident_json, utc
from trayapp.core.speech import Speech
from trayapp.core.terms import titled
from trayapp.model import Incident, Seen
from trayapp.store.past import past

NEVER = datetime.max.replace(tzinfo=UTC)


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Print them, the newest first."""
    seen = sorted(past(prepared.places.state_file, since=NEVER).seen, key=_began, reverse=True)
    if arguments.json:
        print(json.dumps({"incidents": [as_json(each) for each in seen]}, ensure_ascii=False))
    else:
        print("\n".join(as_text(prepared.speech, seen)))
    return 0


def as_text(speech: Speech, seen: Iterable[Seen]) -> list[str]:
    """One line each: local time of its beginning, its length, its name and how it stands, the products."""
    lines = []
    for each in seen:
        began, length = f"{speech.local(_began(each)):%Y-%m-%d %H:%M}", _length(each.incident)
        how_long = speech.say("still open") if each.incident.open else speech.say("length unknown")
        if length is not None:
            how_long = speech.duration(length)
        about = f" ({speech.products(each.incident.products)})" if each.incident.products else ""
        lines.append(f"{began}  {how_long:>16}  {titled(speech, each.incident)}{about}")
    return lines or [speech.say("No incident has been seen yet.")]


def as_json(seen: Seen) -> dict[str, Any]:
    """An incident as `status --json` gives it, with what only the past knows."""
    return {
        **incident_json(seen.incident),
        "ended_at": utc(seen.incident.resolved_at),
        "length_s": _length(seen.incident),
        "first_seen": utc(seen.first_seen),
        "suspected_at": utc(seen.suspected_at),
    }


def _began(seen: Seen) -> datetime:
    return seen.incident.started_at or seen.first_seen


def _length(incident: Incident) -> float | None:
    """Seconds; None while it is open, and where the page dates no beginning or no end."""
    if incident.started_at is None or incident.resolved_at is None:
        return None
    return max(0.0, (incident.resolved_at - incident.started_at).total_seconds())
