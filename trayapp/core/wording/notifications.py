"""What is told: a transition as a notification that says what happened, who says so, since when, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from trayapp.core.wording.endings import (
    NAME_UNITS,
    end_body,
    end_title,
    full_stop,
    names_of,
    number_of,
    with_parts,
)
from trayapp.core.wording.labels import stage_words, state_words, titled
from trayapp.core.wording.reasons import reason
from trayapp.core.wording.short_forms import Condition, short_words
from trayapp.i18n.sanitize import BODY_UNITS, TITLE_UNITS, clip, plain, units
from trayapp.i18n.translator import Speech, mark_many
from trayapp.model import (
    Act,
    Change,
    Command,
    Incident,
    Line,
    Look,
    Notice,
    NoticeKind,
    Reason,
    State,
    Transition,
    Urgency,
    Verdict,
    Why,
    rank,
)

_HAPPENED = {
    State.MAINTENANCE: mark_many("{services} is under maintenance", "{services} are under maintenance"),
    State.DEGRADED: mark_many("{services} is having problems", "{services} are having problems"),
    State.PARTIAL: mark_many("{services} is partly down", "{services} are partly down"),
    State.MAJOR: mark_many("{services} is down", "{services} are down"),
}


_HOW = {
    Change.UNSTABLE: mark_many("{services} is unstable", "{services} are unstable"),
    Change.ANSWERS: mark_many("{services} answers again from here", "{services} answer again from here"),
}
_MOSTLY = mark_many("Most of {services} is degraded", "Most of {services} is degraded")
_AGAIN = {
    State.MAINTENANCE: _HAPPENED[State.MAINTENANCE],
    State.DEGRADED: mark_many("{services} is having problems again", "{services} are having problems again"),
    State.PARTIAL: mark_many("{services} is partly down again", "{services} are partly down again"),
    State.MAJOR: mark_many("{services} is down again", "{services} are down again"),
}
_WORSE = {
    State.DEGRADED: mark_many(
        "Worse: {services} is now having problems", "Worse: {services} are now having problems"
    ),
    State.PARTIAL: mark_many("Worse: {services} is now partly down", "Worse: {services} are now partly down"),
    State.MAJOR: mark_many("Worse: {services} is now down", "Worse: {services} are now down"),
}


def _id_of(transition: Transition) -> str:
    """Unique: one trouble may get better twice from the same moment on, after a sleep."""
    what = f"{transition.change} {transition.after}"
    return f"{transition.at.isoformat()} {what} {transition.thread} {','.join(transition.products)}"


def notice(speech: Speech, transition: Transition, verdict: Verdict) -> Notice:
    """A transition, told. The verdict is the one it came with: it knows the incidents and the checks."""
    incident = next((i for i in map(verdict.incident, transition.incidents) if i), None)
    critical = transition.must_arrive or (
        transition.after is State.MAJOR and transition.change in (Change.START, Change.WORSE)
    )
    urgency = Urgency.CRITICAL if critical else Urgency.LOW if transition.lapsed else Urgency.NORMAL
    about = incident.id if incident else next(iter(transition.incidents), "")
    return Notice(
        id=_id_of(transition),
        kind=NoticeKind(transition.change.value),
        title=_title(speech, transition, incident, verdict.at),
        body=fitted(_body(speech, transition, verdict, incident)),
        thread=transition.thread,
        ends=transition.ends,
        urgency=urgency,
        lasting=critical,
        click=Command(Act.DETAILS, about),
        button=speech.say("Open details"),
        must_arrive=transition.must_arrive,
        look=Look(transition.after, hollow=not transition.confirmed),
    )


def fitted(sentences: Sequence[str]) -> str:
    """Sentences in the order of their weight: the last ones go first where there is no room."""
    kept = list(sentences)
    while len(kept) > 1 and units(" ".join(kept)) > BODY_UNITS:
        kept.pop()
    return clip(" ".join(kept), BODY_UNITS)


def _title(speech: Speech, transition: Transition, incident: Incident | None, now: datetime) -> str:
    number = number_of(transition.products)

    if transition.change is Change.AWAY:
        return _away_title(speech, transition, now)

    def of(services: str) -> str:
        if transition.change in {Change.END, Change.EASED}:
            return end_title(speech, transition, services)
        if transition.change in _HOW:
            return speech.say_many(*_HOW[transition.change], number, services=services)
        if transition.change is Change.UPDATE and incident:
            return speech.say("{services}: {state}", services=services, state=stage_words(speech, incident))
        return _started(speech, transition, services, number)

    return _with_room(speech, of, names_of(speech, transition))


def _with_room(speech: Speech, of: Callable[[str], str], products: Sequence[str]) -> str:
    """A title with as many names as it has room for."""
    return clip(of(speech.products(products, TITLE_UNITS - units(of("")))), TITLE_UNITS)


def _started(speech: Speech, transition: Transition, services: str, number: int) -> str:
    if transition.edge:
        return speech.say("{services}: trouble at Cloudflare's edge", services=services)
    if not transition.confirmed:
        doubtful = Condition(transition.after, confirmed=False, checking=False, recovering=False)
        return short_words(speech, doubtful, services)
    if transition.after not in _HAPPENED:
        return speech.say(
            "{services}: {state}", services=services, state=state_words(speech, transition.after)
        )
    return _happened(speech, transition, services, number)


def _happened(speech: Speech, transition: Transition, services: str, number: int) -> str:
    """What a page's word of trouble is called, new, worse or again."""
    state = transition.after
    if transition.components and transition.after is not State.MAJOR:
        state = transition.components_state or state
        services = with_parts(speech, services, transition.components)
        number = number_of(transition.components)
    if transition.change is Change.WORSE and state in _WORSE:
        return speech.say_many(*_WORSE[state], number, services=services)
    if transition.again:
        return speech.say_many(*_AGAIN[state], number, services=services)
    if transition.said is State.DEGRADED and transition.after is State.PARTIAL and not transition.components:
        return speech.say_many(*_MOSTLY, number, services=services)
    return speech.say_many(*_HAPPENED[state], number, services=services)


