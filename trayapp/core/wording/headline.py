"""Words a verdict: in short forms for the tray, and as one line of text with sources and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trayapp.core.wording import reasons as why
from trayapp.core.wording.labels import INCIDENT_UNITS, incident_title, state_label
from trayapp.core.wording.short_forms import (
    Condition,
    add_audience,
    add_outlook,
    affected_services,
    common_start,
    group_by_condition,
    short_form,
)
from trayapp.i18n.sanitize import ELLIPSIS, utf16_length
from trayapp.i18n.translator import Translator, mark
from trayapp.model import ConnectionState, ProductVerdict, ReasonKind, State, Verdict

_REPORTED = {
    State.MAINTENANCE: mark("OpenAI reports maintenance of {services}"),
    State.DEGRADED: mark("OpenAI reports degraded performance of {services}"),
    State.PARTIAL: mark("OpenAI reports a partial outage of {services}"),
    State.MAJOR: mark("OpenAI reports a major outage of {services}"),
}

_ANSWER_REASONS = frozenset(
    {
        ReasonKind.PROBES_FAILED,
        ReasonKind.PROBES_FINE,
        ReasonKind.ANSWERS_AGAIN,
        ReasonKind.NOT_POSTED,
        ReasonKind.PAGE_UNREADABLE,
        ReasonKind.LOCAL_CAUSE,
        ReasonKind.KEY_CHECK,
        ReasonKind.EDGE,
        ReasonKind.UNREACHABLE_HERE,
        ReasonKind.OLD_COPY,
        ReasonKind.VANISHED,
        ReasonKind.PEOPLE_REPORT,
        ReasonKind.PEOPLE_REPORT_TOO,
        ReasonKind.REPORTS_LAST,
        ReasonKind.REPORTS_FALL,
    }
)
"""Reasons that the status sentence needs: they say who reports it and on whose side the cause is."""

_LIST_UNITS = 60
HEADLINE_UNITS = 120
"""The most UTF-16 units, so that the menu stays narrow; every product has its own line below."""
_SEPARATOR = " · "


def headline_parts(speech: Translator, verdict: Verdict, now: datetime) -> list[str]:
    """Puts a verdict into short forms, the worst first: "ChatGPT down since 13:41", "APIs and Codex fine"."""
    blind = _unknown_parts(speech, verdict, now)
    if blind:
        return blind
    shown = [
        _group_text(speech, condition, products, now)
        for condition, products in group_by_condition(verdict.products)
    ]
    return shown or [state_label(speech, verdict.state)]


def people_parts(speech: Translator, verdict: Verdict) -> list[str]:
    """Says shortly that other people report trouble while all else is calm; empty otherwise."""
    if not verdict.is_reported_by_people:
        return []
    names = speech.join_products([p.name for p in verdict.products if p.reported_by_people], _LIST_UNITS)
    return [speech.say("people report problems with {services}", services=names)]


def headline_text(speech: Translator, verdict: Verdict, now: datetime) -> str:
    """Returns the headline: all trouble that fits, the worst with its time, and if OpenAI confirms it."""
    groups = group_by_condition(verdict.products)
    troubled = (
        [] if _unknown_parts(speech, verdict, now) else [group for group in groups if group[0].is_trouble]
    )
    if not troubled:
        return headline_parts(speech, verdict, now)[0]
    said = [
        _group_text_with_source(speech, *troubled[0], now),
        *(_group_text_with_source(speech, *group, None) for group in troubled[1:]),
    ]
    for kept in range(len(said), 0, -1):
        text = _join_first(said, kept)
        if utf16_length(text) <= HEADLINE_UNITS:
            return text
    # Names are shortened rather than the end of the sentence, which says whether OpenAI confirms it.
    names = speech.join_products([product.name for product in troubled[0][1]], _LIST_UNITS)
    most = utf16_length(names) - (utf16_length(text) - HEADLINE_UNITS)
    return _join_first([_group_text_with_source(speech, *troubled[0], now, most), *said[1:]], 1)


def _join_first(said: Sequence[str], kept: int) -> str:
    return _SEPARATOR.join([*said[:kept], *([ELLIPSIS] if kept < len(said) else [])])


def _group_text(
    speech: Translator,
    condition: Condition,
    products: Sequence[ProductVerdict],
    now: datetime | None,
    most: int = _LIST_UNITS,
) -> str:
    """Words a group, with at most `most` UTF-16 units of names, and without a time if `now` is None."""
    text = short_form(speech, condition, speech.join_products([p.name for p in products], most))
    timeless = condition.state in (State.OPERATIONAL, State.UNKNOWN)
    dated = text if timeless or now is None else speech.add_since(text, common_start(products), now)
    return add_outlook(speech, condition, dated)


def _group_text_with_source(
    speech: Translator,
    condition: Condition,
    products: Sequence[ProductVerdict],
    now: datetime | None,
    most: int = _LIST_UNITS,
) -> str:
    """Words a group as `_group_text` does, and says so if OpenAI has not confirmed it."""
    what = _group_text(speech, condition, products, now, most)
    return speech.say("{what}, not confirmed by OpenAI", what=what) if condition.is_doubtful else what


def _unknown_parts(speech: Translator, verdict: Verdict, now: datetime) -> list[str]:
    """Returns the texts that replace the products' states while nothing is known; empty otherwise."""
    if verdict.state is State.OFFLINE:
        portal = verdict.connection is ConnectionState.PORTAL
        offline = (
            speech.say("Your network asks you to sign in") if portal else state_label(speech, State.OFFLINE)
        )
        return [speech.add_since(offline, verdict.since, now)]
    if verdict.state is not State.UNKNOWN or verdict.page.readable:
        return []
    unknown = speech.add_since(state_label(speech, State.UNKNOWN), verdict.since, now)
    first = speech.say("Checking OpenAI's status") if verdict.checking else unknown
    unread = why.page_unread_line(speech, verdict, dated=verdict.checking or verdict.since is None)
    return [first, unread] if unread else [first]


