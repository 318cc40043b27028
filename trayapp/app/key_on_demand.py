"""Reads a key of the person's when the running program first needs it; nothing is loaded before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trayapp.app.upgrade import UpgradeWatch

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library


class KeyOnDemand:
    """Returns the key when called; None, with the reason in the log, if it cannot be read now."""

    def __init__(
        self, command: Callable[[], tuple[str, ...]], upgrade: UpgradeWatch, purpose: str = "key-check"
    ) -> None:
        """`command` returns the program that prints the key, by the current settings; empty for the keyring.

        `purpose`: that of a `KeyPurpose`, whose module is not loaded for it.
        """
        self.bus: Bus | None = None
        """The session bus, once connected, on which the keyring is."""
        self._command = command
        self._upgrade = upgrade
        self._purpose = purpose
        self._read: Callable[[], str | None] | None = None

    def __call__(self) -> str | None:
        """Read the key, which may take some seconds: not on the poller's thread. Raises ProgramReplacedError."""
        if self._read is None:
            with self._upgrade.guard_loading():
                # loaded late: few people use a key
                from trayapp.desktop.keys.base import KeyPurpose
                from trayapp.desktop.keys.chooser import create_key_reader
            self._read = create_key_reader(self._command, lambda: self.bus, KeyPurpose(self._purpose))
        return self._read()
