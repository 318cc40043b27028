"""Runs the person's program that prints the key, as a password manager does: argv without a shell, a time limit."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO

from trayapp.desktop.hooks import hook_environment, resolve_command
from trayapp.desktop.keys.base import MAX_KEY_BYTES, Key, KeyAccessError, KeyProblem, KeyStorageKind
from trayapp.desktop.process_group import ProcessGroup
from trayapp.ownership import UntrustedPathError

PROGRAM_TIMEOUT = 10.0
"""Seconds after which the program is killed: one that asks the person something is not waited for."""
_MANAGER_VARIABLES = ("GNUPGHOME", "PASSWORD_STORE_DIR")
"""Variables that name a password manager's folder where it is not the default one."""


class KeyProgram:
    """The storage behind a program; it can only be read."""

    kind = KeyStorageKind.PROGRAM

    def __init__(self, argv: tuple[str, ...], limit: float = PROGRAM_TIMEOUT) -> None:
        self._argv = argv
        self._limit = limit

    @staticmethod
    def is_running() -> bool:
        """Whether it can be asked: always."""
        return True

    def read(self) -> Key | None:
        """Run the program and read the key that it prints. Raises KeyAccessError."""
        try:
            return self._run_program(resolve_command(self._argv))
        except UntrustedPathError:
            raise KeyAccessError(KeyProblem.UNTRUSTED_PROGRAM) from None
        except (OSError, ValueError):  # ValueError: an argument with a NUL, say
            raise KeyAccessError(KeyProblem.NO_PROGRAM) from None

    def save(self, _key: Key) -> None:
        """Refuse: the key is changed in the program itself."""
        raise KeyAccessError(KeyProblem.KEPT_BY_PROGRAM)

    def delete(self) -> bool:
        """Refuse likewise."""
        raise KeyAccessError(KeyProblem.KEPT_BY_PROGRAM)

    def _run_program(self, argv: tuple[str, ...]) -> Key:
        ends = time.monotonic() + self._limit
        group = ProcessGroup(argv, _program_environment(os.environ), stdout=subprocess.PIPE)
        printed: list[bytes] = []
        try:
            child = group.child
            for pipe in filter(None, (child.stdin,)):
                pipe.close()
            reading = threading.Thread(target=_read_output, args=(child.stdout, printed), daemon=True)
            reading.start()
            reading.join(self._limit)
            if not printed:
                raise KeyAccessError(KeyProblem.PROGRAM_SLOW)
            if len(printed[0]) > MAX_KEY_BYTES:
                raise KeyAccessError(KeyProblem.MALFORMED)
            code = child.wait(max(0.1, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise KeyAccessError(KeyProblem.PROGRAM_SLOW) from None
        finally:
            group.kill()
            group.child.wait()
            group.release()
        if code:
            raise KeyAccessError(KeyProblem.PROGRAM_FAILED)
        # Password managers keep the secret in the first line, and notes below it.
        return Key.from_bytes(printed[0].lstrip().partition(b"\n")[0])


def _read_output(out: IO[bytes], printed: list[bytes]) -> None:
    """Read the output to its end, or to one byte more than `MAX_KEY_BYTES`; then close the pipe."""
    with out:
        printed.append(out.read(MAX_KEY_BYTES + 1))


def _program_environment(env: Mapping[str, str]) -> dict[str, str]:
    given = hook_environment(env, getattr(sys, "_MEIPASS", None))
    return given | {name: env[name] for name in _MANAGER_VARIABLES if name in env}
