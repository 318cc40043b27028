"""Chooses the person's language and loads its catalogue."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pkgutil import get_data

from trayapp import APP_ID
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.i18n.translator import Translator
from trayapp.model.defaults import AUTO
from trayapp.model.other_sources import match_country

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The C library's order: the first of these that is set decides."""
_ENGLISH_LOCALES = ("c", "posix")
"""The locales that stand for English."""

_OTHER_NAMES = {"in": "id"}
"""ISO 639's first code for Indonesian, which older systems and Java still give."""


def load_translator(setting: str = AUTO, environment: Mapping[str, str] | None = None) -> Translator:
    """Load the translator for a setting: one of `LANGUAGE_CODES`, or "auto" for the person's language."""
    variables = os.environ if environment is None else environment
    language = setting if setting in LANGUAGE_CODES else choose_language(variables)
    catalogue = _load_catalogue(language)
    return Translator(
        catalogue.gettext, catalogue.ngettext, _to_local, lambda: _find_country(variables, language)
    )


def _find_country(environment: Mapping[str, str], language: str) -> str:
    """Return the person's country. Called only when it is needed: it may change on a journey."""
    from trayapp.desktop.country import country_hints

    return match_country((*country_hints(environment), language))


def choose_language(environment: Mapping[str, str]) -> str:
    """Return the first supported language in the environment, else in the operating system's list; else English."""
    return next(
        (tag for tag in map(_language_code, _preferred_tags(environment)) if tag in LANGUAGE_CODES), "en"
    )


def _preferred_tags(environment: Mapping[str, str]) -> Iterator[str]:
    locale = next(filter(None, (environment.get(variable) for variable in _LOCALE_VARIABLES)), "")
    if _tag_name(locale) in _ENGLISH_LOCALES:
        return  # as in gettext, whatever LANGUAGE says: scripts set this locale to parse English
    yield from environment.get("LANGUAGE", "").split(":")
    if locale:
        yield locale
        return
    from trayapp.desktop.ui_language import ui_languages

    yield from ui_languages()


def _language_code(tag: str) -> str:
    """Return the language code of a tag such as tr_TR.UTF-8 or id-ID."""
    name = _tag_name(tag)
    return _OTHER_NAMES.get(name, name)


def _tag_name(tag: str) -> str:
    return re.split("[-_.@]", tag, maxsplit=1)[0].casefold()


@lru_cache(maxsize=1)
def _load_catalogue(language: str) -> gettext.NullTranslations:
    """Load the catalogue with `get_data`, which works in a zip or bundle; `importlib.resources` costs 0.4 MB more."""
    data = get_data("trayapp", f"locale/{language}/LC_MESSAGES/{APP_ID}.mo")
    return gettext.GNUTranslations(BytesIO(data or b""))


def _to_local(at: datetime) -> datetime:
    return at.astimezone()
