"""A key that shows itself to nobody by accident, what a place that keeps it can do, and what can be in the way."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NoReturn, Protocol

_KEY_PATTERN = re.compile(r"[\x21-\x7e]{8,512}")
"""What a header can carry; of a blank or a line's end within, an HTTP library would show the whole in its complaint."""
_SHOWN_LENGTH = 4
_MIN_LENGTH_TO_SHOW = 20
"""Characters from which on the last four tell nothing that helps."""
MAX_KEY_BYTES = 4096
"""More than any key has, with what may stand around it."""


class KeyProblem(StrEnum):
    """Why a key cannot be had, kept or forgotten."""

    MALFORMED = "malformed"
    """What was given or kept is no key."""
    NO_KEYRING = "no keyring"
    NO_COLLECTION = "no collection"
    """A keyring is there, and in it nothing that could keep a key."""
    LOCKED = "locked"
    TIMED_OUT = "silent"
    """It does not answer in time."""
    BAD_ANSWER = "broken"
    """It answers with an error, or with what nobody asked for."""
    KEPT_BY_PROGRAM = "elsewhere"
    """A program gives the key: it is for the person to change there."""
    NO_PROGRAM = "no program"
    UNTRUSTED_PROGRAM = "not ours"
    """Others may change the program."""
    PROGRAM_SLOW = "program slow"
    PROGRAM_FAILED = "program failed"


class KeyAccessError(Exception):  # it is an answer, not a fault
    """One of them. Nothing that a keyring or a program said is in it: that may be the key."""

    def __init__(self, trouble: KeyProblem) -> None:
        super().__init__(trouble.value)
        self.problem = trouble


class Key:
    """An API key. Only `reveal` gives it; neither `repr`, `str`, a format nor a pickle does."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        """Take a text, without blanks and line ends around it. Raises KeyTrouble where that is no key."""
        stripped = text.strip().strip("\ufeff").strip()  # some shells begin what they pipe with that mark
        if not _KEY_PATTERN.fullmatch(stripped):
            raise KeyAccessError(KeyProblem.MALFORMED)
        self.__text = stripped

    @classmethod
    def from_bytes(cls, content: bytes) -> Key:
        """The key in what was read. Raises KeyTrouble."""
        if len(content) > MAX_KEY_BYTES:
            raise KeyAccessError(KeyProblem.MALFORMED)
        return cls(content.decode("utf-8", "replace"))

    def reveal(self) -> str:
        """The key itself, for the request that carries it and the place that keeps it."""
        return self.__text

    @property
    def last_characters(self) -> str:
        """By what a person tells it from others: its last four characters, of a short one none."""
        return self.__text[-_SHOWN_LENGTH:] if len(self.__text) >= _MIN_LENGTH_TO_SHOW else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __repr__(self) -> str:
        return "Key(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")


class KeyStorageKind(StrEnum):
    """The places that keep a key."""

    KEYRING = "keyring"
    WINDOWS = "windows"
    PROGRAM = "program"


class KeyStorage(Protocol):
    """A place that keeps the key. Each method raises KeyTrouble, and ends in some seconds whatever happens."""

    kind: KeyStorageKind

    def is_running(self) -> bool:
        """Whether it is there without being started for the question."""

    def read(self) -> Key | None:
        """The key; None where none is kept."""

    def save(self, key: Key, /) -> None:
        """Keep it, in place of an earlier one."""

    def delete(self) -> bool:
        """Delete it; whether there was one."""
