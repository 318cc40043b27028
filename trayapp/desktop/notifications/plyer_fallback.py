"""plyer, where no notification server could be spoken to: it knows many systems, but neither clicks nor replacement."""

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

# plyer 2.1.0 pastes both texts between apostrophes of a command inside Flatpak, and notify-send takes a backslash
# for the start of an escape (plyer/platforms/linux/notification.py: NotifyDesktopPortals, NotifySendNotification).
_LOOKALIKES = str.maketrans({"'": "\N{RIGHT SINGLE QUOTATION MARK}", "\\": "\N{FULLWIDTH REVERSE SOLIDUS}"})


class PlyerNotifier:
    """Shows notices through plyer; each on a thread that is left behind when it does not return."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def show(self, notice: Notification) -> None:
        """Show a notice."""
        if self._thread and self._thread.is_alive():
            raise NotifyError("plyer has not come back from an earlier notice")
        self._thread = threading.Thread(
            target=self._notify_by_plyer, args=(notice,), name="plyer", daemon=True
        )
        self._thread.start()
        self._thread.join(SHOW_TIMEOUT)
        if self._thread.is_alive():
            raise NotifyError(f"plyer did not come back within {SHOW_TIMEOUT:g} s")
        if self._error:
            raise NotifyError(f"plyer: {self._error!r}") from self._error

    def close(self) -> None:
        """Nothing is kept that could be let go."""

    def _notify_by_plyer(self, notice: Notification) -> None:
        self._error = None
        try:
            _load_backend().notify(
                title=safe_argument(notice.title).translate(_LOOKALIKES),
                message=safe_argument(_body_text(notice)).translate(_LOOKALIKES),
                app_name=APP_TITLE,
            )
        except Exception as error:  # noqa: BLE001 - each of plyer's back ends raises its own kinds
            self._error = error


def _body_text(notice: Notification) -> str:
    """Servers on Linux draw the body as markup; the other systems draw it as it is."""
    return escape_markup(notice.body) if sys.platform == "linux" else notice.body


def _load_backend() -> Any:
    """The part of plyer that speaks to this system.

    Not `plyer.notification`: on a failed import that prints a traceback to stderr and then does nothing at all.
    """
    platform = importlib.import_module("plyer.utils").platform
    module: Any = importlib.import_module(f"plyer.platforms.{platform}.notification")
    if sys.platform == "linux":
        warnings.filterwarnings(
            "ignore", module=r"plyer\."
        )  # that dbus-python is missing is no news to a person
        # plyer 2.1.0 drops notify-send's exit status and sets it no limit; this can go when its
        # NotifySendNotification does more than `subprocess.call`.
        module.subprocess = SimpleNamespace(**{**vars(subprocess), "call": run_program})
    return module.instance()
