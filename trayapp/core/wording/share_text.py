"""The status as a person passes it on, in a chat or a ticket: what holds, where to read it, and as of when."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.wording.headline import sentence
from trayapp.i18n.sanitize import clean
from trayapp.i18n.translator import Speech
from trayapp.model import Verdict

_MOST = 3
"""Addresses of incidents: who needs more opens the page."""


def status_text(speech: Speech, verdict: Verdict, program: str) -> str:
    """Some lines without markup; who reads them elsewhere learns which times these are."""
    return "\n".join(_lines(speech, verdict, program))


def _lines(speech: Speech, verdict: Verdict, program: str) -> Iterator[str]:
    yield clean(sentence(speech, verdict))
    yield from (clean(incident.url) for incident in verdict.incidents[:_MOST] if incident.url)
    checked = speech.say("checked {time}", time=speech.dated(verdict.at))
    yield f"({checked}, {speech.zone(verdict.at)}; {program})"
