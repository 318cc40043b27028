"""The contents of the tray: the icon's look, the tooltip and the menu."""

from __future__ import annotations

from dataclasses import dataclass, field

from trayapp.model import defaults
from trayapp.model.levels import Level
from trayapp.model.limits import AboutMe
from trayapp.model.notifications import Command
from trayapp.model.states import Look


@dataclass(frozen=True, slots=True)
class MenuChoices:
    """The person's choices, which the menu marks."""

    follow: tuple[str, ...] = defaults.FOLLOW
    level: Level = defaults.LEVEL
    language: str = defaults.LANGUAGE
    starts_at_login: bool | None = None
    """Whether the program starts at login; None where that cannot be chosen."""
    settings_mistake: str = ""
    """The mistake in the file of settings; empty if there is none."""
    is_muted: bool = False
    """Whether the newest notification could not be shown, so that only the menu informs the person."""
    me: AboutMe = field(default_factory=AboutMe)
    needs_restart: bool = False
    """Whether another version has replaced the running one on the disk."""
    crowd: tuple[str, ...] = ()
    """The sources that are asked for other people's reports; empty while nobody is."""
    mastodon: str = defaults.MASTODON
    locked: frozenset[str] = frozenset()
    """The settings that the person's organisation has set, by their keys as in "notify.level"."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of the menu."""

    key: str
    """The same for the same logical line at all times: a late click must never run another line's command."""
    text: str = ""
    command: Command | None = None
    """None for a line that is only text."""
    checked: bool | None = None
    """None for a line without a check mark."""
    radio: bool = False
    default: bool = False
    """Whether a click on the icon runs its command."""
    separator: bool = False
    look: Look | None = None
    """The icon's look for the state in this line."""
    lines: tuple[MenuLine, ...] = ()
    """A submenu."""


@dataclass(frozen=True, slots=True)
class TrayView:
    """All contents of the tray. A view equal to the one before causes no drawing and no traffic."""

    look: Look
    title: str
    """The state in a few words; screen readers read it."""
    tooltip: str
    """At most 127 UTF-16 units."""
    menu: tuple[MenuLine, ...] = field(default=())
    needs_attention: bool = False
    """Whether there is an outage: desktops that can do so may highlight the icon."""
    status_line: str = ""
    """One line for a terminal, without the time of the check."""
    checked_text: str = ""
    """When the state was checked, in words; empty before the first poll has ended."""

    @property
    def default_command(self) -> Command | None:
        """The command that a click on the icon gives; None where no line has it."""
        return next((line.command for line in self.menu if line.default), None)
