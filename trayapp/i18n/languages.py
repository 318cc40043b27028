"""Lists the program's languages, for the settings, the menu, the catalogue tool and the tests.

A new one needs a line here and a catalogue: `python build/catalogues.py` creates it, a person translates it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PluralRule:
    """The number of forms of a counted noun, and gettext's C expression that chooses one for a number n."""

    forms: int
    expression: str


NO_PLURAL = PluralRule(1, "0")
"""The noun stays the same after a number."""
ONE_AND_OTHER = PluralRule(2, "(n != 1)")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the program speaks."""

    code: str
    """Its code in ISO 639-1; also the name of its catalogue's folder in trayapp/locale."""
    name: str
    """Its name in the language itself, so that a person who cannot read the menu finds it."""
    plural: PluralRule


LANGUAGES = (
    Language("en", "English", ONE_AND_OTHER),
    Language("tr", "Türkçe", NO_PLURAL),
    Language("id", "Bahasa Indonesia", NO_PLURAL),
)
LANGUAGE_CODES = tuple(language.code for language in LANGUAGES)
