"""Shows notifications over D-Bus by the Desktop Notifications Specification 1.2, with clicks and replacement."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.dbus.bus import (
    DAEMON,
    DAEMON_PATH,
    Body,
    Bus,
    BusError,
    NoReply,
    select_texts,
    unpack_body,
    wire_text,
)
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError, escape_markup
from trayapp.desktop.notifications.picture_files import PICTURE_SIZE, PictureFiles
from trayapp.model import Command, DisplayedNotification, Look, Notification, NotificationKind, Urgency

log = logging.getLogger(__name__)

SERVER = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

_URGENCY_LEVELS = {Urgency.LOW: 0, Urgency.NORMAL: 1, Urgency.CRITICAL: 2}
_TROUBLE_KINDS = {
    NotificationKind.START,
    NotificationKind.WORSE,
    NotificationKind.UNSTABLE,
    NotificationKind.PROGRAM_TROUBLE,
}
_MARKUP_ABILITIES = {"body-markup", "body-hyperlinks", "body-images"}
"""Capabilities of a server that draws the body as markup; dunst 1.9 without a config file names only the second."""
_ASSUMED_ABILITIES = frozenset({"body-markup"})
"""Capabilities assumed when a server does not say: a stray "&lt;" is ugly, foreign markup is worse."""
_NEVER_EXPIRES = 0
_DEFAULT_EXPIRY = -1
CLICK_WINDOW = 1.0
"""Seconds within which several actions of one notification count as one click, unless it was closed between them.

