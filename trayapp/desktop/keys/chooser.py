"""Chooses a key's storage on this computer, and makes the function that reads it for requests."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from trayapp.desktop.keys.base import KeyAccessError, KeyProblem, KeyPurpose, KeyStorage

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus

_log = logging.getLogger(__name__)


def choose_storage(
    command: tuple[str, ...], bus: Callable[[], Bus | None], purpose: KeyPurpose = KeyPurpose.API
) -> KeyStorage:
    """Choose the person's program if one is configured, else the system's keyring. Raises KeyAccessError without one."""
    if command:
        from trayapp.desktop.keys.key_program import KeyProgram

        return KeyProgram(command)
    if sys.platform == "win32":
        from trayapp.desktop.keys.windows_credentials import WindowsCredentials

        return WindowsCredentials(purpose)
    joined = bus() if sys.platform == "linux" else None
    if joined is None:
        raise KeyAccessError(KeyProblem.NO_KEYRING)
    from trayapp.desktop.keys.secret_service import SecretService

    return SecretService(joined, purpose)


def create_key_reader(
    command: Callable[[], tuple[str, ...]],
    bus: Callable[[], Bus | None],
    purpose: KeyPurpose = KeyPurpose.API,
) -> Callable[[], str | None]:
    """Make the function that reads the key, None where it cannot be read now; each new reason is logged once.

    It may take some seconds, so it is not for the bus thread, and not for the poller's.
    """
    told: KeyProblem | None = None

    def read() -> str | None:
        nonlocal told
        trouble, key = None, None
        try:
            key = choose_storage(command(), bus, purpose).read()
        except KeyAccessError as error:
            trouble = error.problem
        if trouble is not None and trouble != told:
            _log.warning("%s: the key cannot be had: %s", purpose, trouble)
        told = trouble
        return key.reveal() if key else None

    return read
