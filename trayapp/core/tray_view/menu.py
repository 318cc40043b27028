"""Builds the menu: the status, then the actions. It has no time of the last check: only news changes it.

Every line has a key that stays when its text changes: a late click must never reach another line.
"""

from __future__ import annotations

from datetime import datetime

from trayapp.core.tray_view import settings_menu as chosen
from trayapp.core.tray_view.looks import look_of_incident, look_of_product
from trayapp.core.wording.headline import headline_text
from trayapp.core.wording.labels import incident_stage_label
from trayapp.core.wording.other_sources import list_other_sources, may_show_other_sources
from trayapp.core.wording.reasons import page_unread_line, reason_line
from trayapp.core.wording.short_forms import Condition, add_audience, product_label
from trayapp.i18n.translator import Translator
from trayapp.model import (
    Action,
    Command,
    Incident,
    MenuChoices,
    MenuLine,
    ProductVerdict,
    ReasonKind,
    SavedMemory,
    State,
    Verdict,
)

MAX_INCIDENTS = 8
_MAX_TOP_INCIDENTS = 3
"""The most open incidents in the menu itself; more go into a submenu, so that the rest stays in reach."""

_NAME_UNITS = 60


def build_menu(
    verdict: Verdict | None, kept: SavedMemory, speech: Translator, now: datetime, choices: MenuChoices
) -> tuple[MenuLine, ...]:
    """Returns all lines; until the first round has ended, those of products and incidents are missing."""
    known = _status_lines(verdict, kept, speech, now) if verdict else ()
    first = headline_text(speech, verdict, now) if verdict else speech.say("Checking OpenAI's status")
    state = MenuLine("state", first, Command(Action.DETAILS), default=True)
    return (
        state,
        *chosen.restart_lines(choices, speech),
        *chosen.mistake_lines(choices, speech),
        *chosen.mute_lines(choices, speech),
        *known,
        _separator_line("acts"),
        *_action_lines(verdict, kept, speech),
        _separator_line("choices"),
        chosen.pause_line(kept, speech, now),
        chosen.follow_line(verdict, choices, speech),
        chosen.about_me_line(choices, speech),
        chosen.level_line(choices, speech),
        chosen.settings_line(choices, speech),
        _separator_line("quit"),
        chosen.legend_line(speech),
        chosen.about_line(speech),
        MenuLine("quit", speech.say("Quit"), Command(Action.QUIT)),
    )


def _status_lines(
    verdict: Verdict, kept: SavedMemory, speech: Translator, now: datetime
) -> tuple[MenuLine, ...]:
    followed = tuple(_product_line(speech, product) for product in verdict.products)
    others = tuple(_product_line(speech, product) for product in verdict.others)
    rest = (MenuLine("others", speech.say("Other products"), lines=others),) if others else ()
    between = (_separator_line("products"),) if followed or rest else ()
    incidents = tuple(
        _incident_line(speech, i, kept.seen.get(i.id), now, verdict.audiences.get(i.id, ()))
        for i in verdict.incidents[:MAX_INCIDENTS]
    )
    return (
        *_unread_lines(verdict, speech),
        *_people_lines(verdict, speech),
        *_incident_lines(speech, incidents, len(verdict.incidents)),
        *between,
        *followed,
        *rest,
    )


def _unread_lines(verdict: Verdict, speech: Translator) -> tuple[MenuLine, ...]:
    """Returns a line that says why nothing is known, if the page could not be read."""
    text = (
        page_unread_line(speech, verdict)
        if verdict.state is State.UNKNOWN and not verdict.page.readable
        else ""
    )
    return (MenuLine("unread", text),) if text else ()


def _people_lines(verdict: Verdict, speech: Translator) -> tuple[MenuLine, ...]:
    """Returns one line that says why the look is hollow, if other people's reports alone make it so."""
    if not verdict.is_reported_by_people:
        return ()
    facts = [r for r in verdict.reasons if r.kind is ReasonKind.PEOPLE_REPORT]
    return tuple(
        MenuLine("people", reason_line(speech, verdict, fact), Command(Action.DETAILS)) for fact in facts[:1]
    )


