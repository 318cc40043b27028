"""What the menu offers beside settings: the status for the clipboard, and a notification to see whether it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from trayapp import __version__
from trayapp.app.live_settings import Preferences
from trayapp.app.upgrade import Gone
from trayapp.core.wording import program_notifications
from trayapp.engine.ports import Settings
from trayapp.i18n.translator import Speech
from trayapp.model import Act, Command, Notice, Verdict

log = logging.getLogger(__name__)

PROGRAM = f"openai-status-tray {__version__}"


class Deeds:
    """Implements the poller's `Preferences`: these two, and the settings themselves. Belongs to its thread."""

    def __init__(
        self,
        preferences: Preferences,
        tell: Callable[[Notice], None],
        verdict: Callable[[], Verdict | None],
        now: Callable[[], datetime],
    ) -> None:
        self._preferences = preferences
        self._tell = tell
        self._verdict = verdict
        self._now = now

    def now(self) -> Settings:
        """See `Preferences`."""
        return self._preferences.now()

    def do(self, command: Command) -> str | None:
        """See `Preferences`. A test that nobody can show is said in the menu, as of every notification."""
        speech = self._preferences.now().speech
        if command.act is Act.TEST:
            self._tell(program_notifications.test(speech, self._now()))
            return ""
        if command.act is Act.COPY:
            return self._copied(speech)
        return self._preferences.do(command)

    def _copied(self, speech: Speech) -> str:
        """Why it could not be; empty when it was."""
        verdict = self._verdict()
        if verdict is None:
            return speech.say("Nothing is known yet")
        try:
            with self._preferences.upgrade.loading():
                from trayapp.core.wording.share_text import status_text
                from trayapp.desktop.clipboard import NoClipboard, copy
        except Gone:
            return speech.say("The program was updated while it ran; restart it to finish.")
        try:
            copy(status_text(speech, verdict, PROGRAM))
        except NoClipboard as error:
            log.warning("nothing was copied: %s", error)
            command = "openai-status-tray status"
            return speech.say(
                "Nothing here takes the text (on Wayland install wl-clipboard); {command} prints it",
                command=command,
            )
        return ""
