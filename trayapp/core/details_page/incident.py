"""An open incident: what OpenAI posted, word for word, what this computer saw of it, and how long such ones lasted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from trayapp.core.wording.labels import stage_named, stage_words, state_words
from trayapp.i18n.sanitize import clean, clip, plain
from trayapp.i18n.translator import Speech, mark_many
from trayapp.model import Alike, Estimate, Incident, Seen, Update
from trayapp.model.details_page import Block, Lines, Links, Post, Posts, Section

NAME_UNITS = 160
TEXT_UNITS = 2000
"""More than OpenAI ever posts at once; what a hostile page posts must not fill the screen."""
POSTS = 30

_AT_ONCE = 60.0
_WATCHING = 1800.0
"""Seconds. Who saw a post later than this was not looking when it was made."""


def storyline(speech: Speech, incident: Incident, known: Iterable[str], link: str, now: datetime) -> Section:
    """One incident, newest post first.

    `known`: what else is known of it, in sentences. `link`: its own page, empty where that may not be opened.
    """
    blocks: list[Block] = [Lines((*_facts(speech, incident, now), *known))]
    if incident.updates:
        blocks.append(Posts(tuple(_posts(speech, incident.updates[:POSTS], now))))
    if link:
        blocks.append(Links(((speech.say("This incident on OpenAI's page"), link),)))
    heading = clip(clean(incident.name), NAME_UNITS) or speech.say("unnamed")
    return Section("incident", heading, tuple(blocks))


def _facts(speech: Speech, incident: Incident, now: datetime) -> Iterator[str]:
    what = speech.say(
        "{stage} · {state}", stage=stage_words(speech, incident), state=state_words(speech, incident.impact)
    )
    if incident.products:
        what = speech.say("{services}: {state}", services=speech.products(incident.products), state=what)
    yield speech.say("{sentence}.", sentence=speech.since(what, incident.started_at, now))
    if incident.updated_at and now > incident.updated_at:
        passed = speech.duration((now - incident.updated_at).total_seconds())
        yield speech.say("Last official update {length} ago.", length=passed)


_COMPARED = {
    Alike.PRODUCT_AND_IMPACT: mark_many(
        "(Compared with {count} incident of the same product and impact.)",
        "(Compared with {count} incidents of the same product and impact.)",
    ),
    Alike.PRODUCT: mark_many(
        "(Compared with {count} incident of the same product.)",
        "(Compared with {count} incidents of the same product.)",
    ),
    Alike.FOLLOWED: mark_many("(Compared with {count} incident.)", "(Compared with {count} incidents.)"),
}


def how_long(speech: Speech, estimate: Estimate) -> str:
    """An estimate, as a range and with what it rests on; never a time of the clock."""
    low, high = speech.duration(estimate.low), speech.duration(estimate.high)
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
    cases = speech.say_many(*_COMPARED[estimate.alike], estimate.cases, count=estimate.cases)
    return f"{message} {cases}"


def noticed(speech: Speech, seen: Seen) -> str:
    """How much earlier or later than OpenAI's first post this computer noticed; empty where it was not looking."""
    lead = lead_of(seen)
    if lead is None:
        return ""
    if abs(lead) < _AT_ONCE:
        return speech.say("This computer noticed within a minute of OpenAI's first post.")
    length = speech.duration(abs(lead))
    if lead > 0.0:
        return speech.say("This computer noticed {length} before OpenAI's first post.", length=length)
    return speech.say("This computer noticed {length} after OpenAI's first post.", length=length)


def lead_of(seen: Seen) -> float | None:
    """Seconds by which this computer was earlier than OpenAI's first post; None where it was not looking."""
    posted = first_post(seen.incident)
    if posted is None:
        return None
    lead = (posted - min(seen.first_seen, seen.suspected_at or seen.first_seen)).total_seconds()
    return lead if lead >= -_WATCHING else None


def first_post(incident: Incident) -> datetime | None:
    """When OpenAI first posted it. A start that it dated back to before that is not a post."""
    return min((u.at for u in incident.updates if u.at), default=incident.started_at)


def _posts(speech: Speech, updates: Sequence[Update], now: datetime) -> Iterator[Post]:
    for update in updates:
        yield Post(
            stage=stage_named(speech, update.stage, update.word),
            when="" if update.at is None else speech.when(update.at, now),
            at=update.at,
            text=clip(plain(update.text), TEXT_UNITS),
        )
