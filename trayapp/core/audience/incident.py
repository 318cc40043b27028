"""Whom an incident names alone: certain plans, certain regions. What names nobody, or cannot be read, is for everybody.

A title may narrow and posts may only widen. A title is read by a small grammar, word by word, and narrows only if all of
it is understood: "for Enterprise users", "in Europe", nothing that negates, excepts or adds, and no second clause that the
name may not belong to. A notification that a person should have had costs more than one too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from trayapp.core.audience.groups import Group
from trayapp.core.audience.plans import ORDINARY, in_order, plans_called
from trayapp.core.audience.regions import do_overlap, spelled
from trayapp.core.audience.title import read_title
from trayapp.i18n.sanitize import plain
from trayapp.model import Incident, Me

_LONGEST_POST = 4000
"""Characters; a longer one is not read, so it may name anybody."""
_API = re.compile(r"\b(?:apis?|platform|playground|developers?)\b", re.IGNORECASE)
"""What is not sold by plans."""
_WIDER = re.compile(
    r"\b(?:all|every|any|multiple|most|other|others|various|several|more|additional|both|remaining)\b"
    r"(?:\s+(?!impacted|affected)[\w-]+){0,3}?\s+"
    r"(?:users?|customers?|plans?|tiers?|subscri\w+|accounts?|people|workspaces?|regions?|countries|continents?|areas?|locations?)\b"
    r"|\b(?:everyone|everybody|worldwide|global|globally|everywhere|elsewhere|beyond|outside|broader|wider|widespread)\b"
    r"|\b(?:not|no longer)\s+(?:\w+\s+)?(?:limited|confined|only|just)\b|\bas well\b|\balso\b|\bspread(?:ing)?\b|\bexpanded\b",
    re.IGNORECASE,
)
"""What says that there are more than the title names."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom alone an incident names; where a part is empty it is for any plan, or any region."""

    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it names."""
        return (*self.plans, *self.regions)


def audience_of(incident: Incident) -> Audience:
    """Whom alone an incident names."""
    posts = tuple(update.text for update in incident.updates)
    return read_audience(incident.name, posts, incident.products)


def names_only_others(incident: Incident, me: Me) -> bool:
    """Whether an incident names people with other plans, or in other regions, alone."""
    if not me.plan and not me.region:
        return False
    audience = audience_of(incident)
    if audience.plans and me.plan:
        mine = {plan for name in me.plan for plan in plans_called(name)}
        if mine.isdisjoint(audience.plans):
            return True
    return bool(audience.regions and me.region) and not do_overlap(me.region, audience.regions)


@lru_cache(maxsize=256)
def read_audience(title: str, posts: tuple[str, ...] = (), products: tuple[str, ...] = ()) -> Audience:
    """Whom alone a title names, once its posts have widened that. `products`: what the incident concerns."""
    groups = read_title(title)
    if not groups:
        return Audience()
    texts = tuple(map(plain, posts))
    if any(len(post) > _LONGEST_POST for post in posts):
        return Audience()
    if any(_is_foreign(text) or _WIDER.search(text) for text in texts):
        return Audience()
    sold_otherwise = any(_API.search(text) for text in (title, *texts, *products))
    plans = () if sold_otherwise else in_order(_named(groups, "plan", map(_plans_in, (title, *texts))))
    regions = tuple(sorted(_named(groups, "region", map(_regions_in, (title, *texts)))))
    return Audience(plans, regions)


def _named(groups: tuple[Group, ...], kind: str, found: Iterable[set[str]]) -> set[str]:
    """All that is named of a kind, if the title narrows it."""
    narrowed = {name for group in groups if group.kind == kind for name in group.names}
    return narrowed.union(*found) if narrowed else set()


def _plans_in(text: str) -> set[str]:
    """Every plan that a text may name: "Plus is not affected" names Plus, too."""
    words = re.findall(r"[A-Za-z]+", text)
    return {
        p
        for word in words
        if word.casefold() not in ORDINARY or word[0].isupper()
        for p in plans_called(word)
    }


def _regions_in(text: str) -> set[str]:
    """Every region that a text may name, by its longest name: "South America" is not also "America"."""
    found = set()
    for name in sorted((name for name in spelled() if name in text), key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}")
        if pattern.search(text):
            found.add(spelled()[name])
            text = pattern.sub(" ", text)
    return found


def _is_foreign(text: str) -> bool:
    """Whether it is in a language that is not read here."""
    return any(letter.isalpha() and not letter.isascii() for letter in text)
