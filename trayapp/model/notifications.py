"""What is told, and what a person asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.states import Look, State


class TransitionKind(StrEnum):
    """What may be told."""

    START = "start"
    WORSE = "worse"
    EASED = "eased"
    """It is no longer as bad as was told; what is left of it is worth telling too."""
    END = "end"
    UPDATE = "update"
    """A new post in an open incident."""
    ANSWERS_AGAIN = "answers"
    """It answers again from here, and OpenAI has not said that it is over."""
    AWAY = "away"
    """It began or ended while the program did not run."""
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing to tell, of one or several products hit by one cause."""

    change: TransitionKind
    products: tuple[str, ...]
    before: State
    after: State
    at: datetime
    since: datetime | None
    """When that which is named began: `after` of a start, `before` of an end, the answers."""
    incidents: tuple[str, ...] = ()
    """Ids, the one that explains it first."""
    thread: str = ""
    """What this belongs to: a newer notice of the same thread replaces the older."""
    confirmed: bool = True
    must_arrive: bool = False
    """Told at least once even across a crash (a major outage's start); all else at most once."""
    away: bool = False
    """It happened while the program did not run."""
    silent: bool = False
    """Counts as told but is not shown (the first look ever, level nothing)."""
    parts: tuple[Transition, ...] = ()
    """What an away summary puts together."""
    threads: tuple[str, ...] = ()
    """Those of all that one cause did, where they are more than `thread`."""

    again: bool = False
    """The same incident was told as over within the last half an hour."""
    ended_after: datetime | None = None
    """Of an end that nobody saw: when it was last known to go on. It has no length."""
    lapsed: bool = False
    """Nobody knows any more: the checks have learnt nothing for an hour."""
    watching: bool = False
    """OpenAI says that it is fixed, and watches."""
    edge: bool = False
    """It is Cloudflare's trouble, as seen from here."""
    components: tuple[str, ...] = ()
    """The one or two components that alone are hurt."""
    components_state: State | None = None
    said: State | None = None
    """The page's own word, where it is another one than `after`."""
    members: tuple[Transition, ...] = ()
    """Of a merged one: what was told of each product, with its own dates."""

    @property
    def ended_threads(self) -> tuple[str, ...]:
        """The threads of what is over with it."""
        over = [part for part in self.parts or (self,) if part.after is State.OPERATIONAL]
        return tuple(dict.fromkeys(thread for part in over for thread in part.threads or (part.thread,)))


class NotificationKind(StrEnum):
    """Where a notice comes from: a transition, or the program itself."""

    START = "start"
    WORSE = "worse"
    EASED = "eased"
    END = "end"
    UPDATE = "update"
    ANSWERS_AGAIN = "answers"
    AWAY = "away"
    UNSTABLE = "unstable"
    WELCOME = "welcome"
    PROGRAM_TROUBLE = "trouble"
    """The program's own trouble: a full disk, a broken config."""


class Urgency(StrEnum):
    """How loudly a notice comes."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


class Action(StrEnum):
    """What a person can ask for, and what the system tells of itself."""

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
    AUTOSTART = "autostart"
    """argument: "on", "off" """
    OPEN_SETTINGS = "open_settings"
    COPY = "copy"
    """Put the status into the clipboard."""
    TEST = "test"
    """Send a test notification."""
    RESTART = "restart"
    """End, and begin again as the version that is on the disk now."""
    QUIT = "quit"
    SLEEPING = "sleeping"
    """The computer is about to sleep."""
    WOKE = "woke"
    """It woke."""
    KEY_CHECK_DONE = "answered"
    """The check with the person's key has ended."""
    ICON_HIDDEN = "shut_out"
    """The desktop does not show the icon, because the person may have to allow it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a person or the system did, on its way to the poller."""

    act: Action
    argument: str = ""
    token: str = ""
    """The desktop's activation token for a window that this opens (XDG_ACTIVATION_TOKEN); empty if none came."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One native notification, worded and clipped."""

    id: str
    """Unique; on disk it makes a crash between showing and noting harmless."""
    kind: NotificationKind
    title: str
    body: str
    thread: str = ""
    """A newer notice of the same thread replaces the older on screen; empty replaces nothing."""
    ends: tuple[str, ...] = ()
    """Threads of which an older notice would be false from now on."""
    urgency: Urgency = Urgency.NORMAL
    lasting: bool = False
    """Stays until the person has seen it."""
    click: Command = Command(Action.DETAILS)
    button: str = ""
    """The label of the button that does the same as a click."""
    must_arrive: bool = False
    look: Look | None = None
    """The icon's look that stands for what is told; None where it is about the program itself."""


@dataclass(frozen=True, slots=True)
class DisplayedNotification:
    """A notice on the screen, as it can be replaced, taken back and clicked, also by the program's next run."""

    server: str
    """Which server shows it. To another one its number means nothing."""
    number: int
    lasting: bool = False
    click: Command = Command(Action.DETAILS)
