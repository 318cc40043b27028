"""Saves the memory, then notifies: a crash in between neither repeats a notification nor loses an outage."""

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
    RoundTerms,
    SavedMemory,
    State,
    StoreComplaint,
    Transition,
    Verdict,
)
from trayapp.store.codec import CodecError, from_json, to_json

log = logging.getLogger(__name__)

SAVE_INTERVAL = timedelta(minutes=15)
"""How often memory is written when nothing in it changed but counts."""
PAUSING_FINDINGS = frozenset({AnswerFinding.KEY_REFUSED, AnswerFinding.NO_CREDIT, AnswerFinding.NO_MODEL})
"""Findings that pause the check with the key until the person has solved the problem."""
SOON_SECONDS = 3600.0
"""A check with the key that may be repeated within this many seconds does not count as paused."""
MAX_DISPLAYED = 16
"""Number of displayed notifications that are remembered; older ones are forgotten."""


class Ledger:
    """Writes the memory to the store and hands notifications over. Used only on the poller's thread."""

    def __init__(self, ports: PollerPorts, settings: Callable[[], PollerSettings]) -> None:
        self._ports = ports
        self._settings = settings
        self.store = ports.open_store()
        self._saved = self.store.last_saved()
        self._complaint: StoreComplaint | None = None

    def load_memory(self) -> Memory:
        """Return the memory of a program that has just started: what was saved, for the products followed now."""
        return Memory(saved=keep_followed(self._saved, self._settings().limits.follow))

    def recall_crowd(self, memory: Memory) -> Memory:
        """Add what was saved of other people's reports, once they are asked for."""
        if memory.crowd is not None or not self._settings().limits.crowd:
            return memory
        from trayapp.core.crowd.votes import CrowdMemory  # loaded late: few people ask for it

        try:
            known = from_json(CrowdMemory, self._saved.crowd) if self._saved.crowd else CrowdMemory()
        except CodecError as error:
            log.warning("what was known of other people's reports is lost: %s", error)
            known = CrowdMemory()
        return replace(memory, crowd=known)

    def send_unfinished(self) -> None:
        """Send the notifications that the last run saved but did not show; they replace what it left on the screen."""
        self._ports.restore_displayed(self._saved.standing)
        for unfinished in self.store.unfinished_intents(self._ports.clock().wall):
            self._ports.notify(unfinished)

    def save_and_notify(self, memory: Memory, transitions: Sequence[Transition], verdict: Verdict) -> Memory:
        """Save, then notify. What must arrive is saved as an intent, so that the next run sends it after a crash."""
        speech = self._settings().speech
        notifications = [build_notification(speech, t, verdict) for t in transitions if not t.silent]
        if not memory.saved.welcomed:
            notifications.insert(0, self._build_welcome(verdict))
            memory = replace(memory, saved=replace(memory.saved, welcomed=True))
        memory, key_notifications = self._key_notifications(memory, verdict)
        notifications += key_notifications
        memory, crowd_notifications = self._crowd_notifications(memory, verdict)
        notifications += crowd_notifications
        self.save(memory, transitions, [n for n in notifications if n.must_arrive])
        for one in notifications:
            self._ports.notify(one)
        for transition in transitions:
            _log_transition(transition)
            self._ports.report_transition(transition)
        return self._withdraw_outdated(memory)

    def _key_notifications(self, memory: Memory, verdict: Verdict) -> tuple[Memory, list[Notification]]:
        """Notify once that the check with the key is paused, and again only after a complete answer came in between."""
        check, last_finding = verdict.key_check, memory.saved.key_trouble
        if check is None:
            return memory, []
        soon = check.retry_after is not None and check.retry_after < SOON_SECONDS
        is_paused = check.finding in PAUSING_FINDINGS and not soon
        if check.finding is last_finding or not (is_paused or check.finding is AnswerFinding.WHOLE):
            return memory, []
        now, speech = self._ports.clock().wall, self._settings().speech
        notifications = [key_notification(speech, check.finding, now)] if is_paused and check.finding else []
        finding = check.finding if is_paused else None
        return replace(memory, saved=replace(memory.saved, key_trouble=finding)), notifications

    def _crowd_notifications(self, memory: Memory, verdict: Verdict) -> tuple[Memory, list[Notification]]:
        """Notify many reports of other people by themselves, if the person wants that."""
        settings, now = self._settings(), self._ports.clock()
        if memory.crowd is None or not settings.limits.crowd_notify:
            return memory, []
        from trayapp.core.alerts.crowd_alert import (
            record_crowd_notification,  # loaded late: few people ask for it
        )
        from trayapp.core.wording.crowd_notification import crowd_notification

        told = record_crowd_notification(memory, verdict, RoundTerms(now, settings.limits_at(now.wall)))
        return (memory, []) if told is None else (told, [crowd_notification(settings.speech, verdict)])

    def record_shown(self, memory: Memory, receipt: NotificationReceipt) -> Memory:
        """Note that a notification was shown, and which ones are on the screen now."""
        self.store.finish_intent(receipt.notification.id)
        return self._save_displayed(memory, _displayed_after(memory.saved, receipt))

    def _withdraw_outdated(self, memory: Memory) -> Memory:
        """Remove permanent notifications of trouble that is over or no longer followed, notified or not."""
        kept = memory.saved
        threads = {
            product.thread for product in kept.products.values() if product.told is not State.OPERATIONAL
        }
        over = [thread for thread, one in kept.standing.items() if one.lasting and thread not in threads]
        if over:
            self._ports.withdraw(over)
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
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        last: bool = False,
    ) -> None:
        """Save the memory if it has changed. A disk fault is notified once, when notifications are not held back."""
        kept, before = memory.saved, self._saved
        counts = replace(
            before, last_round=kept.last_round, last_reading=kept.last_reading, probes=kept.probes
        )
        same = replace(counts, crowd=kept.crowd) == kept
        lately = before.last_round and kept.last_round and kept.last_round - before.last_round < SAVE_INTERVAL
        if same and lately and not transitions and not last:
            return
        # Memory that was made anew, as for other addresses, has none until the next round.
        kept = replace(kept, crowd=to_json(memory.crowd) if memory.crowd is not None else before.crowd)
        self.store.save(kept, transitions, intents, now=self._ports.clock().wall)
        self._saved = kept
        self._notify_complaint(memory)

    def save_history(self, before: Memory, memory: Memory, round_: Round, limits: Limits) -> None:
        """Save a round's observations for the history, and suspicions that ended without a notification.

        This writes in every round, so that a bad disk is noticed at the next round even on a calm day.
        """
        if quietly := find_unannounced(before, memory, RoundTerms(round_.moment, limits)):
            self.save(memory, quietly)
        self.store.remember_incidents(incident_sightings(before, memory, round_))
        self.store.save_observations(round_observations(memory, round_, limits), round_.moment.wall)
        self._notify_complaint(memory)

    def _notify_complaint(self, memory: Memory) -> None:
        now, complaint = self._ports.clock(), self.store.complaint
        if complaint in {None, self._complaint} or is_held_back(
            memory, RoundTerms(now, self._settings().limits_at(now.wall))
        ):
            return
        self._complaint = complaint
        self._ports.notify(store_notification(self._settings().speech, complaint, now.wall))

    def _build_welcome(self, verdict: Verdict) -> Notification:
        speech, follow = self._settings().speech, self._settings().limits.follow
        if self._ports.has_tray():
            return welcome_notification(speech, follow, icon_look(verdict))
        return welcome_without_tray(speech, follow)


def _displayed_after(kept: SavedMemory, receipt: NotificationReceipt) -> Mapping[str, DisplayedNotification]:
    """Return the notifications on the screen once the one in the receipt is shown, by thread."""
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
