"""Builds the details page in words: everything that is known, in the order in which a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.details_page.bug_report import report_text
from trayapp.core.details_page.incident import estimate_text, incident_section, lead_text
from trayapp.core.details_page.is_it_me import just_me_section
from trayapp.core.details_page.latency import latency_curves
from trayapp.core.details_page.past_incidents import past_section
from trayapp.core.details_page.strips import build_strips
from trayapp.core.history.estimate import estimate_remaining
from trayapp.core.history.suspicions import find_suspicions
from trayapp.core.history.time_grid import group_by_source
from trayapp.core.tray_view.looks import look_of_product
from trayapp.core.tray_view.view import icon_look
from trayapp.core.wording.headline import headline_text, status_sentence
from trayapp.core.wording.labels import state_label
from trayapp.core.wording.other_sources import list_other_sources, may_show_other_sources
from trayapp.core.wording.reasons import reason_lines
from trayapp.core.wording.short_forms import audience_label, product_label
from trayapp.i18n.translator import Translator
from trayapp.model import (
    Incident,
    Look,
    Observation,
    SeenIncident,
    State,
    Transition,
    Verdict,
)
from trayapp.model.details_page import (
    Block,
    BulletList,
    CopyableText,
    DetailsPage,
    LinkList,
    Paragraphs,
    Section,
)

HELP_URL = "https://help.openai.com"
RELOAD_IN_TROUBLE = 60


@dataclass(frozen=True, slots=True)
class Details:
    """The facts from which the page is built."""

    verdict: Verdict
    now: datetime
    seen: tuple[SeenIncident, ...] = ()
    """Incidents, open and past; if the verdict has one too, the verdict's copy is newer."""
    observations: tuple[Observation, ...] = ()
    transitions: tuple[Transition, ...] = ()
    """The stored transitions, notified or silent, oldest first."""
    page_url: str = ""
    may_open: Callable[[str], bool] = lambda _url: False
    """Whether the page may link to an address."""
    program: str = ""
    """The program's name and version."""
    is_live: bool = False
    """True while the running program serves the page, so that a reload may bring something newer."""


def build_details_page(speech: Translator, details: Details) -> DetailsPage:
    """Builds the page in the language of `speech`."""
    verdict, now = details.verdict, details.now
    first = headline_text(speech, verdict, now)
    return DetailsPage(
        # Each catalogue translates "en" to the tag of its own language.
        language=speech.say("en"),
        title=speech.say("{what} – OpenAI Status Tray", what=first),
        look=icon_look(verdict),
        headline=first,
        # The introduction does not repeat the headline right above it.
        introduction=status_sentence(speech, verdict).removeprefix(f"{first}. "),
        checked_text=_checked_text(speech, verdict, now),
        products=BulletList(tuple(_product_points(speech, verdict))),
        sections=tuple(_build_sections(speech, details)),
        legend_heading=speech.say("What the marks mean"),
        legend=BulletList(
            (
                *((Look(state), state_label(speech, state)) for state in State),
                (
                    Look(State.PARTIAL, hollow=True),
                    speech.say("Hollow: not confirmed by OpenAI, or being checked")
                    if verdict.crowd is None
                    else speech.say(
                        "Hollow: not confirmed by OpenAI, being checked, or reported by other people"
                    ),
                ),
            )
        ),
        show_numbers=speech.say("Show the numbers"),
        skip_link_text=speech.say("Skip to the details"),
        footer=(
            speech.say("Times are local: {zone}.", zone=speech.utc_offset(now)),
            speech.say("Unofficial: not made or endorsed by OpenAI."),
            details.program,
        ),
        reload_seconds=RELOAD_IN_TROUBLE
        if details.is_live and (verdict.incidents or not _is_calm(verdict))
        else 0,
    )


def _is_calm(verdict: Verdict) -> bool:
    return verdict.state is State.OPERATIONAL and not verdict.checking and not verdict.is_reported_by_people


