"""Shows notifications through plyer where no notification server answers; without clicks or replacement."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
import threading
import warnings
from types import SimpleNamespace
from typing import Any

from trayapp import APP_TITLE
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError, escape_markup
from trayapp.desktop.notifications.command_line import run_program, safe_argument
from trayapp.model import Notification

log = logging.getLogger(__name__)

# plyer 2.1.0 puts both texts between apostrophes of a command inside Flatpak, and notify-send takes a backslash for
# the start of an escape (plyer/platforms/linux/notification.py: NotifyDesktopPortals, NotifySendNotification).
_LOOKALIKES = str.maketrans({"'": "\N{RIGHT SINGLE QUOTATION MARK}", "\\": "\N{FULLWIDTH REVERSE SOLIDUS}"})


class PlyerNotifier:
    """Shows each notification through plyer on a daemon thread, which is abandoned when it does not return."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def show(self, notification: Notification) -> None:
        """Show a notification. Raises NotifyError, also while an earlier call has not returned."""
        if self._thread and self._thread.is_alive():
            raise NotifyError("plyer has not come back from an earlier notification")
        self._thread = threading.Thread(
            target=self._notify_by_plyer, args=(notification,), name="plyer", daemon=True
        )
        self._thread.start()
        self._thread.join(SHOW_TIMEOUT)
        if self._thread.is_alive():
            raise NotifyError(f"plyer did not come back within {SHOW_TIMEOUT:g} s")
        if self._error:
            raise NotifyError(f"plyer: {self._error!r}") from self._error

    def close(self) -> None:
        """Do nothing: nothing is kept."""

    def _notify_by_plyer(self, notification: Notification) -> None:
        self._error = None
        try:
            _load_backend().notify(
                title=safe_argument(notification.title).translate(_LOOKALIKES),
                message=safe_argument(_body_text(notification)).translate(_LOOKALIKES),
                app_name=APP_TITLE,
            )
        except Exception as error:  # noqa: BLE001 - each of plyer's back ends raises its own kinds
            self._error = error


def _body_text(notification: Notification) -> str:
    """Escape the body on Linux, whose servers draw it as markup; other systems draw it literally."""
    return escape_markup(notification.body) if sys.platform == "linux" else notification.body


def _load_backend() -> Any:
    """Import plyer's back end for this system.

    `plyer.notification` is avoided: on a failed import it prints a traceback to stderr and then does nothing.
    """
    platform = importlib.import_module("plyer.utils").platform
    module: Any = importlib.import_module(f"plyer.platforms.{platform}.notification")
    if sys.platform == "linux":
        warnings.filterwarnings(
            "ignore", module=r"plyer\."
        )  # a missing dbus-python does not concern the person
        # plyer 2.1.0 drops notify-send's exit status and sets it no time limit; drop this when its
        # NotifySendNotification does more than `subprocess.call`.
        module.subprocess = SimpleNamespace(**{**vars(subprocess), "call": run_program})
    return module.instance()
