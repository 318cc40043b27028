"""Transitions, the notifications made of them, and the commands that a person gives. `docs/law.md` has the laws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.states import Look, State


class TransitionKind(StrEnum):
    """The kinds of change that may be notified."""

    START = "start"
    WORSE = "worse"
    EASED = "eased"
    """The trouble is milder than was notified, and what remains is worth a notification too."""
    END = "end"
    UPDATE = "update"
    """A new post in an open incident."""
    ANSWERS_AGAIN = "answers"
    """The product answers this computer again, but OpenAI has not said that the trouble is over."""
    AWAY = "away"
    """A trouble began or ended while the program did not run."""
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Transition:
    """One change to notify, for one or several products with the same cause."""

    change: TransitionKind
    products: tuple[str, ...]
    before: State
    after: State
    at: datetime
    since: datetime | None
    """When the state began that the notification names: `after` of a start, `before` of an end; or the answers did."""
    incidents: tuple[str, ...] = ()
    """Ids of incidents; the one that explains the change comes first."""
    thread: str = ""
    """The thread it belongs to: a newer notification of a thread replaces the older one."""
    confirmed: bool = True
    must_arrive: bool = False
    """Notified at least once, even after a crash (a major outage's start); all others at most once."""
    away: bool = False
    """The change happened while the page was not read."""
    unread: bool = False
    """If it did: the program ran, and the page could not be read."""
    silent: bool = False
    """Counts as notified but is not shown (at the first poll ever, or at level "nothing")."""
    parts: tuple[Transition, ...] = ()
    """The transitions that a summary of the time away contains."""
    threads: tuple[str, ...] = ()
    """All threads of the same cause, if there are more than `thread`."""

    again: bool = False
    """The end of the same incident was notified within the last half hour."""
    ended_after: datetime | None = None
    """For an end that was not observed: when the trouble was last known to go on. No length is given then."""
    lapsed: bool = False
    """Ended because the checks have learnt nothing for an hour, so that its state is no longer known."""
    watching: bool = False
    """OpenAI says that a fix is in place and is being monitored."""
    edge: bool = False
    """The cause is Cloudflare, as seen from this computer."""
    components: tuple[str, ...] = ()
    """The components that have trouble, if they are only one or two."""
    components_state: State | None = None
    said: State | None = None
    """The state that the page reports, if it differs from `after`."""
    members: tuple[Transition, ...] = ()
    """Of a merged transition: that of each product, with its own dates."""

    @property
    def ended_threads(self) -> tuple[str, ...]:
        """The threads that end with this transition."""
        over = [part for part in self.parts or (self,) if part.after is State.OPERATIONAL]
        return tuple(dict.fromkeys(thread for part in over for thread in part.threads or (part.thread,)))


class NotificationKind(StrEnum):
    """The kinds of notification: those of transitions, and those about the program itself."""

    START = "start"
    WORSE = "worse"
    EASED = "eased"
    END = "end"
    UPDATE = "update"
    ANSWERS_AGAIN = "answers"
    AWAY = "away"
    UNSTABLE = "unstable"
    PEOPLE = "people"
    """Many other people report trouble."""
    WELCOME = "welcome"
    PROGRAM_TROUBLE = "trouble"
    """Trouble of the program itself: a full disk, a broken config."""


class Urgency(StrEnum):
    """How urgent a notification is to the desktop."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


class Action(StrEnum):
    """The actions that a person can ask for, and the events that the system reports."""

    CHECK = "check"
    DETAILS = "details"
    """argument: an incident's id, or empty for all"""
    OPEN_INCIDENT = "open_incident"
    """argument: an incident's id"""
    OPEN_PAGE = "open_page"
    OPEN_OTHER_SOURCE = "open_elsewhere"
    """argument: one of `other_sources.OTHER_SOURCE_URLS`"""
    PAUSE = "pause"
    """argument: "1h", "tomorrow", "on" """
    RESUME = "resume"
    TELL_WHEN_BACK = "tell_when_back"
    FOLLOW = "follow"
    """argument: a product's name; toggles"""
    PLAN = "plan"
    """argument: a plan's name; toggles, "any" clears"""
    REGION = "region"
    """argument: a region's name; toggles, "any" clears"""
    LEVEL = "level"
    """argument: a `Level`"""
    LANGUAGE = "language"
    CROWD = "crowd"
    """argument: "on", "off": asks for other people's reports, or nobody any more"""
    AUTOSTART = "autostart"
    """argument: "on", "off" """
    OPEN_SETTINGS = "open_settings"
    COPY = "copy"
    """Copies the status to the clipboard."""
    TEST = "test"
    """Sends a test notification."""
    RESTART = "restart"
    """Ends the program and starts the version that is on the disk now."""
    QUIT = "quit"
    SLEEPING = "sleeping"
    """The computer is about to sleep."""
    WOKE = "woke"
    """The computer woke up."""
    KEY_CHECK_DONE = "answered"
    """The check with the person's key has ended."""
    ICON_HIDDEN = "shut_out"
    """The desktop does not show the icon, because the person may have to allow it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A request to the poller from a person or the system."""

    act: Action
    argument: str = ""
    token: str = ""
    """The desktop's activation token for a window that this opens (XDG_ACTIVATION_TOKEN); empty if there is none."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification for the desktop, with its final texts."""

    id: str
    """Unique. It is kept on disk, so that a crash between showing and recording does no harm."""
    kind: NotificationKind
    title: str
    body: str
    thread: str = ""
    """A newer notification of the same thread replaces the older on the screen; an empty one replaces nothing."""
    ends: tuple[str, ...] = ()
    """Threads whose older notifications are false from now on."""
    urgency: Urgency = Urgency.NORMAL
    lasting: bool = False
    """Whether it stays until the person has seen it."""
    click: Command = Command(Action.DETAILS)
    button: str = ""
    """The label of the button that does the same as a click."""
    must_arrive: bool = False
    look: Look | None = None
    """The icon's look for the state that is notified; None if it is about the program itself."""


@dataclass(frozen=True, slots=True)
class DisplayedNotification:
    """A notification on the screen: the program, also its next run, can replace, withdraw or follow a click on it."""

    server: str
    """The notification server that shows it; its number means nothing to another server."""
    number: int
    lasting: bool = False
    click: Command = Command(Action.DETAILS)