def _incident_lines(speech: Translator, lines: tuple[MenuLine, ...], count: int) -> tuple[MenuLine, ...]:
    if count <= _MAX_TOP_INCIDENTS:
        return lines
    text = speech.say_many("{count} open incident", "{count} open incidents", count, count=count)
    return (MenuLine("incidents", text, lines=lines),)


def _incident_line(
    speech: Translator, incident: Incident, seen: str | None, now: datetime, only: tuple[str, ...]
) -> MenuLine:
    text = speech.say(
        "{name}: {stage}",
        name=speech.quote(incident.name, _NAME_UNITS),
        stage=incident_stage_label(speech, incident),
    )
    at = incident.updated_at or incident.started_at
    if at is not None:
        text = speech.say("{what}, {time}", what=text, time=speech.time_text(at, now))
    text = add_audience(speech, text, only)
    if new := _count_new_updates(incident, seen):
        text = speech.say_many(
            "{what} ({count} new update since you last looked)",
            "{what} ({count} new updates since you last looked)",
            new,
            what=text,
            count=new,
        )
    command = Command(Action.OPEN_INCIDENT, incident.id)
    return MenuLine(f"incident:{incident.id}", text, command, look=look_of_incident(incident))


def _count_new_updates(incident: Incident, seen: str | None) -> int:
    """Counts the updates newer than the one last seen; 0 if the person never looked, when all are new."""
    if seen is None:
        return 0
    ids = [update.id for update in incident.updates]
    return ids.index(seen) if seen in ids else len(ids)


def _product_line(speech: Translator, product: ProductVerdict) -> MenuLine:
    about = product.incidents[0] if product.incidents else ""
    text, command = product_label(speech, product), Command(Action.DETAILS, about)
    return MenuLine(f"product:{product.name}", text, command, look=look_of_product(product))


def _action_lines(verdict: Verdict | None, kept: SavedMemory, speech: Translator) -> tuple[MenuLine, ...]:
    return (
        MenuLine("check", speech.say("Check now"), Command(Action.CHECK)),
        MenuLine("details", speech.say("Open details"), Command(Action.DETAILS)),
        MenuLine("page", speech.say("Open OpenAI's status page"), Command(Action.OPEN_PAGE)),
        *_copy_lines(verdict, speech),
        *_other_source_lines(verdict, speech),
        *_tell_when_back_lines(verdict, kept, speech),
    )


def _copy_lines(verdict: Verdict | None, speech: Translator) -> tuple[MenuLine, ...]:
    return (MenuLine("copy", speech.say("Copy status"), Command(Action.COPY)),) if verdict else ()


def _other_source_lines(verdict: Verdict | None, speech: Translator) -> tuple[MenuLine, ...]:
    """Lists where others report what they see, while something is wrong."""
    if verdict is None or not may_show_other_sources(verdict):
        return ()
    lines = tuple(
        MenuLine(f"elsewhere:{key}", text, Command(Action.OPEN_OTHER_SOURCE, address))
        for key, text, address in list_other_sources(speech)
    )
    return (MenuLine("elsewhere", speech.say("What others say"), lines=lines),)


def _tell_when_back_lines(
    verdict: Verdict | None, kept: SavedMemory, speech: Translator
) -> tuple[MenuLine, ...]:
    if verdict is None or not any(Condition.from_product(product).is_trouble for product in verdict.products):
        return ()
    text = speech.say("Tell me when it is back")
    return (MenuLine("tell", text, Command(Action.TELL_WHEN_BACK), checked=bool(kept.tell_when_back)),)


def _separator_line(key: str) -> MenuLine:
    return MenuLine(f"line:{key}", separator=True)
