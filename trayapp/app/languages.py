"""Which language a person reads, and the catalogue that speaks it."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pkgutil import get_data

from trayapp.i18n.translator import Speech
from trayapp.model.other_sources import country_of

LANGUAGES = ("en", "tr", "id")
DOMAIN = "openai-status-tray"

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The C library's order: the first of these that is set decides."""
_NO_LANGUAGE = ("c", "posix")
"""The locales that stand for English."""

_OTHER_NAMES = {"in": "id"}
"""ISO 639's first code for Indonesian, which older systems and Java still give."""


def speech(setting: str = "auto", environment: Mapping[str, str] | None = None) -> Speech:
    """What speaks the language of a setting: one of `LANGUAGES`, or "auto" for the person's own."""
    asked = os.environ if environment is None else environment
    language = setting if setting in LANGUAGES else choose(asked)
    catalogue = _catalogue(language)
    return Speech(catalogue.gettext, catalogue.ngettext, _local, lambda: _country(asked, language))


def _country(environment: Mapping[str, str], language: str) -> str:
    """Looked up when it is asked for: a person may travel, and on a calm day nobody asks."""
    from trayapp.desktop.country import whereabouts

    return country_of((*whereabouts(environment), language))


def choose(environment: Mapping[str, str]) -> str:
    """The first language we speak that the environment or else the operating system asks for; English if none."""
    return next((tag for tag in map(_language, _wished(environment)) if tag in LANGUAGES), "en")


def _wished(environment: Mapping[str, str]) -> Iterator[str]:
    locale = next(filter(None, (environment.get(variable) for variable in _LOCALE)), "")
    if _name(locale) in _NO_LANGUAGE:
        return  # as in gettext, whatever LANGUAGE says: scripts set it to read what they know
    yield from environment.get("LANGUAGE", "").split(":")
    if locale:
        yield locale
        return
    from trayapp.desktop.ui_language import ui_languages

    yield from ui_languages()


def _language(tag: str) -> str:
    """The language of a tag like tr_TR.UTF-8 or id-ID."""
    name = _name(tag)
    return _OTHER_NAMES.get(name, name)


def _name(tag: str) -> str:
    return re.split("[-_.@]", tag, maxsplit=1)[0].casefold()


@lru_cache(maxsize=1)
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read as package data, so that it is also found inside a zip or a bundle. `importlib.resources` would do so too, for 0.4 MB more."""
    data = get_data("trayapp", f"locale/{language}/LC_MESSAGES/{DOMAIN}.mo")
    return gettext.GNUTranslations(BytesIO(data or b""))


def _local(at: datetime) -> datetime:
    return at.astimezone()
