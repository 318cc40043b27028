"""The background thread: look, judge, tell, sleep. It alone owns the memory, so nothing here needs a lock.

Everything reaches it through one queue: what a person did, the round that a look brought, the receipt of a notice. A
look runs on a thread of its own, so that a click is answered while a server drips, and a look that never comes back
costs one round and not the program.
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
from trayapp.core.state.clock_jumps import lost_round
from trayapp.core.state.memory import Memory
from trayapp.core.state.verdict import render_between
from trayapp.core.tray_view.view import view
from trayapp.core.wording.program_notifications import broken_settings, not_done
from trayapp.engine import actions
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import Asked, Queue, Shown, World
from trayapp.engine.sleep_watch import SLICE, Sleep
from trayapp.engine.watchdog import Watchdog
from trayapp.model import Act, Command, Kept, Limits, Moment, Plan, Round, Verdict

log = logging.getLogger(__name__)


class Poller:
    """One background thread, fed by one queue. `stop` may be called from any thread."""

    def __init__(self, world: World, queue: Queue) -> None:
        self._world = world
        self.settings = world.preferences.now()
        self._queue = queue
        self._memory = Memory()
        self.verdict: Verdict | None = None
        """The newest, for whoever shows it elsewhere."""
        self._doubted = False
        self._stopping = threading.Event()
        self._due: Plan | None = None
        self._ledger: Ledger
        self._sleep = Sleep(world.clock)
        self._begun = False
        late = partial(self._doubt, "no round has ended for too long")
        self._watchdog = Watchdog(lambda: world.clock().awake / world.pace, late)
        self._schedule = Schedule()
        self.thread = threading.Thread(target=self._run, name="poller", daemon=True)

    def word(self) -> Verdict | None:
        """What can be said now, also before the poller wakes to find it undone. From any thread."""
        now, limits = self._world.clock(), self._limits
        return render_between(self.verdict, self._memory, now, limits, is_doubted=self._doubted)

    @property
    def _limits(self) -> Limits:
        return self.settings.limits

    def start(self) -> None:
        """Begin."""
        self._watchdog.beat(self._limits.stale_intervals * self._limits.page_interval / self._world.pace)
        self.thread.start()

    def stop(self, timeout: float) -> None:
        """End, for at most `timeout` seconds; a thread that hangs longer is abandoned."""
        self._stopping.set()
        self._queue.put(None)
        with suppress(RuntimeError):  # it never started
            self.thread.join(timeout)

    def _run(self) -> None:
        turn: Callable[[], None] = self._wake_up
        while not self._stopping.is_set():
            try:
                turn()
                turn = self._turn
            except Exception:
                # A dead poller behind a green icon is the worst fault of all: say so, show grey, go on.
                log.exception("a fault of our own")
                self._doubt("a round failed")
                turn = self._rest if self._begun else self._wake_up
                self._stopping.wait(1.0)  # so that what fails at once does not fail as fast as it can
        self._watchdog.stop()
        if self._begun:
            self._ledger.save(self._memory, last=True)
            self._ledger.keeper.close()

    def _rest(self) -> None:
        """After a failure: do what a person asks, and look again when calm looks are due in trouble."""
        ends = self._world.clock().awake + self._limits.page_interval_in_trouble
        while not self._stopping.is_set() and (left := ends - self._world.clock().awake) > 0:
            self._take(left / self._world.pace)

    def _wake_up(self) -> None:
        self._ledger = Ledger(self._world, lambda: self.settings)
        self._memory = self._ledger.opened()
        self._schedule = schedule.start_schedule(self._world.clock(), self._limits, self._world.dice)
        self._show()
        self._ledger.finish()
        self._begun = True

    def _turn(self) -> None:
        """Sleep until a look is due, then look; meanwhile do what a person asks."""
        settings = self.settings
        plan = self._sleep.second() or self._planned(schedule.plan_next_poll)
        overdue = schedule.overdue_after(plan, self._limits, self._world.look_at_most)
        self._watchdog.beat(overdue / self._world.pace)
        log.debug("next look in %.0f s: %s", plan.wait, plan.why)
        ends = self._world.clock().awake + max(plan.wait, 0.5)
        while not self._stopping.is_set():
            if why := self._sleep.over(self._limits):
                self._woke(why)
            left = (self._sleep.until or ends) - self._world.clock().awake
            if self._due is not None or left <= 0:
                break
            self._take(min(SLICE, left / self._world.pace))
            self._heed()
            if self.settings is not settings:
                return  # what was planned goes by what held then
        plan, self._due = self._due or plan, None
        if not self._stopping.is_set():
            self._round(plan)

    def _take(self, timeout: float) -> None:
        """Wait for one thing on the queue, and do it."""
        try:
            item = self._queue.get(timeout=timeout)
        except Empty:
            return
        if isinstance(item, Command):
            self._do(item)
        elif isinstance(item, Asked):
            item.done_by(self._do)
        elif isinstance(item, Shown):
            self._memory = self._ledger.shown(self._memory, item)

    def _woke(self, why: str) -> None:
        """Show nothing that was known before until a look, which comes now and over new connections."""
        self._doubt(why)
        self._world.renew()
        self._due = schedule.plan_full_poll(self._limits, why)
        self._sleep.ended(self._due)

    def _round(self, plan: Plan) -> None:
        page_url, round_ = self.settings.page_url, self._looked_at(plan)
        if round_ is None or page_url != self.settings.page_url:
            return
        self._sleep.looked(plan, round_)
        self._world.reread_zone()
        before = self._memory
        limits = self.settings.limits_at(round_.moment.wall)
        self._world.record(round_, limits)
        memory, self.verdict, told = judge.step(before, round_, limits)
        self._doubted = self._sleep.until is not None
        self._schedule = schedule.update_schedule(
            self._schedule, memory, round_, self._limits, self._world.dice, plan
        )
        self._memory = self._ledger.tell(memory, told, self.verdict)
        self._show()
        self._ledger.remember(before, memory, round_, limits)
        self._world.rest()

    def _looked_at(self, plan: Plan) -> Round | None:
        """What a look brings; while it is under way, people are answered. None when the program ends or sleep comes."""
        sleep = self._sleep.count
        brought = self._world.looking(plan, lambda: self._queue.put(None))
        ends = self._world.clock().boot + self._world.look_at_most * self._world.pace
        while not self._stopping.is_set() and self._sleep.count == sleep:
            with suppress(Empty):
                return brought.get_nowait()
            left = (ends - self._world.clock().boot) / self._world.pace
            if left <= 0:
                log.error("a look did not come back")
                return lost_round(plan, self._world.clock())
            self._take(left)
        return None

    def _doubt(self, why: str) -> None:
        """Show that nothing is known until a round has ended."""
        log.warning("%s", why)
        self._doubted = True
        self._show()

    def _show(self) -> None:
        settings, now = self.settings, self._world.clock().wall
        self._world.show(view(self.word(), self._memory.kept, settings.speech, now, settings.choices))

    def _do(self, command: Command) -> bool:
        """What a person asked for; False, after saying why, when it could not be done."""
        log.info("asked to %s%s", command.act, f" {command.argument:.100}" if command.argument else "")
        now, error = self._world.clock().wall, ""
        if command.act is Act.QUIT:
            self._world.quit()
        elif command.act in {Act.CHECK, Act.ANSWERED}:
            self._due = self._planned(partial(schedule.plan_asked_for, command.act, self._due))
        elif command.act is Act.SLEEPING:
            self._sleep.announced()
            self._doubt("the computer is about to sleep")
        elif command.act is Act.WOKE:
            self._woke("the computer woke")
        elif (
            kept := actions.kept(command, self._memory.kept, self.verdict, now, self.settings.speech.local)
        ) is not None:
            self._keep(kept)
        elif (link := actions.link(command, self.verdict, self.settings.page_url)) is not None:
            if self._world.opened(command, link):
                self._keep(actions.looked(command, self._memory.kept, self.verdict))
            else:
                error = self.settings.speech.say("No browser could be opened for {address}", address=link)
        elif (refused := self._world.preferences.do(command)) is not None:
            error = refused
            self._heed()
        else:
            log.warning("nothing does %s", command.act)
        if error:
            self._world.tell(not_done(self.settings.speech, error, now))
        return not error

    def _planned(self, plan: Callable[[Schedule, Memory, Moment, Limits], Plan]) -> Plan:
        return plan(self._schedule, self._memory, self._world.clock(), self._limits)

    def _keep(self, kept: Kept) -> None:
        self._memory = replace(self._memory, kept=kept)
        self._ledger.save(self._memory)
        self._show()

    def _heed(self) -> None:
        """Go by the settings as they are now."""
        before, self.settings = self.settings, self._world.preferences.now()
        if self.settings is before:
            return
        log.info("the settings have changed")
        now, limits, mistake = self._world.clock(), self._limits, self.settings.choices.mistake
        if mistake and mistake != before.choices.mistake:
            self._world.tell(broken_settings(self.settings.speech, mistake, now.wall))
        self._memory = replace(self._memory, kept=actions.following(self._memory.kept, limits.follow))
        if (self.settings.page_url, limits.probes) != (before.page_url, before.limits.probes):
            # What was read elsewhere says nothing: as after a start, only what is kept is known.
            self._memory, self.verdict = Memory(kept=self._memory.kept), None
            self._schedule = schedule.start_schedule(now, limits, self._world.dice)
            self._due = schedule.plan_full_poll(self._limits, "other places to look at")
        elif self.verdict:
            self._memory, self.verdict = judge.rejudge(self._memory, limits)
        self._show()
