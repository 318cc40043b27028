"""What this computer suspected by itself, and whether OpenAI ever posted it.

One that OpenAI never posted may have been false, or real and never posted: this computer cannot know, and the words
say so. What a pause or quiet hours kept from being told is counted too (`core.alerts.unannounced`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.i18n.translator import Speech
from trayapp.model import Incident, Seen, State, Transition
from trayapp.model.details_page import Block, Lines, Table

COUNTED_FOR = timedelta(days=90)
POSTED_LATE = timedelta(hours=1)
"""OpenAI posts some incidents only when they are over: one that began this soon after is taken for the same."""

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A possible outage that was shown before OpenAI had posted anything."""

    products: tuple[str, ...]
    began: datetime
    """Its first failure."""
    told_at: datetime | None
    """None where no notice told it."""
    ended_at: datetime | None
    """When page and probes were fine again; None while it is not over."""
    posted: bool | None
    """Whether OpenAI posted it, then or later; None while it may yet, which is until `POSTED_LATE` after its end."""


def suspicions(transitions: Sequence[Transition], seen: Iterable[Seen], now: datetime) -> list[Suspicion]:
    """All of them, oldest first. `transitions`: what was told, or only kept, oldest first; `seen`: the known incidents."""
    incidents = [each.incident for each in seen]
    found: list[Suspicion] = []
    ends: dict[str, Transition] = {}
    told = [part for transition in transitions for part in transition.parts or (transition,)]
    for each in reversed(told):
        if each.after is State.OPERATIONAL:
            ends.update(dict.fromkeys(each.products, each))
        elif each.before is State.OPERATIONAL and not each.confirmed:
            over = [ends[name] for name in each.products if name in ends]
            found.append(_suspicion(each, over, incidents, now))
    return found[::-1]


def _suspicion(
    start: Transition, ends: Sequence[Transition], incidents: Iterable[Incident], now: datetime
) -> Suspicion:
    began = start.since or start.at
    over = max((end.at for end in ends), default=None) if len(ends) == len(start.products) else None
    agreed = any(end.confirmed for end in ends) or _posted(start.products, began, over or start.at, incidents)
    too_late = over is not None and now > over + POSTED_LATE
    posted = True if agreed else False if too_late else None
    return Suspicion(start.products, began, None if start.silent else start.at, over, posted)


def _posted(products: Sequence[str], began: datetime, until: datetime, incidents: Iterable[Incident]) -> bool:
    """Whether an incident of one of these products, or of nothing in particular, was open at the time or soon after."""
    return any(
        incident.started_at is not None
        and incident.started_at <= until + POSTED_LATE
        and (incident.resolved_at is None or incident.resolved_at >= began)
        and (not incident.products or not set(incident.products).isdisjoint(products))
        for incident in incidents
    )


def never_posted(speech: Speech, found: Sequence[Suspicion], now: datetime) -> Iterator[Block]:
    """How often this computer was alone with its suspicion, and when; nothing where it never suspected anything."""
    if said := summary(speech, found, now):
        yield Lines(said)
    alone = [each for each in _counted(found, now) if not each.posted]
    if alone:
        yield Table(
            caption=speech.say("Suspected here, never posted by OpenAI"),
            head=(speech.say("Product"), speech.say("Began"), speech.say("Lasted")),
            rows=tuple(
                (speech.products(each.products), speech.when(each.began, now), lasted(speech, each))
                for each in reversed(alone[-_SHOWN:])
            ),
        )


def summary(speech: Speech, found: Iterable[Suspicion], now: datetime) -> tuple[str, ...]:
    """How many outages were suspected lately, and how many of them OpenAI never posted; empty where none was."""
    lately = _counted(found, now)
    if not lately:
        return ()
    alone = sum(not each.posted for each in lately)
    suspected = speech.say_many(
        "In the last {days} days this computer suspected {count} outage by itself.",
        "In the last {days} days this computer suspected {count} outages by itself.",
        len(lately),
        days=COUNTED_FOR.days,
        count=len(lately),
    )
    if not alone:
        return (suspected, speech.say("OpenAI posted every one."))
    unposted = speech.say_many(
        "OpenAI never posted {count} of them: it was false, or real and left unsaid.",
        "OpenAI never posted {count} of them: they were false, or real and left unsaid.",
        alone,
        count=alone,
    )
    return (suspected, unposted)


def _counted(found: Iterable[Suspicion], now: datetime) -> list[Suspicion]:
    return [each for each in found if each.posted is not None and each.began >= now - COUNTED_FOR]


def lasted(speech: Speech, suspicion: Suspicion) -> str:
    """How long one lasted."""
    if suspicion.ended_at is None:
        return speech.say("still open")
    return speech.duration((suspicion.ended_at - suspicion.began).total_seconds())
