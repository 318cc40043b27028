"""The person's own API key while the program runs: had when the check asks for it, and nothing of it is loaded before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trayapp.app.upgrade import UpgradeWatch

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library


class KeyOnDemand:
    """Called, it yields the key; None where it cannot be had now, and the log says why."""

    def __init__(self, command: Callable[[], tuple[str, ...]], upgrade: UpgradeWatch) -> None:
        """`command` is the person's own program that prints the key, as the settings are now; empty for the keyring."""
        self.bus: Bus | None = None
        """The session's, once it was joined: the keyring is there."""
        self._command = command
        self._upgrade = upgrade
        self._read: Callable[[], str | None] | None = None

    def __call__(self) -> str | None:
        """Take some seconds at most: it is not for the poller's thread. Raises Gone."""
        if self._read is None:
            with self._upgrade.guard_loading():
                from trayapp.desktop.keys.chooser import create_key_reader  # few have a key
            self._read = create_key_reader(self._command, lambda: self.bus)
        return self._read()
