"""Builds the section of an incident: OpenAI's posts, what this computer saw, how long similar ones lasted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from trayapp.core.wording.labels import incident_stage_label, stage_label, state_label
from trayapp.i18n.sanitize import clean_text, clip_text, strip_markdown
from trayapp.i18n.translator import Translator, mark_many
from trayapp.model import Estimate, EstimateBasis, Incident, SeenIncident, Update
from trayapp.model.details_page import Block, LinkList, Paragraphs, PostEntry, PostList, Section

NAME_UNITS = 160
TEXT_UNITS = 2000
"""More than OpenAI ever posts at once; it keeps a hostile page's post from filling the screen."""
MAX_POSTS = 30

_SAME_TIME_SECONDS = 60.0
_MAX_DELAY_SECONDS = 1800.0
"""If this computer noticed later than this after the first post, it was not looking at that time."""


def incident_section(
    speech: Translator, incident: Incident, known: Iterable[str], link: str, now: datetime
) -> Section:
    """Builds the section of one incident, the newest post first.

    `known`: further sentences about it. `link`: the address of its page; empty if that may not be opened.
    """
    blocks: list[Block] = [Paragraphs((*_incident_facts(speech, incident, now), *known))]
    if incident.updates:
        blocks.append(PostList(tuple(_post_entries(speech, incident.updates[:MAX_POSTS], now))))
    if link:
        blocks.append(LinkList(((speech.say("This incident on OpenAI's page"), link),)))
    heading = clip_text(clean_text(incident.name), NAME_UNITS) or speech.say("unnamed")
    return Section("incident", heading, tuple(blocks))


def _incident_facts(speech: Translator, incident: Incident, now: datetime) -> Iterator[str]:
    what = speech.say(
        "{stage} · {state}",
        stage=incident_stage_label(speech, incident),
        state=state_label(speech, incident.impact),
    )
    if incident.products:
        what = speech.say("{services}: {state}", services=speech.join_products(incident.products), state=what)
    yield speech.say("{sentence}.", sentence=speech.add_since(what, incident.started_at, now))
    if incident.updated_at and now > incident.updated_at:
        passed = speech.duration_text((now - incident.updated_at).total_seconds())
        yield speech.say("Last official update {length} ago.", length=passed)


_COMPARED = {
    EstimateBasis.PRODUCT_AND_IMPACT: mark_many(
        "(Compared with {count} incident of the same product and impact.)",
        "(Compared with {count} incidents of the same product and impact.)",
    ),
    EstimateBasis.PRODUCT: mark_many(
        "(Compared with {count} incident of the same product.)",
        "(Compared with {count} incidents of the same product.)",
    ),
    EstimateBasis.FOLLOWED: mark_many(
        "(Compared with {count} incident.)", "(Compared with {count} incidents.)"
    ),
}


def estimate_text(speech: Translator, estimate: Estimate) -> str:
    """Words an estimate as a range, with the number of cases compared; it never gives a time of day."""
    low, high = speech.duration_text(estimate.low), speech.duration_text(estimate.high)
    message = (
        speech.say(
            "No official estimate. Half of past incidents at this stage ended {low} to {high} later.",
            low=low,
            high=high,
        )
        if estimate.monitoring
        else speech.say(
            "No official estimate. Half of past incidents that had lasted this long ended {low} to {high} later.",
            low=low,
            high=high,
        )
    )
    cases = speech.say_many(*_COMPARED[estimate.basis], estimate.cases, count=estimate.cases)
    return f"{message} {cases}"


def lead_text(speech: Translator, seen: SeenIncident) -> str:
    """Says how long before or after OpenAI's first post this computer noticed; empty if it did not look."""
    lead = detection_lead(seen)
    if lead is None:
        return ""
    if abs(lead) < _SAME_TIME_SECONDS:
        return speech.say("This computer noticed within a minute of OpenAI's first post.")
    length = speech.duration_text(abs(lead))
    if lead > 0.0:
        return speech.say("This computer noticed {length} before OpenAI's first post.", length=length)
    return speech.say("This computer noticed {length} after OpenAI's first post.", length=length)


def detection_lead(seen: SeenIncident) -> float | None:
    """Returns how many seconds before OpenAI's first post this computer noticed; None if it did not look."""
    posted = first_post_time(seen.incident)
    if posted is None:
        return None
    lead = (posted - min(seen.first_seen, seen.suspected_at or seen.first_seen)).total_seconds()
    return lead if lead >= -_MAX_DELAY_SECONDS else None


def first_post_time(incident: Incident) -> datetime | None:
    """Returns when OpenAI first posted it; an earlier start to which OpenAI dated it back is not a post."""
    return min((u.at for u in incident.updates if u.at), default=incident.started_at)


def _post_entries(speech: Translator, updates: Sequence[Update], now: datetime) -> Iterator[PostEntry]:
    for update in updates:
        yield PostEntry(
            stage=stage_label(speech, update.stage, update.word),
            time_text="" if update.at is None else speech.time_text(update.at, now),
            at=update.at,
            text=clip_text(strip_markdown(update.text), TEXT_UNITS),
        )
