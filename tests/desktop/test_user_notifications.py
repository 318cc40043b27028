"""Notifications on macOS in a bundle: a stand-in for its notification centre, which answers on threads of its own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, Self

import pytest

from tests.desktop.views import English
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.notifications import user_notifications
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.osascript import OsascriptNotifier
from trayapp.desktop.notifications.server_info import read_server_info
from trayapp.desktop.notifications.user_notifications import BUNDLE_ID, UserNotifications, is_in_bundle
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import Action, Command, Notification, NotificationKind
from trayapp.places import NOWHERE

INCIDENT = Command(Action.OPEN_INCIDENT, "inc-1")
HOSTILE = '"; do shell script <b>%@ {0}\0' + "🙂" * 300
START = Notification(
    id="n1", kind=NotificationKind.START, title="Chat is down", body=HOSTILE, thread="inc-1", click=INCIDENT
)
NOT_DETERMINED, DENIED, AUTHORISED = 0, 1, 2


class NSObject:
    """What a delegate is made of."""

    @classmethod
    def alloc(cls) -> Self:
        """A new one."""
        return cls()

    def init(self) -> Self:
        """Itself."""
        return self


class Content(NSObject):
    """What a notice says."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("set"):
            return lambda value: self.said.update({name[3:-1]: value})
        return lambda: self.said["UserInfo"]


class Centre:
    """The system's notification centre."""

    def __init__(self) -> None:
        self.delegate: Any = None
        self.asked: list[int] = []
        self.requests: list[Any] = []
        self.status = AUTHORISED
        self.answers = True

    def __getattr__(self, name: str) -> Callable[..., None]:
        calls: dict[str, Callable[..., None]] = {
            "setDelegate_": self._take,
            "requestAuthorizationWithOptions_completionHandler_": self._authorise,
            "addNotificationRequest_withCompletionHandler_": self._add,
            "getNotificationSettingsWithCompletionHandler_": self._settings,
        }
        return calls[name]

    def contents(self) -> dict[str, Content]:
        """What stands there: of one identifier the newest."""
        return {request.identifier: request.content() for request in self.requests}

    def click(self, content: Any) -> None:
        """What the system does when a notice is clicked; it wants to hear when that is dealt with."""
        request = SimpleNamespace(content=lambda: content)
        response = SimpleNamespace(notification=lambda: SimpleNamespace(request=lambda: request))
        heard = threading.Event()
        name = "userNotificationCenter_didReceiveNotificationResponse_withCompletionHandler_"
        getattr(self.delegate, name)(self, response, heard.set)
        assert heard.is_set()

    def _take(self, delegate: Any) -> None:
        self.delegate = delegate

    def _authorise(self, options: int, done: Callable[[bool, Any], None]) -> None:
        self.asked.append(options)
        self._later(done, self.status == AUTHORISED, None)

    def _add(self, request: Any, done: Callable[[Any], None]) -> None:
        if self.status == AUTHORISED:
            self.requests.append(request)
        self._later(done, None if self.status == AUTHORISED else "UNErrorDomain 1")

    def _settings(self, done: Callable[[Any], None]) -> None:
        self._later(done, SimpleNamespace(authorizationStatus=lambda: self.status))

    def _later(self, done: Callable[..., None], *answer: Any) -> None:
        if self.answers:
            thread = threading.Thread(target=done, args=answer)
            thread.start()
            thread.join()


