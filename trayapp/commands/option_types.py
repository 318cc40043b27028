"""What argparse takes the values of options by."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress

from trayapp.i18n.deferred import Refusal, phrase
from trayapp.i18n.translator import Translator


def option_type(speaking: Translator, read: Callable[[str], float]) -> Callable[[str], float]:
    """What argparse takes a value by; a refusal names what is allowed."""

    def typed(text: str) -> float:
        try:
            return read(text)
        except Refusal as error:
            said = phrase("{value}: must be {allowed}", value=repr(text), allowed=error.phrase)
            raise argparse.ArgumentTypeError(speaking.translate_phrase(said)) from error

    return typed


def read_speed(text: str) -> float:
    """How many times as fast as real time a demo goes."""
    with suppress(ValueError):
        if 1.0 <= (times := float(text)) <= 600.0:
            return times
    raise Refusal(phrase("a number from 1 to 600"))


def read_duration(text: str) -> float:
    """Seconds, of a text such as 5m."""
    from trayapp.settings.checks import parse_duration

    return parse_duration(text)
