"""Which model is asked: the one that is wanted, else a cheap one that the key may use and that is not switched off."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from trayapp.sources.answers.dialects import mapping, parsed_body, text

CHEAPEST = ("gpt-6-luna", "gpt-5.6-luna", "gpt-5.4-nano")
"""Tried in this order where the wanted one cannot be asked."""
Listing = Mapping[str, date | None]
"""Model -> when it is switched off, if that is known."""


def read_models(body: bytes) -> Listing | None:
    """The models that the key may use; None where that is no list of them."""
    found = parsed_body(body).get("data")
    if not isinstance(found, list):
        return None
    entries = [mapping(entry) for entry in found]
    return {text(one.get("id")): _date(one.get("shutdown_date")) for one in entries if text(one.get("id"))}


def choose_model(wanted: str, listing: Listing | None, unfit: AbstractSet[str], today: date) -> str | None:
    """The model to ask. Where nobody could say what there is, the wanted one is taken at its word."""
    if listing is None:
        return None if wanted in unfit else wanted
    for name in dict.fromkeys((wanted, *CHEAPEST)):
        ends = listing.get(name)
        if name in listing and name not in unfit and (ends is None or ends > today):
            return name
    return None


def _date(found: object) -> date | None:
    try:
        return date.fromisoformat(text(found))
    except ValueError:
        return None
