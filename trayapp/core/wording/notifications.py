"""Builds the notification of a transition: what happened, who reports it, since when, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from trayapp.core.wording.endings import (
    NAME_UNITS,
    add_full_stop,
    affected_names,
    end_body,
    end_title,
    name_with_parts,
    plural_number,
)
from trayapp.core.wording.labels import incident_stage_label, incident_title, state_label
from trayapp.core.wording.reasons import reason_line
from trayapp.core.wording.short_forms import Condition, short_form
from trayapp.i18n.sanitize import BODY_UNITS, TITLE_UNITS, clip_text, strip_markdown, utf16_length
from trayapp.i18n.translator import Translator, mark_many
from trayapp.model import (
    Action,
    Command,
    ConnectionState,
    Incident,
    Look,
    Notification,
    NotificationKind,
    Reason,
    ReasonKind,
    State,
    Transition,
    TransitionKind,
    Urgency,
    Verdict,
    ladder_rank,
)

_START_TITLES = {
    State.MAINTENANCE: mark_many("{services} is under maintenance", "{services} are under maintenance"),
    State.DEGRADED: mark_many("{services} is having problems", "{services} are having problems"),
    State.PARTIAL: mark_many("{services} is partly down", "{services} are partly down"),
    State.MAJOR: mark_many("{services} is down", "{services} are down"),
}


_CHANGE_TITLES = {
    TransitionKind.UNSTABLE: mark_many("{services} is unstable", "{services} are unstable"),
    TransitionKind.ANSWERS_AGAIN: mark_many(
        "{services} answers again from here", "{services} answer again from here"
    ),
}
_MOSTLY_TITLE = mark_many("Most of {services} is degraded", "Most of {services} is degraded")
_AGAIN_TITLES = {
    State.MAINTENANCE: _START_TITLES[State.MAINTENANCE],
    State.DEGRADED: mark_many("{services} is having problems again", "{services} are having problems again"),
    State.PARTIAL: mark_many("{services} is partly down again", "{services} are partly down again"),
    State.MAJOR: mark_many("{services} is down again", "{services} are down again"),
}
_WORSE_TITLES = {
    State.DEGRADED: mark_many(
        "Worse: {services} is now having problems", "Worse: {services} are now having problems"
    ),
    State.PARTIAL: mark_many("Worse: {services} is now partly down", "Worse: {services} are now partly down"),
    State.MAJOR: mark_many("Worse: {services} is now down", "Worse: {services} are now down"),
}


def _notification_id(transition: Transition) -> str:
    """Returns a unique id, also when one trouble eases twice at the same moment, after a sleep."""
    what = f"{transition.change} {transition.after}"
    return f"{transition.at.isoformat()} {what} {transition.thread} {','.join(transition.products)}"


def build_notification(speech: Translator, transition: Transition, verdict: Verdict) -> Notification:
    """Builds the notification of a transition. `verdict`, of the same round, has the incidents and probes."""
    incident = next((i for i in map(verdict.find_incident, transition.incidents) if i), None)
    critical = transition.must_arrive or (
        transition.after is State.MAJOR and transition.change in (TransitionKind.START, TransitionKind.WORSE)
    )
    urgency = Urgency.CRITICAL if critical else Urgency.LOW if transition.lapsed else Urgency.NORMAL
    about = incident.id if incident else next(iter(transition.incidents), "")
    return Notification(
        id=_notification_id(transition),
        kind=NotificationKind(transition.change.value),
        title=_title_text(speech, transition, incident, verdict.at),
        body=fit_sentences(_body_sentences(speech, transition, verdict, incident)),
        thread=transition.thread,
        ends=transition.ended_threads,
        urgency=urgency,
        lasting=critical,
        click=Command(Action.DETAILS, about),
        button=speech.say("Open details"),
        must_arrive=transition.must_arrive,
        look=Look(transition.after, hollow=not transition.confirmed),
    )


def fit_sentences(sentences: Sequence[str]) -> str:
    """Joins sentences, the most important first, and leaves out the last ones for which there is no room."""
    kept = list(sentences)
    while len(kept) > 1 and utf16_length(" ".join(kept)) > BODY_UNITS:
        kept.pop()
    return clip_text(" ".join(kept), BODY_UNITS)


def _title_text(speech: Translator, transition: Transition, incident: Incident | None, now: datetime) -> str:
    number = plural_number(transition.products)

    if transition.change is TransitionKind.AWAY:
        return _away_title(speech, transition, now)

    def of(services: str) -> str:
        if transition.change in {TransitionKind.END, TransitionKind.EASED}:
            return end_title(speech, transition, services)
        if transition.change in _CHANGE_TITLES:
            return speech.say_many(*_CHANGE_TITLES[transition.change], number, services=services)
        if transition.change is TransitionKind.UPDATE and incident:
            return speech.say(
                "{services}: {state}", services=services, state=incident_stage_label(speech, incident)
            )
        return _start_title(speech, transition, services, number)

    return _fit_names(speech, of, affected_names(speech, transition))


def _fit_names(speech: Translator, of: Callable[[str], str], products: Sequence[str]) -> str:
    """Returns a title with as many names as it has room for."""
    return clip_text(of(speech.join_products(products, TITLE_UNITS - utf16_length(of("")))), TITLE_UNITS)


def _start_title(speech: Translator, transition: Transition, services: str, number: int) -> str:
    if transition.edge:
        return speech.say("{services}: trouble at Cloudflare's edge", services=services)
    if not transition.confirmed:
        doubtful = Condition(transition.after, confirmed=False, checking=False, recovering=False)
        return short_form(speech, doubtful, services)
    if transition.after not in _START_TITLES:
        return speech.say(
            "{services}: {state}", services=services, state=state_label(speech, transition.after)
        )
    return _confirmed_title(speech, transition, services, number)


def _confirmed_title(speech: Translator, transition: Transition, services: str, number: int) -> str:
    """Returns the title for trouble that the page reports: new, worse or again."""
    state = transition.after
    if transition.components and transition.after is not State.MAJOR:
        state = transition.components_state or state
        services = name_with_parts(speech, services, transition.components)
        number = plural_number(transition.components)
    if transition.change is TransitionKind.WORSE and state in _WORSE_TITLES:
        return speech.say_many(*_WORSE_TITLES[state], number, services=services)
    if transition.again:
        return speech.say_many(*_AGAIN_TITLES[state], number, services=services)
    if transition.said is State.DEGRADED and transition.after is State.PARTIAL and not transition.components:
        return speech.say_many(*_MOSTLY_TITLE, number, services=services)
    return speech.say_many(*_START_TITLES[state], number, services=services)


def _away_title(speech: Translator, transition: Transition, now: datetime) -> str:
    """Returns the title of an absence, with all that happened if there is room; the body lists it anyway."""
    parts = transition.parts or (transition,)
    what = " · ".join(_span_text(speech, part, now) for part in parts)
    if transition.unread:
        whole = speech.say("While the status page could not be read: {what}", what=what)
        short = speech.say("While the status page could not be read")
    else:
        whole = speech.say("While you were away: {what}", what=what)
        short = speech.say("While you were away")
    return whole if utf16_length(whole) <= TITLE_UNITS else short


def _away_body(speech: Translator, transition: Transition, now: datetime) -> list[str]:
    return [
        add_full_stop(speech, _span_with_length(speech, part, now))
        for part in transition.parts or (transition,)
    ]


def _span_text(speech: Translator, part: Transition, now: datetime) -> str:
    """Says when one trouble began and ended, "APIs degraded 02:10–02:55", or since when it lasts."""
    known_end = part.after is State.OPERATIONAL and part.since is not None
    state = part.before if known_end else part.after
    condition = Condition(state, part.confirmed, checking=False, recovering=False)
    what = short_form(speech, condition, speech.join_products(part.products, TITLE_UNITS))
    if part.since is None or not known_end:
        return speech.add_since(what, part.since, now)
    begin, end = speech.time_text(part.since, now), speech.time_text(part.at, part.since)
    return speech.say("{what} {begin}–{end}", what=what, begin=begin, end=end)


def _span_with_length(speech: Translator, part: Transition, now: datetime) -> str:
    what = _span_text(speech, part, now)
    if part.after is not State.OPERATIONAL or part.since is None:
        return what
    return speech.say(
        "{what} ({length})", what=what, length=speech.duration_text((part.at - part.since).total_seconds())
    )


def _body_sentences(
    speech: Translator, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    match transition.change:
        case TransitionKind.AWAY:
            return _away_body(speech, transition, verdict.at)
        case TransitionKind.END | TransitionKind.EASED:
            return end_body(speech, transition, verdict, incident)
        case TransitionKind.ANSWERS_AGAIN:
            since = transition.since
            facts = [
                Reason(ReasonKind.ANSWERS_AGAIN, subject=name, since=since) for name in transition.products
            ]
            said = [add_full_stop(speech, reason_line(speech, verdict, fact)) for fact in facts]
            return [*said, speech.say("You will be told when it is back.")]
        case TransitionKind.UNSTABLE:
            return [
                speech.say("It has come and gone several times within an hour."),
                speech.say(
                    "You will hear of it again after half an hour of calm, or when it gets much worse."
                ),
            ]
        case TransitionKind.UPDATE if incident:
            return _update_body(speech, incident)
        case _:
            return _start_body(speech, transition, verdict, incident)


def _start_body(
    speech: Translator, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    said = _source_sentences(speech, transition, verdict)
    if incident:
        said.append(add_full_stop(speech, incident_title(speech, incident, NAME_UNITS)))
    if transition.away:
        said.append(
            speech.say("It began while the status page could not be read.")
            if transition.unread
            else speech.say("It began while you were away.")
        )
    if transition.after in _START_TITLES and ladder_rank(transition.after) >= ladder_rank(State.PARTIAL):
        said.append(speech.say("You will be told when it is back."))
    elif transition.after is State.DEGRADED:
        said.append(speech.say("Trying again may help."))
    return said


_OWN_EVIDENCE = frozenset({ReasonKind.PROBES_FAILED, ReasonKind.KEY_CHECK})
"""The kinds of reasons that this computer has seen itself."""


def _source_sentences(speech: Translator, transition: Transition, verdict: Verdict) -> list[str]:
    if transition.edge:
        return [add_full_stop(speech, reason_line(speech, verdict, Reason(ReasonKind.EDGE)))]
    if transition.confirmed:
        what = state_label(speech, transition.components_state or transition.said or transition.after)
        if transition.components:
            parts = speech.join_products(transition.components)
            what = speech.say("{service}: {parts}", service=parts, parts=what)
        what = speech.add_since(what, transition.since, verdict.at)
        return [add_full_stop(speech, speech.say("OpenAI: {what}", what=what))]
    said = [speech.say("Not confirmed by OpenAI.")]
    failed = (r for r in verdict.reasons if r.kind in _OWN_EVIDENCE and r.subject in transition.products)
    said += [add_full_stop(speech, reason_line(speech, verdict, r)) for r in failed]
    said += [
        add_full_stop(speech, reason_line(speech, verdict, r))
        for r in verdict.reasons
        if r.kind is ReasonKind.EDGE
        or (r.kind is ReasonKind.PEOPLE_REPORT_TOO and r.subject in transition.products)
    ]
    if verdict.connection is ConnectionState.GOOD:
        said.append(speech.say("Your own connection works."))
    return said


def _update_body(speech: Translator, incident: Incident) -> list[str]:
    name = speech.quote(incident.name, NAME_UNITS)
    text = strip_markdown(incident.updates[0].text) if incident.updates else ""
    if not text:
        return [add_full_stop(speech, speech.say("OpenAI: {what}", what=name))]
    frame = utf16_length(speech.say("OpenAI on {incident}: {text}", incident=name, text=""))
    quoted = speech.quote(text, BODY_UNITS - frame)
    return [speech.say("OpenAI on {incident}: {text}", incident=name, text=quoted)]
