"""`history`: past incidents, and what was suspected, as this computer saw them; the running program is not disturbed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from trayapp.app.context import Prepared
from trayapp.app.status_report import incident_json
from trayapp.core.details_page.incident import lead_of, noticed
from trayapp.core.history.suspicions import Suspicion, lasted, summary, suspicions
from trayapp.core.wording.labels import titled
from trayapp.i18n.translator import Speech
from trayapp.model import Incident, Seen, utc
from trayapp.store.reader import past

NEVER = datetime.max.replace(tzinfo=UTC)


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Print them, the newest first; 1 when what is remembered cannot be read."""
    file = prepared.places.state_file
    known = past(file, since=NEVER)
    if not known.readable:
        why = prepared.speech.say("cannot be read")
        print(f"openai-status-tray: {file}: {why}", file=sys.stderr)
        return 1
    seen = sorted(known.seen, key=_began, reverse=True)
    now = datetime.now(UTC)
    suspected = suspicions(known.told, known.seen, now)[::-1]
    if arguments.json:
        told = {
            "incidents": [as_json(each) for each in seen],
            "suspicions": [suspicion_json(each) for each in suspected],
        }
        print(json.dumps(told))
    else:
        print("\n".join(as_text(prepared.speech, seen, suspected, now)))
    return 0


def as_text(speech: Speech, seen: Iterable[Seen], suspected: Sequence[Suspicion], now: datetime) -> list[str]:
    """One line each, the newest first, what OpenAI never posted among them; then how often that was so."""
    lines = [(_began(each), _incident(speech, each)) for each in seen]
    lines += [(each.began, _unposted(speech, each)) for each in suspected if each.posted is False]
    newest = [line for _, line in sorted(lines, key=lambda one: one[0], reverse=True)]
    return [*newest, *summary(speech, suspected, now)] or [speech.say("No incident has been seen yet.")]


def _incident(speech: Speech, seen: Seen) -> str:
    """Local time of its beginning, its length, its name and how it stands, the products, who noticed first."""
    incident, length = seen.incident, _length(seen.incident)
    how_long = speech.say("still open") if incident.open else speech.say("length unknown")
    if length is not None:
        how_long = speech.duration(length)
    about = f" ({speech.products(incident.products)})" if incident.products else ""
    lead = f" · {said}" if (said := noticed(speech, seen)) else ""
    return _line(speech, _began(seen), how_long, titled(speech, incident) + about + lead)


def _unposted(speech: Speech, suspicion: Suspicion) -> str:
    what = speech.say("Suspected here, never posted by OpenAI")
    about = f"{what} ({speech.products(suspicion.products)})"
    return _line(speech, suspicion.began, lasted(speech, suspicion), about)


def _line(speech: Speech, began: datetime, how_long: str, what: str) -> str:
    return f"{speech.dated(began):>18}  {how_long:>16}  {what}"


def as_json(seen: Seen) -> dict[str, Any]:
    """An incident as `status --json` gives it, with what only the past knows.

    `lead_s`: by how much this computer was earlier than OpenAI's first post; null where it was not looking then.
    """
    return {
        **incident_json(seen.incident),
        "ended_at": utc(seen.incident.resolved_at),
        "length_s": _length(seen.incident),
        "first_seen": utc(seen.first_seen),
        "suspected_at": utc(seen.suspected_at),
        "lead_s": lead_of(seen),
    }


def suspicion_json(suspicion: Suspicion) -> dict[str, Any]:
    """What this computer suspected before OpenAI posted anything; `posted` is null while it may yet."""
    ended = suspicion.ended_at
    return {
        "products": list(suspicion.products),
        "began_at": utc(suspicion.began),
        "told_at": utc(suspicion.told_at),
        "ended_at": utc(ended),
        "length_s": None if ended is None else (ended - suspicion.began).total_seconds(),
        "posted": suspicion.posted,
    }


def _began(seen: Seen) -> datetime:
    return seen.incident.started_at or seen.first_seen


def _length(incident: Incident) -> float | None:
    """Seconds; None while it is open, and where the page dates no beginning or no end."""
    if incident.started_at is None or incident.resolved_at is None:
        return None
    return max(0.0, (incident.resolved_at - incident.started_at).total_seconds())
