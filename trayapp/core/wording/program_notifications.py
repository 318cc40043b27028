"""What the program says of itself: a welcome, and its own trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trayapp.core.wording.labels import finding_words
from trayapp.core.wording.notifications import fitted
from trayapp.i18n.sanitize import BODY_UNITS, clean, clip
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Act, Command, Complaint, Fault, Finding, Look, Notice, NoticeKind

_BEGUN_ANEW = mark("The file was kept aside and a new one begun; nothing needs to be done.")
_FORGETS = mark("It goes on, but what it remembers now is lost when it ends.")

_FAULTS = {
    Fault.CORRUPT: (mark("its memory could not be read"), _BEGUN_ANEW),
    Fault.NEWER: (mark("its memory is from a newer version"), _BEGUN_ANEW),
    Fault.READ_ONLY: (mark("its memory cannot be written"), _FORGETS),
    Fault.FULL: (mark("the disk is full"), _FORGETS),
    Fault.LOCKED: (mark("another program holds its memory"), _FORGETS),
    Fault.LARGE: (
        mark("its memory has grown too large"),
        mark("Old incidents were let go; the status page posts more than can be kept."),
    ),
    Fault.DISK: (mark("the disk answers with errors"), _FORGETS),
}


def welcome(speech: Speech, follow: tuple[str, ...], look: Look) -> Notice:
    """The first run's notice: where the icon is and how it looks, how to keep it in sight, what it will tell."""
    where = speech.say(
        "The icon is in your panel or system tray; if it hides behind an arrow there, drag it out to keep it in sight."
    )
    return replace(_welcome(speech, where, follow), look=look)


def welcome_without_tray(speech: Speech, follow: tuple[str, ...]) -> Notice:
    """The same where there is no tray: how to get one on the one large desktop without."""
    where = speech.say(
        "There is no system tray here, so no icon; on GNOME install the AppIndicator extension."
    )
    return _welcome(speech, where, follow)


def trouble(speech: Speech, complaint: Complaint, at: datetime) -> Notice:
    """The program's own trouble with its file."""
    what, advice = _FAULTS[complaint.fault]
    return _own(speech, complaint.fault, speech.say(what), [speech.say(advice), clean(complaint.kept_as)], at)


def broken_settings(speech: Speech, error: str, at: datetime, *, running: bool = True) -> Notice:
    """A config file that cannot be used, with the error that names file, key and value."""
    advice = (
        speech.say("The earlier settings stay in force until it is mended.")
        if running
        else speech.say("The program does not start until it is mended.")
    )
    notice = _own(
        speech,
        "settings",
        speech.say("its settings have a mistake"),
        [_sentence(speech, error), advice],
        at,
    )
    return replace(notice, click=Command(Act.OPEN_SETTINGS))


def not_done(speech: Speech, error: str, at: datetime) -> Notice:
    """A choice in the menu that could not be carried out, with the sentence that says why."""
    return _own(speech, "choice", speech.say("that could not be done"), [_sentence(speech, error)], at)


def test(speech: Speech, at: datetime) -> Notice:
    """What a person asked for in order to see whether it comes, and how."""
    body = speech.say("Notifications reach you: this is how you will be told.")
    return _own(speech, "test", speech.say("this is a test"), [body], at)


def key_trouble(speech: Speech, finding: Finding, at: datetime) -> Notice:
    """Why the check with the person's key rests, which is no trouble of OpenAI's."""
    rests = speech.say("The check with your key rests until that is mended; all else goes on.")
    return _own(speech, "key", finding_words(speech, finding), [rests], at)


def _sentence(speech: Speech, error: str) -> str:
    return speech.say("{sentence}.", sentence=clip(clean(error), BODY_UNITS - 1))


def _own(speech: Speech, kind: str, what: str, body: Sequence[str], at: datetime) -> Notice:
    return Notice(
        id=f"{at.isoformat()} {kind}",
        kind=NoticeKind.TROUBLE,
        title=speech.say("OpenAI Status Tray: {what}", what=what),
        body=fitted([sentence for sentence in body if sentence]),
        thread=f"trouble {kind}",
    )


def _welcome(speech: Speech, where: str, follow: tuple[str, ...]) -> Notice:
    services = speech.products(follow, 30)
    told = speech.say("You will be told when {services} fail and when they are back.", services=services)
    return Notice(
        id="welcome",
        kind=NoticeKind.WELCOME,
        title=speech.say("OpenAI Status Tray is watching"),
        body=fitted([where, told] if follow else [where]),
    )
