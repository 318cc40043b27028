"""Builds short forms for tooltip, menu and titles, and groups products that one short form can name.

Short forms carry no verb that must agree, so that "ChatGPT down" and "APIs and Codex down" are both right, and no
language has to add a suffix to a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from trayapp.core.audience.plans import NEW_ACCOUNTS, PAID_PLANS
from trayapp.core.audience.regions import CONTINENTS
from trayapp.core.wording.labels import state_label
from trayapp.i18n.translator import Translator, mark
from trayapp.model import ProductVerdict, Reachability, State, is_on_ladder, ladder_rank

_SHORT = {
    State.OPERATIONAL: mark("{services} fine"),
    State.MAINTENANCE: mark("{services} in maintenance"),
    State.DEGRADED: mark("{services} degraded"),
    State.PARTIAL: mark("{services} partly down"),
    State.MAJOR: mark("{services} down"),
    State.UNKNOWN: mark("{services}: unknown"),
    State.OFFLINE: mark("{services}: unknown"),
}


PAID_PLANS_NAME = mark("paid plans")
TRANSLATED_NAMES = frozenset({*CONTINENTS, PAID_PLANS_NAME, NEW_ACCOUNTS})
"""The audiences of incidents whose names differ from language to language."""
_AUDIENCE_UNITS = 40


class Condition(NamedTuple):
    """The facts that products must share to be named together."""

    state: State
    confirmed: bool
    checking: bool
    recovering: bool
    said: State | None = None
    """The worst state that the page reports, if it differs from `state`."""
    parts: tuple[str, ...] = ()
    """The hurt components, if they are only one or two."""
    parts_state: State | None = None
    unreachable: bool = False
    answering: bool = False
    answers_since: datetime | None = None
    only: tuple[str, ...] = ()
    """The plans and regions that the trouble is limited to, if this person is not among them."""

    @classmethod
    def from_product(cls, product: ProductVerdict) -> Condition:
        """Returns the condition of one product."""
        return cls(
            product.state,
            product.confirmed,
            product.checking,
            product.recovering,
            product.page_state,
            product.parts,
            product.parts_state,
            product.reach is Reachability.UNREACHABLE_HERE and product.checking,
            product.answering,
            product.answers_since,
            product.audience,
        )

    @property
    def is_trouble(self) -> bool:
        """Whether the state is one of trouble."""
        return self.state.is_trouble

    @property
    def reported_state(self) -> State:
        """The state that OpenAI's page reports; only this one may be quoted as OpenAI's."""
        return self.parts_state or self.said or self.state

    @property
    def is_named_by_parts(self) -> bool:
        """Whether the hurt components are named as failing; in a major outage the product itself is."""
        return bool(self.parts) and self.state is not State.MAJOR

    @property
    def is_mostly_hit(self) -> bool:
        """Whether half of a product is degraded: an outage by the program's rule, though not by the page."""
        return (
            self.is_trouble and not self.parts and self.said is State.DEGRADED and self.state is State.PARTIAL
        )

    @property
    def is_about_parts(self) -> bool:
        """Whether the page reports another state than the product's, since only parts of it are hurt."""
        other = self.said is not None and self.said is not self.state
        return (
            self.is_trouble
            and self.confirmed
            and other
            and not (self.parts or self.is_mostly_hit or self.only)
        )

    @property
    def is_doubtful(self) -> bool:
        """Whether only this computer sees the trouble."""
        return self.is_trouble and not self.confirmed

    @property
    def is_mending(self) -> bool:
        """Whether OpenAI has applied a fix and is monitoring it."""
        return self.is_trouble and self.confirmed and self.recovering

    @property
    def is_calm(self) -> bool:
        """Whether the state is operational and nothing is being checked."""
        return self.state is State.OPERATIONAL and not self.checking

    @property
    def sort_key(self) -> tuple[int, bool]:
        """A key that sorts the worst first, then states that are unknown or being checked."""
        return (-ladder_rank(self.state) if is_on_ladder(self.state) else 0, self.is_calm)


_CROWD_SOURCES = {
    "github": "GitHub",
    "hacker_news": "Hacker News",
    "downdetector": "Downdetector",
    "trends": "Google Trends",
}
"""Names of the places where other people report, which no language changes."""
_MAX_HOST = 40