def request_of(identifier: str, content: Any, trigger: object) -> Any:
    """A request to show something now."""
    assert trigger is None
    return SimpleNamespace(identifier=identifier, content=lambda: content)


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A Mac's notification centre, asked from within the program's own bundle."""
    centre = Centre()
    foundation: Any = ModuleType("Foundation")
    foundation.NSObject = NSObject
    bundle = SimpleNamespace(bundleIdentifier=lambda: BUNDLE_ID)
    foundation.NSBundle = SimpleNamespace(mainBundle=lambda: bundle)
    framework: Any = ModuleType("UserNotifications")
    framework.UNUserNotificationCenter = SimpleNamespace(currentNotificationCenter=lambda: centre)
    framework.UNMutableNotificationContent = Content
    framework.UNNotificationRequest = SimpleNamespace(requestWithIdentifier_content_trigger_=request_of)
    framework.UNNotificationPresentationOptionBanner = 16
    framework.UNNotificationPresentationOptionList = 8
    framework.UNAuthorizationOptionAlert = 4
    framework.UNAuthorizationStatusDenied = DENIED
    for module in (foundation, framework):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return centre


def test_a_notice_stands_in_the_centre(centre: Centre) -> None:
    """Title and body as they are; leave was asked for once; it is shown although the program runs."""
    notifier = UserNotifications(print)
    notifier.show(START)
    notifier.show(START)
    said = centre.contents()["inc-1"].said
    assert (said["Title"], said["Body"]) == (START.title, HOSTILE)
    assert centre.asked == [4]
    options: list[int] = []
    name = "userNotificationCenter_willPresentNotification_withCompletionHandler_"
    getattr(centre.delegate, name)(centre, None, options.append)
    assert options == [16 | 8]


def test_a_newer_notice_of_a_thread_replaces_the_older(centre: Centre) -> None:
    """The thread is the identifier; what has none stands for itself."""
    notifier = UserNotifications(print)
    notifier.show(START)
    notifier.show(
        Notification(
            id="n2", kind=NotificationKind.END, title="Chat is back", body="after 47 min", thread="inc-1"
        )
    )
    notifier.show(Notification(id="n3", kind=NotificationKind.START, title="Another", body=""))
    assert {name: content.said["Title"] for name, content in centre.contents().items()} == {
        "inc-1": "Chat is back",
        "n3": "Another",
    }


def test_a_click_is_a_command_also_in_the_next_life_of_the_program(centre: Centre) -> None:
    """Each notice carries what its click means."""
    UserNotifications(print).show(START)
    done: list[Command] = []
    UserNotifications(done.append)
    centre.click(centre.contents()["inc-1"])
    assert done == [INCIDENT]


@pytest.mark.parametrize("info", [{}, {"act": "dance", "argument": ""}, None])
def test_a_click_on_what_is_not_understood_does_nothing(info: object, centre: Centre) -> None:
    """What another version left ends neither the program nor the system's wait."""
    done: list[Command] = []
    UserNotifications(done.append)
    centre.click(SimpleNamespace(userInfo=lambda: info))
    assert done == []


def test_what_the_person_has_forbidden_is_not_shown_another_way(centre: Centre) -> None:
    """Switched off in the system's settings, a notice counts as handed over."""
    centre.status = DENIED
    UserNotifications(print).show(START)
    assert centre.requests == []


def test_before_the_person_has_answered_another_way_is_tried(centre: Centre) -> None:
    """Not allowed yet, or not for a program without a signature: that is an error, not a silence."""
    centre.status = NOT_DETERMINED
    with pytest.raises(NotifyError, match="UNErrorDomain 1"):
        UserNotifications(print).show(START)


def test_a_centre_that_does_not_answer_is_an_error_in_time(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the limit for each of two questions at most."""
    monkeypatch.setattr(user_notifications, "SHOW_TIMEOUT", 0.1)
    centre.answers = False
    with pytest.raises(NotifyError, match="does not answer"):
        UserNotifications(print).show(START)


def test_closed_it_follows_no_clicks(centre: Centre) -> None:
    """The centre lets the program go."""
    notifier = UserNotifications(print)
    notifier.close()
    assert centre.delegate is None


def test_only_our_own_bundle_may_ask_for_the_centre(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a bundle, in Python's own and without PyObjC it is osascript; asking would end the program."""
    monkeypatch.setattr(sys, "platform", "darwin")
    tray = LinuxTray(None, draw_icon, print, English(), None)
    assert [type(way) for way in choose_notifiers(None, print, tray, NOWHERE.runtime)] == [
        UserNotifications,
        OsascriptNotifier,
    ]
    assert read_server_info() == ("UserNotifications", frozenset({"actions", "replacement"}))
    for name in (None, "org.python.python"):
        bundle = SimpleNamespace(bundleIdentifier=lambda name=name: name)
        monkeypatch.setattr(
            sys.modules["Foundation"], "NSBundle", SimpleNamespace(mainBundle=lambda bundle=bundle: bundle)
        )
        assert [type(way) for way in choose_notifiers(None, print, tray, NOWHERE.runtime)] == [
            OsascriptNotifier
        ]
    monkeypatch.setitem(sys.modules, "Foundation", None)
    assert not is_in_bundle()
    assert read_server_info() == ("osascript", frozenset())
    assert len(centre.asked) == 1
