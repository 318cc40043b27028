"""Notifications over D-Bus as in the Desktop Notifications Specification 1.2, with clicks and replacement."""

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
"""Signs of a server that draws the body as markup: dunst 1.9 without a config file does, and names only the second."""
_ASSUMED_ABILITIES = frozenset({"body-markup"})
"""What to reckon with when a server does not say: a stray "&lt;" is ugly, foreign markup is worse."""
_NEVER_EXPIRES = 0
_DEFAULT_EXPIRY = -1
CLICK_WINDOW = 1.0
"""Seconds in which actions of one notice that it does not close between are one click.

GNOME Shell (seen in 43) tells a click once for the notice and once more for each time it was replaced: its
`_notifyForSource` (notificationDaemon.js) listens anew each time. Not needed when it listens only once.
"""
PICTURE_FILE_SERVERS = frozenset({"mako"})
"""Servers that are given a picture's file: mako 1.10 shows nothing more after a notice with pixels (emersion/mako#629)."""
_FINAL_CLOSE_REASONS = frozenset({1, 2})
"""Why a notice was closed, as the specification counts. For other reasons some servers close what was just replaced
(ErikReider/SwayNotificationCenter#54): it stands there all the same."""
_MAX_REMEMBERED = 64
"""Notices whose clicks are still followed; servers keep lists, so an old one can be clicked hours later."""


class FreedesktopNotifier:
    """The session's notification server. Clicks arrive as commands through `act`, on the bus's thread."""

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

    def show(self, notice: Notification) -> DisplayedNotification | None:
        """Show a notice in place of the last one of its thread, or of one that it ends; the others it ends are taken back."""
        try:
            # Asked each time: servers come and go, mako at times knows no such method for a moment, and one that
            # hangs is found out before it holds a notice that it would show long after it was told another way.
            abilities = self._read_abilities()
        except BusError as error:
            raise NotifyError(str(error)) from error
        request = self._build_request(notice, abilities)
        try:
            reply = self._bus.call(SERVER, PATH, SERVER, "Notify", "susssasa{sv}i", request, SHOW_TIMEOUT / 2)
            (number,) = unpack_body(reply, int)
        except NoReply as error:
            raise NotifyError(str(error), perhaps_shown=True) from error
        except BusError as error:
            raise NotifyError(str(error)) from error
        standing = DisplayedNotification(self._server_identity(), number, notice.lasting, notice.click)
        with self._lock:
            self._clicks[number] = notice.click
            for oldest in list(self._clicks)[:-_MAX_REMEMBERED]:
                del self._clicks[oldest]
            over = [one for one in map(self._displayed.pop, notice.ends, [None] * len(notice.ends)) if one]
            if notice.thread:
                self._displayed.pop(notice.thread, None)  # so that the newest are the last
                self._displayed[notice.thread] = standing
                for thread in list(self._displayed)[:-_MAX_REMEMBERED]:
                    del self._displayed[thread]
        self._close_notifications(one for one in over if one.number not in {number, request[1]})
        return standing if notice.thread and standing.server else None

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Go on where the last run ended, if the server is still the same one."""
        server = self._server_identity()
        with self._lock:
            for thread, one in standing.items():
                if server and one.server == server:
                    self._displayed.setdefault(thread, one)
                    self._clicks.setdefault(one.number, one.click)

    def withdraw(self, threads: Iterable[str]) -> None:
        """Close what lasts of these threads."""
        with self._lock:
            lasting = {
                thread: one for thread, one in self._displayed.items() if one.lasting and thread in threads
            }
            for thread in lasting:
                del self._displayed[thread]
        self._close_notifications(lasting.values())

    def close(self) -> None:
        """Close what lasts: nobody would, once its trouble is over. Forget the rest."""
        self.withdraw(tuple(self._displayed))
        self._forget_all()
        self._pictures.close()

    def _forget_all(self) -> None:
        with self._lock:
            self._clicks.clear()
            self._displayed.clear()
            self._tokens.clear()

    def _on_owner(self, owner: str) -> None:
        """A new server counts from 1 again: an old number would replace somebody else's notification."""
        self._owner, self._product = owner, ""
        self._forget_all()

    def _server_identity(self) -> str:
        """The server's name on this very bus, empty for none: on the next bus another may have the same name."""
        try:
            self._bus_id = (
                self._bus_id or unpack_body(self._bus.call(DAEMON, DAEMON_PATH, DAEMON, "GetId"), str)[0]
            )
        except BusError as error:
            log.info("the bus does not say which one it is: %s", error)
            return ""
        return f"{self._bus_id} {self._owner}" if self._owner else ""

    def _close_notifications(self, those: Iterable[DisplayedNotification]) -> None:
        """Close them, without waiting. To the owner and not to the name, for which the bus would start a server."""
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

    def _build_request(self, notice: Notification, abilities: AbstractSet[str]) -> Body:
        with self._lock:
            threads = (notice.thread, *notice.ends) if notice.thread else ()
            older = next((self._displayed[thread] for thread in threads if thread in self._displayed), None)
        body = notice.body if abilities.isdisjoint(_MARKUP_ABILITIES) else escape_markup(notice.body)
        hints: dict[str, tuple[str, object]] = {
            "urgency": ("y", _URGENCY_LEVELS[notice.urgency]),
            "category": ("s", "network.error" if notice.kind in _TROUBLE_KINDS else "network"),
            "desktop-entry": ("s", APP_ID),
        }
        if notice.look and self._needs_picture_file():
            if (file := self._pictures.file_for(notice.look)) is not None:
                hints["image-path"] = ("s", file.as_uri())
        elif notice.look:
            hints["image-data"] = ("(iiibiiay)", _picture_data(notice.look))
        expires = _NEVER_EXPIRES if notice.lasting else _DEFAULT_EXPIRY
        actions = _build_actions(notice) if "actions" in abilities else []
        replaces = older.number if older else 0
        return (APP_TITLE, replaces, "", wire_text(notice.title), wire_text(body), actions, hints, expires)

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
    """Width, height, bytes a row, has alpha, bits a sample, channels, pixels.

    As data and not as a file's name, where the server bears it: one in a sandbox sees no file of ours.
    """
    return (PICTURE_SIZE, PICTURE_SIZE, 4 * PICTURE_SIZE, True, 8, 4, draw_icon(look, PICTURE_SIZE).tobytes())


def _build_actions(notice: Notification) -> list[str]:
    """A click on the body, and beside it a button, since half of the servers only close on a click.

    The body's action has no label: xfce4-notifyd would draw it as a second button.
    """
    button = ["details", wire_text(notice.button)] if notice.button else []
    return ["default", "", *button]
