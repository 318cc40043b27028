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
from trayapp.app.context import Prepared, UsageError, dice
from trayapp.app.control_requests import answer
from trayapp.app.details_window import OwnPage
from trayapp.app.exit_signals import heed_signals
from trayapp.app.live_settings import Preferences
from trayapp.app.logs import logging_to
from trayapp.app.menu_actions import Deeds
from trayapp.app.restart import begin_again
from trayapp.app.session_handover import Moving, offer_session
from trayapp.app.startup_failure import tell_of_end
from trayapp.commands.control import elsewhere
from trayapp.desktop import autostart
from trayapp.desktop.clocks import clock, reread_zone
from trayapp.desktop.control import Elsewhere, Json, NotRunning, ask
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.hooks import Hooks
from trayapp.desktop.icon.drawing import draw
from trayapp.desktop.malloc_options import give_back, keep_small
from trayapp.desktop.notifications.chooser import notifiers
from trayapp.desktop.notifications.worker import Teller
from trayapp.desktop.session import session_bus
from trayapp.desktop.sleep.listener import listen
from trayapp.desktop.sleep.signals import Naps
from trayapp.desktop.tray.chooser import choose
from trayapp.engine.poller import Poller
from trayapp.engine.ports import Asked, Queue, Shown, World
from trayapp.i18n.deferred import Phrase, Refusal, because, phrase
from trayapp.model import Act, Command, Limits, Round
from trayapp.ownership import NotOurs, ours
from trayapp.places import made
from trayapp.store import Store

log = logging.getLogger(__name__)

Record = Callable[[Round, Limits], None]


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Run until the person or the session ends it. A second start opens the first one's details."""
    return left(prepared, lived(prepared, arguments))


def left(prepared: Prepared, code: int | None) -> int:
    """The exit status of a program that has put all away; None: it begins again instead. Raises OSError."""
    if code is None:
        try:
            begin_again()
        except OSError as error:
            tell_of_end(prepared, error)
            raise
    return code or 0


def lived(prepared: Prepared, arguments: argparse.Namespace) -> int | None:
    """Run to the end; the exit status, or None when the person wants it to begin again."""
    keep_small()
    heed_signals(partial(sys.exit, 0))
    for folder in (prepared.places.state, prepared.places.log):
        try:
            ours(folder)
        except NotOurs as error:
            raise UsageError(because(error)) from error
        except OSError:
            continue  # store and log say it, and the program goes on without them
    with suppress(OSError):
        made(prepared.places.state)
    with logging_to(prepared.places.log_file, prepared.speech.put, verbose=prepared.verbose):
        instance = Instance.take(prepared.places.state)
        if instance is None:
            offer_session(prepared.places.state)
            return _met_the_first(prepared, at_login=getattr(arguments, "at_login", False))
        try:
            again = _run_alone(prepared, instance, getattr(arguments, "record", None))
        except Refusal as error:
            raise UsageError(error.phrase) from error
        finally:
            instance.close()
    return None if again else 0


def _run_alone(prepared: Prepared, instance: Instance, file: Path | None) -> bool:
    with closing(Preferences(prepared)) as preferences, _recording(file, preferences) as record:
        log.info("openai-status-tray %s begins", __version__)
        if prepared.at_login:
            autostart.mend(autostart.place())
        again = _run(prepared, preferences, instance, record)
        log.info("ended")
        return again


def _run(
    prepared: Prepared,
    preferences: Preferences,
    instance: Instance,
    record: Record,
) -> bool:
    """Until it ends; whether it is to begin again."""
    # An end in the middle of the beginning waits for it: an exception while a thread starts leaves nothing to put away.
    ended_early = threading.Event()
    heed_signals(ended_early.set)
    hooks = Hooks(preferences.hook)
    bus = session_bus()
    preferences.own_key.bus = bus
    queue: Queue = SimpleQueue()
    again = threading.Event()

    def act(command: Command) -> None:
        """Queue it; a restart is an end, and a beginning after it."""
        if command.act is Act.RESTART:
            again.set()
            command = Command(Act.QUIT)
        queue.put(command)

    naps = Naps(
        lambda drawn: queue.put(Asked(Command(Act.SLEEPING), lambda _done: drawn())),
        lambda: queue.put(Command(Act.WOKE)),
    )
    tray = choose(bus, draw, act, preferences, naps)

    def mute(mute: bool) -> None:  # as the teller reports it
        preferences.mute(mute)
        queue.put(None)

    if bus is not None and not _watched():
        # The session is over. Living on, it would keep the next session's program from starting, unseen.
        bus.on_lost(tray.stop)
    ways = notifiers(bus, queue.put, tray, prepared.places.runtime)
    teller = Teller(ways, lambda notice, standing: queue.put(Shown(notice, standing)), mute)
    now = clock(prepared.pace)
    own_page = OwnPage(preferences.prepared, lambda: poller.verdict, lambda: now().wall, preferences.upgrade)
    world = World(
        look=lambda plan: preferences.look(plan, now, lambda: queue.put(Command(Act.ANSWERED))),
        renew=preferences.renew,
        keeper=lambda: Store.open(prepared.places.state_file, now().wall),
        tell=teller.tell,
        show=tray.show,
        open_link=preferences.open_link,
        open_details=own_page.open,
        has_tray=tray.docked,
        clock=now,
        dice=dice,
        quit=tray.stop,
        preferences=Deeds(
            preferences,
            teller.tell,
            lambda: poller.word(),  # noqa: PLW0108  # it is made below
            lambda: now().wall,
        ),
        happened=hooks.happened,
        record=record,
        recall=teller.recall,
        take_back=teller.take_back,
        reread_zone=reread_zone,
        rest=give_back,
        pace=prepared.pace,
    )
    poller = Poller(world, queue)
    moving = Moving(tray, act)

    def status(request: Json) -> Json:
        with preferences.upgrade.loading():
            from trayapp.app.status_reply import answer_status  # few have a bar that asks
        return answer_status(request, poller.word(), poller.settings, now().wall)

    version = {"version": __version__}  # another than the asking command's own after an upgrade
    instance.serve(lambda request: version | (moving.answer(request) or answer(queue, naps, status, request)))
    heed_signals(tray.stop)
    if ended_early.is_set():
        tray.stop()
    poller.start()
    ear = listen(naps)
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


def _recording(file: Path | None, preferences: Preferences) -> AbstractContextManager[Record]:
    """What takes each round: nothing, unless a file is named."""
    if file is None:
        return nullcontext(lambda _round, _limits: None)
    from trayapp.engine.recording import recording  # few are ever asked for one

    limits = preferences.prepared().config.limits(keyed=True)
    return recording(file, limits, partial(_recording_ends, preferences))


def _recording_ends(preferences: Preferences, why: Phrase) -> None:
    log.error("the recording ends: %s", why.put(str))
    ended = phrase("The recording has ended: {why}", why=why)
    print(preferences.prepared().speech.put(ended), file=sys.stderr)


def _watched() -> bool:
    """Whether a person has it before them in a terminal, where its line is of use without a session."""
    return sys.stdout.isatty()


def _met_the_first(prepared: Prepared, *, at_login: bool) -> int:
    """What a second start does: at login nothing. Raises UsageError where the first is out of reach for good."""
    say, does_answer, opened = prepared.speech.say, True, False
    try:
        opened = ask(prepared.places.state, {"do": "nothing" if at_login else "open"}).get("ok", False)
    except Elsewhere as error:
        raise UsageError(elsewhere(error.host)) from error
    except NotRunning:
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
