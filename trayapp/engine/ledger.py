"""What is kept and what is told, in this order: a crash in between neither repeats a notice nor loses an outage."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from trayapp.core.alerts.eligibility import is_held_back
from trayapp.core.alerts.unannounced import find_unannounced
from trayapp.core.history.observations import incident_sightings, round_observations
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.view import icon_look
from trayapp.core.wording.notifications import build_notification
from trayapp.core.wording.program_notifications import (
    key_notification,
    store_notification,
    welcome_notification,
    welcome_without_tray,
)
from trayapp.engine.actions import keep_followed
from trayapp.engine.ports import NotificationReceipt, PollerPorts, PollerSettings
from trayapp.model import (
    AnswerFinding,
    DisplayedNotification,
    Limits,
    Notification,
    Round,
    SavedMemory,
    State,
    StoreComplaint,
    Transition,
    Verdict,
)

log = logging.getLogger(__name__)

SAVE_INTERVAL = timedelta(minutes=15)
"""How often memory is written when nothing in it changed but counts."""
PAUSING_FINDINGS = frozenset({AnswerFinding.KEY_REFUSED, AnswerFinding.NO_CREDIT, AnswerFinding.NO_MODEL})
"""What the person can mend, and until then no answer is asked for."""
SOON_SECONDS = 3600.0
"""Seconds: what is tried again before is not given up yet."""
MAX_DISPLAYED = 16
"""Notices on the screen that are remembered, the newest."""


class Ledger:
    """Belongs to the poller's thread, on which its keeper is opened."""

    def __init__(self, world: PollerPorts, settings: Callable[[], PollerSettings]) -> None:
        self._world = world
        self._settings = settings
        self.store = world.open_store()
        self._saved = self.store.last_saved()
        self._complaint: StoreComplaint | None = None

    def load_memory(self) -> Memory:
        """The memory of a program that has just started."""
        return Memory(saved=keep_followed(self._saved, self._settings().limits.follow))

    def send_unfinished(self) -> None:
        """Tell what the last run meant to tell and did not, in place of what it left on the screen."""
        self._world.restore_displayed(self._saved.standing)
        for unfinished in self.store.unfinished_intents(self._world.clock().wall):
            self._world.notify(unfinished)

    def save_and_notify(self, memory: Memory, told: Sequence[Transition], verdict: Verdict) -> Memory:
        """Keep first, show then: what must arrive is kept as an intent, all else as told."""
        speech = self._settings().speech
        notices = [build_notification(speech, t, verdict) for t in told if not t.silent]
        if not memory.saved.welcomed:
            notices.insert(0, self._build_welcome(verdict))
            memory = replace(memory, saved=replace(memory.saved, welcomed=True))
        memory, of_key = self._key_notifications(memory, verdict)
        notices += of_key
        self.save(memory, told, [n for n in notices if n.must_arrive])
        for one in notices:
            self._world.notify(one)
        for transition in told:
            _log_transition(transition)
            self._world.report_transition(transition)
        return self._withdraw_outdated(memory)

    def _key_notifications(self, memory: Memory, verdict: Verdict) -> tuple[Memory, list[Notification]]:
        """Tell once that the check with the person's key rests, and again only after an answer came whole."""
        answers, told = verdict.key_check, memory.saved.key_trouble
        if answers is None:
            return memory, []
        soon = answers.retry_after is not None and answers.retry_after < SOON_SECONDS
        rests = answers.finding in PAUSING_FINDINGS and not soon
        if answers.finding is told or not (rests or answers.finding is AnswerFinding.WHOLE):
            return memory, []
        now, speech = self._world.clock().wall, self._settings().speech
        notices = [key_notification(speech, answers.finding, now)] if rests and answers.finding else []
        found = answers.finding if rests else None
        return replace(memory, saved=replace(memory.saved, key_trouble=found)), notices

    def record_shown(self, memory: Memory, receipt: NotificationReceipt) -> Memory:
        """Note that a notice was shown, and what stands on the screen with it."""
        self.store.finish_intent(receipt.notification.id)
        return self._save_displayed(memory, _displayed_after(memory.saved, receipt))

    def _withdraw_outdated(self, memory: Memory) -> Memory:
        """Have no notice stay for good whose trouble is over or followed no more, also where its end is not told."""
        kept = memory.saved
        threads = {
            product.thread for product in kept.products.values() if product.told is not State.OPERATIONAL
        }
        over = [thread for thread, one in kept.standing.items() if one.lasting and thread not in threads]
        if over:
            self._world.withdraw(over)
        return self._save_displayed(
            memory, {thread: one for thread, one in kept.standing.items() if thread not in over}
        )

    def _save_displayed(self, memory: Memory, standing: Mapping[str, DisplayedNotification]) -> Memory:
        if standing == memory.saved.standing:
            return memory
        memory = replace(memory, saved=replace(memory.saved, standing=standing))
        self.save(memory)
        return memory

    def save(
        self,
        memory: Memory,
        told: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        last: bool = False,
    ) -> None:
        """Keep what has changed. A fault of the disk is told once, when notices may be."""
        kept, before = memory.saved, self._saved
        same = replace(kept, last_round=before.last_round, probes=before.probes) == before
        lately = before.last_round and kept.last_round and kept.last_round - before.last_round < SAVE_INTERVAL
        if same and lately and not told and not last:
            return
        self.store.save(kept, told, intents, now=self._world.clock().wall)
        self._saved = kept
        self._notify_complaint(memory)

    def save_history(self, before: Memory, memory: Memory, round_: Round, limits: Limits) -> None:
        """Keep for the history what a round has shown, and what was suspected and is over unsaid.

        That goes to the disk with every round, so a disk that has gone bad is said in the next one, however calm.
        """
        if quietly := find_unannounced(before, memory, round_.moment, limits):
            self.save(memory, quietly)
        self.store.remember_incidents(incident_sightings(before, memory, round_))
        self.store.save_observations(round_observations(memory, round_, limits), round_.moment.wall)
        self._notify_complaint(memory)

    def _notify_complaint(self, memory: Memory) -> None:
        now, complaint = self._world.clock(), self.store.complaint
        if complaint in {None, self._complaint} or is_held_back(
            memory, now, self._settings().limits_at(now.wall)
        ):
            return
        self._complaint = complaint
        self._world.notify(store_notification(self._settings().speech, complaint, now.wall))

    def _build_welcome(self, verdict: Verdict) -> Notification:
        speech, follow = self._settings().speech, self._settings().limits.follow
        if self._world.has_tray():
            return welcome_notification(speech, follow, icon_look(verdict))
        return welcome_without_tray(speech, follow)


def _displayed_after(kept: SavedMemory, receipt: NotificationReceipt) -> Mapping[str, DisplayedNotification]:
    """What stands on the screen once that notice does."""
    thread, gone = receipt.notification.thread, {receipt.notification.thread, *receipt.notification.ends}
    standing = {other: one for other, one in kept.standing.items() if other not in gone}
    if thread and receipt.displayed is not None:
        standing[thread] = receipt.displayed
    return dict([*standing.items()][-MAX_DISPLAYED:])


def _log_transition(transition: Transition) -> None:
    log.info(
        "%s %s: %s to %s%s",
        transition.change,
        ", ".join(transition.products),
        transition.before,
        transition.after,
        " (silent)" * transition.silent,
    )
