"""What is told: a transition as a notification that says what happened, who says so, since when, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from trayapp.core.reasons import reason
from trayapp.core.short import Condition, short_words
from trayapp.core.speech import Speech, mark, mark_many
from trayapp.core.terms import stage_words, state_words, titled
from trayapp.core.text import clip, plain, units
from trayapp.model import (
    Act,
    Change,
    Command,
    Incident,
    Line,
    Look,
    Notice,
    NoticeKind,
    Outcome,
    State,
    Transition,
    Urgency,
    Verdict,
    Why,
    rank,
)

TITLE_UNITS = 60
BODY_UNITS = 200
"""UTF-16 units that every notification server shows; Windows cuts at 63 and 255."""

_NAME_UNITS = 80

_HAPPENED = {
    State.MAINTENANCE: mark_many("{services} is under maintenance", "{services} are under maintenance"),
    State.DEGRADED: mark_many("{services} is having problems", "{services} are having problems"),
    State.PARTIAL: mark_many("{services} is partly down", "{services} are partly down"),
    State.MAJOR: mark_many("{services} is down", "{services} are down"),
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
_NO_LONGER = {
    State.DEGRADED: mark_many("{services} is no longer degraded", "{services} are no longer degraded"),
    State.PARTIAL: mark_many("{services} is no longer partly down", "{services} are no longer partly down"),
    State.MAJOR: mark_many("{services} is no longer down", "{services} are no longer down"),
}
_STILL = {
    State.MAINTENANCE: mark("now under maintenance"),
    State.DEGRADED: mark("still degraded"),
    State.PARTIAL: mark("still partly down"),
}


def notice(speech: Speech, transition: Transition, verdict: Verdict) -> Notice:
    """A transition, told. The verdict is the one it came with: it knows the incidents and the checks."""
    incident = next((i for i in map(verdict.incident, transition.incidents) if i), None)
    critical = transition.must_arrive or (
        transition.after is State.MAJOR and transition.change in (Change.START, Change.WORSE)
    )
    urgency = Urgency.CRITICAL if critical else Urgency.LOW if transition.lapsed else Urgency.NORMAL
    about = incident.id if incident else next(iter(transition.incidents), "")
    return Notice(
        id=f"{transition.at.isoformat()} {transition.change} {transition.thread} {','.join(transition.products)}",
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
    number = _number(transition.products)

    if transition.change is Change.AWAY:
        return _away_title(speech, transition, now)

    def of(services: str) -> str:
        if transition.change in {Change.END, Change.EASED}:
            return _ended(speech, transition, services, number)
        if transition.change is Change.UNSTABLE:
            return speech.say_many(
                "{services} is unstable", "{services} are unstable", number, services=services
            )
        if transition.change is Change.UPDATE and incident:
            return speech.say("{services}: {state}", services=services, state=stage_words(speech, incident))
        return _started(speech, transition, services, number)

    return _with_room(speech, of, transition.products)


def _with_room(speech: Speech, of: Callable[[str], str], products: Sequence[str]) -> str:
    """A title with as many names as it has room for."""
    return clip(of(speech.products(products, TITLE_UNITS - units(of("")))), TITLE_UNITS)


def _number(products: Sequence[str]) -> int:
    """How English counts the names: "ChatGPT is", but "ChatGPT and Codex are" and "APIs are", a plural by itself."""
    plural = len(products) > 1 or (products[0][-2:-1].isupper() and products[0].endswith("s"))
    return 2 if plural else 1


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
        named = speech.products(transition.components)
        services = speech.say("{service}: {parts}", service=services, parts=named)
        number = _number(transition.components)
    if transition.change is Change.WORSE and state in _WORSE:
        return speech.say_many(*_WORSE[state], number, services=services)
    if transition.again:
        return speech.say_many(*_AGAIN[state], number, services=services)
    if transition.said is State.DEGRADED and transition.after is State.PARTIAL and not transition.components:
        return speech.say_many(*_MOSTLY, number, services=services)
    return speech.say_many(*_HAPPENED[state], number, services=services)


def _ended(speech: Speech, transition: Transition, services: str, number: int) -> str:
    if transition.lapsed:
        return speech.say("{services}: not known any more", services=services)
    if transition.before is State.MAINTENANCE:
        return speech.say("{services}: maintenance is over", services=services)
    if transition.after in _STILL and transition.before in _NO_LONGER:
        return _eased(speech, transition, services, number)
    if transition.ended_after is not None and not transition.confirmed:
        return speech.say_many(
            "{services} answers again", "{services} answer again", number, services=services
        )
    if transition.since is None or _has_own_lengths(speech, transition):
        return speech.say_many("{services} is back", "{services} are back", number, services=services)
    length = speech.duration((transition.at - transition.since).total_seconds())
    return speech.say_many(
        "{services} is back after {length}",
        "{services} are back after {length}",
        number,
        services=services,
        length=length,
    )


def _eased(speech: Speech, transition: Transition, services: str, number: int) -> str:
    """That it is not as bad as it was, and what is left of it: "no longer down after 58 min; still degraded"."""
    what = speech.say_many(*_NO_LONGER[transition.before], number, services=services)
    if transition.since is not None:
        length = speech.duration((transition.at - transition.since).total_seconds())
        what = speech.say("{what} after {length}", what=what, length=length)
    return speech.say("{what}; {left}", what=what, left=speech.say(_STILL[transition.after]))


def _has_own_lengths(speech: Speech, transition: Transition) -> bool:
    """Whether one cause hit several products for different lengths, which the body then says."""
    return len({_length(speech, member) for member in transition.members}) > 1


def _length(speech: Speech, member: Transition) -> str:
    if member.since is None:
        return ""
    return speech.duration((member.at - member.since).total_seconds())


def _away_title(speech: Speech, transition: Transition, now: datetime) -> str:
    """All of it where there is room for it; else the body has it."""
    parts = transition.parts or (transition,)
    what = " · ".join(_span(speech, part, now) for part in parts)
    whole = speech.say("While you were away: {what}", what=what)
    return whole if units(whole) <= TITLE_UNITS else speech.say("While you were away")


def _away_body(speech: Speech, transition: Transition, now: datetime) -> list[str]:
    return [_full(speech, _with_length(speech, part, now)) for part in transition.parts or (transition,)]


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
            return _end(speech, transition, verdict, incident)
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
        said.append(_full(speech, titled(speech, incident, _NAME_UNITS)))
    if transition.away:
        said.append(speech.say("It began while you were away."))
    if transition.after in _HAPPENED and rank(transition.after) >= rank(State.PARTIAL):
        said.append(speech.say("You will be told when it is back."))
    elif transition.after is State.DEGRADED:
        said.append(speech.say("Trying again may help."))
    return said


def _who_says_so(speech: Speech, transition: Transition, verdict: Verdict) -> list[str]:
    if transition.edge:
        return [_full(speech, reason(speech, verdict, r)) for r in verdict.reasons if r.why is Why.EDGE]
    if transition.confirmed:
        what = state_words(speech, transition.components_state or transition.said or transition.after)
        if transition.components:
            parts = speech.products(transition.components)
            what = speech.say("{service}: {parts}", service=parts, parts=what)
        what = speech.since(what, transition.since, verdict.at)
        return [_full(speech, speech.say("OpenAI: {what}", what=what))]
    said = [speech.say("Not confirmed by OpenAI.")]
    failed = (r for r in verdict.reasons if r.why is Why.PROBES_FAILED and r.who in transition.products)
    said += [_full(speech, reason(speech, verdict, r)) for r in failed]
    said += [_full(speech, reason(speech, verdict, r)) for r in verdict.reasons if r.why is Why.EDGE]
    if verdict.line is Line.GOOD:
        said.append(speech.say("Your own connection works."))
    return said


def _end(speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None) -> list[str]:
    if transition.lapsed:
        return [
            speech.say(
                "For an hour nothing could be learnt about it from here. The icon goes by OpenAI's page."
            )
        ]
    said = []
    if transition.ended_after is not None:
        said.append(
            speech.say(
                "It ended between {begin} and {end}.",
                begin=speech.when(transition.ended_after, verdict.at),
                end=speech.when(transition.at, verdict.at),
            )
        )
    if _has_own_lengths(speech, transition):
        lengths = [
            speech.say(
                "{service} after {length}",
                service=speech.products(member.products),
                length=_length(speech, member),
            )
            for member in transition.members
            if member.since is not None
        ]
        said.append(_full(speech, speech.listed(lengths)))
    return [*said, *_who_ended_it(speech, transition, verdict, incident)]


def _who_ended_it(
    speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    if transition.edge:
        said = [speech.say("Cloudflare answers from here again.")]
    elif transition.watching:
        said = [speech.say("OpenAI: fix applied, watching.")]
    elif incident:
        said = [_full(speech, speech.say("OpenAI: {what}", what=titled(speech, incident, _NAME_UNITS)))]
    elif transition.after.is_trouble:
        said = []
    elif transition.confirmed:
        said = [speech.say("OpenAI's page shows no trouble any more.")]
    else:
        said = [speech.say("OpenAI never posted it.")]
    if transition.away:
        said.append(speech.say("It ended while you were away."))
    said += _checks(speech, transition, verdict)
    if transition.before is not State.MAINTENANCE:
        said.append(speech.say("Still stuck? Reload the page or sign in again."))
    return said


def _checks(speech: Speech, transition: Transition, verdict: Verdict) -> list[str]:
    outcomes = [probe.outcome for probe in verdict.probes if probe.product in transition.products]
    if not outcomes or set(outcomes) != {Outcome.ALIVE}:
        return []
    fine = speech.say_many(
        "The last check from this computer was fine.",
        "The last {count} checks from this computer were fine.",
        len(outcomes),
        count=len(outcomes),
    )
    return [fine]


def _update(speech: Speech, incident: Incident) -> list[str]:
    name = speech.quoted(incident.name, _NAME_UNITS)
    text = plain(incident.updates[0].text) if incident.updates else ""
    if not text:
        return [_full(speech, speech.say("OpenAI: {what}", what=name))]
    frame = units(speech.say("OpenAI on {incident}: {text}", incident=name, text=""))
    quoted = speech.quoted(text, BODY_UNITS - frame)
    return [speech.say("OpenAI on {incident}: {text}", incident=name, text=quoted)]


def _full(speech: Speech, sentence: str) -> str:
    return speech.say("{sentence}.", sentence=sentence)