GNOME Shell (seen in 43) reports a click once for the notification and once more for each replacement: its
`_notifyForSource` (notificationDaemon.js) connects a listener each time. Drop this when it connects only once.
"""
PICTURE_FILE_SERVERS = frozenset({"mako"})
"""Servers that get a picture as a file: mako 1.10 shows nothing more after one with pixels (emersion/mako#629)."""
_FINAL_CLOSE_REASONS = frozenset({1, 2})
"""The specification's reasons after which a notification is gone: expired, dismissed. With other reasons some servers
report one that was just replaced and is still shown (ErikReider/SwayNotificationCenter#54)."""
_MAX_REMEMBERED = 64
"""How many notifications keep a click that works; servers keep lists, so an old one can be clicked hours later."""


class FreedesktopNotifier:
    """Shows notifications by the session's server. Clicks arrive as commands through `act`, on the bus thread."""

    def __init__(self, bus: Bus, act: Callable[[Command], None], folder: Path) -> None:
        self._bus = bus
        self._act = act
        self._lock = threading.Lock()
        self._pictures = PictureFiles(folder)
        self._bus_id = self._owner = self._product = ""
        self._clicks: dict[int, Command] = {}
        self._displayed: dict[str, DisplayedNotification] = {}
        self._tokens: dict[int, str] = {}
        self._clicked = (0, 0.0)
        bus.on_signal(SERVER, "ActivationToken", self._on_token, sender=SERVER, path=PATH, begins="us")
        bus.on_signal(SERVER, "ActionInvoked", self._on_action, sender=SERVER, path=PATH, begins="us")
        bus.on_signal(SERVER, "NotificationClosed", self._on_closed, sender=SERVER, path=PATH, begins="uu")
        bus.watch_name(SERVER, self._on_owner)

    def show(self, notification: Notification) -> DisplayedNotification | None:
        """Show a notification in place of its thread's last one, or of one that it ends; withdraw the others it ends."""
        try:
            # Asked each time: servers come and go, mako at times lacks the method for a moment, and a server that hangs
            # is found out before it gets a notification that it would show long after another notifier did.
            abilities = self._read_abilities()
        except BusError as error:
            raise NotifyError(str(error)) from error
        request = self._build_request(notification, abilities)
        try:
            reply = self._bus.call(SERVER, PATH, SERVER, "Notify", "susssasa{sv}i", request, SHOW_TIMEOUT / 2)
            (number,) = unpack_body(reply, int)
        except NoReply as error:
            raise NotifyError(str(error), perhaps_shown=True) from error
        except BusError as error:
            raise NotifyError(str(error)) from error
        standing = DisplayedNotification(
            self._server_identity(), number, notification.lasting, notification.click
        )
        with self._lock:
            self._clicks[number] = notification.click
            for oldest in list(self._clicks)[:-_MAX_REMEMBERED]:
                del self._clicks[oldest]
            over = [
                one
                for one in map(self._displayed.pop, notification.ends, [None] * len(notification.ends))
                if one
            ]
            if notification.thread:
                self._displayed.pop(notification.thread, None)  # so that the newest are the last
                self._displayed[notification.thread] = standing
                for thread in list(self._displayed)[:-_MAX_REMEMBERED]:
                    del self._displayed[thread]
        self._close_notifications(one for one in over if one.number not in {number, request[1]})
        return standing if notification.thread and standing.server else None

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Take over the last run's notifications, if the server is still the same one."""
        server = self._server_identity()
        with self._lock:
            for thread, one in standing.items():
                if server and one.server == server:
                    self._displayed.setdefault(thread, one)
                    self._clicks.setdefault(one.number, one.click)

    def withdraw(self, threads: Iterable[str]) -> None:
        """Close the lasting notifications of these threads."""
        with self._lock:
            lasting = {
                thread: one for thread, one in self._displayed.items() if one.lasting and thread in threads
            }
            for thread in lasting:
                del self._displayed[thread]
        self._close_notifications(lasting.values())

    def close(self) -> None:
        """Close lasting notifications, since nobody would once their incident is over, and forget the others."""
        self.withdraw(tuple(self._displayed))
        self._forget_all()
        self._pictures.close()

    def _forget_all(self) -> None:
        with self._lock:
            self._clicks.clear()
            self._displayed.clear()
            self._tokens.clear()

    def _on_owner(self, owner: str) -> None:
        """Forget all numbers of the old server: a new one counts from 1, and an old number may be another program's."""
        self._owner, self._product = owner, ""
        self._forget_all()

    def _server_identity(self) -> str:
        """Read the bus's id and the server's unique name, which other buses use too; "" without a server."""
        try:
            self._bus_id = (
                self._bus_id or unpack_body(self._bus.call(DAEMON, DAEMON_PATH, DAEMON, "GetId"), str)[0]
            )
        except BusError as error:
            log.info("the bus does not say which one it is: %s", error)
            return ""
        return f"{self._bus_id} {self._owner}" if self._owner else ""

    def _close_notifications(self, those: Iterable[DisplayedNotification]) -> None:
        """Close these without waiting. Calls go to the owner, since the well-known name would start a server."""
        for one in those:
            body = (one.number,)
            self._bus.call_async(
                self._owner, PATH, SERVER, "CloseNotification", "u", body, lambda _reply: None
            )

    def _read_abilities(self) -> AbstractSet[str]:
        try:
            reply = self._bus.call(SERVER, PATH, SERVER, "GetCapabilities", timeout=SHOW_TIMEOUT / 2)
            (abilities,) = unpack_body(reply, list)
        except BusError as error:
            if error.name != "org.freedesktop.DBus.Error.UnknownMethod":
                raise
            return _ASSUMED_ABILITIES
        return select_texts(abilities)

    def _needs_picture_file(self) -> bool:
        try:
            self._product = self._product or self._read_product()
        except BusError as error:
            log.debug("the notification server does not say which one it is: %s", error)
        return self._product in PICTURE_FILE_SERVERS

    def _read_product(self) -> str:
        reply = self._bus.call(SERVER, PATH, SERVER, "GetServerInformation", timeout=SHOW_TIMEOUT / 4)
        return str(unpack_body(reply, str, str, str, str)[0])

    def _build_request(self, notification: Notification, abilities: AbstractSet[str]) -> Body:
        with self._lock:
            threads = (notification.thread, *notification.ends) if notification.thread else ()
            older = next((self._displayed[thread] for thread in threads if thread in self._displayed), None)
        body = (
            notification.body if abilities.isdisjoint(_MARKUP_ABILITIES) else escape_markup(notification.body)
        )
        hints: dict[str, tuple[str, object]] = {
            "urgency": ("y", _URGENCY_LEVELS[notification.urgency]),
            "category": ("s", "network.error" if notification.kind in _TROUBLE_KINDS else "network"),
            "desktop-entry": ("s", APP_ID),
        }
        if notification.look and self._needs_picture_file():
            if (file := self._pictures.file_for(notification.look)) is not None:
                hints["image-path"] = ("s", file.as_uri())
        elif notification.look:
            hints["image-data"] = ("(iiibiiay)", _picture_data(notification.look))
        expires = _NEVER_EXPIRES if notification.lasting else _DEFAULT_EXPIRY
        actions = _build_actions(notification) if "actions" in abilities else []
        replaces = older.number if older else 0
        return (
            APP_TITLE,
            replaces,
            "",
            wire_text(notification.title),
            wire_text(body),
            actions,
            hints,
            expires,
        )

    def _on_token(self, _sender: str, body: Body) -> None:
        number, token = body
        with self._lock:
            if number in self._clicks:
                self._tokens[number] = token

    def _on_action(self, _sender: str, body: Body) -> None:
        (number, _key), now = body, time.monotonic()
        with self._lock:
            click = self._clicks.get(number)
            token = self._tokens.pop(number, "")
            if click is None:  # another program's, or from before the server's restart
                return
            before, self._clicked = self._clicked, (number, now)
        if before[0] != number or now - before[1] >= CLICK_WINDOW:
            self._act(replace(click, token=token))

    def _on_closed(self, _sender: str, body: Body) -> None:
        # The click stays known: notification-daemon reports clicks on numbers that it closed before.
        with self._lock:
            self._clicked = (0, 0.0)
            self._tokens.pop(body[0], None)
            if body[1] in _FINAL_CLOSE_REASONS:
                self._displayed = {
                    thread: one for thread, one in self._displayed.items() if one.number != body[0]
                }


def _picture_data(look: Look) -> Body:
    """Build `image-data`: width, height, bytes a row, has alpha, bits a sample, channels, pixels.

    Pixels are preferred to a file's name, because a server in a sandbox cannot read the program's files.
    """
    return (PICTURE_SIZE, PICTURE_SIZE, 4 * PICTURE_SIZE, True, 8, 4, draw_icon(look, PICTURE_SIZE).tobytes())


def _build_actions(notification: Notification) -> list[str]:
    """Build the actions: a click on the body, and a button, since half of the servers only close on a click.

    The body's action has no label, which xfce4-notifyd would draw as a second button.
    """
    button = ["details", wire_text(notification.button)] if notification.button else []
    return ["default", "", *button]
