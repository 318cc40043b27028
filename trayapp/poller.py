"""The background thread: look, judge, tell, sleep. It alone owns the memory, so nothing here needs a lock.

Everything reaches it through one queue: what a person did, the round that a look brought, the receipt of a notice. A
look runs on a thread of its own, so that a click is answered while a server drips, and a look that never comes back
costs one round and not the program.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from queue import Empty, SimpleQueue

from trayapp import acts
from trayapp.core import judge, rhythm
from trayapp.core.clocks import disturbed, lost
from trayapp.core.memory import Memory
from trayapp.core.notices import notice
from trayapp.core.observed import sightings
from trayapp.core.own import trouble, welcome, welcome_without_tray
from trayapp.core.speech import Speech
from trayapp.core.verdict import waking
from trayapp.core.view import view
from trayapp.model import (
    Act,
    Command,
    Complaint,
    Kept,
    Limits,
    Moment,
    Notice,
    Plan,
    Round,
    Transition,
    Verdict,
)
from trayapp.watchdog import Watchdog
from trayapp.world import Keeper, Shown, World

log = logging.getLogger(__name__)

SLICE = 30.0
"""Real seconds after which a sleeping poller looks whether the computer slept too: two wake-ups a minute."""
SETTLE = 8.0
"""Seconds after waking before the first look: the network is not there yet."""
SAVE_AT_LEAST = timedelta(minutes=15)
"""How often memory is written when nothing in it changed but counts."""


Queue = SimpleQueue[Command | Shown | None]
"""What a person did and what was shown, from any thread; None only wakes the poller."""


class Poller:
    """One background thread, fed by one queue. `stop` may be called from any thread."""

    def __init__(self, world: World, queue: Queue, limits: Limits, speech: Speech) -> None:
        self._world = world
        self._limits = limits
        self._speech = speech
        self._queue = queue
        self._memory = Memory()
        self._verdict: Verdict | None = None
        self._saved = Kept()
        self._complaint: Complaint | None = None
        self._stopping = threading.Event()
        self._looked = 0
        self._due: Plan | None = None
        self._keeper: Keeper
        self._watchdog = Watchdog(lambda: world.clock().awake / world.pace, self._alarm)
        self._schedule = rhythm.Schedule()
        self.thread = threading.Thread(target=self._run, name="poller", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self, timeout: float) -> None:
        """End, for at most `timeout` seconds; a thread that hangs longer is abandoned."""
        self._stopping.set()
        self._queue.put(None)
        with suppress(RuntimeError):  # it never started
            self.thread.join(timeout)

    def _run(self) -> None:
        self._wake_up()
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # A dead poller behind a green icon is the worst fault of all: say so, show grey, go on.
                log.exception("a round failed")
                self._doubt()
                self._stopping.wait(self._limits.page_interval_in_trouble / self._world.pace)
        self._watchdog.stop()
        self._save((), ())
        self._keeper.close()

    def _wake_up(self) -> None:
        now = self._world.clock()
        self._keeper = self._world.keeper()
        self._saved = self._keeper.kept()
        self._memory = Memory(kept=self._saved)
        self._schedule = rhythm.begin(now, self._limits, self._world.dice)
        self._show(None)
        for unfinished in self._keeper.unfinished(now.wall):
            self._world.tell(unfinished)

    def _turn(self) -> None:
        """Sleep until a look is due, then look; meanwhile do what a person asks."""
        plan = rhythm.plan(self._schedule, self._memory, self._world.clock(), self._limits)
        self._watchdog.beat(self._overdue(plan) / self._world.pace)
        log.debug("next look in %.0f s: %s", plan.wait, plan.why)
        ends = self._world.clock().awake + max(plan.wait, 0.5)
        while not self._stopping.is_set() and self._due is None:
            before = self._world.clock()
            if (left := ends - before.awake) <= 0:
                break
            self._take(min(SLICE, left / self._world.pace))
            if self._slept(before):
                self._due = self._everything("the computer slept")
        plan, self._due = self._due or plan, None
        if not self._stopping.is_set():
            self._round(plan)

    def _overdue(self, plan: Plan) -> float:
        """Seconds after which a round that should have ended has not: three intervals, or the pause that is planned."""
        return max(
            self._limits.stale_intervals * self._limits.page_interval, plan.wait + self._world.look_at_most
        )

    def _take(self, timeout: float) -> None:
        """Wait for one thing on the queue, and do it."""
        try:
            item = self._queue.get(timeout=timeout)
        except Empty:
            return
        if isinstance(item, Command):
            self._do(item)
        elif isinstance(item, Shown):
            self._keeper.done(item.notice_id)

    def _slept(self, before: Moment) -> bool:
        """Whether the computer has slept or its clock was set since; if so, nothing known is shown until a look."""
        if not disturbed(before, self._world.clock(), self._limits):
            return False
        log.info("the computer slept or its clock was set")
        self._doubt()
        self._world.renew()
        self._stopping.wait(SETTLE / self._world.pace)
        return True

    def _round(self, plan: Plan) -> None:
        round_ = self._looked_at(plan)
        if round_ is None:
            return
        self._world.record(round_)
        before = self._memory
        memory, verdict, told = judge.step(before, round_, self._limits)
        self._memory, self._verdict = memory, verdict
        self._schedule = rhythm.after(self._schedule, memory, round_, self._limits, self._world.dice)
        self._tell(told, verdict)
        self._show(verdict)
        self._keeper.saw(sightings(before, memory, round_))

    def _looked_at(self, plan: Plan) -> Round | None:
        """What a look brings; while it is under way, people are answered. None when the program ends."""
        self._looked += 1
        number = self._looked
        answers: SimpleQueue[Round] = SimpleQueue()

        def look() -> None:
            try:
                answers.put(self._world.look(plan))
            except Exception:
                log.exception("a look failed")
                answers.put(lost(plan, self._world.clock()))
            self._queue.put(None)

        threading.Thread(target=look, name=f"look-{number}", daemon=True).start()
        ends = self._world.clock().boot + self._world.look_at_most * self._world.pace
        while not self._stopping.is_set():
            with suppress(Empty):
                return answers.get_nowait()
            left = (ends - self._world.clock().boot) / self._world.pace
            if left <= 0:
                log.error("a look did not come back")
                return lost(plan, self._world.clock())
            self._take(left)
        return None

    def _alarm(self) -> None:
        log.error("no round has ended for too long")
        self._doubt()

    def _doubt(self) -> None:
        """Show that nothing is known now."""
        self._show(waking(self._verdict) if self._verdict else None)

    def _tell(self, told: tuple[Transition, ...], verdict: Verdict) -> None:
        """Keep first, show then: what must arrive is kept as an intent, all else as told."""
        notices = [notice(self._speech, t, verdict) for t in told if not t.silent]
        for t in told:
            log.info(
                "%s %s: %s to %s%s",
                t.change,
                ", ".join(t.products),
                t.before,
                t.after,
                " (silent)" * t.silent,
            )
        if not self._memory.kept.welcomed:
            notices.insert(0, self._welcome())
            self._memory = replace(self._memory, kept=replace(self._memory.kept, welcomed=True))
        self._save(told, [n for n in notices if n.must_arrive])
        for one in notices:
            self._world.tell(one)

    def _welcome(self) -> Notice:
        words = welcome if self._world.has_tray() else welcome_without_tray
        return words(self._speech, self._limits.follow)

    def _save(self, told: Sequence[Transition], intents: Sequence[Notice]) -> None:
        kept, before = self._memory.kept, self._saved
        same = replace(kept, last_round=before.last_round, probes=before.probes) == before
        lately = before.last_round and kept.last_round and kept.last_round - before.last_round < SAVE_AT_LEAST
        if same and lately and not told and not self._stopping.is_set():
            return
        self._keeper.save(kept, told, intents, now=self._world.clock().wall)
        self._saved = kept
        if self._keeper.complaint not in {None, self._complaint}:
            self._complaint = self._keeper.complaint
            self._world.tell(trouble(self._speech, self._complaint, self._world.clock().wall))

    def _show(self, verdict: Verdict | None) -> None:
        self._world.show(view(verdict, self._memory.kept, self._speech, self._world.clock().wall))

    def _do(self, command: Command) -> None:
        """What a person asked for."""
        log.info("asked to %s %.100r", command.act, command.argument)
        now = self._world.clock().wall
        if command.act is Act.QUIT:
            self._world.quit()
        elif command.act is Act.CHECK:
            self._due = self._everything("asked for")
        elif (kept := acts.kept(command, self._memory.kept, self._verdict, now)) is not None:
            self._memory = replace(self._memory, kept=kept)
            self._save((), ())
            self._show(self._verdict)
        elif (link := acts.link(command, self._verdict, self._world.page_url)) is not None:
            self._world.open_link(link, command.token)
        else:
            log.warning("nothing does %s", command.act)

    def _everything(self, why: str) -> Plan:
        probes = tuple(spec.name for spec in self._limits.probes)
        return Plan(wait=0.0, why=why, page=True, incidents=True, native=True, probes=probes)
