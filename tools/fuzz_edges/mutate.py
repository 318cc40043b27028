"""Bytes changed at random, so that they are still nearly what is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.sources.mutations import mutate_body

LONGEST = 200_000
"""Bytes of an input."""
NUMBERS = tuple(
    number.to_bytes(size, order, signed=False)
    for size, numbers in ((1, (0, 1, 127, 128, 255)), (2, (0x7FFF, 0xFFFF)), (4, (0, 2**27, 2**31 - 1, 2**32 - 1)))
    for number in numbers
    for order in ("little", "big")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutator:
    """Changes inputs in ways that fit their kind."""

    tokens: Sequence[bytes]
    """Pieces that mean something there."""
    is_json: bool = False
    """Whether trees of JSON are changed as trees, too."""

    def mutate(self, data: bytes, other: bytes, dice: Random) -> bytes:
        """An input with some faults, and perhaps a piece of another one."""
        if self.is_json and dice.random() < 0.5:
            return mutate_body(data, dice.randrange(2**32))[:LONGEST]
        for _ in range(dice.choice((1, 1, 2, 3, 6))):
            data = dice.choice(self._ways())(data, other, dice)[:LONGEST]
        return data

    def _ways(self) -> tuple[Callable[[bytes, bytes, Random], bytes], ...]:
        return (_flip, _set, _cut, _leave_out, _repeat, _splice, _number, self._insert, self._insert)

    def _insert(self, data: bytes, _other: bytes, dice: Random) -> bytes:
        at = dice.randrange(len(data) + 1)
        gone = dice.choice((0, 0, 1, 4, 16))
        return data[:at] + dice.choice(self.tokens) * dice.choice((1, 1, 1, 2, 500)) + data[at + gone :]


def _flip(data: bytes, _other: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + bytes(byte ^ 1 << dice.randrange(8) for byte in data[at : at + 1]) + data[at + 1 :]


def _set(data: bytes, _other: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.randbytes(dice.choice((1, 1, 4))) + data[at + 1 :]


def _cut(data: bytes, _other: bytes, dice: Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _leave_out(data: bytes, _other: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.randrange(60) :]


def _repeat(data: bytes, _other: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at : at + dice.randrange(200)] * dice.choice((2, 2, 300)) + data[at:]


def _splice(data: bytes, other: bytes, dice: Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1) :]


def _number(data: bytes, _other: bytes, dice: Random) -> bytes:
    number = dice.choice(NUMBERS)
    at = dice.randrange(len(data) + 1)
    return data[:at] + number + data[at + len(number) :]
