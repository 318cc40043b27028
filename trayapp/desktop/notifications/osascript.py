"""Notifications on macOS for a program without a bundle: shown in the name of Script Editor, without clicks."""

from __future__ import annotations

from subprocess import SubprocessError

from trayapp import APP_TITLE
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.command_line import run_program, safe_argument
from trayapp.model import Notification

OSASCRIPT = "/usr/bin/osascript"
SCRIPT = ("on run argv", "display notification (item 3 of argv) with title (item 2 of argv)", "end run")
"""The texts are its arguments: within it they could say anything to AppleScript, `do shell script` included."""


class OsascriptNotifier:
    """Shows notices through osascript(1)."""

    def show(self, notice: Notification) -> None:
        """Show a notice."""
        lines = [word for line in SCRIPT for word in ("-e", line)]
        # The first word that is no option ends the options, so that none of the texts is taken for one.
        words = (APP_TITLE, safe_argument(notice.title), safe_argument(notice.body))
        try:
            run_program([OSASCRIPT, *lines, *words])
        except (OSError, SubprocessError) as error:
            raise NotifyError(f"osascript: {error}") from error

    def close(self) -> None:
        """Nothing is kept that could be let go."""
