"""A life played: the real schedule, judge, words, ledger and store, as the poller has them, on clocks of the life's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, cast
from zoneinfo import ZoneInfo

from tests.core.films import moment
from tools.fuzz.calm import pass_calm
from tools.fuzz.events import Event, Kind, Story
from tools.fuzz.looking import look
from tools.fuzz.watching import Seen, Watcher
from tools.fuzz.world import World
from trayapp.app.languages import load_translator
from trayapp.core.judge import rejudge
from trayapp.core.polling.poll_times import Schedule
from trayapp.core.schedule import plan_full_poll, plan_next_poll, start_schedule
from trayapp.core.state.memory import Memory
from trayapp.engine import actions
from trayapp.engine.ledger import Ledger
from trayapp.engine.ports import PollerPorts as Outside
from trayapp.engine.ports import PollerSettings
from trayapp.engine.sleep_watch import SleepWatch
from trayapp.engine.step import Progress, take_step
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.i18n.translator import Translator
from trayapp.model import (
    Action,
    Command,
    Limits,
    Moment,
    Notification,
    PollPlan,
    RoundTerms,
    Verdict,
)
from trayapp.store import Store

SPEECHES = {language: load_translator(language) for language in LANGUAGE_CODES}


class DiedError(Exception):
    """The program was killed while it told something."""


@dataclass
class Player:
    """One program on one computer."""

    story: Story
    folder: Path
    watchers: tuple[Watcher, ...] = ()
    skips: bool = True
    """Whether calm stretches are passed at once."""

    second: float = 0.0
    asleep: float = 0.0
    clock_set: float = 0.0
    rounds: int = 0
    world: World = field(default_factory=World)
    shown: list[Notification] = field(default_factory=list)
    """Every notification that reached the person."""
    memory: Memory = field(default_factory=Memory)
    schedule: Schedule = field(default_factory=Schedule)
    verdict: Verdict | None = None
    mode: Kind = Kind.START
    language: str = "en"

    def __post_init__(self) -> None:
        self.limits, self.quiet_hours = self.story.limits, self.story.quiet_hours
        zone = ZoneInfo(self.story.zone)
        self.local: Callable[[datetime], datetime] = lambda at: at.astimezone(zone)
        self._rng = Random(self.story.seed)  # noqa: S311 - a life's luck is no secret
        self.dice: Callable[[], float] = self._rng.random if self.story.dice else lambda: 0.5
        self._dies = False
        self._due: PollPlan | None = None
        self._sleep = SleepWatch(lambda: self.now)
        self._start()

    # ------------------------------------------------------------------------------------------------ how it goes on

    @property
    def now(self) -> Moment:
        """What the computer's clocks show."""
        return moment(self.second, asleep=self.asleep, clock_set=self.clock_set)

    @property
    def speech(self) -> Translator:
        """The person's language, on their own clock."""
        return replace(SPEECHES[self.language], to_local=self.local)

    @property
    def settings(self) -> PollerSettings:
        """As the program has them."""
        return PollerSettings(
            self.limits, self.speech, "https://status.test", cast("Any", None), self.quiet_hours
        )

    def play(self) -> None:
        """All of it."""
        for event in self.story.events:
            self._pass(event.gap)
            self._happen(event)
            for watcher in self.watchers:
                watcher.on_event(self, event)
        for watcher in self.watchers:
            watcher.on_end(self)
        self._stop(killed=False)

    def _pass(self, seconds: float) -> None:
        if self.mode is not Kind.START:
            self._advance(seconds)
            return
        end = self.world.real + seconds
        while self.mode is Kind.START:
            self._skip(end)
            planned = self._due or self._sleep.take_second_plan()
            plan = planned or plan_next_poll(self.schedule, self.memory, RoundTerms(self.now, self.limits))
            wait = 0.0 if self._due else max(plan.wait, 0.5)
            self._due = None
            if self.world.real + wait > end:
                break
            self._advance(wait)
            try:
                self._round(plan)
            except DiedError:
                self._stop(killed=True)
                self._advance(5.0)
                self._start()
        self._advance(max(0.0, end - self.world.real))

    def _skip(self, end: float) -> None:
        left = end - self.world.real
        if not self.skips or left < 7200.0 or self._due is not None or self.world.calm_since is None:
            return
        passed = pass_calm(self.memory, self.schedule, self.now, self.limits, left - 3600.0)
        if passed is not None:
            self._advance(left - 3600.0)
            self.memory, self.schedule = passed
            for watcher in self.watchers:
                watcher.on_calm(self, left - 3600.0)

    def _advance(self, seconds: float) -> None:
        self.world.real += seconds
        if self.mode is Kind.SLEEP:
            self.asleep += seconds
        elif self.mode is Kind.FREEZE:
            self.clock_set += seconds
        else:
            self.second += seconds

    # ------------------------------------------------------------------------------------------------ what happens

    def _happen(self, event: Event) -> None:  # noqa: C901 - a table
        self.world.take(event)
        match event.kind:
            case Kind.SLEEP | Kind.FREEZE if self.mode is Kind.START:
                self.mode = event.kind
            case Kind.WAKE if self.mode in {Kind.SLEEP, Kind.FREEZE}:
                self.mode = Kind.START
                self._notice_clocks()
            case Kind.STOP if self.mode is Kind.START:
                self._stop(killed=event.what[0])
            case Kind.START if self.mode is Kind.STOP:
                self._start()
            case Kind.CLOCK:
                self.clock_set += event.what[0]
                if self.mode is Kind.START:
                    self._notice_clocks()
            case Kind.DIE_TELLING:
                self._dies = True
            case Kind.DO if self.mode is Kind.START:
                self._do(Command(*event.what))
            case Kind.QUIET:
                self.quiet_hours = event.what[0]
            case Kind.SETTING:
                self._change(replace(self.limits, **{event.what[0]: event.what[1]}))
            case Kind.LANGUAGE:
                self.language = event.what[0]
            case _:
                pass

    def _notice_clocks(self) -> None:
        if self._sleep.find_wake_reason(self.limits):
            self._advance(8.0)
            self._due = plan_full_poll(self.limits, "the computer slept")
            self._sleep.note_wake(self._due)

    def _do(self, command: Command) -> None:
        if command.act is Action.TELL_WHEN_BACK and command.argument not in {"", *self.limits.follow}:
            return  # the menu has no such line
        if command.act is Action.CHECK:
            self._due = plan_full_poll(self.limits, "asked for")
            return
        kept = actions.update_saved(command, self.memory.saved, self.verdict, self.now.wall, self.local)
        kept = actions.mark_seen(command, self.memory.saved, self.verdict) if kept is None else kept
        self.memory = replace(self.memory, saved=kept)
        self.ledger.save(self.memory)

    def _change(self, limits: Limits) -> None:
        before, self.limits = (
            self.limits,
            replace(
                limits, page_interval_in_trouble=min(limits.page_interval_in_trouble, limits.page_interval)
            ),
        )
        if self.mode is not Kind.START:
            return
        self.memory = replace(self.memory, saved=actions.keep_followed(self.memory.saved, limits.follow))
        if limits.probes != before.probes:
            self.memory, self.verdict = Memory(saved=self.memory.saved), None
            self.schedule = start_schedule(self.now, self.limits, self.dice)
            self._due = plan_full_poll(self.limits, "other sources to poll")
        elif self.verdict:
            self.memory, self.verdict = rejudge(self.memory, self.limits)

    # ------------------------------------------------------------------------------------------------ the program

    def _start(self) -> None:
        self.mode = Kind.START
        self.store = Store.open(self.folder / "state.sqlite", self.now.wall)
        outside = replace(_NOBODY, open_store=lambda: self.store, notify=self._tell, clock=lambda: self.now)
        self.ledger = Ledger(outside, lambda: self.settings)
        self.memory, self.verdict = self.ledger.load_memory(), None
        self.schedule = start_schedule(self.now, self.limits, self.dice)
        self._sleep = SleepWatch(lambda: self.now)
        self._due = None
        self.ledger.send_unfinished()
        for watcher in self.watchers:
            watcher.on_start(self)

    def _stop(self, *, killed: bool) -> None:
        if self.mode is Kind.STOP:
            return
        if not killed:
            self.ledger.save(self.memory, last=True)
        self.store.close()
        self.mode = Kind.STOP

    def _tell(self, notice: Notification) -> None:
        if self._dies and notice.must_arrive:
            self._dies = False
            for watcher in self.watchers:
                watcher.on_kill(self, notice)
            raise DiedError
        self.shown.append(notice)
        if notice.must_arrive:
            self.store.finish_intent(notice.id)

    def _round(self, plan: PollPlan) -> None:
        round_ = look(self.world, plan, self.now, self.limits, self._rng)
        self._sleep.note_poll(plan, round_)
        before, limits = self.memory, self.settings.limits_at(round_.moment.wall)
        after, self.verdict, told = take_step(
            Progress(before, self.schedule), plan, round_, limits, self.dice
        )
        memory, self.schedule = after.memory, after.schedule
        self.rounds += 1
        seen = Seen(plan, round_, limits, before, memory, self.verdict, told)
        for watcher in self.watchers:
            watcher.on_round(self, seen)
        self.memory = self.ledger.save_and_notify(memory, told, self.verdict)
        self.ledger.save_history(before, self.memory, round_, limits)


_NOBODY = Outside(
    poll=cast("Any", None),
    drop_connections=lambda: None,
    open_store=cast("Any", None),
    notify=lambda _notice: None,
    show=lambda _view: None,
    open_link=lambda _link, _token: True,
    open_details=lambda _token: True,
    has_tray=lambda: True,
    clock=cast("Any", None),
    dice=lambda: 0.5,
    quit=lambda: None,
    preferences=cast("Any", None),
)
