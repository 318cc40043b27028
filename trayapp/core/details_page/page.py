"""The details page in words: everything that is known, in the order in which a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.details_page.bug_report import report
from trayapp.core.details_page.incident import how_long, noticed, storyline
from trayapp.core.details_page.is_it_me import blame
from trayapp.core.details_page.latency import latency
from trayapp.core.details_page.past_incidents import past
from trayapp.core.details_page.strips import strips
from trayapp.core.history.estimate import estimate
from trayapp.core.history.suspicions import suspicions
from trayapp.core.history.time_grid import by_witness
from trayapp.core.tray_view.looks import look_of_product
from trayapp.core.tray_view.view import look
from trayapp.core.wording.headline import headline, sentence
from trayapp.core.wording.labels import state_words
from trayapp.core.wording.other_sources import may_be_wrong, what_others_say
from trayapp.core.wording.reasons import reasons
from trayapp.core.wording.short_forms import audience_words, product_words
from trayapp.i18n.translator import Speech
from trayapp.model import (
    Incident,
    Look,
    Observation,
    Seen,
    State,
    Transition,
    Verdict,
)
from trayapp.model.details_page import Block, Copyable, Lines, Links, Points, Section, Sheet

HELP = "https://help.openai.com"
RELOAD_IN_TROUBLE = 60


@dataclass(frozen=True, slots=True)
class Details:
    """All that the page shows."""

    verdict: Verdict
    now: datetime
    seen: tuple[Seen, ...] = ()
    """Incidents, open and past; of one that the verdict has too, the verdict's is the newer."""
    observations: tuple[Observation, ...] = ()
    told: tuple[Transition, ...] = ()
    """All that was told, oldest first."""
    page_url: str = ""
    may_open: Callable[[str], bool] = lambda _url: False
    """Whether an address may stand on the page as a link."""
    program: str = ""
    """The program and its version."""
    changes: bool = False
    """Whether asking again would bring something newer: true where the running program serves it."""


def sheet(speech: Speech, details: Details) -> Sheet:
    """The page, in this language."""
    verdict, now = details.verdict, details.now
    first = headline(speech, verdict, now)
    return Sheet(
        # The tag of the language that a catalogue speaks; each catalogue translates it to its own.
        language=speech.say("en"),
        title=speech.say("{what} – OpenAI Status Tray", what=first),
        look=look(verdict),
        headline=first,
        # What the headline has said already is not said again right below it.
        lede=sentence(speech, verdict).removeprefix(f"{first}. "),
        checked=_checked(speech, verdict, now),
        products=Points(tuple(_products(speech, verdict))),
        sections=tuple(_sections(speech, details)),
        legend_heading=speech.say("What the marks mean"),
        legend=Points(
            (
                *((Look(state), state_words(speech, state)) for state in State),
                (
                    Look(State.PARTIAL, hollow=True),
                    speech.say("Hollow: not confirmed by OpenAI, or being checked"),
                ),
            )
        ),
        show_numbers=speech.say("Show the numbers"),
        skip=speech.say("Skip to the details"),
        foot=(
            speech.say("Times are local: {zone}.", zone=speech.zone(now)),
            speech.say("Unofficial: not made or endorsed by OpenAI."),
            details.program,
        ),
        reload=RELOAD_IN_TROUBLE if details.changes and (verdict.incidents or not _calm(verdict)) else 0,
    )


def _calm(verdict: Verdict) -> bool:
    return verdict.state is State.OPERATIONAL and not verdict.checking


