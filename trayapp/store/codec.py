"""Converts the model's immutable values to JSON and back, guided by their type hints.

An unknown key is ignored and a missing one takes its default, so that a field can be added without a new
version of the file. Anything else that does not fit raises `CodecError`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from trayapp.model import parse_timestamp

T = TypeVar("T")
_SCALARS = (str, int, float, bool)


class CodecError(ValueError):
    """The text is not JSON of the expected type."""


def to_json(value: object) -> str:
    """Writes one line of ASCII JSON, which can hold a hostile page's lone surrogates; UTF-8 cannot."""
    return json.dumps(_to_plain(value))


def from_json(hint: type[T], text: str | bytes) -> T:
    """Reads a value of the given type. Raises CodecError."""
    try:
        value: T = _read_value(hint, json.loads(text))
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise CodecError(f"not a {hint.__name__}: {error}") from error
    return value


def _to_plain(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return {field.name: _to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _to_plain(item) for key, item in value.items()}
    return value


@cache
def _type_hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _read_value(hint: Any, raw: Any) -> Any:
    origin = get_origin(hint)
    if origin is None:
        return _read_class(hint, raw)
    return _GENERIC_READERS[origin](get_args(hint), raw)


def _read_class(hint: Any, raw: Any) -> Any:
    if isinstance(place := vars(hint).get("module"), str):  # stands for a type that is loaded late
        hint = getattr(import_module(place), hint.__name__)
    if dataclasses.is_dataclass(hint):
        known = _type_hints(hint)  # type: ignore[arg-type]  # is_dataclass lets instances through; a hint is a class
        return hint(**{key: _read_value(known[key], item) for key, item in raw.items() if key in known})  # type: ignore[operator]
    if issubclass(hint, StrEnum):
        return hint(raw)
    if hint is datetime:
        return parse_timestamp(raw)
    return _read_scalar(hint, raw)


def _read_scalar(hint: type, raw: object) -> object:
    if hint is float and type(raw) is int:
        return float(raw)
    if hint not in _SCALARS or type(raw) is not hint:
        raise TypeError(f"{type(raw).__name__} where {hint.__name__} belongs")
    return raw


def _read_union(args: tuple[Any, ...], raw: Any) -> Any:
    """Reads the first dataclass of a union whose required fields are all there: these fields tell the types apart."""
    if raw is None and type(None) in args:
        return None
    hints = [arg for arg in args if arg is not type(None)]
    fitting = (hint for hint in hints if len(hints) == 1 or _required_fields(hint) <= raw.keys())
    return _read_value(next(fitting, hints[0]), raw)


@cache
def _required_fields(cls: type) -> frozenset[str]:
    """Returns the names of a dataclass's fields without a default."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(cls)
    return frozenset(f.name for f in fields if f.default is missing and f.default_factory is missing)


def _read_tuple(args: tuple[Any, ...], raw: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise TypeError(f"{type(raw).__name__} where a list belongs")
    return tuple(_read_value(args[0], item) for item in raw)


def _read_mapping(args: tuple[Any, ...], raw: Any) -> dict[str, Any]:
    return {key: _read_value(args[1], item) for key, item in raw.items()}


_GENERIC_READERS: Mapping[Any, Callable[[tuple[Any, ...], Any], Any]] = {
    UnionType: _read_union,
    Union: _read_union,
    tuple: _read_tuple,
    Mapping: _read_mapping,
}
