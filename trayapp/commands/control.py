"""`open`, `check`, `quit`: send a request to the running program."""

from __future__ import annotations

import argparse
import sys

from trayapp import APP_ID
from trayapp.app.context import CommandContext
from trayapp.app.session_handover import offer_session
from trayapp.desktop.control import NoAnswerError, NotRunningError, OtherComputerError, send_request
from trayapp.i18n.deferred import Phrase, phrase
from trayapp.i18n.sanitize import clean_text


def other_computer_phrase(host: str) -> Phrase:
    """Return the message that the program runs on another computer, and what to do."""
    return phrase(
        "The program runs on another computer that shares this folder ({host}). End it there, or set OPENAI_STATUS_TRAY_HOME to a folder of this computer's own.",
        host=clean_text(host),
    )


FILE_COMMAND = f"{APP_ID} details --out FILE"


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Send one request. Return 0 if the program carried it out, else 1, with the reason on stderr."""
    say = context.speech.say
    if arguments.command == "open":
        offer_session(context.places.state, is_running=False)
    try:
        answer = send_request(context.places.state, {"do": arguments.command})
    except NoAnswerError:
        print(say("The program runs but does not answer; end it and start it again."), file=sys.stderr)
        return 1
    except OtherComputerError as error:
        print(context.speech.translate_phrase(other_computer_phrase(error.host)), file=sys.stderr)
        return 1
    except NotRunningError:
        print(say("The program is not running; start it with: openai-status-tray"), file=sys.stderr)
        return 1
    if "error" in answer:
        print(
            say("The running program did not understand; it may be of another version. Restart it."),
            file=sys.stderr,
        )
        return 1
    if not answer.get("ok"):
        print(
            say(
                "No browser could be opened; as a file you get the details with: {command}",
                command=FILE_COMMAND,
            ),
            file=sys.stderr,
        )
        return 1
    return 0
