"""A program of the person's own that prints the key, as a password manager does: argv without a shell, some seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO

from trayapp.desktop.hooks import environment, ours_alone
from trayapp.desktop.keys.base import MOST_BYTES, Key, KeyTrouble, Trouble, Where
from trayapp.desktop.process_group import Family
from trayapp.ownership import NotOurs

LIMIT = 10.0
"""Seconds after which the program is ended: what asks the person something is not waited for."""
_OF_MANAGERS = ("GNUPGHOME", "PASSWORD_STORE_DIR")
"""Where password managers keep what they need, where it is not the usual place."""


class Program:
    """The keeper behind a program; it only reads."""

    where = Where.PROGRAM

    def __init__(self, argv: tuple[str, ...], limit: float = LIMIT) -> None:
        self._argv = argv
        self._limit = limit

    @staticmethod
    def is_running() -> bool:
        """Whether it is there: always."""
        return True

    def read(self) -> Key | None:
        """The key that it prints. Raises KeyTrouble."""
        try:
            return self._read(ours_alone(self._argv))
        except NotOurs:
            raise KeyTrouble(Trouble.NOT_OURS) from None
        except (OSError, ValueError):  # ValueError: an argument that no system takes
            raise KeyTrouble(Trouble.NO_PROGRAM) from None

    def keep(self, _key: Key) -> None:
        """Refuse: the program has its own way."""
        raise KeyTrouble(Trouble.ELSEWHERE)

    def forget(self) -> bool:
        """Refuse likewise."""
        raise KeyTrouble(Trouble.ELSEWHERE)

    def _read(self, argv: tuple[str, ...]) -> Key:
        ends = time.monotonic() + self._limit
        family = Family(argv, _environment(os.environ), stdout=subprocess.PIPE)
        printed: list[bytes] = []
        try:
            child = family.child
            for pipe in filter(None, (child.stdin,)):
                pipe.close()
            reading = threading.Thread(target=_read_some, args=(child.stdout, printed), daemon=True)
            reading.start()
            reading.join(self._limit)
            if not printed:
                raise KeyTrouble(Trouble.PROGRAM_SLOW)
            if len(printed[0]) > MOST_BYTES:
                raise KeyTrouble(Trouble.MALFORMED)
            code = child.wait(max(0.1, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise KeyTrouble(Trouble.PROGRAM_SLOW) from None
        finally:
            family.end()
            family.child.wait()
            family.leave()
        if code:
            raise KeyTrouble(Trouble.PROGRAM_FAILED)
        # Password managers keep the secret in the first line, and notes below it.
        return Key.from_bytes(printed[0].lstrip().partition(b"\n")[0])


def _read_some(out: IO[bytes], printed: list[bytes]) -> None:
    """Read what is printed up to its end, or to more than any key has; what goes on printing then is cut off."""
    with out:
        printed.append(out.read(MOST_BYTES + 1))


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    given = environment(env, getattr(sys, "_MEIPASS", None))
    return given | {name: env[name] for name in _OF_MANAGERS if name in env}
