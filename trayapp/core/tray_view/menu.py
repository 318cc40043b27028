"""The menu: what holds, then what can be done. It carries no time of the last check, so that it changes only with the news.

Every line has a key of its own that outlives a change of its text: a late click must never reach another line.
"""

from __future__ import annotations

from datetime import datetime

from trayapp.core.tray_view import settings_menu as chosen
from trayapp.core.tray_view.looks import look_of_incident, look_of_product
from trayapp.core.wording.headline import headline
from trayapp.core.wording.labels import stage_words
from trayapp.core.wording.other_sources import may_be_wrong, what_others_say
from trayapp.core.wording.reasons import unread
from trayapp.core.wording.short_forms import Condition, product_words, says_only
from trayapp.i18n.translator import Speech
from trayapp.model import (
    Act,
    Choices,
    Command,
    Incident,
    Kept,
    MenuLine,
    ProductVerdict,
    State,
    Verdict,
)

MOST_INCIDENTS = 8
_ON_TOP = 3
"""Open incidents that stand in the menu itself; more go into a submenu, so that the rest stays in reach."""

_NAME_UNITS = 60


def menu(
    verdict: Verdict | None, kept: Kept, speech: Speech, now: datetime, choices: Choices
) -> tuple[MenuLine, ...]:
    """All lines. Before the first round there is only what can be done."""
    known = _known(verdict, kept, speech, now) if verdict else ()
    first = headline(speech, verdict, now) if verdict else speech.say("Checking OpenAI's status")
    state = MenuLine("state", first, Command(Act.DETAILS), default=True)
    return (
        state,
        *chosen.restart(choices, speech),
        *chosen.mistake(choices, speech),
        *chosen.mute(choices, speech),
        *known,
        _line_between("acts"),
        *_acts(verdict, kept, speech),
        _line_between("choices"),
        chosen.pause(kept, speech, now),
        chosen.follow(verdict, choices, speech),
        chosen.about_me(choices, speech),
        chosen.level(choices, speech),
        chosen.settings(choices, speech),
        _line_between("quit"),
        chosen.legend(speech),
        chosen.about(speech),
        MenuLine("quit", speech.say("Quit"), Command(Act.QUIT)),
    )


def _known(verdict: Verdict, kept: Kept, speech: Speech, now: datetime) -> tuple[MenuLine, ...]:
    followed = tuple(_product(speech, product) for product in verdict.products)
    others = tuple(_product(speech, product) for product in verdict.others)
    rest = (MenuLine("others", speech.say("Other products"), lines=others),) if others else ()
    between = (_line_between("products"),) if followed or rest else ()
    incidents = tuple(
        _incident(speech, i, kept.seen.get(i.id), now, verdict.only.get(i.id, ()))
        for i in verdict.incidents[:MOST_INCIDENTS]
    )
    return (
        *_unread(verdict, speech),
        *_incidents(speech, incidents, len(verdict.incidents)),
        *between,
        *followed,
        *rest,
    )


def _unread(verdict: Verdict, speech: Speech) -> tuple[MenuLine, ...]:
    """Why nothing is known."""
    text = unread(speech, verdict) if verdict.state is State.UNKNOWN and not verdict.page.readable else ""
    return (MenuLine("unread", text),) if text else ()


def _incidents(speech: Speech, lines: tuple[MenuLine, ...], count: int) -> tuple[MenuLine, ...]:
    if count <= _ON_TOP:
        return lines
    text = speech.say_many("{count} open incident", "{count} open incidents", count, count=count)
    return (MenuLine("incidents", text, lines=lines),)


def _incident(
    speech: Speech, incident: Incident, seen: str | None, now: datetime, only: tuple[str, ...]
) -> MenuLine:
    text = speech.say(
        "{name}: {stage}",
        name=speech.quoted(incident.name, _NAME_UNITS),
        stage=stage_words(speech, incident),
    )
    at = incident.updated_at or incident.started_at
    if at is not None:
        text = speech.say("{what}, {time}", what=text, time=speech.when(at, now))
    text = says_only(speech, text, only)
    if new := _new(incident, seen):
        text = speech.say_many(
            "{what} ({count} new update since you last looked)",
            "{what} ({count} new updates since you last looked)",
            new,
            what=text,
            count=new,
        )
    command = Command(Act.OPEN_INCIDENT, incident.id)
    return MenuLine(f"incident:{incident.id}", text, command, look=look_of_incident(incident))


def _new(incident: Incident, seen: str | None) -> int:
    """How many updates are newer than the one last seen; none for who never looked: all of it is news."""
    if seen is None:
        return 0
    ids = [update.id for update in incident.updates]
    return ids.index(seen) if seen in ids else len(ids)


def _product(speech: Speech, product: ProductVerdict) -> MenuLine:
    about = product.incidents[0] if product.incidents else ""
    text, command = product_words(speech, product), Command(Act.DETAILS, about)
    return MenuLine(f"product:{product.name}", text, command, look=look_of_product(product))


def _acts(verdict: Verdict | None, kept: Kept, speech: Speech) -> tuple[MenuLine, ...]:
    return (
        MenuLine("check", speech.say("Check now"), Command(Act.CHECK)),
        MenuLine("details", speech.say("Open details"), Command(Act.DETAILS)),
        MenuLine("page", speech.say("Open OpenAI's status page"), Command(Act.OPEN_PAGE)),
        *_copy(verdict, speech),
        *_elsewhere(verdict, speech),
        *_tell(verdict, kept, speech),
    )


def _copy(verdict: Verdict | None, speech: Speech) -> tuple[MenuLine, ...]:
    return (MenuLine("copy", speech.say("Copy status"), Command(Act.COPY)),) if verdict else ()


def _elsewhere(verdict: Verdict | None, speech: Speech) -> tuple[MenuLine, ...]:
    """Where others say what they see, while something is wrong."""
    if verdict is None or not may_be_wrong(verdict):
        return ()
    lines = tuple(
        MenuLine(f"elsewhere:{key}", text, Command(Act.OPEN_ELSEWHERE, address))
        for key, text, address in what_others_say(speech)
    )
    return (MenuLine("elsewhere", speech.say("What others say"), lines=lines),)


def _tell(verdict: Verdict | None, kept: Kept, speech: Speech) -> tuple[MenuLine, ...]:
    if verdict is None or not any(Condition.of(product).trouble for product in verdict.products):
        return ()
    text = speech.say("Tell me when it is back")
    return (MenuLine("tell", text, Command(Act.TELL_WHEN_BACK), checked=bool(kept.tell_when_back)),)


def _line_between(key: str) -> MenuLine:
    return MenuLine(f"line:{key}", separator=True)
