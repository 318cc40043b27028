"""Short forms for tooltip, menu and titles, and which products can be named in one breath.

Short forms carry no verb that must agree, so that "ChatGPT down" and "APIs and Codex down" are both right, and no
language has to glue a suffix to a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from trayapp.core.audience.plans import NEW, PAID_PLANS
from trayapp.core.audience.regions import CONTINENTS
from trayapp.core.wording.labels import state_words
from trayapp.i18n.translator import Speech, mark
from trayapp.model import ProductVerdict, Reach, State, on_ladder, rank

_SHORT = {
    State.OPERATIONAL: mark("{services} fine"),
    State.MAINTENANCE: mark("{services} in maintenance"),
    State.DEGRADED: mark("{services} degraded"),
    State.PARTIAL: mark("{services} partly down"),
    State.MAJOR: mark("{services} down"),
    State.UNKNOWN: mark("{services}: unknown"),
    State.OFFLINE: mark("{services}: unknown"),
}


PAID = mark("paid plans")
TRANSLATED = frozenset({*CONTINENTS, PAID, NEW})
"""Names of whom an incident is about that differ from language to language."""
_AUDIENCE_UNITS = 40


class Condition(NamedTuple):
    """What products must share to be named in one breath."""

    state: State
    confirmed: bool
    checking: bool
    recovering: bool
    said: State | None = None
    """The page's own word, where it is another one than the state."""
    parts: tuple[str, ...] = ()
    """The one or two components that alone are hurt."""
    parts_state: State | None = None
    unreachable: bool = False
    answering: bool = False
    answers_since: datetime | None = None
    only: tuple[str, ...] = ()
    """Whom it concerns alone, where that is not this person."""

    @classmethod
    def of(cls, product: ProductVerdict) -> Condition:
        """How one product stands."""
        return cls(
            product.state,
            product.confirmed,
            product.checking,
            product.recovering,
            product.said,
            product.parts,
            product.parts_state,
            product.reach is Reach.UNREACHABLE_HERE and product.checking,
            product.answering,
            product.answers_since,
            product.only,
        )

    @property
    def trouble(self) -> bool:
        """Whether there is something to complain about."""
        return self.state.is_trouble

    @property
    def reported(self) -> State:
        """What OpenAI's page says: only its own word is quoted."""
        return self.parts_state or self.said or self.state

    @property
    def names_parts(self) -> bool:
        """Whether the hurt components are what fails; a product that stands still without one of them is down itself."""
        return bool(self.parts) and self.state is not State.MAJOR

    @property
    def mostly(self) -> bool:
        """Whether half of a product is hurt, which makes it an outage by a rule of ours and not by the page's word."""
        return self.trouble and not self.parts and self.said is State.DEGRADED and self.state is State.PARTIAL

    @property
    def speaks_of_parts(self) -> bool:
        """Whether the page's own word is another one than the product's, since only parts of it are hurt."""
        other = self.said is not None and self.said is not self.state
        return self.trouble and self.confirmed and other and not (self.parts or self.mostly or self.only)

    @property
    def doubtful(self) -> bool:
        """Whether only this computer complains."""
        return self.trouble and not self.confirmed

    @property
    def mending(self) -> bool:
        """Whether OpenAI has mended it and watches."""
        return self.trouble and self.confirmed and self.recovering

    @property
    def calm(self) -> bool:
        """Whether all is well, as far as anybody knows."""
        return self.state is State.OPERATIONAL and not self.checking

    @property
    def order(self) -> tuple[int, bool]:
        """What is said first, as a key to sort by: the worst, then what is unknown or being checked."""
        return (-rank(self.state) if on_ladder(self.state) else 0, self.calm)


def short_words(speech: Speech, condition: Condition, services: str) -> str:
    """A short form: "ChatGPT down"."""
    if condition.names_parts and condition.parts_state is not None:
        named = speech.say("{service}: {parts}", service=services, parts=speech.products(condition.parts))
        return speech.say(_special(condition) or _SHORT[condition.parts_state], services=named)
    return speech.say(_special(condition) or _SHORT[condition.state], services=services)


def whom(speech: Speech, condition: Condition, services: str) -> str:
    """Of what the page says it: a product, some components of it, most of it."""
    if condition.parts:
        return speech.say("{parts} ({service})", parts=speech.products(condition.parts), service=services)
    if condition.mostly:
        return speech.say("most of {services}", services=services)
    if condition.speaks_of_parts:
        return speech.say("parts of {services}", services=services)
    return services


def product_words(speech: Speech, product: ProductVerdict) -> str:
    """A product's line in the menu: "ChatGPT: Major outage"."""
    condition = Condition.of(product)
    special = None if condition.mostly else _special(condition)
    pattern = special or mark("{services}: {state}")
    services = speech.name(product.name)
    if condition.mostly:
        services = speech.say("Most of {services}", services=services)
    elif condition.speaks_of_parts:
        services = speech.say("Parts of {services}", services=services)
    elif condition.trouble and condition.confirmed:
        services = whom(speech, condition, services)
    shown = condition.reported if condition.trouble and condition.confirmed else product.state
    what = speech.say(pattern, services=services, state=state_words(speech, shown))
    return with_outlook(speech, condition, what)


def with_outlook(speech: Speech, condition: Condition, what: str) -> str:
    """What is said of products in trouble, and that they recover or answer again if they do."""
    what = says_only(speech, what, condition.only)
    if condition.answering:
        return speech.say("{what}, answers again, watching", what=what)
    if condition.answers_since is not None:
        time = speech.clock(condition.answers_since)
        return speech.say("{what}, answers again from here since {time}", what=what, time=time)
    return speech.say("{what}, recovering", what=what) if condition.mending else what


def says_only(speech: Speech, what: str, names: tuple[str, ...]) -> str:
    """What is said of trouble, and whom alone it names, if that is not this person: "(says: Enterprise only)"."""
    return (
        speech.say("{what} (says: {names} only)", what=what, names=audience_words(speech, names))
        if names
        else what
    )


def audience_words(speech: Speech, names: tuple[str, ...]) -> str:
    """Plans and regions: all paid plans are called that."""
    if set(PAID_PLANS).issubset(names):
        names = (PAID, *(name for name in names if name not in PAID_PLANS))
    return speech.products(
        [speech.say(name) if name in TRANSLATED else name for name in names], _AUDIENCE_UNITS
    )


def _special(condition: Condition) -> str | None:
    """What is said instead of the state alone."""
    if condition.doubtful:
        outage = rank(condition.state) >= rank(State.PARTIAL)
        return mark("{services}: possible outage") if outage else mark("{services}: possible trouble")
    if condition.unreachable and not condition.trouble:
        return mark("{services}: cannot be reached here")
    if condition.mostly:
        return mark("Most of {services} degraded")
    if condition.checking and not condition.trouble:
        return mark("{services}: checking")
    return None


def grouped(products: Iterable[ProductVerdict]) -> list[tuple[Condition, list[ProductVerdict]]]:
    """Products that share a condition, the worst first."""
    groups: dict[Condition, list[ProductVerdict]] = {}
    for product in products:
        groups.setdefault(Condition.of(product), []).append(product)
    return sorted(groups.items(), key=lambda group: group[0].order)


def began(products: Iterable[ProductVerdict]) -> datetime | None:
    """Since when all of some products have been in their state, as far as known: true of each that is named."""
    return max((p.since for p in products if p.since is not None), default=None)