def _product_points(speech: Translator, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    """Yields each followed product's line; none while offline, when the last state would look current."""
    if verdict.state is not State.OFFLINE:
        yield from (
            (look_of_product(product), product_label(speech, product)) for product in verdict.products
        )


def _checked_text(speech: Translator, verdict: Verdict, now: datetime) -> str:
    return speech.say("checked {time}", time=speech.time_text(verdict.at, now))


def _build_sections(speech: Translator, details: Details) -> Iterator[Section]:
    verdict, now = details.verdict, details.now
    for incident in verdict.incidents:
        yield _incident_section(speech, details, incident)
    yield just_me_section(speech, verdict)
    if is_in_trouble(verdict):
        yield Section("advice", speech.say("What you can do"), (_advice_points(speech),))
    if may_show_other_sources(verdict) and (elsewhere := _other_sources_section(speech, details)):
        yield elsewhere
    if lines := reason_lines(speech, verdict):
        yield Section(
            "why",
            speech.say("Why this status is shown"),
            (BulletList(tuple((None, line) for line in lines)),),
        )
    yield from _history_sections(speech, details)
    if verdict.crowd is not None:
        from trayapp.core.details_page.crowd import people_sections  # loaded late: few people ask for it

        yield from people_sections(speech, verdict.crowd, now)
    ended = past_section(speech, details.seen, find_suspicions(details.transitions, details.seen, now), now)
    if ended:
        yield ended
    yield Section("report", speech.say("For a bug report"), _report_blocks(speech, details))
    if links := _page_links(speech, details):
        yield Section("links", speech.say("Elsewhere"), (links,))


def is_in_trouble(verdict: Verdict) -> bool:
    """Whether the verdict is one of trouble, so that advice may help."""
    return verdict.state.is_trouble


def _incident_section(speech: Translator, details: Details, incident: Incident) -> Section:
    link = incident.url if details.may_open(incident.url) else ""
    return incident_section(speech, incident, _known_sentences(speech, details, incident), link, details.now)


def _known_sentences(speech: Translator, details: Details, incident: Incident) -> Iterator[str]:
    if only := details.verdict.audiences.get(incident.id):
        names = audience_label(speech, only)
        yield speech.say("By OpenAI's words it concerns {names} only.", names=names)
    followed = [p.name for p in details.verdict.products]
    # Recorded incidents name the product, also of a component that is followed separately.
    watched = {*followed, *(f.group for f in details.verdict.features if f.follow_name in followed)}
    remains = estimate_remaining(incident, (each.incident for each in details.seen), watched, details.now)
    if remains:
        yield estimate_text(speech, remains)
    for before in details.seen:
        if before.incident.id == incident.id and (lead := lead_text(speech, before)):
            yield lead


def _advice_points(speech: Translator) -> BulletList:
    """Lists what OpenAI itself advises in its outages and in its API's guide."""
    lines = (
        speech.say("Reload the page, or sign out and in again."),
        speech.say("With the API, try again after growing pauses."),
    )
    return BulletList(tuple((None, line) for line in lines))


def _history_sections(speech: Translator, details: Details) -> Iterator[Section]:
    seen = group_by_source(details.observations)
    products = [p.name for p in details.verdict.products]
    plots = [plot for plot in build_strips(speech, seen, products, details.now) if plot.groups]
    heading = speech.say("What the page says, what this computer saw")
    if not plots:
        text = speech.say("Nothing was observed yet: the program draws this while it runs.")
        yield Section("history", heading, (Paragraphs((text,)),))
        return
    key = speech.say("The taller a bar, the worse. Where there is no bar, the program did not check.")
    yield Section("history", heading, (Paragraphs((key,)), *plots))
    probes = dict.fromkeys(about for witness, about in seen if witness == "probe")
    curves = latency_curves(speech, seen, tuple(probes), details.now)
    if curves:
        yield Section("latency", speech.say("Answer times"), (curves,))


def _report_blocks(speech: Translator, details: Details) -> tuple[Block, ...]:
    text = report_text(details.verdict, details.program)
    return (
        Paragraphs((speech.say("Facts only, times in UTC, nothing about you."),)),
        CopyableText(text, button_text=speech.say("Copy"), done_text=speech.say("Copied")),
    )


def _other_sources_section(speech: Translator, details: Details) -> Section | None:
    links = tuple(
        (text, address) for _key, text, address in list_other_sources(speech) if details.may_open(address)
    )
    said = (
        speech.say("The program asks none of these; a click opens them in your browser.")
        if details.verdict.crowd is None
        else speech.say("A click opens them in your browser.")
    )
    return (
        Section("elsewhere", speech.say("What others say"), (Paragraphs((said,)), LinkList(links)))
        if links
        else None
    )


def _page_links(speech: Translator, details: Details) -> LinkList | None:
    wanted = (
        (speech.say("OpenAI's status page"), details.verdict.page.url or details.page_url),
        (speech.say("OpenAI's help"), HELP_URL),
    )
    links = tuple((text, url) for text, url in wanted if details.may_open(url))
    return LinkList(links) if links else None
