"""The background thread: it polls, judges, notifies and sleeps. It alone owns the memory, so it needs no lock.

Other threads reach it through one queue of commands and notification receipts. Each poll runs on a separate thread,
so that a click is answered while a server is slow, and a poll that never returns costs one round, not the program.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from queue import Empty

from trayapp.core import judge, schedule
from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.clock_jumps import empty_round
from trayapp.core.state.memory import Memory
from trayapp.core.state.verdict import render_after_round
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.program_notifications import failed_action_notification, settings_notification
from trayapp.engine import actions
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import CommandRequest, NotificationReceipt, PollerPorts, PollerQueue
from trayapp.engine.sleep_watch import MAX_WAIT, SleepWatch
from trayapp.engine.step import Progress, take_step
from trayapp.engine.watchdog import Watchdog
from trayapp.model import Action, Command, Limits, PollPlan, Round, RoundTerms, SavedMemory, Verdict

log = logging.getLogger(__name__)


class Poller:
    """One background thread, fed by one queue. `stop` may be called from any thread."""

    def __init__(self, ports: PollerPorts, queue: PollerQueue) -> None:
        self._ports = ports
        self.settings = ports.preferences.current_settings()
        self._queue = queue
        self._memory = Memory()
        self.verdict: Verdict | None = None
        """The newest verdict, also read by other threads."""
        self._is_doubted = False
        self._stopping = threading.Event()
        self._due_plan: PollPlan | None = None
        self._ledger: Ledger
        self._sleep = SleepWatch(ports.clock)
        self._is_set_up = False
        late = partial(self._show_doubt, "no round has ended for too long")
        self._watchdog = Watchdog(lambda: ports.clock().awake / ports.pace, late)
        self._schedule = Schedule()
        self.thread = threading.Thread(target=self._run_thread, name="poller", daemon=True)

    def current_verdict(self) -> Verdict | None:
        """Return the verdict as it holds now, even if the poller has not yet noticed its age. From any thread."""
        now, limits = self._ports.clock(), self._limits
        return render_after_round(
            self.verdict, self._memory, RoundTerms(now, limits), is_doubted=self._is_doubted
        )

    @property
    def _limits(self) -> Limits:
        return self.settings.limits

    def start(self) -> None:
        """Start the thread and the watchdog."""
        self._watchdog.beat(self._limits.stale_intervals * self._limits.page_interval / self._ports.pace)
        self.thread.start()

    def stop(self, timeout: float) -> None:
        """End the thread; wait at most `timeout` seconds, then abandon a thread that hangs."""
        self._stopping.set()
        self._queue.put(None)
        with suppress(RuntimeError):  # the thread was never started
            self.thread.join(timeout)

    def _run_thread(self) -> None:
        turn: Callable[[], None] = self._set_up
        while not self._stopping.is_set():
            try:
                turn()
                turn = self._wait_and_poll
            except Exception:
                # A dead poller behind a green icon is the worst fault of all: say so, show grey, go on.
                log.exception("a fault of our own")
                self._show_doubt("a round failed")
                turn = self._pause_after_failure if self._is_set_up else self._set_up
                self._stopping.wait(1.0)  # a fault that repeats at once must not loop at full speed
        self._watchdog.stop()
        if self._is_set_up:
            self._ledger.save(self._memory, last=True)
            self._ledger.store.close()

    def _pause_after_failure(self) -> None:
        """After a failure, wait for the interval that holds in trouble; meanwhile carry out commands."""
        ends = self._ports.clock().awake + self._limits.page_interval_in_trouble
        while not self._stopping.is_set() and (left := ends - self._ports.clock().awake) > 0:
            self._handle_next(left / self._ports.pace)

    def _set_up(self) -> None:
        self._ledger = Ledger(self._ports, lambda: self.settings)
        self._memory = self._ledger.load_memory()
        self._schedule = schedule.start_schedule(self._ports.clock(), self._limits, self._ports.dice)
        self._show_view()
        self._ledger.send_unfinished()
        self._is_set_up = True

    def _wait_and_poll(self) -> None:
        """Sleep until a poll is due, then poll; meanwhile carry out commands."""
        settings = self.settings
        plan = self._sleep.take_second_plan() or self._make_plan(schedule.plan_next_poll)
        overdue = schedule.round_time_limit(plan, self._limits, self._ports.poll_timeout)
        self._watchdog.beat(overdue / self._ports.pace)
        log.debug("next poll in %.0f s: %s", plan.wait, plan.reason)
        ends = self._ports.clock().awake + max(plan.wait, 0.5)
        while not self._stopping.is_set():
            if why := self._sleep.find_wake_reason(self._limits):
                self._handle_wake(why)
            left = (self._sleep.gives_up_at or ends) - self._ports.clock().awake
            if self._due_plan is not None or left <= 0:
                break
            self._handle_next(min(MAX_WAIT, left / self._ports.pace))
            self._apply_settings()
            if self.settings is not settings:
                return  # the plan was made by the old settings
        plan, self._due_plan = self._due_plan or plan, None
        if not self._stopping.is_set():
            self._run_round(plan)

    def _handle_next(self, timeout: float) -> None:
        """Wait up to `timeout` real seconds for one item of the queue, and process it."""
        try:
            item = self._queue.get(timeout=timeout)
        except Empty:
            return
        if isinstance(item, Command):
            self._run_command(item)
        elif isinstance(item, CommandRequest):
            item.run_with(self._run_command)
        elif isinstance(item, NotificationReceipt):
            self._memory = self._ledger.record_shown(self._memory, item)

    def _handle_wake(self, why: str) -> None:
        """Show no old state until a new poll, which starts now and over new connections."""
        self._show_doubt(why)
        self._ports.drop_connections()
        self._due_plan = schedule.plan_full_poll(self._limits, why)
        self._sleep.note_wake(self._due_plan)

    def _run_round(self, plan: PollPlan) -> None:
        page_url, round_ = self.settings.page_url, self._poll_sources(plan)
        if round_ is None or page_url != self.settings.page_url:
            return
        self._sleep.note_poll(plan, round_)
        self._ports.reread_zone()
        before = self._ledger.recall_crowd(self._memory)
        limits = self.settings.limits_at(round_.moment.wall)
        self._ports.record_round(round_, limits)
        after, self.verdict, transitions = take_step(
            Progress(before, self._schedule), plan, round_, limits, self._ports.dice
        )
        self._is_doubted = self._sleep.gives_up_at is not None
        self._schedule = after.schedule
        self._memory = self._ledger.save_and_notify(after.memory, transitions, self.verdict)
        self._show_view()
        self._ledger.save_history(before, after.memory, round_, limits)
        self._ports.end_round()

    def _poll_sources(self, plan: PollPlan) -> Round | None:
        """Poll, and carry out commands meanwhile. None if the program ends or the computer goes to sleep first."""
        sleep_count = self._sleep.change_count
        results = self._ports.start_poll(plan, lambda: self._queue.put(None))
        ends = self._ports.clock().boot + self._ports.poll_timeout * self._ports.pace
        while not self._stopping.is_set() and self._sleep.change_count == sleep_count:
            with suppress(Empty):
                return results.get_nowait()
            left = (ends - self._ports.clock().boot) / self._ports.pace
            if left <= 0:
                log.error("a poll did not come back")
                return empty_round(plan, self._ports.clock())
            self._handle_next(left)
        return None

    def _show_doubt(self, why: str) -> None:
        """Show the state as unknown until the next round has ended."""
        log.warning("%s", why)
        self._is_doubted = True
        self._show_view()

    def _show_view(self) -> None:
        settings, now = self.settings, self._ports.clock().wall
        self._ports.show(
            build_view(self.current_verdict(), self._memory.saved, settings.speech, now, settings.choices)
        )

    def _run_command(self, command: Command) -> bool:
        """Carry out a command; on failure notify the reason and return False."""
        log.info("asked to %s%s", command.act, f" {command.argument:.100}" if command.argument else "")
        now, error = self._ports.clock().wall, ""
        if command.act is Action.QUIT:
            self._ports.quit()
        elif command.act in {Action.CHECK, Action.KEY_CHECK_DONE}:
            self._due_plan = self._make_plan(
                partial(schedule.plan_requested_poll, command.act, self._due_plan)
            )
        elif command.act is Action.SLEEPING:
            self._sleep.note_announcement()
            self._show_doubt("the computer is about to sleep")
        elif command.act is Action.WOKE:
            self._handle_wake("the computer woke")
        elif (
            kept := actions.update_saved(
                command, self._memory.saved, self.verdict, now, self.settings.speech.to_local
            )
        ) is not None:
            self._save_memory(kept)
        elif (link := actions.command_url(command, self.verdict, self.settings.page_url)) is not None:
            if self._ports.open_details_or_link(command, link):
                self._save_memory(actions.mark_seen(command, self._memory.saved, self.verdict))
            else:
                error = self.settings.speech.say("No browser could be opened for {address}", address=link)
        elif (refused := self._ports.preferences.run_command(command)) is not None:
            error = refused
            self._apply_settings()
        else:
            log.warning("nothing does %s", command.act)
        if error:
            self._ports.notify(failed_action_notification(self.settings.speech, error, now))
        return not error

    def _make_plan(self, plan: Callable[[Schedule, Memory, RoundTerms], PollPlan]) -> PollPlan:
        return plan(self._schedule, self._memory, RoundTerms(self._ports.clock(), self._limits))

    def _save_memory(self, kept: SavedMemory) -> None:
        self._memory = replace(self._memory, saved=kept)
        self._ledger.save(self._memory)
        self._show_view()

    def _apply_settings(self) -> None:
        """Switch to the current settings if they have changed."""
        before, self.settings = self.settings, self._ports.preferences.current_settings()
        if self.settings is before:
            return
        log.info("the settings have changed")
        now, limits, mistake = self._ports.clock(), self._limits, self.settings.choices.settings_mistake
        if mistake and mistake != before.choices.settings_mistake:
            self._ports.notify(settings_notification(self.settings.speech, mistake, now.wall))
        self._memory = replace(self._memory, saved=actions.keep_followed(self._memory.saved, limits.follow))
        if (self.settings.page_url, limits.probes) != (before.page_url, before.limits.probes):
            # Readings from other addresses no longer count: as after a start, only the saved memory is known.
            self._memory, self.verdict = Memory(saved=self._memory.saved, crowd=self._memory.crowd), None
            self._schedule = schedule.start_schedule(now, limits, self._ports.dice)
            self._due_plan = schedule.plan_full_poll(self._limits, "other sources to poll")
        elif self.verdict:
            self._memory, self.verdict = judge.rejudge(self._memory, limits)
        self._show_view()
