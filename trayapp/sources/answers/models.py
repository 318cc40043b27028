"""Chooses the model for the check: the configured one, or else a cheap one that the key may use and that still exists."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from trayapp.sources.answers.dialects import object_or_empty, parse_body, text_or_empty

FALLBACK_MODELS = ("gpt-6-luna", "gpt-5.6-luna", "gpt-5.4-nano")
"""Tried in this order if the configured model cannot be used."""
ModelList = Mapping[str, date | None]
"""Model -> the date of its shutdown, if known."""


def read_models(body: bytes) -> ModelList | None:
    """Reads the models that the key may use; None if the body is no list of models."""
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
    """Chooses the model, None if none is left. If there is no list, the configured model is assumed to exist."""
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
