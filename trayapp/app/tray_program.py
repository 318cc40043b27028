"""Puts the tray program together out of its parts, and runs it until the person or the session ends it."""

from __future__ import annotations

import sys
import threading
from functools import partial

from trayapp.app.context import CommandContext, dice
from trayapp.app.control_requests import RequestDesk
from trayapp.app.details_window import DetailsWindow
from trayapp.app.exit_signals import end_on_signals
from trayapp.app.inbox import Inbox
from trayapp.app.live_settings import LiveSettings
from trayapp.app.menu_actions import MenuActions
from trayapp.app.session_handover import SessionHandover
from trayapp.desktop.clocks import create_clock, reread_zone
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.hooks import HookRunner
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.malloc_options import trim_heap
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.worker import NotificationWorker
from trayapp.desktop.session import connect_session_bus
from trayapp.desktop.sleep.listener import listen_for_sleep
from trayapp.desktop.tray.chooser import choose_tray
from trayapp.engine.poller import Poller
from trayapp.engine.ports import PollerPorts, RecordRound
from trayapp.store import Store


def run_tray_program(
    context: CommandContext, preferences: LiveSettings, instance: Instance, record: RecordRound
) -> bool:
    """Run the tray to its end; return whether the person asked for a restart."""
    # A signal during the start only sets a flag: an exception while a thread starts would skip the clean-up.
    ended_early = threading.Event()
    end_on_signals(ended_early.set)
    bus, now, inbox = connect_session_bus(), create_clock(context.pace), Inbox()
    preferences.own_key.bus = preferences.reports_key.bus = bus
    tray = choose_tray(bus, draw_icon, inbox.add_command, preferences, inbox.sleep_signals)
    if bus is not None and not _is_in_terminal():
        # The session is over. A program that lived on unseen would keep that of the next session from starting.
        bus.on_lost(tray.stop)
    hooks = HookRunner(preferences.hook_command)
    notifiers = choose_notifiers(bus, inbox.queue.put, tray, context.places.runtime)
    worker = NotificationWorker(notifiers, inbox.add_receipt, partial(_set_muted, preferences, inbox))
    details_window = DetailsWindow(
        preferences.current_context, lambda: poller.verdict, lambda: now().wall, preferences.upgrade
    )
    ports = PollerPorts(
        poll=lambda plan: preferences.poll(plan, now, inbox.note_key_check),
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
    poller = Poller(ports, inbox.queue)
    handover = SessionHandover(tray, inbox.add_command)
    instance.serve(RequestDesk(inbox, poller, preferences, handover, now).answer)
    end_on_signals(tray.stop)
    if ended_early.is_set():
        tray.stop()
    poller.start()
    listener = listen_for_sleep(inbox.sleep_signals)
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
    return inbox.is_restart_requested


def _set_muted(preferences: LiveSettings, inbox: Inbox, muted: bool) -> None:
    """Note on the notification worker's thread whether the desktop shows no notifications now."""
    preferences.set_muted(muted)
    inbox.wake_poller()


def _is_in_terminal() -> bool:
    """Whether the program runs in a terminal, where its output is of use even without a session."""
    return sys.stdout.isatty()
