"""`status --cached`: prints the state that the running program knows, without polling.

A shell prompt waits for it. So in the usual case this is the only module of a command that is loaded, and it imports
only what that case needs; the rest is left to the whole command line.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trayapp.app.exit_codes import EXIT_UNKNOWN
from trayapp.desktop.control import (
    STATUS,
    Json,
    NoAnswerError,
    NotRunningError,
    OtherComputerError,
    send_request,
)
from trayapp.places import NoHomeError, find_places

if TYPE_CHECKING:
    from trayapp.app.context import CommandContext

ANSWER_TIMEOUT = 1.0
"""Seconds in which the running program must answer; it has the answer at hand."""
_MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""Bytes of an answer: as JSON it contains posts of the status page, of which `sources` accepts less than this."""


def answer_prompt(arguments: Sequence[str]) -> int | None:
    """Print the answer and return the exit status; None if arguments or answer need the whole command line."""
    form = _parse_form(arguments)
    if not form:
        return None
    try:
        return _print_answer(
            send_request(find_places().state, _build_request(form), ANSWER_TIMEOUT, _MAX_ANSWER_BYTES)
        )
    except (NoHomeError, NotRunningError):
        return None


def main(context: CommandContext, form: str) -> int:
    """Print the answer in any form, or on stderr why there is none. Return the exit status."""
    from trayapp.commands.control import other_computer_phrase

    say = context.speech.say
    try:
        code = _print_answer(
            send_request(context.places.state, _build_request(form), ANSWER_TIMEOUT, _MAX_ANSWER_BYTES)
        )
    except NoAnswerError:
        why = say("The program runs but does not answer; end it and start it again.")
    except OtherComputerError as error:
        why = context.speech.translate_phrase(other_computer_phrase(error.host))
    except NotRunningError:
        why = say("The program is not running; start it with: openai-status-tray")
    else:
        if code is not None:
            return code
        why = say("The running program did not understand; it may be of another version. Restart it.")
    print(why, file=sys.stderr)
    return EXIT_UNKNOWN


def _build_request(form: str) -> Json:
    return {"do": STATUS, "format": form}


def _parse_form(arguments: Sequence[str]) -> str:
    """Return the form that a simple command line asks for; "" if it has other options."""
    if arguments[:1] != ["status"]:
        return ""
    form, rest = "plain", iter(arguments[1:])
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument == "--json":
            form = "json"
        elif name == "--format":
            form = value if equals else next(rest, "")
        elif argument != "--cached":
            return ""
    return "" if form.startswith("-") else form


def _print_answer(answer: Json) -> int | None:
    """Print an answer and return its exit status; None if this version does not understand it."""
    text, why, code = (answer.get(key) for key in ("text", "why", "code"))
    if not (isinstance(text, str) and isinstance(why, str) and isinstance(code, int)):
        return None
    from trayapp.app.process import repair_streams

    repair_streams()
    try:
        if text:
            print(text, flush=True)
        if why:
            print(why, file=sys.stderr)
    except OSError as error:
        from trayapp.app.crash_report import report_crash

        return report_crash([STATUS], error)
    return code
