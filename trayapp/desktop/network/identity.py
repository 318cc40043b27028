"""Identifies the network by a word that is always the same on it and reveals nothing to anybody else.

A network is recognised by its gateway. The word is a hash with this installation's salt, so that neither the stored
memory nor a recording of polls reveals where somebody was.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

ID_LENGTH = 16
"""Characters of the word."""
MAX_NETWORKS, CHANGE_SPAN = 3, 600.0
"""So many networks within so many seconds do not count: such a gateway changes its address at each question."""
UNSTABLE_GATEWAY = "the gateway changes its address each time"
NO_GATEWAY = "no gateway that has answered"
_SALT_FILE = "network-salt"
_SALT_BYTES = 16

FoundGateway = tuple[str, bytes] | None
"""The interface and the gateway's hardware address, where both are known."""


class NetworkIdentity:
    """Returns the network's word when called, "" where it is not known. Used by one thread at a time."""

    def __init__(
        self,
        salt: bytes,
        read: Callable[[], FoundGateway] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.unknown_reason = ""
        """Why the last word was empty; empty otherwise."""
        self._salt = salt
        self._read = read or find_gateway
        self._clock = clock
        self._recent_ids: deque[tuple[float, str]] = deque(maxlen=MAX_NETWORKS)

    def __call__(self) -> str:
        """Read the gateway again and return the word."""
        word, self.unknown_reason = self._identify()
        if self.unknown_reason:
            log.debug("this network is not known: %s", self.unknown_reason)
        return word

    def _identify(self) -> tuple[str, str]:
        """Return the word, and the reason if there is none."""
        try:
            found = self._read()
        except Exception as error:  # noqa: BLE001 - a table that cannot be read or is of another shape says nothing
            return "", f"the gateway cannot be read: {error!r}"
        if found is None:
            return "", NO_GATEWAY
        way, hardware = found
        if not any(hardware):
            return "", NO_GATEWAY
        word = hashlib.sha256(self._salt + way.encode() + b"\0" + hardware).hexdigest()[:ID_LENGTH]
        return ("", UNSTABLE_GATEWAY) if self._is_unstable(word) else (word, "")

    def _is_unstable(self, word: str) -> bool:
        now = self._clock()
        if not self._recent_ids or self._recent_ids[-1][1] != word:
            self._recent_ids.append((now, word))
        first = self._recent_ids[0][0]
        return len({one for _, one in self._recent_ids}) == MAX_NETWORKS and now - first < CHANGE_SPAN


def find_gateway() -> FoundGateway:
    """Read the gateway from this system's tables. Raises various errors for a missing or odd table."""
    if sys.platform == "win32":
        from trayapp.desktop.network.gateway.windows import read_gateway as found
    elif sys.platform == "darwin":
        from trayapp.desktop.network.gateway.macos import read_gateway as found
    else:
        from trayapp.desktop.network.gateway.linux import read_gateway as found
    return found()


def load_salt(folder: Path, *, keep: bool) -> bytes:
    """This installation's own, from its folder; one for now only where there is none and none may be or can be kept."""
    file = folder / _SALT_FILE
    fresh = secrets.token_bytes(_SALT_BYTES)
    try:
        kept = file.read_bytes()
    except OSError:
        kept = b""
    if len(kept) == _SALT_BYTES:
        return kept
    if keep:
        try:
            file.unlink(missing_ok=True)
            with open(file, "xb", opener=_open_private) as new:
                new.write(fresh)
        except OSError as error:
            log.info("networks are not known again after a restart: %s", error)
    return fresh


def examine_network() -> str:
    """Find out why this network cannot be recognised; empty where several readings in a row agree."""
    network = NetworkIdentity(b"")
    words = {network() for _ in range(MAX_NETWORKS)}
    return network.unknown_reason or ("" if len(words) == 1 else UNSTABLE_GATEWAY)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
