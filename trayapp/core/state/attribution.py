"""Finds whom an incident concerns, by the page, its feed, its posts and its title (law 4, `docs/law.md`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from trayapp.core.state.component_names import find_components, mark_apart
from trayapp.i18n.sanitize import strip_markdown
from trayapp.model import Component, Incident, Limits, PageReading, SavedMemory

# Component names that are also ordinary words: alone in a text they name no component, and where the text
# names the product too, that is enough.
_ORDINARY_WORDS = frozenset(
    {
        "actions", "agent", "apps", "audio", "batch", "discussions", "embeddings", "feed", "files", "images", "issues",
        "login", "packages", "pages", "projects", "realtime", "responses", "search", "sites", "webhooks", "cli",
    }
)  # fmt: skip
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|no|never)\b|n't\b)(?:\s+(?:impact|affect|issue|problem|in|on|to|for|with|the|any|our)\w*){0,4}\s*$"
    r"|\bun(?:affected|impacted)\b[\s:]*$",
    re.IGNORECASE,
)
"""Matches the words before a name that deny trouble with it: "not in", "never affected", "no impact to"."""
_NEGATED_AFTER = re.compile(
    r"^[^\w.;!?\n]*(?:(?:is|are|was|were|remains?)\s+)?(?:(?:not|never)\s+(?:been\s+)?(?:affect|impact)|un(?:affected|impacted))",
    re.IGNORECASE,
)
"""Matches the same after the name: "not impacted", "is unaffected"; but not "is not working"."""
_PLACEHOLDER = re.compile(r"https?:|\bwww\.|\bvisit\b", re.IGNORECASE)


def attribute_incidents(page: PageReading, kept: SavedMemory, limits: Limits) -> PageReading:
    """Returns the page with the groups that the native feed once gave, and with its incidents attributed."""
    mended = tuple(
        replace(c, group=kept.groups[c.id]) if kept.groups.get(c.id, c.group) != c.group else c
        for c in page.components
    )
    components = mark_apart(mended, limits)
    names = _ProductNames.from_components(components)
    by_id = {c.id: c for c in components}
    incidents = tuple(_attribute_incident(i, by_id, names, kept) for i in page.incidents)
    return replace(page, components=components, incidents=incidents)


def merge_components(new: PageReading, old: PageReading | None) -> PageReading:
    """Adds to a page that listed only some components the others as they were last read."""
    if new.whole or old is None:
        return new
    seen = {c.id for c in new.components}
    return replace(
        new, whole=old.whole, components=new.components + tuple(c for c in old.components if c.id not in seen)
    )


def concerned_names(incident: Incident, page: PageReading, follow: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the followed names that an incident concerns; none if the incident names nobody."""
    if not incident.components and not incident.products:
        return ()
    return tuple(
        name
        for name in follow
        if is_about_product(incident, name, find_components(name, page.components)[0], followed=False)
    )


def is_about_product(
    incident: Incident, name: str, components: tuple[Component, ...], *, followed: bool
) -> bool:
    """Decides whether an incident concerns a product; one that names nobody concerns all followed ones."""
    if incident.components:
        return any(c.id in incident.components for c in components)
    if not incident.products:
        return followed
    groups = {c.group.casefold() for c in components if c.group is not None}
    own = {c.name.casefold() for c in components if c.apart}
    return any(product.casefold() in {name.casefold(), *groups, *own} for product in incident.products)


def is_placeholder(component: Component) -> bool:
    """Decides whether a component is only a hint: "Visit www.githubstatus.com for more information"."""
    return bool(_PLACEHOLDER.search(component.name))


def _attribute_incident(
    incident: Incident, by_id: Mapping[str, Component], names: _ProductNames, kept: SavedMemory
) -> Incident:
    """Adds to an incident whom it concerns; without components and products, all that are followed."""
    stated = incident.components or kept.concerns.get(incident.id, ())
    if stated:
        # Ids that the page does not list stay: they belong to nothing that the person follows.
        known = tuple(by_id[i] for i in stated if i in by_id)
        return replace(
            incident,
            components=stated,
            products=tuple(sorted({_component_product(c) for c in known if not is_placeholder(c)})),
        )
    texts = [strip_markdown(update.text) for update in incident.updates]
    found = {group for text in texts for group in _find_named_products(text, names, is_title=False)}
    found = found or set(_find_named_products(incident.name, names, is_title=True))
    return replace(incident, products=tuple(sorted(found)))


def _component_product(component: Component) -> str:
    """Returns the group that a component counts for, or its own name if it has no group or stands apart."""
    return component.name if component.apart else component.group or component.name


class _ProductNames(NamedTuple):
    """The names that a text may use for a product."""

    products_by_name: Mapping[str, tuple[str, ...]]
    """Group or component name -> the products it names. "API" also names "APIs"."""
    own_names: frozenset[str]
    """The names among them that stand for a product itself, not for one of its components."""

    @classmethod
    def from_components(cls, components: tuple[Component, ...]) -> _ProductNames:
        """Collects the names on a page."""
        found: dict[str, tuple[str, ...]] = {}
        listed = [c for c in components if not is_placeholder(c)]
        for c in listed:
            own = c.name.strip()
            for name in filter(None, (c.group, (c.group or "").removesuffix("s"), own)):
                whom = _component_product(c) if name == own else c.group or own
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), whom)))
        products = {c.group or c.name for c in listed}
        return cls(found, frozenset(n for n in found if n in products or f"{n}s" in products))


def _find_named_products(text: str, names: _ProductNames, *, is_title: bool) -> tuple[str, ...]:
    """Finds the products that a text names, longest names first, so that "Codex API" is not also "API".

    One-word names must be spelled as on the page: "Search" is a product, "search" is a word. A title's first
    word always has a capital letter, so there only the name of a product itself counts.
    """
    found: list[str] = []
    rest, folded = text, text.casefold()
    # Use patterns only for names that the text contains: Python caches 512 and compiles more every time.
    for name in sorted(
        (n for n in names.products_by_name if n.casefold() in folded), key=lambda n: (-len(n), n)
    ):
        flags = re.IGNORECASE if " " in name else 0
        hits = list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", rest, flags=flags))
        counted = [
            hit
            for hit in hits
            if not _is_negated(rest, hit)
            and _is_product_mention(name, hit, names.own_names, is_title=is_title)
        ]
        if counted and (name in names.own_names or name.casefold() not in _ORDINARY_WORDS):
            found.extend(names.products_by_name[name])
        for hit in hits:
            rest = rest[: hit.start()] + "\n" * (hit.end() - hit.start()) + rest[hit.end() :]
    return tuple(dict.fromkeys(found))


def _is_product_mention(name: str, hit: re.Match[str], products: frozenset[str], *, is_title: bool) -> bool:
    first_word = is_title and hit.start() == 0 and " " not in name
    return not first_word or name in products


def _is_negated(text: str, hit: re.Match[str]) -> bool:
    before, after = text[max(0, hit.start() - 40) : hit.start()], text[hit.end() : hit.end() + 40]
    line = before.rsplit("\n", 1)[-1]
    return bool(_NEGATED_BEFORE.search(line) or _NEGATED_AFTER.search(after))
