"""What is told of an end: what is over, after how long, what is left of it, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from trayapp.core.wording.labels import state_words, titled
from trayapp.i18n.sanitize import TITLE_UNITS, units
from trayapp.i18n.translator import Speech, mark, mark_many
from trayapp.model import Change, Incident, Outcome, State, Transition, Verdict

NAME_UNITS = 80
"""UTF-16 units that an incident's name may take."""

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


def number_of(products: Sequence[str]) -> int:
    """How English counts the names: "ChatGPT is", but "ChatGPT and Codex are" and "APIs are", a plural by itself."""
    plural = len(products) > 1 or (products[0][-2:-1].isupper() and products[0].endswith("s"))
    return 2 if plural else 1


def with_parts(speech: Speech, services: str, components: Sequence[str]) -> str:
    """A product by the components of it that alone are meant: "APIs: Sora"."""
    return speech.say("{service}: {parts}", service=services, parts=speech.products(components))


def names_of(speech: Speech, transition: Transition) -> tuple[str, ...]:
    """Whom it is of: products; of one that was hit less hard than another by the same cause only what was hit of it."""
    return (
        tuple(
            with_parts(speech, name, one.components) if _is_milder(one, transition) else name
            for one in transition.members
            for name in one.products
        )
        or transition.products
    )


def _is_milder(one: Transition, whole: Transition) -> bool:
    """Whether a product would be called worse off than it is, or was, if it were named with the others."""
    return bool(one.components) and (one.after, one.before) != (whole.after, whole.before)


def full_stop(speech: Speech, sentence: str) -> str:
    """A sentence with its end."""
    return speech.say("{sentence}.", sentence=sentence)


def end_title(speech: Speech, transition: Transition, services: str) -> str:
    """What is over, of products that are named as `services`."""
    if _leaves_trouble(transition):
        return _eased(speech, transition, services)
    return _ended(speech, transition, services)


def _ended(speech: Speech, transition: Transition, services: str) -> str:
    number = number_of(transition.products)
    if transition.components:
        services = with_parts(speech, services, transition.components)
        number = number_of(transition.components)
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
    length = speech.duration((transition.at - transition.since).total_seconds())
    return speech.say_many(
        "{services} is back after {length}",
        "{services} are back after {length}",
        number,
        services=services,
        length=length,
    )


def _leaves_trouble(transition: Transition) -> bool:
    """Whether it is no longer as bad as was told, and something worth a word is left of it."""
    ends = transition.change in {Change.END, Change.EASED} and not transition.lapsed
    return ends and transition.after in _STILL and transition.before in _NO_LONGER


def _eased(speech: Speech, transition: Transition, services: str) -> str:
    """That it is not as bad as it was: "ChatGPT is no longer down after 58 min; still degraded"."""
    return _eased_with(speech, transition, services, _room(speech, transition))


class _Room(NamedTuple):
    """What a title has room for, besides the names and that it is over."""

    length: bool
    left: bool


def _room(speech: Speech, transition: Transition) -> _Room:
    names = speech.products(transition.products)
    for room in (_Room(length=True, left=True), _Room(length=True, left=False)):
        if units(_eased_with(speech, transition, names, room)) <= TITLE_UNITS:
            return room
    return _Room(length=False, left=False)


def _eased_with(speech: Speech, transition: Transition, services: str, room: _Room) -> str:
    what = speech.say_many(*_NO_LONGER[transition.before], number_of(transition.products), services=services)
    if room.length and transition.since is not None and not _has_own_lengths(speech, transition):
        what = speech.say("{what} after {length}", what=what, length=_length(speech, transition))
    if room.left:
        what = speech.say("{what}; {left}", what=what, left=speech.say(_STILL[transition.after]))
    return what


def _has_own_lengths(speech: Speech, transition: Transition) -> bool:
    """Whether one cause hit several products for different lengths, which the body then says."""
    return len({_length(speech, member) for member in transition.members}) > 1


def _length(speech: Speech, member: Transition) -> str:
    if member.since is None:
        return ""
    return speech.duration((member.at - member.since).total_seconds())


def end_body(
    speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    """The sentences of an end, the weightiest first."""
    if transition.lapsed:
        return [
            speech.say(
                "For an hour nothing could be learnt about it from here. The icon goes by OpenAI's page."
            )
        ]
    said, lengths = [], transition.members if _has_own_lengths(speech, transition) else ()
    if _leaves_trouble(transition):
        room, products = _room(speech, transition), speech.products(transition.products)
        left = speech.say(
            "{services}: {state}", services=products, state=speech.say(_STILL[transition.after])
        )
        said += [] if room.left else [full_stop(speech, left)]
        lengths = lengths if room.length else lengths or (transition,)
    if transition.ended_after is not None:
        said.append(
            speech.say(
                "It ended between {begin} and {end}.",
                begin=speech.when(transition.ended_after, verdict.at),
                end=speech.when(transition.at, verdict.at),
            )
        )
    named = [
        speech.say(
            "{service} after {length}",
            service=speech.products(each.products),
            length=_length(speech, each),
        )
        for each in lengths
        if each.since is not None
    ]
    if named:
        said.append(full_stop(speech, speech.listed(named)))
    said += _who_ended_it(speech, transition, verdict, incident)
    left = speech.say(
        "{services}: {state}",
        services=speech.products(transition.products),
        state=state_words(speech, transition.after),
    )
    return said or [full_stop(speech, left)]


def _who_ended_it(
    speech: Speech, transition: Transition, verdict: Verdict, incident: Incident | None
) -> list[str]:
    if transition.edge:
        said = [speech.say("Cloudflare answers from here again.")]
    elif transition.watching:
        said = [speech.say("OpenAI: fix applied, watching.")]
    elif incident:
        said = [full_stop(speech, speech.say("OpenAI: {what}", what=titled(speech, incident, NAME_UNITS)))]
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
