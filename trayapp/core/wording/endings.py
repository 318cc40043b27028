"""Words the notification of an end: which trouble is over, after how long, what is left, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from trayapp.core.wording.labels import incident_title, state_label
from trayapp.i18n.sanitize import TITLE_UNITS, utf16_length
from trayapp.i18n.translator import Translator, mark, mark_many
from trayapp.model import Incident, Outcome, State, Transition, TransitionKind, Verdict

NAME_UNITS = 80
"""The most UTF-16 units that an incident's name may take."""

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


def plural_number(products: Sequence[str]) -> int:
    """Returns 1 or 2, as English counts names: "ChatGPT is", but "ChatGPT and Codex are" and "APIs are"."""
    plural = len(products) > 1 or (products[0][-2:-1].isupper() and products[0].endswith("s"))
    return 2 if plural else 1


def name_with_parts(speech: Translator, services: str, components: Sequence[str]) -> str:
    """Names a product and the only components of it that have trouble: "APIs: Sora"."""
    return speech.say("{service}: {parts}", service=services, parts=speech.join_products(components))


def affected_names(speech: Translator, transition: Transition) -> tuple[str, ...]:
    """Returns the products' names; one that the cause hit less hard is named with its hurt components."""
    return (
        tuple(
            name_with_parts(speech, name, one.components) if _is_milder(one, transition) else name
            for one in transition.members
            for name in one.products
        )
        or transition.products
    )


def _is_milder(one: Transition, whole: Transition) -> bool:
    """Whether naming a product with the others would make it seem worse than it is or was."""
    return bool(one.components) and (one.after, one.before) != (whole.after, whole.before)


def add_full_stop(speech: Translator, sentence: str) -> str:
    """Adds the language's full stop to a sentence."""
    return speech.say("{sentence}.", sentence=sentence)


def end_title(speech: Translator, transition: Transition, services: str) -> str:
    """Returns the title of an end, in which `services` names the products."""
    if _has_trouble_left(transition):
        return _eased_title(speech, transition, services)
    return _full_end_title(speech, transition, services)


def _full_end_title(speech: Translator, transition: Transition, services: str) -> str:
    number = plural_number(transition.products)
    if transition.components:
        services = name_with_parts(speech, services, transition.components)
        number = plural_number(transition.components)
    if transition.lapsed:
        return speech.say("{services}: not known any more", services=services)
    if transition.before is State.MAINTENANCE:
        return speech.say("{services}: maintenance is over", services=services)
    if transition.ended_after is not None and not transition.confirmed:
        return speech.say_many(
            "{services} answers again", "{services} answer again", number, services=services
        )
    if transition.since is None or _has_own_lengths(speech, transition):
        return speech.say_many("{services} is back", "{services} are back", number, services=services)
    length = speech.duration_text((transition.at - transition.since).total_seconds())
    return speech.say_many(
        "{services} is back after {length}",
        "{services} are back after {length}",
        number,
        services=services,
        length=length,
    )


def _has_trouble_left(transition: Transition) -> bool:
    """Whether trouble is less bad than was notified, and the rest of it is worth mentioning."""
    ends = transition.change in {TransitionKind.END, TransitionKind.EASED} and not transition.lapsed
    return ends and transition.after in _STILL and transition.before in _NO_LONGER


def _eased_title(speech: Translator, transition: Transition, services: str) -> str:
    """Says that trouble became less bad: "ChatGPT is no longer down after 58 min; still degraded"."""
    return _eased_text(speech, transition, services, _title_room(speech, transition))


class _TitleRoom(NamedTuple):
    """The optional parts for which the title of an eased trouble has room."""

    length: bool
    left: bool


def _title_room(speech: Translator, transition: Transition) -> _TitleRoom:
    names = speech.join_products(transition.products)
    for room in (_TitleRoom(length=True, left=True), _TitleRoom(length=True, left=False)):
        if utf16_length(_eased_text(speech, transition, names, room)) <= TITLE_UNITS:
            return room
    return _TitleRoom(length=False, left=False)


def _eased_text(speech: Translator, transition: Transition, services: str, room: _TitleRoom) -> str:
    what = speech.say_many(
        *_NO_LONGER[transition.before], plural_number(transition.products), services=services
    )
    if room.length and transition.since is not None and not _has_own_lengths(speech, transition):
        what = speech.say("{what} after {length}", what=what, length=_length_text(speech, transition))
    if room.left:
        what = speech.say("{what}; {left}", what=what, left=speech.say(_STILL[transition.after]))
    return what


def _has_own_lengths(speech: Translator, transition: Transition) -> bool:
    """Whether one cause hit several products for different lengths, which the body then lists."""
    return len({_length_text(speech, member) for member in transition.members}) > 1


def _length_text(speech: Translator, member: Transition) -> str:
    if member.since is None:
        return ""
    return speech.duration_text((member.at - member.since).total_seconds())


def end_body(
    speech: Translator, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    """Returns the sentences about an end, the most important first."""
    if transition.lapsed:
        return [
            speech.say(
                "For an hour nothing could be learnt about it from here. The icon goes by OpenAI's page."
            )
        ]
    said, lengths = [], transition.members if _has_own_lengths(speech, transition) else ()
    if _has_trouble_left(transition):
        room, products = _title_room(speech, transition), speech.join_products(transition.products)
        left = speech.say(
            "{services}: {state}", services=products, state=speech.say(_STILL[transition.after])
        )
        said += [] if room.left else [add_full_stop(speech, left)]
        lengths = lengths if room.length else lengths or (transition,)
    if transition.ended_after is not None:
        said.append(
            speech.say(
                "It ended between {begin} and {end}.",
                begin=speech.time_text(transition.ended_after, verdict.at),
                end=speech.time_text(transition.at, verdict.at),
            )
        )
    named = [
        speech.say(
            "{service} after {length}",
            service=speech.join_products(each.products),
            length=_length_text(speech, each),
        )
        for each in lengths
        if each.since is not None
    ]
    if named:
        said.append(add_full_stop(speech, speech.join_list(named)))
    said += _end_source_sentences(speech, transition, verdict, incident)
    left = speech.say(
        "{services}: {state}",
        services=speech.join_products(transition.products),
        state=state_label(speech, transition.after),
    )
    return said or [add_full_stop(speech, left)]


def _end_source_sentences(
    speech: Translator, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    if transition.edge:
        said = [speech.say("Cloudflare answers from here again.")]
    elif transition.watching:
        said = [speech.say("OpenAI: fix applied, watching.")]
    elif incident:
        said = [
            add_full_stop(
                speech, speech.say("OpenAI: {what}", what=incident_title(speech, incident, NAME_UNITS))
            )
        ]
    elif transition.after.is_trouble:
        said = []
    elif transition.confirmed:
        said = [speech.say("OpenAI's page shows no trouble any more.")]
    else:
        said = [speech.say("OpenAI never posted it.")]
    if transition.away:
        said.append(
            speech.say("It ended while the status page could not be read.")
            if transition.unread
            else speech.say("It ended while you were away.")
        )
    said += _check_sentences(speech, transition, verdict)
    if transition.before is not State.MAINTENANCE:
        said.append(speech.say("Still stuck? Reload the page or sign in again."))
    return said


def _check_sentences(speech: Translator, transition: Transition, verdict: Verdict) -> list[str]:
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
