"""Lists what this computer suspected by itself, and whether OpenAI ever posted it.

A suspicion that OpenAI never posted may have been false, or real and never posted: this computer cannot know,
and the text says so. Those that a pause or quiet hours kept silent count too (`core.alerts.unannounced`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.i18n.translator import Translator
from trayapp.model import Incident, SeenIncident, State, Transition
from trayapp.model.details_page import Block, Paragraphs, Table

COUNTED_PERIOD = timedelta(days=90)
LATE_POST_MARGIN = timedelta(hours=1)
"""An incident that began this soon after a suspicion is the same: OpenAI posts some only at their end."""

_MAX_ROWS = 12


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A possible outage that was shown before OpenAI had posted anything."""

    products: tuple[str, ...]
    began_at: datetime
    """The time of its first failure."""
    told_at: datetime | None
    """None if it was never notified."""
    ended_at: datetime | None
    """When page and probes were fine again; None while it is not over."""
    posted: bool | None
    """Whether OpenAI posted it; None while it still may, which is until `LATE_POST_MARGIN` after its end."""


def find_suspicions(
    transitions: Sequence[Transition], seen: Iterable[SeenIncident], now: datetime
) -> list[Suspicion]:
    """Returns all suspicions, oldest first. `transitions`: notified or only recorded, oldest first."""
    incidents = [each.incident for each in seen]
    found: list[Suspicion] = []
    ends: dict[str, Transition] = {}
    told = [part for transition in transitions for part in transition.parts or (transition,)]
    for each in reversed(told):
        if each.after is State.OPERATIONAL:
            ends.update(dict.fromkeys(each.products, each))
        elif each.before is State.OPERATIONAL and not each.confirmed:
            over = [ends[name] for name in each.products if name in ends]
            found.append(_build_suspicion(each, over, incidents, now))
    return found[::-1]


def _build_suspicion(
    start: Transition, ends: Sequence[Transition], incidents: Iterable[Incident], now: datetime
) -> Suspicion:
    began = start.since or start.at
    over = max((end.at for end in ends), default=None) if len(ends) == len(start.products) else None
    agreed = any(end.confirmed for end in ends) or _is_posted(
        start.products, began, over or start.at, incidents
    )
    too_late = over is not None and now > over + LATE_POST_MARGIN
    posted = True if agreed else False if too_late else None
    return Suspicion(start.products, began, None if start.silent else start.at, over, posted)


def _is_posted(
    products: Sequence[str], began: datetime, until: datetime, incidents: Iterable[Incident]
) -> bool:
    """Whether an incident of one of the products, or of none in particular, was open then or soon after."""
    return any(
        incident.started_at is not None
        and incident.started_at <= until + LATE_POST_MARGIN
        and (incident.resolved_at is None or incident.resolved_at >= began)
        and (not incident.products or not set(incident.products).isdisjoint(products))
        for incident in incidents
    )


def suspicion_blocks(speech: Translator, found: Sequence[Suspicion], now: datetime) -> Iterator[Block]:
    """Yields how often and when this computer alone suspected an outage; nothing if it never did."""
    if said := suspicion_summary(speech, found, now):
        yield Paragraphs(said)
    alone = [each for each in _recent_suspicions(found, now) if not each.posted]
    if alone:
        yield Table(
            caption=speech.say("Suspected here, never posted by OpenAI"),
            header=(speech.say("Product"), speech.say("Began"), speech.say("Lasted")),
            rows=tuple(
                (
                    speech.join_products(each.products),
                    speech.time_text(each.began_at, now),
                    suspicion_duration(speech, each),
                )
                for each in reversed(alone[-_MAX_ROWS:])
            ),
        )


def suspicion_summary(speech: Translator, found: Iterable[Suspicion], now: datetime) -> tuple[str, ...]:
    """Returns how many outages were suspected lately and how many OpenAI never posted; empty without any."""
    lately = _recent_suspicions(found, now)
    if not lately:
        return ()
    alone = sum(not each.posted for each in lately)
    suspected = speech.say_many(
        "In the last {days} days this computer suspected {count} outage by itself.",
        "In the last {days} days this computer suspected {count} outages by itself.",
        len(lately),
        days=COUNTED_PERIOD.days,
        count=len(lately),
    )
    if not alone:
        return (suspected, speech.say("OpenAI posted every one."))
    unposted = speech.say_many(
        "OpenAI never posted {count} of them: it was false, or real and not announced.",
        "OpenAI never posted {count} of them: they were false, or real and not announced.",
        alone,
        count=alone,
    )
    return (suspected, unposted)


def _recent_suspicions(found: Iterable[Suspicion], now: datetime) -> list[Suspicion]:
    return [each for each in found if each.posted is not None and each.began_at >= now - COUNTED_PERIOD]


def suspicion_duration(speech: Translator, suspicion: Suspicion) -> str:
    """Returns how long a suspicion lasted."""
    if suspicion.ended_at is None:
        return speech.say("still open")
    return speech.duration_text((suspicion.ended_at - suspicion.began_at).total_seconds())
