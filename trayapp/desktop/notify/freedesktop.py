"""Notifications over D-Bus as in the Desktop Notifications Specification 1.2, with clicks and replacement."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from trayapp.desktop.bus import Body, Bus, BusError, NoReply, texts, unpacked, wire_text
from trayapp.desktop.icon import draw
from trayapp.desktop.notify.base import APP_NAME, LIMIT, NotifyError, escaped
from trayapp.model import Command, Look, Notice, NoticeKind, Urgency

log = logging.getLogger(__name__)

SERVER = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
DESKTOP_ENTRY = "openai-status-tray"

_URGENCY = {Urgency.LOW: 0, Urgency.NORMAL: 1, Urgency.CRITICAL: 2}
_TROUBLE = {NoticeKind.START, NoticeKind.WORSE, NoticeKind.UNSTABLE, NoticeKind.TROUBLE}
_MARKUP = {"body-markup", "body-hyperlinks", "body-images"}
"""Signs of a server that draws the body as markup: dunst 1.9 without a config file does, and names only the second."""
_UNKNOWN = frozenset({"body-markup"})
"""What to reckon with when a server does not say: a stray "&lt;" is ugly, foreign markup is worse."""
_NEVER = 0
_AS_THE_SERVER_LIKES = -1
ONE_CLICK = 1.0
"""Seconds in which actions of one notice that it does not close between are one click.

GNOME Shell (seen in 43) tells a click once for the notice and once more for each time it was replaced: its
`_notifyForSource` (notificationDaemon.js) listens anew each time. Not needed when it listens only once.
"""
_PICTURE = 48
"""Pixels; the panel's largest too, so that nothing is drawn for it alone."""
_REMEMBERED = 64
"""Notices whose clicks are still followed; servers keep lists, so an old one can be clicked hours later."""


class Freedesktop:
    """The session's notification server. Clicks arrive as commands through `act`, on the bus's thread."""

    def __init__(self, bus: Bus, act: Callable[[Command], None]) -> None:
        self._bus = bus
        self._act = act
        self._lock = threading.Lock()
        self._clicks: dict[int, Command] = {}
        self._numbers: dict[str, int] = {}
        self._tokens: dict[int, str] = {}
        self._clicked = (0, 0.0)
        bus.on_signal(SERVER, "ActivationToken", self._on_token, sender=SERVER, path=PATH, begins="us")
        bus.on_signal(SERVER, "ActionInvoked", self._on_action, sender=SERVER, path=PATH, begins="u")
        bus.on_signal(SERVER, "NotificationClosed", self._on_closed, sender=SERVER, path=PATH, begins="u")
        # A new server counts from 1 again: an old number would replace somebody else's notification.
        bus.watch_name(SERVER, lambda _owner: self.close())

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the last one of its thread."""
        try:
            # Asked each time: servers come and go, mako at times knows no such method for a moment, and one that
            # hangs is found out before it holds a notice that it would show long after it was told another way.
            abilities = self._abilities()
        except BusError as error:
            raise NotifyError(str(error)) from error
        request = self._request(notice, abilities)
        try:
            reply = self._bus.call(SERVER, PATH, SERVER, "Notify", "susssasa{sv}i", request, LIMIT / 2)
            (number,) = unpacked(reply, int)
        except NoReply as error:
            raise NotifyError(str(error), perhaps_shown=True) from error
        except BusError as error:
            raise NotifyError(str(error)) from error
        with self._lock:
            self._clicks[number] = notice.click
            self._numbers[notice.thread] = number
            for oldest in list(self._clicks)[:-_REMEMBERED]:
                del self._clicks[oldest]

    def close(self) -> None:
        """Forget all that was shown."""
        with self._lock:
            self._clicks.clear()
            self._numbers.clear()
            self._tokens.clear()

    def _abilities(self) -> AbstractSet[str]:
        try:
            reply = self._bus.call(SERVER, PATH, SERVER, "GetCapabilities", timeout=LIMIT / 2)
            (abilities,) = unpacked(reply, list)
        except BusError as error:
            if error.name != "org.freedesktop.DBus.Error.UnknownMethod":
                raise
            return _UNKNOWN
        return texts(abilities)

    def _request(self, notice: Notice, abilities: AbstractSet[str]) -> Body:
        with self._lock:
            replaces = self._numbers.get(notice.thread, 0) if notice.thread else 0
        body = notice.body if abilities.isdisjoint(_MARKUP) else escaped(notice.body)
        hints: dict[str, tuple[str, object]] = {
            "urgency": ("y", _URGENCY[notice.urgency]),
            "category": ("s", "network.error" if notice.kind in _TROUBLE else "network"),
            "desktop-entry": ("s", DESKTOP_ENTRY),
        }
        if notice.look:
            hints["image-data"] = ("(iiibiiay)", _picture(notice.look))
        expires = _NEVER if notice.lasting else _AS_THE_SERVER_LIKES
        actions = _actions(notice) if "actions" in abilities else []
        return (APP_NAME, replaces, "", wire_text(notice.title), wire_text(body), actions, hints, expires)

    def _on_token(self, _sender: str, body: Body) -> None:
        number, token = body[:2]
        with self._lock:
            if number in self._clicks:
                self._tokens[number] = token

    def _on_action(self, _sender: str, body: Body) -> None:
        number, now = body[0], time.monotonic()
        with self._lock:
            click = self._clicks.get(number)
            token = self._tokens.pop(number, "")
            if click is None:  # another program's, or from before the server's restart
                return
            before, self._clicked = self._clicked, (number, now)
        if before[0] != number or now - before[1] >= ONE_CLICK:
            self._act(replace(click, token=token))

    def _on_closed(self, _sender: str, body: Body) -> None:
        # The click stays known: notification-daemon reports clicks on numbers that it closed before.
        with self._lock:
            self._clicked = (0, 0.0)
            self._tokens.pop(body[0], None)
            self._numbers = {thread: number for thread, number in self._numbers.items() if number != body[0]}


def _picture(look: Look) -> Body:
    """Width, height, bytes a row, has alpha, bits a sample, channels, pixels.

    As data and not as a file's name: a server in a sandbox sees no file of ours, and none can be left behind.
    """
    return (_PICTURE, _PICTURE, 4 * _PICTURE, True, 8, 4, draw(look, _PICTURE).tobytes())


def _actions(notice: Notice) -> list[str]:
    """A click on the body, and beside it a button, since half of the servers only close on a click.

    The body's action has no label: xfce4-notifyd would draw it as a second button.
    """
    button = ["details", wire_text(notice.button)] if notice.button else []
    return ["default", "", *button]