def status_sentence(speech: Translator, verdict: Verdict) -> str:
    """Says in one line what holds, who reports it, since when, and on whose side the cause is."""
    blind = _unknown_parts(speech, verdict, verdict.at)
    clauses = [
        *(blind or _answer_clauses(speech, verdict)),
        *_reason_clauses(speech, verdict, blind=bool(blind)),
    ]
    return speech.say("{sentence}.", sentence=". ".join(clauses))


def _answer_clauses(speech: Translator, verdict: Verdict) -> list[str]:
    groups = group_by_condition(verdict.products)
    if not groups:
        return [state_label(speech, verdict.state)]
    if len(groups) == 1 and groups[0][0].is_calm:
        return _calm_clauses(speech, verdict)
    return [_group_clause(speech, verdict, condition, products) for condition, products in groups]


def _calm_clauses(speech: Translator, verdict: Verdict) -> list[str]:
    services = speech.join_products([p.name for p in verdict.products])
    calm = [speech.say("OpenAI reports no trouble with {services}", services=services)]
    if verdict.incidents:
        posted = speech.join_list([speech.quote(i.name, INCIDENT_UNITS) for i in verdict.incidents[:2]])
        calm.append(speech.say("Also posted: {incidents}", incidents=posted))
    return calm


def _group_clause(
    speech: Translator, verdict: Verdict, condition: Condition, products: Sequence[ProductVerdict]
) -> str:
    services = speech.join_products([p.name for p in products])
    if condition.is_doubtful:
        what = speech.add_since(short_form(speech, condition, services), common_start(products), verdict.at)
        what = add_outlook(speech, condition, what)
        return speech.say("{what}, not confirmed by OpenAI", what=what)
    if condition.state in _REPORTED:
        return reported_clause(speech, verdict, condition.reported_state, products)
    return short_form(speech, condition, services)


def reported_clause(
    speech: Translator, verdict: Verdict, state: State, products: Sequence[ProductVerdict]
) -> str:
    """Says what OpenAI's page reports of some products, with the worst incident that explains it."""
    services = affected_services(
        speech, Condition.from_product(products[0]), speech.join_products([p.name for p in products])
    )
    what = speech.add_since(
        speech.say(_REPORTED[state], services=services), common_start(products), verdict.at
    )
    ids = [incident for product in products for incident in product.incidents]
    incident = verdict.find_incident(ids[0]) if ids else None
    if incident:
        what = speech.say("{what}: {incident}", what=what, incident=incident_title(speech, incident))
    return add_audience(speech, what, Condition.from_product(products[0]).only)


def _reason_clauses(speech: Translator, verdict: Verdict, *, blind: bool) -> list[str]:
    if verdict.state is State.OFFLINE:
        unread = why.page_unread_line(speech, verdict)
        return [*([unread] if unread else []), speech.say("Nothing can be said about OpenAI from here")]
    said = _ANSWER_REASONS - {ReasonKind.PAGE_UNREADABLE} if blind else _ANSWER_REASONS
    return [why.reason_line(speech, verdict, r) for r in verdict.reasons if r.kind in said]
