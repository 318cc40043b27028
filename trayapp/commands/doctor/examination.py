"""Runs one examination of `doctor` with a time limit; any failure in it becomes a finding."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.i18n.deferred import os_error_phrase
from trayapp.i18n.translator import Translator

log = logging.getLogger(__name__)

EXAMINATION_TIMEOUT = 5.0
"""Seconds for one examination: a display or a bus that never answers must not block the others."""
POLL_TIMEOUT = 11.0
"""Seconds for a poll, which has a deadline of 10 s itself."""


def run_examination(
    speech: Translator,
    what: str,
    examine: Callable[[], Iterable[DoctorFinding]],
    limit: float = EXAMINATION_TIMEOUT,
) -> list[DoctorFinding]:
    """Run an examination and return its findings; if it fails or takes too long, add a finding that says why."""
    found: list[DoctorFinding] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            found.extend(examine())  # findings before a failure stay
        except Exception as error:  # whatever it is, the other examinations go on
            log.debug("%s could not be examined", what, exc_info=True)
            errors.append(error)

    thread = threading.Thread(target=run, name="examination", daemon=True)
    try:
        thread.start()
        thread.join(limit)
    except RuntimeError:  # the system lets it start no more threads
        run()
    if errors:
        return [*found, _failure_finding(speech, what, _error_text(speech, errors[0]))]
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
        message = speech.translate_phrase(os_error_phrase(error))
        return f"{error.filename}: {message}" if error.filename else message
    return f"{type(error).__name__}: {error}"
