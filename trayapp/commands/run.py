"""`run`: starts the tray program, or hands over to the one that runs already."""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from functools import partial
from pathlib import Path

from trayapp import PROGRAM_VERSION
from trayapp.app.context import CommandContext, UsageError
from trayapp.app.exit_signals import end_on_signals
from trayapp.app.live_settings import LiveSettings
from trayapp.app.logs import log_to_file
from trayapp.app.restart import restart_program
from trayapp.app.session_handover import offer_session
from trayapp.app.startup_failure import notify_restart_failure
from trayapp.app.tray_program import run_tray_program
from trayapp.commands.control import other_computer_phrase
from trayapp.desktop import autostart
from trayapp.desktop.control import NotRunningError, OtherComputerError, send_request
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.malloc_options import limit_heap
from trayapp.engine.ports import RecordRound
from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.ownership import UntrustedPathError, resolve_owned
from trayapp.places import create_folder

log = logging.getLogger(__name__)


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Run until the person or the session ends the program. A second start opens the details of the first."""
    return finish_run(context, run_to_end(context, arguments))


def finish_run(context: CommandContext, code: int | None) -> int:
    """Return the exit status of a program that has ended; with a `code` of None restart it. Raises OSError."""
    if code is None:
        try:
            restart_program()
        except OSError as error:
            notify_restart_failure(context, error)
            raise
    return code or 0


def run_to_end(context: CommandContext, arguments: argparse.Namespace) -> int | None:
    """Run to the end. Return the exit status, or None if the person asked for a restart. Raises UsageError."""
    limit_heap()
    end_on_signals(partial(sys.exit, 0))
    for folder in (context.places.state, context.places.log):
        try:
            resolve_owned(folder)
        except UntrustedPathError as error:
            raise UsageError(os_error_phrase(error)) from error
        except OSError:
            continue  # store and log report it, and the program goes on without them
    with suppress(OSError):
        create_folder(context.places.state)
    with log_to_file(context.places.log_file, context.speech.translate_phrase, verbose=context.verbose):
        instance = Instance.take(context.places.state)
        if instance is None:
            offer_session(context.places.state, is_running=True)
            return _handle_second_start(context, at_login=getattr(arguments, "at_login", False))
        try:
            again = _run_first_instance(context, instance, getattr(arguments, "record", None))
        except Refusal as error:
            raise UsageError(error.phrase) from error
        finally:
            instance.close()
    return None if again else 0


def _run_first_instance(context: CommandContext, instance: Instance, file: Path | None) -> bool:
    with closing(LiveSettings(context)) as preferences, _open_recording(file, preferences) as record:
        log.info("%s begins", PROGRAM_VERSION)
        if context.at_login:
            autostart.repair_entry(autostart.autostart_storage())
        again = run_tray_program(context, preferences, instance, record)
        log.info("ended")
        return again


def _open_recording(file: Path | None, preferences: LiveSettings) -> AbstractContextManager[RecordRound]:
    """Return a context with the function that records rounds; it does nothing without a file. Raises RecordError."""
    if file is None:
        return nullcontext(lambda _round, _limits: None)
    from trayapp.engine.recording import open_recording  # loaded late: few runs are recorded

    limits = preferences.current_context().config.build_limits(keyed=True)
    return open_recording(file, limits, partial(_report_recording_end, preferences))


def _report_recording_end(preferences: LiveSettings, why: Phrase) -> None:
    log.error("the recording ends: %s", why.translate(str))
    message = phrase("The recording has ended: {why}", why=why)
    print(preferences.current_context().speech.translate_phrase(message), file=sys.stderr)


def _handle_second_start(context: CommandContext, *, at_login: bool) -> int:
    """Open the first program's details, or do nothing at login; return the exit status. Raises UsageError."""
    say, does_answer, opened = context.speech.say, True, False
    try:
        opened = send_request(context.places.state, {"do": "nothing" if at_login else "open"}).get(
            "ok", False
        )
    except OtherComputerError as error:
        raise UsageError(other_computer_phrase(error.host)) from error
    except NotRunningError:
        does_answer = False
    if at_login:
        log.info("it runs already: nothing to do at this login")
        return 0
    if not does_answer:
        print(say("The program runs but does not answer; end it and start it again."), file=sys.stderr)
        return 1
    if not opened:
        print(say("The program is already running; no browser could be opened."), file=sys.stderr)
        return 1
    print(say("The program is already running; its details were opened."))
    return 0
