"""Which ways of showing notifications there are on this system, the best first."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from trayapp.desktop.notifications.base import Notifier
from trayapp.desktop.notifications.plyer_fallback import PlyerNotifier
from trayapp.desktop.tray.base import ShowsBalloons, Tray
from trayapp.model import Command

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus


def choose_notifiers(
    bus: Bus | None, act: Callable[[Command], None], tray: Tray | None, folder: Path
) -> tuple[Notifier, ...]:
    """The session's notification server where there is a bus; the tray's own balloons, where it has them; else plyer.

    Where the shell takes no balloon of ours it takes none of plyer's, which would not say so (plyer 2.1.0, platforms/win). On macOS its notification centre where it knows the program, and osascript. There plyer has only what macOS itself
    has given up, through a library that nothing else needs (plyer 2.1.0, NSUserNotification and pyobjus). `folder` is for
    pictures, while they are shown.
    """
    if sys.platform == "darwin":
        return _macos_notifiers(act)
    if isinstance(tray, ShowsBalloons):
        from trayapp.desktop.notifications.balloon import BalloonNotifier

        return (BalloonNotifier(tray, act),)
    if bus is None:
        return (PlyerNotifier(),)
    from trayapp.desktop.notifications.freedesktop import FreedesktopNotifier

    return FreedesktopNotifier(bus, act, folder), PlyerNotifier()


def _macos_notifiers(act: Callable[[Command], None]) -> tuple[Notifier, ...]:
    from trayapp.desktop.notifications.osascript import OsascriptNotifier
    from trayapp.desktop.notifications.user_notifications import UserNotifications, is_in_bundle

    return (UserNotifications(act), OsascriptNotifier()) if is_in_bundle() else (OsascriptNotifier(),)
