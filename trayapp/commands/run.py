"""`run`: the tray program, put together."""

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

from trayapp import __version__
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


def main(prepared: CommandContext, arguments: argparse.Namespace) -> int:
    """Run until the person or the session ends it. A second start opens the first one's details."""
    return finish_run(prepared, run_to_end(prepared, arguments))


def finish_run(prepared: CommandContext, code: int | None) -> int:
    """The exit status of a program that has put all away; None: it begins again instead. Raises OSError."""
    if code is None:
        try:
            restart_program()
        except OSError as error:
            notify_restart_failure(prepared, error)
            raise
    return code or 0


def run_to_end(prepared: CommandContext, arguments: argparse.Namespace) -> int | None:
    """Run to the end; the exit status, or None when the person wants it to begin again."""
    limit_heap()
    end_on_signals(partial(sys.exit, 0))
    for folder in (prepared.places.state, prepared.places.log):
        try:
            resolve_owned(folder)
        except UntrustedPathError as error:
            raise UsageError(os_error_phrase(error)) from error
        except OSError:
            continue  # store and log say it, and the program goes on without them
    with suppress(OSError):
        create_folder(prepared.places.state)
    with log_to_file(prepared.places.log_file, prepared.speech.translate_phrase, verbose=prepared.verbose):
        instance = Instance.take(prepared.places.state)
        if instance is None:
            offer_session(prepared.places.state)
            return _handle_second_start(prepared, at_login=getattr(arguments, "at_login", False))
        try:
            again = _run_first_instance(prepared, instance, getattr(arguments, "record", None))
        except Refusal as error:
            raise UsageError(error.phrase) from error
        finally:
            instance.close()
    return None if again else 0


def _run_first_instance(prepared: CommandContext, instance: Instance, file: Path | None) -> bool:
    with closing(LiveSettings(prepared)) as preferences, _open_recording(file, preferences) as record:
        log.info("openai-status-tray %s begins", __version__)
        if prepared.at_login:
            autostart.repair_entry(autostart.autostart_storage())
        again = _run_tray(prepared, preferences, instance, record)
        log.info("ended")
        return again


def _run_tray(
    prepared: CommandContext,
    preferences: LiveSettings,
    instance: Instance,
    record: RecordRound,
) -> bool:
    """Until it ends; whether it is to begin again."""
    # An end in the middle of the beginning waits for it: an exception while a thread starts leaves nothing to put away.
    ended_early = threading.Event()
    end_on_signals(ended_early.set)
    hooks = HookRunner(preferences.hook_command)
    bus = connect_session_bus()
    preferences.own_key.bus = bus
    queue: PollerQueue = SimpleQueue()
    again = threading.Event()

    def act(command: Command) -> None:
        """Queue it; a restart is an end, and a beginning after it."""
        if command.act is Action.RESTART:
            again.set()
            command = Command(Action.QUIT)
        queue.put(command)

    naps = SleepSignals(
        lambda drawn: queue.put(CommandRequest(Command(Action.SLEEPING), lambda _done: drawn())),
        lambda: queue.put(Command(Action.WOKE)),
    )
    tray = choose_tray(bus, draw_icon, act, preferences, naps)

    def mute(mute: bool) -> None:  # as the teller reports it
        preferences.set_muted(mute)
        queue.put(None)

    if bus is not None and not _is_in_terminal():
        # The session is over. Living on, it would keep the next session's program from starting, unseen.
        bus.on_lost(tray.stop)
    ways = choose_notifiers(bus, queue.put, tray, prepared.places.runtime)
    teller = NotificationWorker(
        ways, lambda notice, standing: queue.put(NotificationReceipt(notice, standing)), mute
    )
    now = create_clock(prepared.pace)
    own_page = DetailsWindow(
        preferences.current_context, lambda: poller.verdict, lambda: now().wall, preferences.upgrade
    )
    world = PollerPorts(
        poll=lambda plan: preferences.poll(plan, now, lambda: queue.put(Command(Action.KEY_CHECK_DONE))),
        drop_connections=preferences.drop_connections,
        open_store=lambda: Store.open(prepared.places.state_file, now().wall),
        notify=teller.notify,
        show=tray.show,
        open_link=preferences.open_link,
        open_details=own_page.open,
        has_tray=tray.is_docked,
        clock=now,
        dice=dice,
        quit=tray.stop,
        preferences=MenuActions(
            preferences,
            teller.notify,
            lambda: poller.current_verdict(),  # noqa: PLW0108  # it is made below
            lambda: now().wall,
        ),
        report_transition=hooks.report_transition,
        record_round=record,
        restore_displayed=teller.restore_displayed,
        withdraw=teller.withdraw,
        reread_zone=reread_zone,
        end_round=trim_heap,
        pace=prepared.pace,
    )
    poller = Poller(world, queue)
    moving = SessionHandover(tray, act)

    def status(request: Json) -> Json:
        with preferences.upgrade.guard_loading():
            from trayapp.app.status_reply import answer_status  # few have a bar that asks
        return answer_status(request, poller.current_verdict(), poller.settings, now().wall)

    version = {"version": __version__}  # another than the asking command's own after an upgrade
    instance.serve(
        lambda request: (
            version | (moving.answer_offer(request) or answer_request(queue, naps, status, request))
        )
    )
    end_on_signals(tray.stop)
    if ended_early.is_set():
        tray.stop()
    poller.start()
    ear = listen_for_sleep(naps)
    try:
        tray.run()
    finally:
        poller.stop(timeout=0.8)
        teller.close(timeout=0.5)
        hooks.close(timeout=0.2)
        own_page.close()
        if ear is not None:
            ear.close()
        if bus is not None:
            bus.close()
    return again.is_set()


def _open_recording(file: Path | None, preferences: LiveSettings) -> AbstractContextManager[RecordRound]:
    """What takes each round: nothing, unless a file is named."""
    if file is None:
        return nullcontext(lambda _round, _limits: None)
    from trayapp.engine.recording import open_recording  # few are ever asked for one

    limits = preferences.current_context().config.build_limits(keyed=True)
    return open_recording(file, limits, partial(_report_recording_end, preferences))


def _report_recording_end(preferences: LiveSettings, why: Phrase) -> None:
    log.error("the recording ends: %s", why.translate(str))
    ended = phrase("The recording has ended: {why}", why=why)
    print(preferences.current_context().speech.translate_phrase(ended), file=sys.stderr)


def _is_in_terminal() -> bool:
    """Whether a person has it before them in a terminal, where its line is of use without a session."""
    return sys.stdout.isatty()


def _handle_second_start(prepared: CommandContext, *, at_login: bool) -> int:
    """What a second start does: at login nothing. Raises UsageError where the first is out of reach for good."""
    say, does_answer, opened = prepared.speech.say, True, False
    try:
        opened = send_request(prepared.places.state, {"do": "nothing" if at_login else "open"}).get(
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
