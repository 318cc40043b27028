"""Why a connection failed: exceptions of the standard library, however deep they are wrapped -> a cause."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

from trayapp.model import Cause

_UNREACHABLE = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.EADDRNOTAVAIL,
        errno.EACCES,
        errno.EPERM,
    }
)
_CREDENTIALS = re.compile(r"//[^/\s]*@")
_LONGEST_DETAIL = 200


def cause_of(error: BaseException) -> Cause | None:
    """The cause that the innermost errors name; None if they name none."""
    found = {cause for inner in _chain(error) if (cause := _plain(inner))}
    # Two addresses of one name may fail differently: the one that got further says more.
    return next((cause for cause in _TELLING_FIRST if cause in found), None)


def detail_of(error: BaseException) -> str:
    """An error in a few words for the log, without the user and password an address may carry."""
    telling = [inner for inner in _chain(error) if str(inner)] or [error]
    text = _CREDENTIALS.sub("//", str(telling[-1]))
    return f"{type(telling[-1]).__name__}: {text}"[:_LONGEST_DETAIL]


_TELLING_FIRST = (
    Cause.TLS,
    Cause.DNS,
    Cause.RESET,
    Cause.REFUSED,
    Cause.TIMEOUT,
    Cause.UNREACHABLE,
)


_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Cause], ...] = (
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), Cause.RESET),
    (ssl.SSLError, Cause.TLS),
    ((socket.gaierror, UnicodeError), Cause.DNS),  # a name that IDNA cannot spell is not even asked for
    (ConnectionRefusedError, Cause.REFUSED),
    (ConnectionError, Cause.RESET),
    (TimeoutError, Cause.TIMEOUT),
)
"""The first that fits; subclasses stand before what they are kinds of."""


def _plain(error: BaseException) -> Cause | None:
    for kinds, cause in _KINDS:
        if isinstance(error, kinds):
            return cause
    # Last, because the numbers of look-ups' and TLS's errors are not errno's.
    return Cause.UNREACHABLE if isinstance(error, OSError) and error.errno in _UNREACHABLE else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and the members of groups; outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        inner = waiting.pop(0)
        if inner is None or id(inner) in seen:
            continue
        seen.add(id(inner))
        yield inner
        if isinstance(inner, BaseExceptionGroup):
            waiting += inner.exceptions
        waiting.append(inner.__cause__ or inner.__context__)
