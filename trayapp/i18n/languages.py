"""The languages that the program speaks. Settings, menu, catalogue tool and tests all read this one list.

A further language is one line here and its catalogue: `python build/catalogues.py` begins it, a person translates it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PluralRule:
    """How many forms a counted noun has, and which of them a number n asks for, as gettext writes it in C."""

    forms: int
    expression: str


NO_PLURAL = PluralRule(1, "0")
"""The noun stays the same after a number."""
ONE_AND_OTHER = PluralRule(2, "(n != 1)")


@dataclass(frozen=True, slots=True)
class Language:
    """One language."""

    code: str
    """Of ISO 639-1; also its catalogue's folder in trayapp/locale."""
    name: str
    """In its own words, so that who cannot read the menu finds theirs."""
    plural: PluralRule


LANGUAGES = (
    Language("en", "English", ONE_AND_OTHER),
    Language("tr", "Türkçe", NO_PLURAL),
    Language("id", "Bahasa Indonesia", NO_PLURAL),
)
LANGUAGE_CODES = tuple(language.code for language in LANGUAGES)