def _away_title(speech: Speech, transition: Transition, now: datetime) -> str:
    """All of it where there is room for it; else the body has it."""
    parts = transition.parts or (transition,)
    what = " · ".join(_span(speech, part, now) for part in parts)
    whole = speech.say("While you were away: {what}", what=what)
    return whole if units(whole) <= TITLE_UNITS else speech.say("While you were away")


def _away_body(speech: Speech, transition: Transition, now: datetime) -> list[str]:
    return [full_stop(speech, _with_length(speech, part, now)) for part in transition.parts or (transition,)]


def _span(speech: Speech, part: Transition, now: datetime) -> str:
    """When one trouble began and ended: "APIs degraded 02:10–02:55", or since when it goes on."""
    known_end = part.after is State.OPERATIONAL and part.since is not None
    state = part.before if known_end else part.after
    condition = Condition(state, part.confirmed, checking=False, recovering=False)
    what = short_words(speech, condition, speech.products(part.products, TITLE_UNITS))
    if part.since is None or not known_end:
        return speech.since(what, part.since, now)
    begin, end = speech.when(part.since, now), speech.when(part.at, part.since)
    return speech.say("{what} {begin}–{end}", what=what, begin=begin, end=end)


def _with_length(speech: Speech, part: Transition, now: datetime) -> str:
    what = _span(speech, part, now)
    if part.after is not State.OPERATIONAL or part.since is None:
        return what
    return speech.say(
        "{what} ({length})", what=what, length=speech.duration((part.at - part.since).total_seconds())
    )


def _body(speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None) -> list[str]:
    match transition.change:
        case Change.AWAY:
            return _away_body(speech, transition, verdict.at)
        case Change.END | Change.EASED:
            return end_body(speech, transition, verdict, incident)
        case Change.ANSWERS:
            since = transition.since
            facts = [Reason(Why.ANSWERS_AGAIN, who=name, since=since) for name in transition.products]
            said = [full_stop(speech, reason(speech, verdict, fact)) for fact in facts]
            return [*said, speech.say("You will be told when it is back.")]
        case Change.UNSTABLE:
            return [
                speech.say("It has come and gone several times within an hour."),
                speech.say(
                    "You will hear of it again after half an hour of calm, or when it gets much worse."
                ),
            ]
        case Change.UPDATE if incident:
            return _update(speech, incident)
        case _:
            return _start(speech, transition, verdict, incident)


def _start(speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None) -> list[str]:
    said = _who_says_so(speech, transition, verdict)
    if incident:
        said.append(full_stop(speech, titled(speech, incident, NAME_UNITS)))
    if transition.away:
        said.append(speech.say("It began while you were away."))
    if transition.after in _HAPPENED and rank(transition.after) >= rank(State.PARTIAL):
        said.append(speech.say("You will be told when it is back."))
    elif transition.after is State.DEGRADED:
        said.append(speech.say("Trying again may help."))
    return said


_OURS = frozenset({Why.PROBES_FAILED, Why.ANSWERS})
"""What this computer has seen itself."""


def _who_says_so(speech: Speech, transition: Transition, verdict: Verdict) -> list[str]:
    if transition.edge:
        return [full_stop(speech, reason(speech, verdict, Reason(Why.EDGE)))]
    if transition.confirmed:
        what = state_words(speech, transition.components_state or transition.said or transition.after)
        if transition.components:
            parts = speech.products(transition.components)
            what = speech.say("{service}: {parts}", service=parts, parts=what)
        what = speech.since(what, transition.since, verdict.at)
        return [full_stop(speech, speech.say("OpenAI: {what}", what=what))]
    said = [speech.say("Not confirmed by OpenAI.")]
    failed = (r for r in verdict.reasons if r.why in _OURS and r.who in transition.products)
    said += [full_stop(speech, reason(speech, verdict, r)) for r in failed]
    said += [full_stop(speech, reason(speech, verdict, r)) for r in verdict.reasons if r.why is Why.EDGE]
    if verdict.line is Line.GOOD:
        said.append(speech.say("Your own connection works."))
    return said


def _update(speech: Speech, incident: Incident) -> list[str]:
    name = speech.quoted(incident.name, NAME_UNITS)
    text = plain(incident.updates[0].text) if incident.updates else ""
    if not text:
        return [full_stop(speech, speech.say("OpenAI: {what}", what=name))]
    frame = units(speech.say("OpenAI on {incident}: {text}", incident=name, text=""))
    quoted = speech.quoted(text, BODY_UNITS - frame)
    return [speech.say("OpenAI on {incident}: {text}", incident=name, text=quoted)]
