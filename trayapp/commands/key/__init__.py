"""`key`: stores, tests, shows or deletes the person's API key or Downdetector key, kept in the system's keyring alone."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trayapp.app.context import CommandContext, UsageError, create_http_client
from trayapp.app.exit_codes import EXIT_UNKNOWN, EXIT_USAGE
from trayapp.commands.key.cost import cost_text
from trayapp.commands.key.wording import (
    downdetector_test_text,
    key_place_text,
    key_test_text,
    key_trouble_phrase,
)
from trayapp.desktop.keys.base import (
    MAX_KEY_BYTES,
    Key,
    KeyAccessError,
    KeyProblem,
    KeyPurpose,
    KeyStorage,
    KeyStorageKind,
)
from trayapp.desktop.keys.chooser import choose_storage
from trayapp.desktop.session import connect_session_bus
from trayapp.i18n.deferred import phrase
from trayapp.settings.schema import Config
from trayapp.sources.crowd.key_acceptance import try_downdetector_key
from trayapp.sources.key_acceptance import KeyAcceptance, KeyTestResult, try_key

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library

EXIT_DONE, EXIT_NOT_DONE = 0, 1
_FINAL_ANSWERS = frozenset(
    {
        KeyAcceptance.REFUSED,
        KeyAcceptance.LACKS_SCOPES,
        KeyAcceptance.REGION_REFUSED,
        KeyAcceptance.NO_ENTRY,
    }
)
"""Results that another try would not change."""


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Return 0 if done or a key is there, 1 if refused or none is there, 2 if unknown, 64 for a malformed key."""
    if arguments.extra:
        raise UsageError(
            phrase(
                "a key is never given on the command line, where other programs can read it: it is asked for, or read from a pipe"
            )
        )
    connections: list[Bus] = []

    def connect_bus() -> Bus | None:
        connection = connect_session_bus()
        connections.extend([connection] if connection else [])
        return connection

    purpose = KeyPurpose.DOWNDETECTOR if arguments.downdetector else KeyPurpose.API
    try:
        command = key_command(context.config, purpose)
        return _COMMANDS[arguments.what](context, choose_storage(command, connect_bus, purpose), purpose)
    except KeyAccessError as error:
        print(context.speech.translate_phrase(key_trouble_phrase(error.problem, purpose)), file=sys.stderr)
        return _exit_status(error.problem, changing=arguments.what in {"set", "forget"})
    finally:
        for each in connections:
            each.close()


def key_command(config: Config, purpose: KeyPurpose) -> tuple[str, ...]:
    """Return the person's program that prints a key; empty for the system's keyring."""
    return (config.crowd if purpose is KeyPurpose.DOWNDETECTOR else config.key_check).key_command


def _exit_status(trouble: KeyProblem, *, changing: bool) -> int:
    if trouble is KeyProblem.MALFORMED:
        return EXIT_USAGE
    return EXIT_NOT_DONE if changing else EXIT_UNKNOWN


def _set_key(context: CommandContext, place: KeyStorage, purpose: KeyPurpose) -> int:
    """Read a key, and store it if it is accepted where it is used."""
    _raise_obstacle(place)
    key = _read_key(context, purpose)
    result = _try_key(context, key, purpose)
    if result.acceptance is not KeyAcceptance.ACCEPTED:
        return _report_result(context, result, purpose)
    place.save(key)
    print(key_place_text(context.speech, place.kind, key))
    return EXIT_DONE


def _raise_obstacle(place: KeyStorage) -> None:
    """Raise KeyAccessError if a key could not be stored, before the person is asked for one."""
    if place.kind is KeyStorageKind.PROGRAM:
        raise KeyAccessError(KeyProblem.KEPT_BY_PROGRAM)
    try:
        place.read()
    except KeyAccessError as error:
        if error.problem is not KeyProblem.BAD_ANSWER:  # an unusable entry is replaced
            raise


def _test_key(context: CommandContext, place: KeyStorage, purpose: KeyPurpose) -> int:
    key = place.read()
    if key is None:
        return _report_no_key(context)
    return _report_result(context, _try_key(context, key, purpose), purpose)


def _print_key_place(context: CommandContext, place: KeyStorage, purpose: KeyPurpose) -> int:
    key = place.read()
    if key is None:
        return _report_no_key(context)
    print(key_place_text(context.speech, place.kind, key))
    if context.config.key_check.on and purpose is KeyPurpose.API:
        print(cost_text(context, datetime.now(UTC)))
    return EXIT_DONE


def _forget_key(context: CommandContext, place: KeyStorage, purpose: KeyPurpose) -> int:
    if not place.delete():
        print(context.speech.say("No key is kept."))
        return EXIT_DONE
    if purpose is KeyPurpose.DOWNDETECTOR:
        place_text = context.speech.say("your account at Downdetector")
    else:
        place_text = "platform.openai.com"
    print(
        context.speech.say(
            "The key is deleted here. To make it useless everywhere, delete it there as well: {place}.",
            place=place_text,
        )
    )
    return EXIT_DONE


def _report_no_key(context: CommandContext) -> int:
    print(context.speech.say("No key is kept."))
    return EXIT_NOT_DONE


def _report_result(context: CommandContext, result: KeyTestResult, purpose: KeyPurpose) -> int:
    if purpose is KeyPurpose.DOWNDETECTOR:
        message = downdetector_test_text(context.speech, result, _country(context))
    else:
        message = key_test_text(context.speech, result)
    if result.acceptance is KeyAcceptance.ACCEPTED:
        print(message)
        return EXIT_DONE
    print(message, file=sys.stderr)
    return EXIT_NOT_DONE if result.acceptance in _FINAL_ANSWERS else EXIT_UNKNOWN


def _country(context: CommandContext) -> str:
    return context.config.crowd.country_or(context.speech.find_country())


def _try_key(context: CommandContext, key: Key, purpose: KeyPurpose) -> KeyTestResult:
    with closing(create_http_client(context.config)) as http:
        if purpose is KeyPurpose.DOWNDETECTOR:
            return try_downdetector_key(http, _country(context), key.reveal())
        return try_key(http, context.config.key_check.base_url, key.reveal())


def _read_key(context: CommandContext, purpose: KeyPurpose) -> Key:
    """Read the key from a pipe, or from the terminal without showing it."""
    if not sys.stdin.isatty():
        return Key.from_bytes(sys.stdin.buffer.read(MAX_KEY_BYTES + 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            say = context.speech.say
            is_api = purpose is KeyPurpose.API
            asked = (
                say("API key (it is not shown): ") if is_api else say("Downdetector key (it is not shown): ")
            )
            return Key(getpass.getpass(asked))
        except EOFError:
            raise KeyAccessError(KeyProblem.MALFORMED) from None
        except getpass.GetPassWarning:
            raise UsageError(phrase("this terminal would show the key: pipe it in instead")) from None


_COMMANDS: dict[str, Callable[[CommandContext, KeyStorage, KeyPurpose], int]] = {
    "set": _set_key,
    "test": _test_key,
    "status": _print_key_place,
    "forget": _forget_key,
}
