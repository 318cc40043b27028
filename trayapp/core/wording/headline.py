"""What a verdict says: in short forms for the tray, and in a line of text that answers it all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trayapp.core.wording import reasons as why
from trayapp.core.wording.labels import INCIDENT_UNITS, state_words, titled
from trayapp.core.wording.short_forms import (
    Condition,
    began,
    grouped,
    says_only,
    short_words,
    whom,
    with_outlook,
)
from trayapp.i18n.sanitize import ELLIPSIS, units
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Line, ProductVerdict, State, Verdict, Why

_REPORTED = {
    State.MAINTENANCE: mark("OpenAI reports maintenance of {services}"),
    State.DEGRADED: mark("OpenAI reports degraded performance of {services}"),
    State.PARTIAL: mark("OpenAI reports a partial outage of {services}"),
    State.MAJOR: mark("OpenAI reports a major outage of {services}"),
}

_SAID_WITH_THE_ANSWER = frozenset(
    {
        Why.PROBES_FAILED,
        Why.PROBES_FINE,
        Why.ANSWERS_AGAIN,
        Why.NOT_POSTED,
        Why.PAGE_UNREADABLE,
        Why.LOCAL,
        Why.ANSWERS,
        Why.EDGE,
        Why.UNREACHABLE_HERE,
        Why.OLD_COPY,
        Why.VANISHED,
    }
)
"""Reasons without which the answer would not say who says so, or whether it is them or me."""

_LIST_UNITS = 60
HEADLINE_UNITS = 120
"""UTF-16 units, so that a menu does not grow over the whole screen; every product has a line of its own below."""
_BETWEEN = " · "


def parts(speech: Speech, verdict: Verdict, now: datetime) -> list[str]:
    """A verdict in short forms, the first words first: "ChatGPT down since 13:41", "APIs and Codex fine"."""
    blind = _blind(speech, verdict, now)
    if blind:
        return blind
    shown = [_part(speech, condition, products, now) for condition, products in grouped(verdict.products)]
    return shown or [state_words(speech, verdict.state)]


def headline(speech: Speech, verdict: Verdict, now: datetime) -> str:
    """The first words: all that is in trouble, as far as there is room, the worst with its time, and whose word it is."""
    groups = grouped(verdict.products)
    troubled = [] if _blind(speech, verdict, now) else [group for group in groups if group[0].trouble]
    if not troubled:
        return parts(speech, verdict, now)[0]
    said = [_doubted(speech, *troubled[0], now), *(_doubted(speech, *group, None) for group in troubled[1:])]
    for kept in range(len(said), 0, -1):
        text = _beginning(said, kept)
        if units(text) <= HEADLINE_UNITS:
            return text
    # Names give way, and not the end of the sentence, which says whose word it is.
    names = speech.products([product.name for product in troubled[0][1]], _LIST_UNITS)
    most = units(names) - (units(text) - HEADLINE_UNITS)
    return _beginning([_doubted(speech, *troubled[0], now, most), *said[1:]], 1)


def _beginning(said: Sequence[str], kept: int) -> str:
    return _BETWEEN.join([*said[:kept], *([ELLIPSIS] if kept < len(said) else [])])


def _part(
    speech: Speech,
    condition: Condition,
    products: Sequence[ProductVerdict],
    now: datetime | None,
    most: int = _LIST_UNITS,
) -> str:
    """With at most so many units of names, and without a time where `now` is None."""
    text = short_words(speech, condition, speech.products([p.name for p in products], most))
    timeless = condition.state in (State.OPERATIONAL, State.UNKNOWN)
    dated = text if timeless or now is None else speech.since(text, began(products), now)
    return with_outlook(speech, condition, dated)


def _doubted(
    speech: Speech,
    condition: Condition,
    products: Sequence[ProductVerdict],
    now: datetime | None,
    most: int = _LIST_UNITS,
) -> str:
    """The same, with whose word it is."""
    what = _part(speech, condition, products, now, most)
    return speech.say("{what}, not confirmed by OpenAI", what=what) if condition.doubtful else what


def _blind(speech: Speech, verdict: Verdict, now: datetime) -> list[str]:
    """What is said instead of products' states while nothing can be seen; empty when something can."""
    if verdict.state is State.OFFLINE:
        portal = verdict.line is Line.PORTAL
        offline = (
            speech.say("Your network asks you to sign in") if portal else state_words(speech, State.OFFLINE)
        )
        return [speech.since(offline, verdict.since, now)]
    if verdict.state is not State.UNKNOWN or verdict.page.readable:
        return []
    unknown = speech.since(state_words(speech, State.UNKNOWN), verdict.since, now)
    first = speech.say("Checking OpenAI's status") if verdict.checking else unknown
    unread = why.unread(speech, verdict, dated=verdict.checking or verdict.since is None)
    return [first, unread] if unread else [first]


def sentence(speech: Speech, verdict: Verdict) -> str:
    """What holds, who says so, since when, and whether it is them or this computer, in a line of text."""
    blind = _blind(speech, verdict, verdict.at)
    clauses = [*(blind or _answer(speech, verdict)), *_tails(speech, verdict, blind=bool(blind))]
    return speech.say("{sentence}.", sentence=". ".join(clauses))


def _answer(speech: Speech, verdict: Verdict) -> list[str]:
    groups = grouped(verdict.products)
    if not groups:
        return [state_words(speech, verdict.state)]
    if len(groups) == 1 and groups[0][0].calm:
        return _calm(speech, verdict)
    return [_of_group(speech, verdict, condition, products) for condition, products in groups]


def _calm(speech: Speech, verdict: Verdict) -> list[str]:
    services = speech.products([p.name for p in verdict.products])
    calm = [speech.say("OpenAI reports no trouble with {services}", services=services)]
    if verdict.incidents:
        posted = speech.listed([speech.quoted(i.name, INCIDENT_UNITS) for i in verdict.incidents[:2]])
        calm.append(speech.say("Also posted: {incidents}", incidents=posted))
    return calm


def _of_group(
    speech: Speech, verdict: Verdict, condition: Condition, products: Sequence[ProductVerdict]
) -> str:
    services = speech.products([p.name for p in products])
    if condition.doubtful:
        what = speech.since(short_words(speech, condition, services), began(products), verdict.at)
        what = with_outlook(speech, condition, what)
        return speech.say("{what}, not confirmed by OpenAI", what=what)
    if condition.state in _REPORTED:
        return reported(speech, verdict, condition.reported, products)
    return short_words(speech, condition, services)


def reported(speech: Speech, verdict: Verdict, state: State, products: Sequence[ProductVerdict]) -> str:
    """What OpenAI's page says of some products, with the worst incident that explains it."""
    services = whom(speech, Condition.of(products[0]), speech.products([p.name for p in products]))
    what = speech.since(speech.say(_REPORTED[state], services=services), began(products), verdict.at)
    ids = [incident for product in products for incident in product.incidents]
    incident = verdict.incident(ids[0]) if ids else None
    if incident:
        what = speech.say("{what}: {incident}", what=what, incident=titled(speech, incident))
    return says_only(speech, what, Condition.of(products[0]).only)


def _tails(speech: Speech, verdict: Verdict, *, blind: bool) -> list[str]:
    if verdict.state is State.OFFLINE:
        unread = why.unread(speech, verdict)
        return [*([unread] if unread else []), speech.say("Nothing can be said about OpenAI from here")]
    said = _SAID_WITH_THE_ANSWER - {Why.PAGE_UNREADABLE} if blind else _SAID_WITH_THE_ANSWER
    return [why.reason(speech, verdict, r) for r in verdict.reasons if r.why in said]
