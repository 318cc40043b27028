"""One examination of `doctor`: in its own time, and whatever goes wrong in it is a finding."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.i18n.deferred import os_error_phrase
from trayapp.i18n.translator import Translator

log = logging.getLogger(__name__)

EXAMINATION_TIMEOUT = 5.0
"""Seconds: a display or a bus that accepts and stays silent must not keep the rest from being looked at."""
POLL_TIMEOUT = 11.0
"""Seconds for a look, which has its own deadline of ten."""


def run_examination(
    speech: Translator,
    what: str,
    look: Callable[[], Iterable[DoctorFinding]],
    limit: float = EXAMINATION_TIMEOUT,
) -> list[DoctorFinding]:
    """What was found; where that fails or takes too long, that it could not be examined, and why."""
    found: list[DoctorFinding] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.extend(look())  # what was found before a failure stays
        except Exception as error:  # whatever it is, the rest is looked at
            log.debug("%s could not be examined", what, exc_info=True)
            failed.append(error)

    thread = threading.Thread(target=work, name="examination", daemon=True)
    try:
        thread.start()
        thread.join(limit)
    except RuntimeError:  # the system lets it start no more threads
        work()
    if failed:
        return [*found, _failure_finding(speech, what, _error_text(speech, failed[0]))]
    if thread.is_alive():
        return [
            *found,
            _failure_finding(speech, what, speech.say("no answer in {count} s", count=round(limit))),
        ]
    return found


def _failure_finding(speech: Translator, what: str, why: str) -> DoctorFinding:
    return DoctorFinding(what, False, speech.say("could not be examined: {why}", why=why))


def _error_text(speech: Translator, error: Exception) -> str:
    if isinstance(error, OSError):
        said = speech.translate_phrase(os_error_phrase(error))
        return f"{error.filename}: {said}" if error.filename else said
    return f"{type(error).__name__}: {error}"
