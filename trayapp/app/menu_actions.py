"""Carries out menu items that are no settings: copying the status, and sending a test notification."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from trayapp import APP_ID, PROGRAM_VERSION
from trayapp.app.live_settings import LiveSettings
from trayapp.app.upgrade import ProgramReplacedError
from trayapp.core.wording import program_notifications
from trayapp.engine.ports import PollerSettings
from trayapp.i18n.translator import Translator
from trayapp.model import Action, Command, Notification, Verdict

log = logging.getLogger(__name__)


class MenuActions:
    """The poller's `PreferencesPort`: handles these two items, passes on the rest. Used only on the poller's thread."""

    def __init__(
        self,
        preferences: LiveSettings,
        notify: Callable[[Notification], None],
        verdict: Callable[[], Verdict | None],
        now: Callable[[], datetime],
    ) -> None:
        self._preferences = preferences
        self._notify = notify
        self._verdict = verdict
        self._now = now

    def current_settings(self) -> PollerSettings:
        """See `PreferencesPort`."""
        return self._preferences.current_settings()

    def run_command(self, command: Command) -> str | None:
        """See `PreferencesPort`. The menu says when the test notification cannot be shown, as for any notification."""
        speech = self._preferences.current_settings().speech
        if command.act is Action.TEST:
            self._notify(program_notifications.sample_notification(speech, self._now()))
            return ""
        if command.act is Action.COPY:
            return self._copy_status(speech)
        return self._preferences.run_command(command)

    def _copy_status(self, speech: Translator) -> str:
        """Copy the status to the clipboard. Return the reason if that failed, else ""."""
        verdict = self._verdict()
        if verdict is None:
            return speech.say("Nothing is known yet")
        try:
            with self._preferences.upgrade.guard_loading():
                from trayapp.core.wording.share_text import status_text
                from trayapp.desktop.clipboard import ClipboardError, copy_text
        except ProgramReplacedError:
            return speech.say("The program was updated while it ran; restart it to finish.")
        try:
            copy_text(status_text(speech, verdict, PROGRAM_VERSION))
        except ClipboardError as error:
            log.warning("nothing was copied: %s", error)
            command = f"{APP_ID} status"
            return speech.say(
                "Nothing here takes the text (on Wayland install wl-clipboard); {command} prints it",
                command=command,
            )
        return ""
