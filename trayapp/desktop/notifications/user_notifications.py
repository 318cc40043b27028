"""Notifications on macOS for a program in a bundle: UserNotifications, with clicks and replacement.

https://developer.apple.com/documentation/usernotifications . Outside a bundle asking for its centre ends the program.
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
"""CFBundleIdentifier of our own bundle. The person's permission is for this name."""


def is_in_bundle() -> bool:
    """Whether this is our own bundle: Python's installer puts Python itself into another."""
    try:
        foundation = importlib.import_module("Foundation")
    except ImportError:
        return False
    return bool(foundation.NSBundle.mainBundle().bundleIdentifier() == BUNDLE_ID)


class UserNotifications:
    """The system's notification centre. Clicks arrive as commands through `act`, on a thread of the system's choice."""

    def __init__(self, act: Callable[[Command], None]) -> None:
        self._un = importlib.import_module("UserNotifications")
        self._center = self._un.UNUserNotificationCenter.currentNotificationCenter()
        foundation = importlib.import_module("Foundation")
        self._delegate = _delegate_class(foundation, self._un).alloc().init()  # the centre does not keep it
        self._delegate.act = act
        self._center.setDelegate_(self._delegate)
        # The system asks the person once; afterwards it answers for them.
        self._center.requestAuthorizationWithOptions_completionHandler_(
            self._un.UNAuthorizationOptionAlert, _log_authorisation
        )

    def show(self, notice: Notification) -> None:
        """Show a notice in place of the last one of its thread."""
        content = self._un.UNMutableNotificationContent.alloc().init()
        content.setTitle_(notice.title)
        content.setBody_(notice.body)
        # The centre keeps notices longer than the program lives, so each carries what its click means.
        content.setUserInfo_({"act": notice.click.act.value, "argument": notice.click.argument})
        request = self._un.UNNotificationRequest.requestWithIdentifier_content_trigger_(
            notice.thread or notice.id, content, None
        )
        error = _wait_for_answer(
            lambda done: self._center.addNotificationRequest_withCompletionHandler_(request, done)
        )
        if error is None:
            return
        if self._is_forbidden():
            log.info("notices are switched off in the system's settings")
            return
        raise NotifyError(str(error))

    def close(self) -> None:
        """Clicks are no longer followed."""
        self._center.setDelegate_(None)

    def _is_forbidden(self) -> bool:
        """Whether the person has said no, which holds for all other ways to show a notice too."""
        settings = _wait_for_answer(self._center.getNotificationSettingsWithCompletionHandler_)
        return bool(settings.authorizationStatus() == self._un.UNAuthorizationStatusDenied)


def _wait_for_answer(ask: Callable[[Callable[[Any], None]], None]) -> Any:
    """What the centre answers, on a thread of its own. Raises NotifyError when it does not."""
    answers: SimpleQueue[Any] = SimpleQueue()

    def done(
        answer: Any,
    ) -> None:  # a block's signature is read from its function, which `put` alone does not have
        answers.put(answer)

    ask(done)
    try:
        return answers.get(timeout=SHOW_TIMEOUT / 2)
    except Empty:
        raise NotifyError("the notification centre does not answer") from None


def _log_authorisation(granted: bool, error: Any) -> None:
    log.info("notifications are %s (%s)", "allowed" if granted else "not allowed", error)


@cache  # Objective-C knows a class by its name, and takes each name once
def _delegate_class(foundation: ModuleType, un: ModuleType) -> Any:
    """A UNUserNotificationCenterDelegate. The names are Apple's; PyObjC makes selectors of them."""
    shown = un.UNNotificationPresentationOptionBanner | un.UNNotificationPresentationOptionList

    class OpenAIStatusTrayNotices(foundation.NSObject):  # type: ignore[name-defined,misc]
        """Has notices shown while the program runs, and passes their clicks on."""

        def userNotificationCenter_willPresentNotification_withCompletionHandler_(  # noqa: N802
            self, _center: Any, _notification: Any, done: Callable[[int], None]
        ) -> None:
            """Without this the system shows nothing for a program that runs."""
            done(shown)

        def userNotificationCenter_didReceiveNotificationResponse_withCompletionHandler_(  # noqa: N802
            self, _center: Any, response: Any, done: Callable[[], None]
        ) -> None:
            """A click, perhaps on a notice that another version left."""
            said = response.notification().request().content().userInfo()
            try:
                self.act(Command(Action(said["act"]), said["argument"]))
            except (KeyError, TypeError, ValueError) as error:
                log.warning("a click on a notice is not understood: %r", error)
            done()

    return OpenAIStatusTrayNotices
