"""The status as a person passes it on, in a chat or a ticket: what holds, where to read it, and as of when."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.wording.headline import status_sentence
from trayapp.i18n.sanitize import clean_text
from trayapp.i18n.translator import Translator
from trayapp.model import Verdict

_MAX_INCIDENTS = 3
"""Addresses of incidents: who needs more opens the page."""


def status_text(speech: Translator, verdict: Verdict, program: str) -> str:
    """Some lines without markup; who reads them elsewhere learns which times these are."""
    return "\n".join(_status_lines(speech, verdict, program))


def _status_lines(speech: Translator, verdict: Verdict, program: str) -> Iterator[str]:
    yield clean_text(status_sentence(speech, verdict))
    yield from (clean_text(incident.url) for incident in verdict.incidents[:_MAX_INCIDENTS] if incident.url)
    checked = speech.say("checked {time}", time=speech.dated_time(verdict.at))
    yield f"({checked}, {speech.utc_offset(verdict.at)}; {program})"
