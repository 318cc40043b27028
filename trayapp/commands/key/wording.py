"""The messages about the person's keys: where they are kept, why they cannot be read, how they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trayapp.core.wording.labels import cause_label
from trayapp.desktop.keys.base import Key, KeyProblem, KeyPurpose, KeyStorageKind
from trayapp.i18n.deferred import Phrase, phrase
from trayapp.i18n.translator import Translator
from trayapp.model import Cause
from trayapp.sources.key_acceptance import KeyAcceptance, KeyTestResult

SET_COMMANDS = {KeyPurpose.API: "key set", KeyPurpose.DOWNDETECTOR: "key set --downdetector"}
"""The command that keeps each key."""
_TROUBLE_PHRASES: Mapping[KeyProblem, Phrase] = {
    KeyProblem.MALFORMED: phrase(
        "This is no API key: it must be one word of 8 to 512 characters, without blanks."
    ),
    KeyProblem.NO_KEYRING: phrase(
        "There is no keyring here: start one (gnome-keyring, KWallet), or name a program that prints the key as key_command under [{section}]."
    ),
    KeyProblem.NO_COLLECTION: phrase(
        "Your keyring has no default collection: make one with your desktop's program for passwords."
    ),
    KeyProblem.LOCKED: phrase("Your keyring is locked: unlock it, and try again."),
    KeyProblem.TIMED_OUT: phrase("Your keyring does not answer: log out and in again, and try again."),
    KeyProblem.BAD_ANSWER: phrase(
        "Your keyring gives no answer that can be used: keep the key once more with `{command}`."
    ),
    KeyProblem.KEPT_BY_PROGRAM: phrase(
        "The key comes from the program in key_command under [{section}]: change it there."
    ),
    KeyProblem.NO_PROGRAM: phrase(
        "The program in key_command under [{section}] cannot be run: name one with its full path."
    ),
    KeyProblem.UNTRUSTED_PROGRAM: phrase(
        "The program in key_command under [{section}] is not run, because others may change it."
    ),
    KeyProblem.PROGRAM_SLOW: phrase("The program in key_command under [{section}] did not end in time."),
    KeyProblem.PROGRAM_FAILED: phrase("The program in key_command under [{section}] ended with an error."),
}
_ACCEPTANCE_PHRASES: Mapping[KeyAcceptance, Phrase] = {
    KeyAcceptance.ACCEPTED: phrase("OpenAI takes the key."),
    KeyAcceptance.REFUSED: phrase("OpenAI refuses the key: make a new one on platform.openai.com."),
    KeyAcceptance.REGION_REFUSED: phrase("OpenAI takes no keys from this country or this address."),
    KeyAcceptance.OTHER_API: phrase(
        "What answered is not OpenAI's API: look at base_url under [key_check], and at your network."
    ),
}
_DOWNDETECTOR_PHRASES: Mapping[KeyAcceptance, Phrase] = {
    KeyAcceptance.ACCEPTED: phrase("Downdetector takes the key."),
    KeyAcceptance.REFUSED: phrase("Downdetector refuses the key: look into your account there."),
    KeyAcceptance.OTHER_API: phrase("What answered is not Downdetector's API: look at your network."),
}
_PERMISSION_NAMES = {"api.model.read": "Models: Read", "api.responses.write": "Responses: Write"}
"""The permissions' names on OpenAI's page for API keys, by scope."""


def key_trouble_phrase(trouble: KeyProblem, purpose: KeyPurpose = KeyPurpose.API) -> Phrase:
    """Return why a key cannot be read or stored, and what to do."""
    section = "key_check" if purpose is KeyPurpose.API else "crowd"
    values = {"section": section, "command": SET_COMMANDS[purpose]}
    return replace(_TROUBLE_PHRASES[trouble], values=values)


def key_test_text(speech: Translator, result: KeyTestResult) -> str:
    """Say whether OpenAI accepts the key, and if not, why."""
    if result.acceptance is KeyAcceptance.LACKS_SCOPES:
        missing = ", ".join(_PERMISSION_NAMES.get(scope, scope) for scope in result.scopes[:5])
        return speech.say(
            "The key is restricted and lacks {permissions}: allow it, and try again.", permissions=missing
        )
    if result.acceptance in _ACCEPTANCE_PHRASES:
        return speech.translate_phrase(_ACCEPTANCE_PHRASES[result.acceptance])
    why = cause_label(speech, result.cause or Cause.STATUS, result.status)
    return speech.say(
        "Whether OpenAI takes the key could not be found out ({why}): try again later.", why=why
    )


def downdetector_test_text(speech: Translator, result: KeyTestResult, country: str) -> str:
    """Say whether Downdetector accepts the key for a country, and if not, why."""
    if result.acceptance in _DOWNDETECTOR_PHRASES:
        return speech.translate_phrase(_DOWNDETECTOR_PHRASES[result.acceptance])
    if result.acceptance is KeyAcceptance.NO_ENTRY:
        return speech.say(
            "Downdetector takes the key, but has nothing about OpenAI for {country}: set another country under [crowd].",
            country=country,
        )
    why = cause_label(speech, result.cause or Cause.STATUS, result.status)
    return speech.say(
        "Whether Downdetector takes the key could not be found out ({why}): try again later.", why=why
    )


def key_place_text(speech: Translator, kind: KeyStorageKind, key: Key) -> str:
    """Say where the key is kept, with its last characters to recognise it."""
    end = key.last_characters or "***"
    match kind:
        case KeyStorageKind.KEYRING:
            return speech.say("The key that ends in {end} is kept in your keyring.", end=end)
        case KeyStorageKind.WINDOWS:
            return speech.say("The key that ends in {end} is kept in Windows' Credential Manager.", end=end)
        case KeyStorageKind.PROGRAM:
            return speech.say("The key that ends in {end} comes from the program in key_command.", end=end)
