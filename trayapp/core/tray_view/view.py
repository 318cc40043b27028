"""Verdict -> View: the icon's look, the tooltip, the menu and the terminal's line."""

from __future__ import annotations

from datetime import datetime

from trayapp.core.tray_view.menu import menu
from trayapp.core.wording.headline import headline, parts
from trayapp.i18n.sanitize import clip, units
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Choices, Kept, Look, State, Verdict, View, on_ladder

TOOLTIP_UNITS = 127
"""What Windows has room for in a tray icon's tooltip."""

_BETWEEN = " · "
DEFAULTS = Choices()


def view(
    verdict: Verdict | None, kept: Kept, speech: Speech, now: datetime, choices: Choices = DEFAULTS
) -> View:
    """All that the tray shows. Without a verdict no round has ended yet, and nothing is known."""
    if verdict is None:
        said, checked = [title := speech.say("Checking OpenAI's status")], ""
    else:
        title = headline(speech, verdict, now)
        said = parts(speech, verdict, now)
        checked = speech.say("checked {time}", time=speech.clock(verdict.at))
    return View(
        look=look(verdict),
        title=clip(title, TOOLTIP_UNITS),
        tooltip=_tooltip(said, checked),
        menu=menu(verdict, kept, speech, now, choices),
        attention=verdict is not None and verdict.state in (State.PARTIAL, State.MAJOR),
        status_line=_BETWEEN.join([*said, *_asides(choices, speech)]),
        checked=checked,
    )


def _asides(choices: Choices, speech: Speech) -> list[str]:
    """What the menu says of the program itself, for who has no menu."""
    asides = {
        mark("notifications cannot be shown"): choices.mute,
        mark("restart to finish the update"): choices.restart,
    }
    return [speech.say(text) for text, holds in asides.items() if holds]


def look(verdict: Verdict | None) -> Look:
    """The icon's look; unknown and hollow while there is no verdict yet."""
    if verdict is None:
        return Look(State.UNKNOWN, hollow=True)
    doubtful = on_ladder(verdict.state) and not verdict.confirmed
    return Look(verdict.state, hollow=verdict.checking or doubtful)


def _tooltip(said: list[str], checked: str) -> str:
    """The first words and the time of the last check stay; where there is no room, what lies between is cut short."""
    end = _BETWEEN + checked if checked else ""
    return clip(_BETWEEN.join(said), TOOLTIP_UNITS - units(end)) + end
