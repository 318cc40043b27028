"""What is kept and what is told, in this order: a crash in between neither repeats a notice nor loses an outage."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts.eligibility import is_held_back
from trayapp.core.alerts.unannounced import find_unannounced
from trayapp.core.history.observations import observations, sightings
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.view import look
from trayapp.core.wording.notifications import notice
from trayapp.core.wording.program_notifications import key_trouble, trouble, welcome, welcome_without_tray
from trayapp.engine.actions import following
from trayapp.engine.ports import Settings, Shown, World
from trayapp.model import (
    Complaint,
    Finding,
    Kept,
    Limits,
    Notice,
    Round,
    Standing,
    State,
    Transition,
    Verdict,
)

log = logging.getLogger(__name__)

SAVE_AT_LEAST = timedelta(minutes=15)
"""How often memory is written when nothing in it changed but counts."""
RESTS = frozenset({Finding.KEY, Finding.CREDIT, Finding.MODEL})
"""What the person can mend, and until then no answer is asked for."""
SOON = 3600.0
"""Seconds: what is tried again before is not given up yet."""
MOST_STANDING = 16
"""Notices on the screen that are remembered, the newest."""


class Ledger:
    """Belongs to the poller's thread, on which its keeper is opened."""

    def __init__(self, world: World, settings: Callable[[], Settings]) -> None:
        self._world = world
        self._settings = settings
        self.keeper = world.keeper()
        self._saved = self.keeper.kept()
        self._complaint: Complaint | None = None

    def opened(self) -> Memory:
        """The memory of a program that has just started."""
        return Memory(kept=following(self._saved, self._settings().limits.follow))

    def finish(self) -> None:
        """Tell what the last run meant to tell and did not, in place of what it left on the screen."""
        self._world.recall(self._saved.standing)
        for unfinished in self.keeper.unfinished(self._world.clock().wall):
            self._world.tell(unfinished)

    def tell(self, memory: Memory, told: Sequence[Transition], verdict: Verdict) -> Memory:
        """Keep first, show then: what must arrive is kept as an intent, all else as told."""
        speech = self._settings().speech
        notices = [notice(speech, t, verdict) for t in told if not t.silent]
        if not memory.kept.welcomed:
            notices.insert(0, self._welcome(verdict))
            memory = replace(memory, kept=replace(memory.kept, welcomed=True))
        memory, of_key = self._of_key(memory, verdict)
        notices += of_key
        self.save(memory, told, [n for n in notices if n.must_arrive])
        for one in notices:
            self._world.tell(one)
        for transition in told:
            _log(transition)
            self._world.happened(transition)
        return self._take_back(memory)

    def _of_key(self, memory: Memory, verdict: Verdict) -> tuple[Memory, list[Notice]]:
        """Tell once that the check with the person's key rests, and again only after an answer came whole."""
        answers, told = verdict.answers, memory.kept.key_trouble
        if answers is None:
            return memory, []
        soon = answers.retry_after is not None and answers.retry_after < SOON
        rests = answers.finding in RESTS and not soon
        if answers.finding is told or not (rests or answers.finding is Finding.WHOLE):
            return memory, []
        now, speech = self._world.clock().wall, self._settings().speech
        notices = [key_trouble(speech, answers.finding, now)] if rests and answers.finding else []
        found = answers.finding if rests else None
        return replace(memory, kept=replace(memory.kept, key_trouble=found)), notices

    def shown(self, memory: Memory, receipt: Shown) -> Memory:
        """Note that a notice was shown, and what stands on the screen with it."""
        self.keeper.done(receipt.notice.id)
        return self._with_standing(memory, _stand(memory.kept, receipt))

    def _take_back(self, memory: Memory) -> Memory:
        """Have no notice stay for good whose trouble is over or followed no more, also where its end is not told."""
        kept = memory.kept
        threads = {
            product.thread for product in kept.products.values() if product.told is not State.OPERATIONAL
        }
        over = [thread for thread, one in kept.standing.items() if one.lasting and thread not in threads]
        if over:
            self._world.take_back(over)
        return self._with_standing(
            memory, {thread: one for thread, one in kept.standing.items() if thread not in over}
        )

    def _with_standing(self, memory: Memory, standing: Mapping[str, Standing]) -> Memory:
        if standing == memory.kept.standing:
            return memory
        memory = replace(memory, kept=replace(memory.kept, standing=standing))
        self.save(memory)
        return memory

    def save(
        self,
        memory: Memory,
        told: Sequence[Transition] = (),
        intents: Sequence[Notice] = (),
        *,
        last: bool = False,
    ) -> None:
        """Keep what has changed. A fault of the disk is told once, when notices may be."""
        kept, before = memory.kept, self._saved
        same = replace(kept, last_round=before.last_round, probes=before.probes) == before
        lately = before.last_round and kept.last_round and kept.last_round - before.last_round < SAVE_AT_LEAST
        if same and lately and not told and not last:
            return
        self.keeper.save(kept, told, intents, now=self._world.clock().wall)
        self._saved = kept
        self._complain(memory)

    def remember(self, before: Memory, memory: Memory, round_: Round, limits: Limits) -> None:
        """Keep for the history what a round has shown, and what was suspected and is over unsaid.

        That goes to the disk with every round, so a disk that has gone bad is said in the next one, however calm.
        """
        if quietly := find_unannounced(before, memory, round_.moment, limits):
            self.save(memory, quietly)
        self.keeper.saw(sightings(before, memory, round_))
        self.keeper.observe(observations(memory, round_, limits), round_.moment.wall)
        self._complain(memory)

    def _complain(self, memory: Memory) -> None:
        now, complaint = self._world.clock(), self.keeper.complaint
        if complaint in {None, self._complaint} or is_held_back(
            memory, now, self._settings().limits_at(now.wall)
        ):
            return
        self._complaint = complaint
        self._world.tell(trouble(self._settings().speech, complaint, now.wall))

    def _welcome(self, verdict: Verdict) -> Notice:
        speech, follow = self._settings().speech, self._settings().limits.follow
        if self._world.has_tray():
            return welcome(speech, follow, look(verdict))
        return welcome_without_tray(speech, follow)


def _stand(kept: Kept, receipt: Shown) -> Mapping[str, Standing]:
    """What stands on the screen once that notice does."""
    thread, gone = receipt.notice.thread, {receipt.notice.thread, *receipt.notice.ends}
    standing = {other: one for other, one in kept.standing.items() if other not in gone}
    if thread and receipt.standing is not None:
        standing[thread] = receipt.standing
    return dict([*standing.items()][-MOST_STANDING:])


def _log(transition: Transition) -> None:
    log.info(
        "%s %s: %s to %s%s",
        transition.change,
        ", ".join(transition.products),
        transition.before,
        transition.after,
        " (silent)" * transition.silent,
    )
