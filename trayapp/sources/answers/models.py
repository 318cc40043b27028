"""Which model is asked: the one that is wanted, else a cheap one that the key may use and that is not switched off."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from trayapp.sources.answers.dialects import object_or_empty, parse_body, text_or_empty

FALLBACK_MODELS = ("gpt-6-luna", "gpt-5.6-luna", "gpt-5.4-nano")
"""Tried in this order where the wanted one cannot be asked."""
ModelList = Mapping[str, date | None]
"""Model -> when it is switched off, if that is known."""


def read_models(body: bytes) -> ModelList | None:
    """The models that the key may use; None where that is no list of them."""
    found = parse_body(body).get("data")
    if not isinstance(found, list):
        return None
    entries = [object_or_empty(entry) for entry in found]
    return {
        text_or_empty(one.get("id")): _read_date(one.get("shutdown_date"))
        for one in entries
        if text_or_empty(one.get("id"))
    }


def choose_model(wanted: str, listing: ModelList | None, unfit: AbstractSet[str], today: date) -> str | None:
    """The model to ask. Where nobody could say what there is, the wanted one is taken at its word."""
    if listing is None:
        return None if wanted in unfit else wanted
    for name in dict.fromkeys((wanted, *FALLBACK_MODELS)):
        ends = listing.get(name)
        if name in listing and name not in unfit and (ends is None or ends > today):
            return name
    return None


def _read_date(found: object) -> date | None:
    try:
        return date.fromisoformat(text_or_empty(found))
    except ValueError:
        return None
