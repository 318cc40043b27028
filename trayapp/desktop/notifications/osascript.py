"""Shows notifications on macOS for a program without a bundle: in the name of Script Editor, without clicks."""

from __future__ import annotations

from subprocess import SubprocessError

from trayapp import APP_TITLE
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.command_line import run_program, safe_argument
from trayapp.model import Notification

OSASCRIPT = "/usr/bin/osascript"
SCRIPT = ("on run argv", "display notification (item 3 of argv) with title (item 2 of argv)", "end run")
"""The texts are passed as arguments: inside the script they could run any AppleScript, also `do shell script`."""


class OsascriptNotifier:
    """Shows notifications through osascript(1)."""

    def show(self, notification: Notification) -> None:
        """Show a notification. Raises NotifyError."""
        lines = [word for line in SCRIPT for word in ("-e", line)]
        # The first argument that is no option ends the options, so no text is taken for one.
        words = (APP_TITLE, safe_argument(notification.title), safe_argument(notification.body))
        try:
            run_program([OSASCRIPT, *lines, *words])
        except (OSError, SubprocessError) as error:
            raise NotifyError(f"osascript: {error}") from error

    def close(self) -> None:
        """Do nothing: nothing is kept."""
