"""A sentence that is written down before it is known in whose language: its English text, and what fills it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Union

from trayapp.ownership import UntrustedPathError

PhraseValue = Union[str, int, "Phrase", tuple["Phrase", ...]]
"""What a placeholder stands for; several phrases are parted by semicolons."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence, or a part of one, in no language yet."""

    text: str
    values: Mapping[str, PhraseValue]

    def translate(self, gettext: Callable[[str], str]) -> str:
        """It and its parts, each text by way of a translation."""
        return gettext(self.text).format(
            **{name: _fill_value(value, gettext) for name, value in self.values.items()}
        )


def phrase(text: str, /, **values: PhraseValue) -> Phrase:
    """Name a text for the catalogues that `Speech.put` translates later, with what fills its placeholders."""
    return Phrase(text, values)


class Refusal(Exception):  # noqa: N818  # it is an answer to a person, not a fault
    """What cannot be done or used, and why. As a `str` it is English: for the log."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.phrase = why

    def __str__(self) -> str:
        """In English."""
        return self.phrase.translate(str)


_ERRNO_PHRASES: Mapping[int | None, Phrase] = {
    errno.EACCES: phrase("permission denied"),
    errno.EPERM: phrase("permission denied"),
    errno.ENOENT: phrase("no such file or folder"),
    errno.EISDIR: phrase("it is a folder"),
    errno.ENOTDIR: phrase("a part of its path is not a folder"),
    errno.ENOSPC: phrase("the disk is full"),
    errno.EROFS: phrase("the disk is read-only"),
}


def os_error_phrase(error: OSError) -> Phrase:
    """What the system complains of; what is rare, in the system's own words."""
    if isinstance(error, UntrustedPathError):
        return _ownership_phrase(error)
    return _ERRNO_PHRASES.get(error.errno, Phrase("{why}", {"why": error.strerror or str(error)}))


def _ownership_phrase(error: UntrustedPathError) -> Phrase:
    path = str(error.filename)
    if error.mode is None:
        return phrase("{path} belongs to somebody else", path=path)
    mode = f"{error.mode:04o}"
    return phrase("others may write {path} (mode {mode}; chmod go-w mends it)", path=path, mode=mode)


def _fill_value(value: PhraseValue, gettext: Callable[[str], str]) -> str | int:
    if isinstance(value, Phrase):
        return value.translate(gettext)
    return "; ".join(one.translate(gettext) for one in value) if isinstance(value, tuple) else value
