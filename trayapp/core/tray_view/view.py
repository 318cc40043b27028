"""Turns a verdict into a TrayView: the icon's look, the tooltip, the menu and the terminal's status line."""

from __future__ import annotations

from datetime import datetime

from trayapp.core.tray_view.menu import build_menu
from trayapp.core.wording.headline import headline_parts, headline_text, people_parts
from trayapp.i18n.sanitize import clip_text, utf16_length
from trayapp.i18n.translator import Translator, mark
from trayapp.model import Look, MenuChoices, SavedMemory, State, TrayView, Verdict, is_on_ladder

TOOLTIP_UNITS = 127
"""The most UTF-16 units that Windows shows in a tray icon's tooltip."""

_SEPARATOR = " · "
DEFAULT_CHOICES = MenuChoices()


def build_view(
    verdict: Verdict | None,
    kept: SavedMemory,
    speech: Translator,
    now: datetime,
    choices: MenuChoices = DEFAULT_CHOICES,
) -> TrayView:
    """Returns all that the tray shows. Without a verdict no round has ended yet, and nothing is known."""
    if verdict is None:
        said, checked = [title := speech.say("Checking OpenAI's status")], ""
    else:
        people = people_parts(speech, verdict)
        title = _SEPARATOR.join([headline_text(speech, verdict, now), *people])
        said = [*headline_parts(speech, verdict, now), *people]
        checked = speech.say("checked {time}", time=speech.clock_time(verdict.at))
    return TrayView(
        look=icon_look(verdict),
        title=clip_text(title, TOOLTIP_UNITS),
        tooltip=_tooltip_text(said, checked),
        menu=build_menu(verdict, kept, speech, now, choices),
        needs_attention=verdict is not None and verdict.state in (State.PARTIAL, State.MAJOR),
        status_line=_SEPARATOR.join([*said, *_program_remarks(choices, speech)]),
        checked_text=checked,
    )


def _program_remarks(choices: MenuChoices, speech: Translator) -> list[str]:
    """Returns the menu's remarks about the program itself, for a person without the menu."""
    asides = {
        mark("notifications cannot be shown"): choices.is_muted,
        mark("restart to finish the update"): choices.needs_restart,
    }
    return [speech.say(text) for text, holds in asides.items() if holds]


def icon_look(verdict: Verdict | None) -> Look:
    """Returns the icon's look; unknown and hollow while there is no verdict yet."""
    if verdict is None:
        return Look(State.UNKNOWN, hollow=True)
    doubtful = is_on_ladder(verdict.state) and not verdict.confirmed
    return Look(verdict.state, hollow=verdict.checking or doubtful or verdict.is_reported_by_people)


def _tooltip_text(said: list[str], checked: str) -> str:
    """Joins the tooltip; where room is short, cuts the text that stands before the time of the last check."""
    end = _SEPARATOR + checked if checked else ""
    return clip_text(_SEPARATOR.join(said), TOOLTIP_UNITS - utf16_length(end)) + end
