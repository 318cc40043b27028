"""Answers `status --cached` in the running program: with the finished text and the exit status."""

from __future__ import annotations

from datetime import datetime

from trayapp.app.status_report import exit_status, format_verdict
from trayapp.core.tray_view.one_line import FormName, format_line, read_form
from trayapp.desktop.control import Json
from trayapp.engine.ports import PollerSettings
from trayapp.i18n.deferred import Refusal
from trayapp.model import State, Verdict


def answer_status(request: Json, verdict: Verdict | None, settings: PollerSettings, now: datetime) -> Json:
    """Return the answer to one request; a verdict of None: no round has ended yet.

    Why nothing is known is for standard error, not for a prompt; forms other than `plain` contain it in the text too.
    """
    try:
        form = read_form(str(request.get("format", "")))
    except Refusal as error:
        return {"error": str(error)}
    known = verdict or Verdict(now, State.UNKNOWN, checking=True)
    text, complaint = format_verdict(form, settings.speech, known, settings.page_url, now), ""
    if known.state is State.UNKNOWN and (known.checking or not known.page.readable):
        complaint = format_line(FormName.PLAIN, settings.speech, known, now)
    return {
        "text": "" if complaint and form is FormName.PLAIN else text,
        "why": complaint,
        "code": exit_status(known.state),
    }