def short_form(speech: Translator, condition: Condition, services: str) -> str:
    """Returns a short form: "ChatGPT down"."""
    if condition.is_named_by_parts and condition.parts_state is not None:
        named = speech.say(
            "{service}: {parts}", service=services, parts=speech.join_products(condition.parts)
        )
        return speech.say(_special_pattern(condition) or _SHORT[condition.parts_state], services=named)
    return speech.say(_special_pattern(condition) or _SHORT[condition.state], services=services)


def affected_services(speech: Translator, condition: Condition, services: str) -> str:
    """Names the subject of the page's report: a product, some components of it, or most of it."""
    if condition.parts:
        return speech.say(
            "{parts} ({service})", parts=speech.join_products(condition.parts), service=services
        )
    if condition.is_mostly_hit:
        return speech.say("most of {services}", services=services)
    if condition.is_about_parts:
        return speech.say("parts of {services}", services=services)
    return services


def product_label(speech: Translator, product: ProductVerdict) -> str:
    """Returns a product's line in the menu: "ChatGPT: Major outage"."""
    condition = Condition.from_product(product)
    special = None if condition.is_mostly_hit else _special_pattern(condition)
    pattern = special or mark("{services}: {state}")
    services = speech.clean_name(product.name)
    if condition.is_mostly_hit:
        services = speech.say("Most of {services}", services=services)
    elif condition.is_about_parts:
        services = speech.say("Parts of {services}", services=services)
    elif condition.is_trouble and condition.confirmed:
        services = affected_services(speech, condition, services)
    shown = condition.reported_state if condition.is_trouble and condition.confirmed else product.state
    what = speech.say(pattern, services=services, state=state_label(speech, shown))
    return add_outlook(speech, condition, what)


def add_outlook(speech: Translator, condition: Condition, what: str) -> str:
    """Adds to a text about trouble whom it concerns, and that the products recover or answer again."""
    what = add_audience(speech, what, condition.only)
    if condition.answering:
        return speech.say("{what}, answers again, watching", what=what)
    if condition.answers_since is not None:
        time = speech.clock_time(condition.answers_since)
        return speech.say("{what}, answers again from here since {time}", what=what, time=time)
    return speech.say("{what}, recovering", what=what) if condition.is_mending else what


def add_audience(speech: Translator, what: str, names: tuple[str, ...]) -> str:
    """Adds to a text about trouble the only plans and regions that it concerns: "(says: Enterprise only)"."""
    return (
        speech.say("{what} (says: {names} only)", what=what, names=audience_label(speech, names))
        if names
        else what
    )


def audience_label(speech: Translator, names: tuple[str, ...]) -> str:
    """Joins names of plans and regions; all paid plans together become "paid plans"."""
    if set(PAID_PLANS).issubset(names):
        names = (PAID_PLANS_NAME, *(name for name in names if name not in PAID_PLANS))
    return speech.join_products(
        [speech.say(name) if name in TRANSLATED_NAMES else name for name in names], _AUDIENCE_UNITS
    )


def _special_pattern(condition: Condition) -> str | None:
    """Returns the pattern that replaces that of the state, if the condition needs another; else None."""
    if condition.is_doubtful:
        outage = ladder_rank(condition.state) >= ladder_rank(State.PARTIAL)
        return mark("{services}: possible outage") if outage else mark("{services}: possible trouble")
    if condition.unreachable and not condition.is_trouble:
        return mark("{services}: cannot be reached here")
    if condition.is_mostly_hit:
        return mark("Most of {services} degraded")
    if condition.checking and not condition.is_trouble:
        return mark("{services}: checking")
    return None


def group_by_condition(products: Iterable[ProductVerdict]) -> list[tuple[Condition, list[ProductVerdict]]]:
    """Groups products that share a condition, the worst first."""
    groups: dict[Condition, list[ProductVerdict]] = {}
    for product in products:
        groups.setdefault(Condition.from_product(product), []).append(product)
    return sorted(groups.items(), key=lambda group: group[0].sort_key)


def common_start(products: Iterable[ProductVerdict]) -> datetime | None:
    """Returns the latest known start, since which all of the products have been in their state."""
    return max((p.since for p in products if p.since is not None), default=None)


def crowd_source_name(source: str, mastodon: str) -> str:
    """Returns the name of a source of other people's reports; Mastodon's is that of its server, unless it is too long for a line."""
    return _CROWD_SOURCES.get(source, mastodon if len(mastodon) <= _MAX_HOST else "Mastodon")
