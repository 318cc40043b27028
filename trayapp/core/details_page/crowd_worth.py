"""Counts how often other people's reports were right, early, late or wrong, by what OpenAI posted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.core.details_page.incident import first_post_time
from trayapp.core.history.suspicions import COUNTED_PERIOD, LATE_POST_MARGIN
from trayapp.i18n.translator import Translator
from trayapp.model import Incident, SeenIncident
from trayapp.model.crowd import CrowdSpell


class Worth(StrEnum):
    """The worth of a time in which many people reported trouble, by what OpenAI posted of it."""

    EARLY = "early"
    """OpenAI posted later."""
    LATE = "late"
    """OpenAI had posted before."""
    WRONG = "wrong"
    """OpenAI never posted anything: they were wrong, or right and nobody said so."""
    OPEN = "open"
    """OpenAI may still post."""


@dataclass(frozen=True, slots=True)
class RatedSpell:
    """A time in which many people reported trouble, and its worth."""

    spell: CrowdSpell
    worth: Worth
    posted_at: datetime | None = None
    """When OpenAI first posted what they reported."""


def rate_spells(
    spells: Iterable[CrowdSpell], seen: Iterable[SeenIncident], now: datetime
) -> list[RatedSpell]:
    """Rates each spell by the incidents that this computer has seen, oldest first."""
    incidents = [each.incident for each in seen if each.incident.impact.is_trouble]
    return [_rate_spell(spell, incidents, now) for spell in spells]


def _rate_spell(spell: CrowdSpell, incidents: Sequence[Incident], now: datetime) -> RatedSpell:
    times = [first_post_time(incident) for incident in incidents if _is_about(spell, incident)]
    posted_at = min((at for at in times if at is not None), default=None)
    if posted_at is not None:
        return RatedSpell(spell, Worth.EARLY if spell.began < posted_at else Worth.LATE, posted_at)
    is_over = now > spell.lasted_until + LATE_POST_MARGIN
    return RatedSpell(spell, Worth.WRONG if is_over else Worth.OPEN)


def _is_about(spell: CrowdSpell, incident: Incident) -> bool:
    """Whether an incident was open then or soon after, and may be what people reported."""
    began = incident.started_at or first_post_time(incident)
    return (
        began is not None
        and began <= spell.lasted_until + LATE_POST_MARGIN
        and (incident.resolved_at is None or incident.resolved_at >= spell.began)
        and (
            not incident.products
            or not spell.products
            or not set(incident.products).isdisjoint(spell.products)
        )
    )


def worth_summary(speech: Translator, rated: Iterable[RatedSpell], now: datetime) -> tuple[str, ...]:
    """Returns how often many people reported trouble lately, and what became of it; empty if they never did."""
    lately = [r.worth for r in rated if r.worth is not Worth.OPEN and r.spell.began >= now - COUNTED_PERIOD]
    if not lately:
        return ()
    return (
        speech.say_many(
            "In the last {days} days many other people reported problems {count} time.",
            "In the last {days} days many other people reported problems {count} times.",
            len(lately),
            days=COUNTED_PERIOD.days,
            count=len(lately),
        ),
        speech.say(
            "OpenAI posted it later than they did: {early}; earlier: {late}; never: {wrong}.",
            early=lately.count(Worth.EARLY),
            late=lately.count(Worth.LATE),
            wrong=lately.count(Worth.WRONG),
        ),
    )
