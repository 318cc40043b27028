"""The running program's side of `status --cached`: its finished text, and the exit status that goes with it."""

from __future__ import annotations

from datetime import datetime

from trayapp.app.status_report import exit_status, format_verdict
from trayapp.core.tray_view.one_line import FormName, format_line, read_form
from trayapp.desktop.control import Json
from trayapp.engine.ports import PollerSettings
from trayapp.i18n.deferred import Refusal
from trayapp.model import State, Verdict


def answer_status(request: Json, verdict: Verdict | None, settings: PollerSettings, now: datetime) -> Json:
    """The answer to one request; None: no round has ended yet.

    Why nothing is known goes where complaints go, and not into a prompt; a form that has a word for it says it too.
    """
    try:
        form = read_form(str(request.get("format", "")))
    except Refusal as error:
        return {"error": str(error)}
    known = verdict or Verdict(now, State.UNKNOWN, checking=True)
    text, why = format_verdict(form, settings.speech, known, settings.page_url, now), ""
    if known.state is State.UNKNOWN and (known.checking or not known.page.readable):
        why = format_line(FormName.PLAIN, settings.speech, known, now)
    return {
        "text": "" if why and form is FormName.PLAIN else text,
        "why": why,
        "code": exit_status(known.state),
    }
