"""Converts the values of command line options for argparse."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress

from trayapp.i18n.deferred import Refusal, phrase
from trayapp.i18n.translator import Translator


def option_type(speech: Translator, read: Callable[[str], float]) -> Callable[[str], float]:
    """Return a `type` function for argparse, whose error says in the person's language what is allowed."""

    def convert(text: str) -> float:
        try:
            return read(text)
        except Refusal as error:
            message = phrase("{value}: must be {allowed}", value=repr(text), allowed=error.phrase)
            raise argparse.ArgumentTypeError(speech.translate_phrase(message)) from error

    return convert


def read_speed(text: str) -> float:
    """Parse the speed of a demo, as a multiple of real time, 1 to 600. Raises Refusal."""
    with suppress(ValueError):
        if 1.0 <= (times := float(text)) <= 600.0:
            return times
    raise Refusal(phrase("a number from 1 to 600"))


def read_duration(text: str) -> float:
    """Parse a duration such as 5m into seconds. Raises Refusal."""
    from trayapp.settings.checks import parse_duration

    return parse_duration(text)
