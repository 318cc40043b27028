"""Checks the person's plans and regions in the settings against the known names."""

from __future__ import annotations

from collections.abc import Mapping

from trayapp.core.audience.plans import PLANS
from trayapp.core.audience.regions import region_by_spelling
from trayapp.i18n.deferred import Refusal, phrase
from trayapp.settings.checks import nearest_key


def check_plans(raw: object) -> tuple[str, ...]:
    """Return the person's plans, empty for any. Raises Refusal."""
    return _check_known_names(raw, {plan.casefold(): plan for plan in PLANS}, "Plus")


def check_regions(raw: object) -> tuple[str, ...]:
    """Return the person's regions by their usual names, empty for any. Raises Refusal."""
    return _check_known_names(
        raw, {name.casefold(): region for name, region in region_by_spelling().items()}, "Europe"
    )


def _check_known_names(raw: object, known: Mapping[str, str], example: str) -> tuple[str, ...]:
    items = [] if raw == "any" else raw
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise Refusal(phrase('"any", or a list in brackets such as ["{name}"]', name=example))
    names = [known.get(item.strip().casefold(), "") for item in items if item.strip().casefold() != "any"]
    if "" in names:
        unknown = next(i for i in items if i.strip().casefold() not in {*known, "any"})
        nearest = known[nearest_key(unknown, known)]
        raise Refusal(
            phrase('"any", or names that are known; the nearest known one is "{name}"', name=nearest)
        )
    return tuple(dict.fromkeys(names))
