"""What is said of the person's API key: where it is kept, what is in the way, and what OpenAI makes of it."""

from __future__ import annotations

from collections.abc import Mapping

from trayapp.core.wording.labels import cause_words
from trayapp.desktop.keys.base import Key, Trouble, Where
from trayapp.i18n.deferred import Phrase, phrase
from trayapp.i18n.translator import Speech
from trayapp.model import Cause
from trayapp.sources.key_acceptance import Acceptance, Word

_TROUBLES: Mapping[Trouble, Phrase] = {
    Trouble.MALFORMED: phrase(
        "This is no API key: it must be one word of 8 to 512 characters, without blanks."
    ),
    Trouble.NO_KEYRING: phrase(
        "There is no keyring here: start one (gnome-keyring, KWallet), or name a program that prints the key as key_command under [key_check]."
    ),
    Trouble.NO_COLLECTION: phrase(
        "Your keyring has no default collection: make one with your desktop's program for passwords."
    ),
    Trouble.LOCKED: phrase("Your keyring is locked: unlock it, and try again."),
    Trouble.SILENT: phrase("Your keyring does not answer: log out and in again, and try again."),
    Trouble.BROKEN: phrase(
        "Your keyring gives no answer that can be used: keep the key once more with `key set`."
    ),
    Trouble.ELSEWHERE: phrase(
        "The key comes from the program in key_command under [key_check]: change it there."
    ),
    Trouble.NO_PROGRAM: phrase(
        "The program in key_command under [key_check] cannot be run: name one with its full path."
    ),
    Trouble.NOT_OURS: phrase(
        "The program in key_command under [key_check] is not run, because others may change it."
    ),
    Trouble.PROGRAM_SLOW: phrase("The program in key_command under [key_check] did not end in time."),
    Trouble.PROGRAM_FAILED: phrase("The program in key_command under [key_check] ended with an error."),
}
_WORDS: Mapping[Acceptance, Phrase] = {
    Acceptance.TAKEN: phrase("OpenAI takes the key."),
    Acceptance.REFUSED: phrase("OpenAI refuses the key: make a new one on platform.openai.com."),
    Acceptance.PLACE: phrase("OpenAI takes no keys from this country or this address."),
    Acceptance.ELSEWHERE: phrase(
        "What answered is not OpenAI's API: look at base_url under [key_check], and at your network."
    ),
}
_PERMISSIONS = {"api.model.read": "Models: Read", "api.responses.write": "Responses: Write"}
"""As OpenAI's page for keys calls them."""


def of_trouble(trouble: Trouble) -> Phrase:
    """Why the key cannot be had, and what to do."""
    return _TROUBLES[trouble]


def of_word(speech: Speech, word: Word) -> str:
    """What OpenAI makes of the key."""
    if word.acceptance is Acceptance.LACKS:
        lacks = ", ".join(_PERMISSIONS.get(scope, scope) for scope in word.scopes[:5])
        return speech.say(
            "The key is restricted and lacks {permissions}: allow it, and try again.", permissions=lacks
        )
    if word.acceptance in _WORDS:
        return speech.put(_WORDS[word.acceptance])
    why = cause_words(speech, word.cause or Cause.STATUS, word.status)
    return speech.say(
        "Whether OpenAI takes the key could not be found out ({why}): try again later.", why=why
    )


def of_place(speech: Speech, where: Where, key: Key) -> str:
    """Where the key is kept, and by what the person knows it from others."""
    end = key.end or "***"
    match where:
        case Where.KEYRING:
            return speech.say("The key that ends in {end} is kept in your keyring.", end=end)
        case Where.WINDOWS:
            return speech.say("The key that ends in {end} is kept in Windows' Credential Manager.", end=end)
        case Where.PROGRAM:
            return speech.say("The key that ends in {end} comes from the program in key_command.", end=end)
