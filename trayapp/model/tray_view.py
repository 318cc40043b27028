"""What the tray shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from trayapp.model import defaults
from trayapp.model.levels import Level
from trayapp.model.limits import AboutMe
from trayapp.model.notifications import Command
from trayapp.model.states import Look


@dataclass(frozen=True, slots=True)
class MenuChoices:
    """What the person has chosen, for the menu's marks."""

    follow: tuple[str, ...] = defaults.FOLLOW
    level: Level = defaults.LEVEL
    language: str = defaults.LANGUAGE
    starts_at_login: bool | None = None
    """Whether the program starts at login; None where that cannot be chosen."""
    settings_mistake: str = ""
    """What is wrong with the file of settings; empty if nothing."""
    is_muted: bool = False
    """Whether the newest notification could not be shown: then the menu alone tells of anything."""
    me: AboutMe = field(default_factory=AboutMe)
    needs_restart: bool = False
    """Whether another version has taken the running one's place on the disk."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of the menu."""

    key: str
    """Stable for the same logical line: a late click must never reach another line's command."""
    text: str = ""
    command: Command | None = None
    """None: the line only says something."""
    checked: bool | None = None
    """None: no check mark."""
    radio: bool = False
    default: bool = False
    """What a click on the icon does."""
    separator: bool = False
    look: Look | None = None
    """The icon's look that stands for what the line tells of."""
    lines: tuple[MenuLine, ...] = ()
    """A submenu."""


@dataclass(frozen=True, slots=True)
class TrayView:
    """All that the tray shows. Two equal views cause no drawing and no traffic."""

    look: Look
    title: str
    """The state in a few words, for screen readers."""
    tooltip: str
    """At most 127 UTF-16 units."""
    menu: tuple[MenuLine, ...] = field(default=())
    needs_attention: bool = False
    """An outage: hosts that can may mark the icon."""
    status_line: str = ""
    """One line for a terminal, without the time of the check."""
    checked_text: str = ""
    """When that was found, in words; empty before the first round has ended."""