def _products(speech: Speech, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    """How each followed product does; without a connection what was known last would pass for what is."""
    if verdict.state is not State.OFFLINE:
        yield from (
            (look_of_product(product), product_words(speech, product)) for product in verdict.products
        )


def _checked(speech: Speech, verdict: Verdict, now: datetime) -> str:
    return speech.say("checked {time}", time=speech.when(verdict.at, now))


def _sections(speech: Speech, details: Details) -> Iterator[Section]:
    verdict, now = details.verdict, details.now
    for incident in verdict.incidents:
        yield _incident(speech, details, incident)
    yield blame(speech, verdict)
    if in_distress(verdict):
        yield Section("advice", speech.say("What you can do"), (_advice(speech),))
    if may_be_wrong(verdict) and (elsewhere := _elsewhere(speech, details)):
        yield elsewhere
    if lines := reasons(speech, verdict):
        yield Section("why", speech.say("Why it says so"), (Points(tuple((None, line) for line in lines)),))
    yield from _history(speech, details)
    ended = past(speech, details.seen, suspicions(details.told, details.seen, now), now)
    if ended:
        yield ended
    yield Section("report", speech.say("For a bug report"), _report(speech, details))
    if links := _links(speech, details):
        yield Section("links", speech.say("Elsewhere"), (links,))


def in_distress(verdict: Verdict) -> bool:
    """Whether a person may be stuck now."""
    return verdict.state.is_trouble


def _incident(speech: Speech, details: Details, incident: Incident) -> Section:
    link = incident.url if details.may_open(incident.url) else ""
    return storyline(speech, incident, _known(speech, details, incident), link, details.now)


def _known(speech: Speech, details: Details, incident: Incident) -> Iterator[str]:
    if only := details.verdict.only.get(incident.id):
        names = audience_words(speech, only)
        yield speech.say("By OpenAI's words it concerns {names} only.", names=names)
    followed = [p.name for p in details.verdict.products]
    # A feature that is followed by itself is its product's in what was recorded of incidents.
    watched = {*followed, *(f.group for f in details.verdict.features if f.follow in followed)}
    remains = estimate(incident, (each.incident for each in details.seen), watched, details.now)
    if remains:
        yield how_long(speech, remains)
    for before in details.seen:
        if before.incident.id == incident.id and (lead := noticed(speech, before)):
            yield lead


def _advice(speech: Speech) -> Points:
    """What OpenAI itself advises in its outages and in its API's guide."""
    lines = (
        speech.say("Reload the page, or sign out and in again."),
        speech.say("With the API, try again after growing pauses."),
    )
    return Points(tuple((None, line) for line in lines))


def _history(speech: Speech, details: Details) -> Iterator[Section]:
    seen = by_witness(details.observations)
    products = [p.name for p in details.verdict.products]
    plots = [plot for plot in strips(speech, seen, products, details.now) if plot.groups]
    heading = speech.say("What the page says, what this computer saw")
    if not plots:
        text = speech.say("Nothing was observed yet: the program draws this while it runs.")
        yield Section("history", heading, (Lines((text,)),))
        return
    key = speech.say("The taller a bar, the worse. Where there is no bar, the program did not look.")
    yield Section("history", heading, (Lines((key,)), *plots))
    probes = dict.fromkeys(about for witness, about in seen if witness == "probe")
    curves = latency(speech, seen, tuple(probes), details.now)
    if curves:
        yield Section("latency", speech.say("Answer times"), (curves,))


def _report(speech: Speech, details: Details) -> tuple[Block, ...]:
    text = report(details.verdict, details.program)
    return (
        Lines((speech.say("Facts only, times in UTC, nothing about you."),)),
        Copyable(text, button=speech.say("Copy"), done=speech.say("Copied")),
    )


def _elsewhere(speech: Speech, details: Details) -> Section | None:
    links = tuple(
        (text, address) for _key, text, address in what_others_say(speech) if details.may_open(address)
    )
    said = speech.say("The program asks none of these; a click opens them in your browser.")
    return (
        Section("elsewhere", speech.say("What others say"), (Lines((said,)), Links(links))) if links else None
    )


def _links(speech: Speech, details: Details) -> Links | None:
    wanted = (
        (speech.say("OpenAI's status page"), details.verdict.page.url or details.page_url),
        (speech.say("OpenAI's help"), HELP),
    )
    links = tuple((text, url) for text, url in wanted if details.may_open(url))
    return Links(links) if links else None
