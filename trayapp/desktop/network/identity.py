"""Which network this is: the same word each time on the same one, and nothing that names it to anybody else.

A network is known by its gateway. The word is a hash with a salt that is this installation's own, so that neither the
memory nor a recording of rounds tells where somebody was.
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

LENGTH = 16
"""Characters of the word."""
MOST, SPAN = 3, 600.0
"""So many networks within so many seconds are no networks: a gateway changes its address each time it is asked for."""
WANDERS = "the gateway changes its address each time"
NO_GATEWAY = "no gateway that has answered"
_SALT = "network-salt"
_BYTES = 16

Found = tuple[str, bytes] | None
"""The interface and the gateway's hardware address, where both are known."""


class ThisNetwork:
    """Asked for the network's word; "" where it cannot be known. From one thread at a time."""

    def __init__(
        self,
        salt: bytes,
        read: Callable[[], Found] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.why_unknown = ""
        """Why the last word was empty; empty where it was not."""
        self._salt = salt
        self._read = read or gateway
        self._clock = clock
        self._lately: deque[tuple[float, str]] = deque(maxlen=MOST)

    def __call__(self) -> str:
        """The word; it is read anew each time."""
        word, self.why_unknown = self._known()
        if self.why_unknown:
            log.debug("this network is not known: %s", self.why_unknown)
        return word

    def _known(self) -> tuple[str, str]:
        """The word, or why there is none."""
        try:
            found = self._read()
        except Exception as error:  # noqa: BLE001 - a table that cannot be read or is of another shape says nothing
            return "", f"the gateway cannot be read: {error!r}"
        if found is None:
            return "", NO_GATEWAY
        way, hardware = found
        if not any(hardware):
            return "", NO_GATEWAY
        word = hashlib.sha256(self._salt + way.encode() + b"\0" + hardware).hexdigest()[:LENGTH]
        return ("", WANDERS) if self._wanders(word) else (word, "")

    def _wanders(self, word: str) -> bool:
        now = self._clock()
        if not self._lately or self._lately[-1][1] != word:
            self._lately.append((now, word))
        first = self._lately[0][0]
        return len({one for _, one in self._lately}) == MOST and now - first < SPAN


def gateway() -> Found:
    """What this system's tables say. Raises whatever a missing or odd table brings."""
    if sys.platform == "win32":
        from trayapp.desktop.network.gateway.windows import gateway as found
    elif sys.platform == "darwin":
        from trayapp.desktop.network.gateway.macos import gateway as found
    else:
        from trayapp.desktop.network.gateway.linux import gateway as found
    return found()


def salt(folder: Path, *, keep: bool) -> bytes:
    """This installation's own, from its folder; one for now only where there is none and none may be or can be kept."""
    file = folder / _SALT
    fresh = secrets.token_bytes(_BYTES)
    try:
        kept = file.read_bytes()
    except OSError:
        kept = b""
    if len(kept) == _BYTES:
        return kept
    if keep:
        try:
            file.unlink(missing_ok=True)
            with open(file, "xb", opener=_private) as new:
                new.write(fresh)
        except OSError as error:
            log.info("networks are not known again after a restart: %s", error)
    return fresh


def examine() -> str:
    """Why this network cannot be known again; empty where, asked several times in a row, it is always the same."""
    network = ThisNetwork(b"")
    words = {network() for _ in range(MOST)}
    return network.why_unknown or ("" if len(words) == 1 else WANDERS)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
