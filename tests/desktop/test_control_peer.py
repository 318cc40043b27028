"""Who is at the other end of the control socket, by each system's own word; a Mac's is read from its headers."""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
from dataclasses import dataclass, field

import pytest

from trayapp.desktop.control.peer import read_peer_user

GROUPS = (20, 12, 61, *[0] * 13)
STRANGER = 501


@dataclass
class MacSocket:
    """Answers as Darwin's kernel does: `struct xucred` for LOCAL_PEERCRED of SOL_LOCAL, or an error number."""

    answer: bytes | int
    asked: list[tuple[int, int, int]] = field(default_factory=list)

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        """As a socket's."""
        self.asked.append((level, option, size))
        if isinstance(self.answer, int):
            raise OSError(self.answer, os.strerror(self.answer))
        return self.answer[:size]


def pack_xucred(user: int, version: int = 0) -> bytes:
    """The kernel's answer about a process of that user."""
    return struct.pack("=IIh2x16I", version, user, 3, *GROUPS)


def peer_on_mac(answer: bytes | int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Who is there, by such an answer."""
    monkeypatch.setattr(sys, "platform", "darwin")
    stand_in = MacSocket(answer)
    try:
        return read_peer_user(stand_in)  # type: ignore[arg-type]  # as much of a socket as is asked
    finally:
        assert stand_in.asked == [(0, 1, 76)]


@pytest.mark.parametrize("user", [0, STRANGER, 2**31 + 5, 2**32 - 2])
def test_a_mac_names_the_peers_user(user: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever it is, nobody with a large number included."""
    assert peer_on_mac(pack_xucred(user), monkeypatch) == user


@pytest.mark.parametrize(
    "answer",
    [b"", pack_xucred(STRANGER)[:12], pack_xucred(STRANGER, version=1), errno.ENOTCONN, errno.EINVAL],
    ids=["nothing", "cut short", "of a later kind", "gone", "not known"],
)
def test_a_peer_that_a_mac_does_not_name_is_nobodys(
    answer: bytes | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error, and never taken for this user."""
    with pytest.raises(OSError, match=r"\w"):
        peer_on_mac(answer, monkeypatch)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a pipe here")
def test_this_process_at_both_ends_is_this_user() -> None:
    """By the kernel's own word."""
    here, there = socket.socketpair()
    with here, there:
        assert read_peer_user(here) == read_peer_user(there) == os.getuid()
