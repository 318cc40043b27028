"""Words the status for a person to pass on in a chat or ticket: what holds, where to read it, as of when."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.wording.headline import status_sentence
from trayapp.i18n.sanitize import clean_text
from trayapp.i18n.translator import Translator
from trayapp.model import Verdict

_MAX_INCIDENTS = 3
"""The most incidents whose addresses are listed; the page has the others."""


def status_text(speech: Translator, verdict: Verdict, program: str) -> str:
    """Returns some lines without markup, with the UTC offset of their times for readers elsewhere."""
    return "\n".join(_status_lines(speech, verdict, program))


def _status_lines(speech: Translator, verdict: Verdict, program: str) -> Iterator[str]:
    yield clean_text(status_sentence(speech, verdict))
    yield from (clean_text(incident.url) for incident in verdict.incidents[:_MAX_INCIDENTS] if incident.url)
    checked = speech.say("checked {time}", time=speech.dated_time(verdict.at))
    yield f"({checked}, {speech.utc_offset(verdict.at)}; {program})"
