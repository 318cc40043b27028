"""What a film shows, compared without the minute or two that chance gives: when the page happens to be polled."""

from __future__ import annotations

import re
from typing import SupportsIndex

SLACK = 2
"""Minutes: one interval of the page in trouble, and rounding."""
_TIME = re.compile(
    r"(?:\b(?P<day>\d+) )?\b(?P<hour>\d\d):(?P<minute>\d\d)\b"
    r"|less than a minute"
    r"|\b(?P<hours>\d+) h\b(?: (?P<rest>\d+) min\b)?"
    r"|\b(?P<minutes>\d+) min\b"
)


class Shown(str):
    """A line with times of the day and lengths; another one is equal if they are nearly the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether the words are the same, and each time and length within `SLACK`."""
        if not isinstance(other, str):
            return NotImplemented
        words, times = _take_apart(self)
        others, other_times = _take_apart(other)
        return words == others and all(abs(a - b) <= SLACK for a, b in zip(times, other_times, strict=True))

    def __ne__(self, other: object) -> bool:
        """The opposite."""
        return not self == other

    __hash__ = str.__hash__

    def __getitem__(self, key: SupportsIndex | slice) -> Shown:
        """A piece of it, compared like the whole."""
        return Shown(str.__getitem__(self, key))


def _take_apart(line: str) -> tuple[str, list[int]]:
    """The words, with a mark for each time and length, and those in minutes."""
    times: list[int] = []

    def note(found: re.Match[str]) -> str:
        number = {name: int(value) for name, value in found.groupdict(default="0").items()}
        hours = number["day"] * 24 + number["hour"] + number["hours"]
        times.append(hours * 60 + number["minute"] + number["rest"] + number["minutes"])
        return "#"

    return _TIME.sub(note, str(line)), times
