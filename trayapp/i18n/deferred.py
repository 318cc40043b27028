"""Holds sentences whose language is not known yet: the English text and the values of its placeholders."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Union

from trayapp.ownership import UntrustedPathError

PhraseValue = Union[str, int, "Phrase", tuple["Phrase", ...]]
"""The value of a placeholder; several phrases are joined by semicolons."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence, or a part of one, that is not translated yet."""

    text: str
    values: Mapping[str, PhraseValue]

    def translate(self, gettext: Callable[[str], str]) -> str:
        """Translates it and the phrases in its values with `gettext`."""
        return gettext(self.text).format(
            **{name: _fill_value(value, gettext) for name, value in self.values.items()}
        )


def phrase(text: str, /, **values: PhraseValue) -> Phrase:
    """Marks a text for the catalogues; `Translator.translate_phrase` later translates it, with `values`."""
    return Phrase(text, values)


class Refusal(Exception):  # noqa: N818  # it is an answer to a person, not a fault
    """Raised with the reason when something cannot be done or used. As a `str` it is English, for the log."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.phrase = why

    def __str__(self) -> str:
        """Returns the reason in English."""
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
    """Returns the reason for a system error; for a rare one, the system's own text."""
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
