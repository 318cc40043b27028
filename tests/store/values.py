"""Any value of the domain, made from its type hints: a field added later is covered without a word here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from trayapp.model import FOREVER

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

# Surrogates too: a page's JSON can bring half a character.
_texts = st.text(st.characters(exclude_categories=()), max_size=8)
_PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: _texts,
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    datetime: st.floats(-62e9, 253e9).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
    | st.just(FOREVER),
    type(None): st.none(),
}


@cache
def values(cls: type[T]) -> st.SearchStrategy[T]:
    """Values of that dataclass with every field set."""
    hints = get_type_hints(cls)
    return st.builds(cls, **{name: _of(hints[name]) for name in hints})


def _of(hint: Any) -> st.SearchStrategy[Any]:
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(_of(arguments[0]), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(_texts, _of(arguments[1]), max_size=2)
    if arguments:
        return st.one_of([_of(argument) for argument in arguments])
    if place := vars(hint).get("module"):  # stands for a type that is loaded late
        return _of(getattr(import_module(place), hint.__name__))
    if dataclasses.is_dataclass(hint):
        return st.deferred(lambda: values(hint))  # type: ignore[arg-type]  # a hint is a class; it may hold itself
    return st.sampled_from(hint) if issubclass(hint, StrEnum) else _PLAIN[hint]
