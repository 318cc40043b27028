"""Reads whom alone an incident names: certain plans or regions. If that is unclear, it is for everybody.

A title may narrow, posts may only widen. A small grammar reads a title word by word; the title narrows only
if all of it is understood: "for Enterprise users", "in Europe", nothing that negates, excepts or adds, and no
second clause to which the name may not belong. A missed notification costs a person more than a needless one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from trayapp.core.audience.groups import AudienceGroup
from trayapp.core.audience.plans import ORDINARY_WORDS, match_plans, sort_plans
from trayapp.core.audience.regions import has_region_overlap, region_by_spelling
from trayapp.core.audience.title import read_title
from trayapp.i18n.sanitize import strip_markdown
from trayapp.model import AboutMe, Incident

_MAX_POST_LENGTH = 4000
"""Characters; a longer post is not read, so the incident is taken to concern everybody."""
_API_WORDS = re.compile(r"\b(?:apis?|platform|playground|developers?)\b", re.IGNORECASE)
"""Words for the API, which is not sold by plans."""
_WIDENING_WORDS = re.compile(
    r"\b(?:all|every|any|multiple|most|other|others|various|several|more|additional|both|remaining)\b"
    r"(?:\s+(?!impacted|affected)[\w-]+){0,3}?\s+"
    r"(?:users?|customers?|plans?|tiers?|subscri\w+|accounts?|people|workspaces?|regions?|countries|continents?|areas?|locations?)\b"
    r"|\b(?:everyone|everybody|worldwide|global|globally|everywhere|elsewhere|beyond|outside|broader|wider|widespread)\b"
    r"|\b(?:not|no longer)\s+(?:\w+\s+)?(?:limited|confined|only|just)\b|\bas well\b|\balso\b|\bspread(?:ing)?\b|\bexpanded\b",
    re.IGNORECASE,
)
"""Words of a post that say that more people are concerned than the title names."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The plans and regions that alone an incident names; an empty field stands for all of its kind."""

    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All plans and regions that it names."""
        return (*self.plans, *self.regions)


def incident_audience(incident: Incident) -> Audience:
    """Returns whom alone an incident names."""
    posts = tuple(update.text for update in incident.updates)
    return read_audience(incident.name, posts, incident.products)


def is_only_for_others(incident: Incident, me: AboutMe) -> bool:
    """Whether an incident names only people with other plans, or in other regions."""
    if not me.plan and not me.region:
        return False
    audience = incident_audience(incident)
    if audience.plans and me.plan:
        mine = {plan for name in me.plan for plan in match_plans(name)}
        if mine.isdisjoint(audience.plans):
            return True
    return bool(audience.regions and me.region) and not has_region_overlap(me.region, audience.regions)


@lru_cache(maxsize=256)
def read_audience(title: str, posts: tuple[str, ...] = (), products: tuple[str, ...] = ()) -> Audience:
    """Returns whom alone a title names, widened by its posts. `products`: what the incident concerns."""
    groups = read_title(title)
    if not groups:
        return Audience()
    texts = tuple(map(strip_markdown, posts))
    if any(len(post) > _MAX_POST_LENGTH for post in posts):
        return Audience()
    if any(_is_other_language(text) or _WIDENING_WORDS.search(text) for text in texts):
        return Audience()
    sold_otherwise = any(_API_WORDS.search(text) for text in (title, *texts, *products))
    plans = (
        ()
        if sold_otherwise
        else sort_plans(_narrowed_names(groups, "plan", map(_find_plans, (title, *texts))))
    )
    regions = tuple(sorted(_narrowed_names(groups, "region", map(_find_regions, (title, *texts)))))
    return Audience(plans, regions)


def _narrowed_names(groups: tuple[AudienceGroup, ...], kind: str, found: Iterable[set[str]]) -> set[str]:
    """Returns all names of a kind in title and posts if the title narrows that kind; otherwise none."""
    narrowed = {name for group in groups if group.kind == kind for name in group.names}
    return narrowed.union(*found) if narrowed else set()


def _find_plans(text: str) -> set[str]:
    """Finds every plan that a text may name: "Plus is not affected" names Plus, too."""
    words = re.findall(r"[A-Za-z]+", text)
    return {
        p
        for word in words
        if word.casefold() not in ORDINARY_WORDS or word[0].isupper()
        for p in match_plans(word)
    }


def _find_regions(text: str) -> set[str]:
    """Finds every region that a text may name, by its longest name: "South America" is not also "America"."""
    found = set()
    for name in sorted((name for name in region_by_spelling() if name in text), key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}")
        if pattern.search(text):
            found.add(region_by_spelling()[name])
            text = pattern.sub(" ", text)
    return found


def _is_other_language(text: str) -> bool:
    """Whether a text has letters of a language that this module cannot read."""
    return any(letter.isalpha() and not letter.isascii() for letter in text)
