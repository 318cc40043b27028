"""Shows notifications on macOS for a program in a bundle, by UserNotifications, with clicks and replacement.

https://developer.apple.com/documentation/usernotifications . Outside a bundle, asking for the
notification centre ends the program.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import Any

from trayapp import APP_ID
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.model import Action, Command, Notification

log = logging.getLogger(__name__)

BUNDLE_ID = f"unofficial.{APP_ID}"
"""CFBundleIdentifier of the program's bundle. The person's permission is for this name."""


def is_in_bundle() -> bool:
    """Whether the program runs in its own bundle: Python's installer puts Python itself into another."""
    try:
        foundation = importlib.import_module("Foundation")
    except ImportError:
        return False
    return bool(foundation.NSBundle.mainBundle().bundleIdentifier() == BUNDLE_ID)


class UserNotifications:
    """Shows notifications by the system's centre. Clicks arrive as commands through `act`, on any thread."""

    def __init__(self, act: Callable[[Command], None]) -> None:
        self._un = importlib.import_module("UserNotifications")
        self._center = self._un.UNUserNotificationCenter.currentNotificationCenter()
        foundation = importlib.import_module("Foundation")
        self._delegate = _delegate_class(foundation, self._un).alloc().init()  # the centre holds no reference
        self._delegate.act = act
        self._center.setDelegate_(self._delegate)
        # The system asks the person once; afterwards it answers for them.
        self._center.requestAuthorizationWithOptions_completionHandler_(
            self._un.UNAuthorizationOptionAlert, _log_authorisation
        )

    def show(self, notification: Notification) -> None:
        """Show a notification in place of its thread's last one. Raises NotifyError."""
        content = self._un.UNMutableNotificationContent.alloc().init()
        content.setTitle_(notification.title)
        content.setBody_(notification.body)
        # The centre keeps notifications longer than the program runs, so each carries its click's command.
        content.setUserInfo_({"act": notification.click.act.value, "argument": notification.click.argument})
        request = self._un.UNNotificationRequest.requestWithIdentifier_content_trigger_(
            notification.thread or notification.id, content, None
        )
        error = _wait_for_answer(
            lambda done: self._center.addNotificationRequest_withCompletionHandler_(request, done)
        )
        if error is None:
            return
        if self._is_forbidden():
            log.info("notifications are switched off in the system's settings")
            return
        raise NotifyError(str(error))

    def close(self) -> None:
        """Stop handling clicks."""
        self._center.setDelegate_(None)

    def _is_forbidden(self) -> bool:
        """Whether the person has forbidden notifications; no other notifier is then tried."""
        settings = _wait_for_answer(self._center.getNotificationSettingsWithCompletionHandler_)
        return bool(settings.authorizationStatus() == self._un.UNAuthorizationStatusDenied)


def _wait_for_answer(ask: Callable[[Callable[[Any], None]], None]) -> Any:
    """Wait for the centre's answer, which comes on another thread. Raises NotifyError when it does not come."""
    answers: SimpleQueue[Any] = SimpleQueue()

    def take_answer(
        answer: Any,
    ) -> None:  # a block's signature is read from its function, which `put` alone does not have
        answers.put(answer)

    ask(take_answer)
    try:
        return answers.get(timeout=SHOW_TIMEOUT / 2)
    except Empty:
        raise NotifyError("the notification centre does not answer") from None


def _log_authorisation(granted: bool, error: Any) -> None:
    log.info("notifications are %s (%s)", "allowed" if granted else "not allowed", error)


@cache  # Objective-C knows a class by its name, and takes each name once
def _delegate_class(foundation: ModuleType, un: ModuleType) -> Any:
    """Make the UNUserNotificationCenterDelegate class. PyObjC makes selectors of its methods' names."""
    shown = un.UNNotificationPresentationOptionBanner | un.UNNotificationPresentationOptionList

    class OpenAIStatusTrayNotices(foundation.NSObject):  # type: ignore[name-defined,misc]
        """Lets the system show notifications while the program runs, and passes on their clicks."""

        def userNotificationCenter_willPresentNotification_withCompletionHandler_(  # noqa: N802
            self, _center: Any, _notification: Any, done: Callable[[int], None]
        ) -> None:
            """Allow showing: without this the system shows nothing for a running program."""
            done(shown)

        def userNotificationCenter_didReceiveNotificationResponse_withCompletionHandler_(  # noqa: N802
            self, _center: Any, response: Any, done: Callable[[], None]
        ) -> None:
            """Handle a click, perhaps on a notification that another version left."""
            info = response.notification().request().content().userInfo()
            try:
                self.act(Command(Action(info["act"]), info["argument"]))
            except (KeyError, TypeError, ValueError) as error:
                log.warning("a click on a notification is not understood: %r", error)
            done()

    return OpenAIStatusTrayNotices
