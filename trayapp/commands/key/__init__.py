"""`key`: the person's own API key, kept in the system's keyring and nowhere else."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trayapp.app.context import Prepared, UsageError, http_of
from trayapp.app.exit_codes import COULD_NOT_TELL, USAGE
from trayapp.commands.key.cost import cost_words
from trayapp.commands.key.wording import of_place, of_trouble, of_word
from trayapp.desktop.keys.base import MOST_BYTES, Keeper, Key, KeyTrouble, Trouble, Where
from trayapp.desktop.keys.chooser import keeper
from trayapp.desktop.session import session_bus
from trayapp.i18n.deferred import phrase
from trayapp.sources.key_acceptance import Acceptance, Word, ask_about

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library

DONE, NOT_DONE = 0, 1
_CERTAIN = frozenset({Acceptance.REFUSED, Acceptance.LACKS, Acceptance.PLACE})
"""What asking again would not change."""


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Do it; 0 done or there, 1 refused or not there, 2 could not tell, 64 for what is no key."""
    if arguments.extra:
        raise UsageError(
            phrase(
                "a key is never given on the command line, where other programs can read it: it is asked for, or read from a pipe"
            )
        )
    joined: list[Bus] = []

    def bus() -> Bus | None:
        found = session_bus()
        joined.extend([found] if found else [])
        return found

    try:
        return _COMMANDS[arguments.what](prepared, keeper(prepared.config.key_check.key_command, bus))
    except KeyTrouble as error:
        print(prepared.speech.put(of_trouble(error.trouble)), file=sys.stderr)
        return _status_of(error.trouble, changing=arguments.what in {"set", "forget"})
    finally:
        for each in joined:
            each.close()


def _status_of(trouble: Trouble, *, changing: bool) -> int:
    if trouble is Trouble.MALFORMED:
        return USAGE
    return NOT_DONE if changing else COULD_NOT_TELL


def _set(prepared: Prepared, place: Keeper) -> int:
    """Keep a key once OpenAI has taken it."""
    _raise_what_is_in_the_way(place)
    key = _given(prepared)
    word = _asked(prepared, key)
    if word.acceptance is not Acceptance.TAKEN:
        return _said(prepared, word)
    place.keep(key)
    print(of_place(prepared.speech, place.where, key))
    return DONE


def _raise_what_is_in_the_way(place: Keeper) -> None:
    """Raise KeyTrouble before the person is asked for a key that could not be kept then."""
    if place.where is Where.PROGRAM:
        raise KeyTrouble(Trouble.ELSEWHERE)
    try:
        place.read()
    except KeyTrouble as error:
        if error.trouble is not Trouble.BROKEN:  # what cannot be used is replaced
            raise


def _test(prepared: Prepared, place: Keeper) -> int:
    key = place.read()
    return _none(prepared) if key is None else _said(prepared, _asked(prepared, key))


def _status(prepared: Prepared, place: Keeper) -> int:
    key = place.read()
    if key is None:
        return _none(prepared)
    print(of_place(prepared.speech, place.where, key))
    if prepared.config.key_check.on:
        print(cost_words(prepared, datetime.now(UTC)))
    return DONE


def _forget(prepared: Prepared, place: Keeper) -> int:
    if not place.forget():
        print(prepared.speech.say("No key is kept."))
        return DONE
    print(
        prepared.speech.say(
            "The key is deleted here. To make it useless everywhere, delete it on platform.openai.com."
        )
    )
    return DONE


def _none(prepared: Prepared) -> int:
    print(prepared.speech.say("No key is kept."))
    return NOT_DONE


def _said(prepared: Prepared, word: Word) -> int:
    said = of_word(prepared.speech, word)
    if word.acceptance is Acceptance.TAKEN:
        print(said)
        return DONE
    print(said, file=sys.stderr)
    return NOT_DONE if word.acceptance in _CERTAIN else COULD_NOT_TELL


def _asked(prepared: Prepared, key: Key) -> Word:
    with closing(http_of(prepared.config)) as http:
        return ask_about(http, prepared.config.key_check.base_url, key.reveal())


def _given(prepared: Prepared) -> Key:
    """The key as it is typed without being shown, or piped."""
    if not sys.stdin.isatty():
        return Key.from_bytes(sys.stdin.buffer.read(MOST_BYTES + 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return Key(getpass.getpass(prepared.speech.say("API key (it is not shown): ")))
        except EOFError:
            raise KeyTrouble(Trouble.MALFORMED) from None
        except getpass.GetPassWarning:
            raise UsageError(phrase("this terminal would show the key: pipe it in instead")) from None


_COMMANDS: dict[str, Callable[[Prepared, Keeper], int]] = {
    "set": _set,
    "test": _test,
    "status": _status,
    "forget": _forget,
}
