"""Notices as balloons of the tray's icon: their looks, their clicks, and who makes room for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from trayapp.desktop.notifications.balloon import BalloonNotifier
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.tray.base import Balloon, BalloonSeverity
from trayapp.model import Action, Command, Look, Notification, NotificationKind, State, Urgency

CLICK = Command(Action.OPEN_INCIDENT, "inc-1")
LONG = 600.0
"""Seconds that no test waits through."""


class Icon:
    """Stands in for a tray, which only Windows has: it keeps what hangs on it and can be clicked."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes = takes
        self.shown: list[Balloon] = []
        self.ended: Callable[[bool], None] = print

    def show_balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """Take it, or not."""
        assert 0 < limit <= 5
        if self.takes:
            self.shown.append(balloon)
            self.ended = ended
        return self.takes


def notice(
    number: int = 1, *, thread: str = "", kind: NotificationKind = NotificationKind.START
) -> Notification:
    """A notice whose click opens an incident."""
    return Notification(f"n{number}", kind, f"title {number}", "body", thread, click=CLICK)


@pytest.mark.parametrize(
    ("kind", "urgency", "sign", "silent"),
    [
        (NotificationKind.START, Urgency.CRITICAL, BalloonSeverity.ERROR, False),
        (NotificationKind.WORSE, Urgency.NORMAL, BalloonSeverity.WARNING, False),
        (NotificationKind.END, Urgency.NORMAL, BalloonSeverity.INFORMATION, False),
        (NotificationKind.WELCOME, Urgency.LOW, BalloonSeverity.INFORMATION, True),
    ],
)
def test_a_notice_becomes_a_balloon(
    kind: NotificationKind, urgency: Urgency, sign: BalloonSeverity, silent: bool
) -> None:
    """Its picture says how bad it is, and only what is urgent makes a noise."""
    icon = Icon()
    look = Look(State.MAJOR)
    BalloonNotifier(icon, print).show(Notification("n", kind, "title", "body", urgency=urgency, look=look))
    assert icon.shown == [Balloon("title", "body", sign, silent=silent, look=look)]


def test_a_click_becomes_the_notices_command_and_a_balloon_that_leaves_becomes_nothing() -> None:
    """Leaving comes first on some systems, and the click still counts."""
    acts: list[Command] = []
    icon = Icon()
    BalloonNotifier(icon, acts.append).show(notice())
    icon.ended(False)
    assert acts == []
    icon.ended(True)
    assert acts == [CLICK]


def test_a_balloon_that_was_not_taken_is_an_error() -> None:
    """The next way of telling is tried."""
    with pytest.raises(NotifyError):
        BalloonNotifier(Icon(takes=False), print).show(notice())


def test_a_newer_notice_of_the_same_trouble_takes_the_place_at_once() -> None:
    """Nobody waits for what is out of date to be read."""
    icon = Icon()
    balloons = BalloonNotifier(icon, print, LONG)
    balloons.show(notice(1, thread="one"))
    balloons.show(notice(2, thread="one"))
    assert [balloon.title for balloon in icon.shown] == ["title 1", "title 2"]


def test_a_notice_of_another_trouble_comes_when_the_first_was_seen() -> None:
    """It waits until the balloon has left."""
    icon = Icon()
    balloons = BalloonNotifier(icon, print, LONG)
    balloons.show(notice(1, thread="one"))
    second = threading.Thread(target=balloons.show, args=(notice(2, thread="two"),))
    second.start()
    second.join(0.1)
    assert [balloon.title for balloon in icon.shown] == ["title 1"]
    icon.ended(False)
    second.join(20)
    assert [balloon.title for balloon in icon.shown] == ["title 1", "title 2"]


def test_a_notice_of_another_trouble_does_not_wait_for_ever() -> None:
    """A shell that never says that a balloon has left holds back nothing for long."""
    icon = Icon()
    balloons = BalloonNotifier(icon, print, 0.05)
    balloons.show(notice(1, thread="one"))
    balloons.show(notice(2, thread="two"))
    assert len(icon.shown) == 2
