"""Builds the program's notifications about itself: the welcome, a test, and its own trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trayapp.core.wording.labels import finding_label
from trayapp.core.wording.notifications import fit_sentences
from trayapp.i18n.sanitize import BODY_UNITS, clean_text, clip_text
from trayapp.i18n.translator import Translator, mark
from trayapp.model import (
    Action,
    AnswerFinding,
    Command,
    Look,
    Notification,
    NotificationKind,
    StoreComplaint,
    StoreFault,
)

_FILE_REPLACED = mark("The file was kept aside and a new one begun; nothing needs to be done.")
_NOT_REMEMBERED = mark("It goes on, but what it remembers now is lost when it ends.")

_FAULTS = {
    StoreFault.CORRUPT: (mark("its memory could not be read"), _FILE_REPLACED),
    StoreFault.NEWER: (mark("its memory is from a newer version"), _FILE_REPLACED),
    StoreFault.READ_ONLY: (mark("its memory cannot be written"), _NOT_REMEMBERED),
    StoreFault.FULL: (mark("the disk is full"), _NOT_REMEMBERED),
    StoreFault.LOCKED: (mark("another program holds its memory"), _NOT_REMEMBERED),
    StoreFault.LARGE: (
        mark("its memory has grown too large"),
        mark("Old incidents were let go; the status page posts more than can be kept."),
    ),
    StoreFault.DISK: (mark("the disk answers with errors"), _NOT_REMEMBERED),
}


def welcome_notification(speech: Translator, follow: tuple[str, ...], look: Look) -> Notification:
    """Builds the first run's notification: where the icon is, how to keep it in sight, what is notified."""
    where = speech.say(
        "The icon is in your panel or system tray; if it hides behind an arrow there, drag it out to keep it in sight."
    )
    return replace(_build_welcome(speech, where, follow), look=look)


def welcome_without_tray(speech: Translator, follow: tuple[str, ...]) -> Notification:
    """Builds the first run's notification for a desktop without a tray: how to get one on GNOME."""
    where = speech.say(
        "There is no system tray here, so no icon; on GNOME install the AppIndicator extension."
    )
    return _build_welcome(speech, where, follow)


def store_notification(speech: Translator, complaint: StoreComplaint, at: datetime) -> Notification:
    """Builds the notification of a fault of the program's state file."""
    what, advice = _FAULTS[complaint.fault]
    return _program_notification(
        speech, complaint.fault, speech.say(what), [speech.say(advice), clean_text(complaint.moved_to)], at
    )


def settings_notification(
    speech: Translator, error: str, at: datetime, *, running: bool = True
) -> Notification:
    """Builds the notification of an unusable config file, with the error that names file, key and value."""
    advice = (
        speech.say("The earlier settings stay in force until it is mended.")
        if running
        else speech.say("The program does not start until it is mended.")
    )
    notification = _program_notification(
        speech,
        "settings",
        speech.say("its settings have a mistake"),
        [_error_sentence(speech, error), advice],
        at,
    )
    return replace(notification, click=Command(Action.OPEN_SETTINGS))


def failed_action_notification(speech: Translator, error: str, at: datetime) -> Notification:
    """Builds the notification of a menu choice that failed, with the sentence that says why."""
    return _program_notification(
        speech, "choice", speech.say("that could not be done"), [_error_sentence(speech, error)], at
    )


def sample_notification(speech: Translator, at: datetime) -> Notification:
    """Builds the test notification, which a person sends to see whether and how notifications come."""
    body = speech.say("Notifications reach you: this is how you will be told.")
    return _program_notification(speech, "test", speech.say("this is a test"), [body], at)


def key_notification(speech: Translator, finding: AnswerFinding, at: datetime) -> Notification:
    """Builds the notification that the check with the person's key rests, and why; it is never an outage."""
    rests = speech.say("The check with your key rests until that is mended; all else goes on.")
    return _program_notification(speech, "key", finding_label(speech, finding), [rests], at)


def _error_sentence(speech: Translator, error: str) -> str:
    return speech.say("{sentence}.", sentence=clip_text(clean_text(error), BODY_UNITS - 1))


def _program_notification(
    speech: Translator, kind: str, what: str, body: Sequence[str], at: datetime
) -> Notification:
    return Notification(
        id=f"{at.isoformat()} {kind}",
        kind=NotificationKind.PROGRAM_TROUBLE,
        title=speech.say("OpenAI Status Tray: {what}", what=what),
        body=fit_sentences([sentence for sentence in body if sentence]),
        thread=f"trouble {kind}",
    )


def _build_welcome(speech: Translator, where: str, follow: tuple[str, ...]) -> Notification:
    services = speech.join_products(follow, 30)
    told = speech.say("You will be told when {services} fail and when they are back.", services=services)
    return Notification(
        id="welcome",
        kind=NotificationKind.WELCOME,
        title=speech.say("OpenAI Status Tray is watching"),
        body=fit_sentences([where, told] if follow else [where]),
    )
