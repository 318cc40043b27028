"""Defines a key, which is never shown by accident, the interface of its storages, and their problems."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NoReturn, Protocol

_KEY_PATTERN = re.compile(r"[\x21-\x7e]{8,512}")
"""Characters a header can carry; for a blank or a line end inside, an HTTP library's error would show the whole key."""
_SHOWN_LENGTH = 4
_MIN_LENGTH_TO_SHOW = 20
"""Length from which the last four characters do not help to guess the key."""
MAX_KEY_BYTES = 4096
"""Bytes; more than any key and the text around it have."""


class KeyProblem(StrEnum):
    """Why a key cannot be read, saved or deleted."""

    MALFORMED = "malformed"
    """The given or stored text is no key."""
    NO_KEYRING = "no keyring"
    NO_COLLECTION = "no collection"
    """A keyring is there, without a collection to save a key in."""
    LOCKED = "locked"
    TIMED_OUT = "silent"
    """The keyring does not answer in time."""
    BAD_ANSWER = "broken"
    """The keyring answers with an error, or in a wrong form."""
    KEPT_BY_PROGRAM = "elsewhere"
    """A program gives the key, so the person must change it there."""
    NO_PROGRAM = "no program"
    UNTRUSTED_PROGRAM = "not ours"
    """Other users may change the program."""
    PROGRAM_SLOW = "program slow"
    PROGRAM_FAILED = "program failed"


class KeyAccessError(Exception):  # it is an answer, not a fault
    """A key problem. It contains no text of a keyring or a program, because that may be the key."""

    def __init__(self, trouble: KeyProblem) -> None:
        super().__init__(trouble.value)
        self.problem = trouble


class Key:
    """A key. Only `reveal` gives it; neither `repr`, `str`, a format nor a pickle does."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        """Take a text and strip blanks and line ends around it. Raises KeyAccessError where it is no key."""
        stripped = text.strip().strip("\ufeff").strip()  # some shells begin piped text with that mark
        if not _KEY_PATTERN.fullmatch(stripped):
            raise KeyAccessError(KeyProblem.MALFORMED)
        self.__text = stripped

    @classmethod
    def from_bytes(cls, content: bytes) -> Key:
        """Parse the key in bytes that were read. Raises KeyAccessError."""
        if len(content) > MAX_KEY_BYTES:
            raise KeyAccessError(KeyProblem.MALFORMED)
        return cls(content.decode("utf-8", "replace"))

    def reveal(self) -> str:
        """Return the key's text, for the request that carries it and the storage."""
        return self.__text

    @property
    def last_characters(self) -> str:
        """The last four characters, by which a person recognises the key; empty for a short key."""
        return self.__text[-_SHOWN_LENGTH:] if len(self.__text) >= _MIN_LENGTH_TO_SHOW else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __repr__(self) -> str:
        return "Key(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")


class KeyPurpose(StrEnum):
    """The keys that a person may have, as their storages name them."""

    API = "key-check"
    """OpenAI's API key."""
    DOWNDETECTOR = "downdetector"
    """The key of Downdetector's API."""


class KeyStorageKind(StrEnum):
    """The kinds of storage for a key."""

    KEYRING = "keyring"
    WINDOWS = "windows"
    PROGRAM = "program"


class KeyStorage(Protocol):
    """Stores the key. Each method raises KeyAccessError, and ends within some seconds in any case."""

    kind: KeyStorageKind

    def is_running(self) -> bool:
        """Whether the storage runs, without starting it for the question."""

    def read(self) -> Key | None:
        """Read the key; None where none is stored."""

    def save(self, key: Key, /) -> None:
        """Save the key in place of an earlier one."""

    def delete(self) -> bool:
        """Delete the key; returns whether there was one."""
