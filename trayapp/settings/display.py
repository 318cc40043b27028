"""Puts settings into the form in which TOML and JSON write them, without secrets for whoever shows them to others."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from trayapp.model import ProbeSpec, QuietHours
from trayapp.redact import safe_address
from trayapp.settings.file import printable_text
from trayapp.settings.keys import PROBE_KEYS
from trayapp.settings.schema import Config

_HARMLESS_ADDRESSES = frozenset({"page.url", "key_check.base_url"})
"""Addresses in which a file can put neither a password nor anything behind a question mark."""
_PROGRAMS = frozenset({"hooks.on_transition", "key_check.key_command", "crowd.key_command"})
"""Settings that are a program and its arguments, among which a password may be."""
_MAX_SHOWN = 4000
_UNITS = (("h", 3600), ("m", 60), ("s", 1))

PlainValue = str | bool | list[Any] | dict[str, Any]
"""A value as a file of settings has it."""


def displayed_setting(config: Config, key: str) -> PlainValue:
    """Return a setting's value; unless it is the default, without secrets: of an address its host, of a program its name."""
    value = _plain_value(_find_value(config, key))
    if key in _HARMLESS_ADDRESSES or value == _plain_value(_find_value(Config(), key)):
        return value
    if key in _PROGRAMS and isinstance(value, list) and len(value) > 1:
        value = [value[0], "…"]
    return _without_secrets(value)


def _find_value(config: Config, key: str) -> object:
    section, _, name = key.rpartition(".")
    return getattr(getattr(config, section) if section else config, name)


def format_setting(value: object) -> str:
    """Format a value of the config as TOML."""
    return format_plain(_plain_value(value))


def format_plain(value: PlainValue) -> str:
    """Format a plain value as TOML: a list of tables on several lines, anything else on one."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {format_plain(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + "".join(f"    {format_plain(item)},\n" for item in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(map(format_plain, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _plain_value(value: object) -> PlainValue:
    match value:
        case bool():
            return value
        case float():
            return _duration_text(value)
        case tuple():
            return [_plain_value(item) for item in value]
        case QuietHours():
            return f"{value.start:%H:%M}-{value.end:%H:%M}"
        case ProbeSpec():
            return {
                each.name: _plain_value(getattr(value, each.name))
                for each in fields(value)
                if each.name in PROBE_KEYS
            }
    return "" if value is None else str(value)


def _without_secrets(value: PlainValue) -> PlainValue:
    if isinstance(value, dict):
        return {name: _without_secrets(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if not isinstance(value, str):
        return value
    shown = safe_address(value) if "://" in value or "@" in value else value
    return printable_text(shown if shown == value else f"{shown}/…", _MAX_SHOWN)


def _duration_text(seconds: float) -> str:
    unit, size = next((unit, size) for unit, size in _UNITS if not seconds % size)
    return f"{seconds / size:.0f}{unit}"
