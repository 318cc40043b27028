"""`run`: puts the tray program together and runs it."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from trayapp import PROGRAM_VERSION, __version__
from trayapp.app.context import CommandContext, UsageError, dice
from trayapp.app.control_requests import answer_request
from trayapp.app.details_window import DetailsWindow
from trayapp.app.exit_signals import end_on_signals
from trayapp.app.live_settings import LiveSettings
from trayapp.app.logs import log_to_file
from trayapp.app.menu_actions import MenuActions
from trayapp.app.restart import restart_program
from trayapp.app.session_handover import SessionHandover, offer_session
from trayapp.app.startup_failure import notify_restart_failure
from trayapp.commands.control import other_computer_phrase
from trayapp.desktop import autostart
from trayapp.desktop.clocks import create_clock, reread_zone
from trayapp.desktop.control import Json, NotRunningError, OtherComputerError, send_request
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.hooks import HookRunner
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.malloc_options import limit_heap, trim_heap
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.worker import NotificationWorker
from trayapp.desktop.session import connect_session_bus
from trayapp.desktop.sleep.listener import listen_for_sleep
from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.desktop.tray.chooser import choose_tray
from trayapp.engine.poller import Poller
from trayapp.engine.ports import CommandRequest, NotificationReceipt, PollerPorts, PollerQueue
from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.model import Action, Command, Limits, Round
from trayapp.ownership import UntrustedPathError, resolve_owned
from trayapp.places import create_folder
from trayapp.store import Store

log = logging.getLogger(__name__)

RecordRound = Callable[[Round, Limits], None]


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
        again = _run_tray(context, preferences, instance, record)
        log.info("ended")
        return again


def _run_tray(
    context: CommandContext,
    preferences: LiveSettings,
    instance: Instance,
    record: RecordRound,
) -> bool:
    """Run the tray to its end; return whether the person asked for a restart."""
    # A signal during the start only sets a flag: an exception while a thread starts would skip the clean-up.
    ended_early = threading.Event()
    end_on_signals(ended_early.set)
    hooks = HookRunner(preferences.hook_command)
    bus = connect_session_bus()
    preferences.own_key.bus = preferences.reports_key.bus = bus
    queue: PollerQueue = SimpleQueue()
    again = threading.Event()

    def act(command: Command) -> None:
        """Queue a command; a restart is queued as a quit, and noted in `again`."""
        if command.act is Action.RESTART:
            again.set()
            command = Command(Action.QUIT)
        queue.put(command)

    sleep_signals = SleepSignals(
        lambda drawn: queue.put(CommandRequest(Command(Action.SLEEPING), lambda _done: drawn())),
        lambda: queue.put(Command(Action.WOKE)),
    )
    tray = choose_tray(bus, draw_icon, act, preferences, sleep_signals)

    def set_muted(muted: bool) -> None:  # called by the notification worker
        preferences.set_muted(muted)
        queue.put(None)

    if bus is not None and not _is_in_terminal():
        # The session is over. A program that lived on unseen would keep that of the next session from starting.
        bus.on_lost(tray.stop)
    notifiers = choose_notifiers(bus, queue.put, tray, context.places.runtime)
    worker = NotificationWorker(
        notifiers,
        lambda notification, displayed: queue.put(NotificationReceipt(notification, displayed)),
        set_muted,
    )
    now = create_clock(context.pace)
    details_window = DetailsWindow(
        preferences.current_context, lambda: poller.verdict, lambda: now().wall, preferences.upgrade
    )
    ports = PollerPorts(
        poll=lambda plan: preferences.poll(plan, now, lambda: queue.put(Command(Action.KEY_CHECK_DONE))),
        drop_connections=preferences.drop_connections,
        open_store=lambda: Store.open(context.places.state_file, now().wall),
        notify=worker.notify,
        show=tray.show,
        open_link=preferences.open_link,
        open_details=details_window.open,
        has_tray=tray.is_docked,
        clock=now,
        dice=dice,
        quit=tray.stop,
        preferences=MenuActions(
            preferences,
            worker.notify,
            lambda: poller.current_verdict(),  # noqa: PLW0108  # `poller` is assigned below
            lambda: now().wall,
        ),
        report_transition=hooks.report_transition,
        record_round=record,
        restore_displayed=worker.restore_displayed,
        withdraw=worker.withdraw,
        reread_zone=reread_zone,
        end_round=trim_heap,
        pace=context.pace,
    )
    poller = Poller(ports, queue)
    handover = SessionHandover(tray, act)

    def answer_status_request(request: Json) -> Json:
        with preferences.upgrade.guard_loading():
            from trayapp.app.status_reply import answer_status  # loaded late: few panels ask for it
        return answer_status(request, poller.current_verdict(), poller.settings, now().wall)

    version = {"version": __version__}  # after an upgrade it differs from that of the asking command
    instance.serve(
        lambda request: (
            version
            | (
                handover.answer_offer(request)
                or answer_request(
                    queue, sleep_signals, answer_status_request, preferences.describe_crowd, request
                )
            )
        )
    )
    end_on_signals(tray.stop)
    if ended_early.is_set():
        tray.stop()
    poller.start()
    listener = listen_for_sleep(sleep_signals)
    try:
        tray.run()
    finally:
        poller.stop(timeout=0.8)
        worker.close(timeout=0.5)
        hooks.close(timeout=0.2)
        details_window.close()
        if listener is not None:
            listener.close()
        if bus is not None:
            bus.close()
    return again.is_set()


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


def _is_in_terminal() -> bool:
    """Whether the program runs in a terminal, where its output is of use even without a session."""
    return sys.stdout.isatty()


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
