"""Why a connection failed: exceptions of the standard library, however deep they are wrapped -> a cause."""

from __future__ import annotations

import asyncio
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
        errno.EINVAL,  # a route of Linux's kind "blackhole", or a link-local address without its interface
    }
)
"""The kernel's own refusals: nothing was sent."""
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})
_CREDENTIALS = re.compile(r"//[^/\s]*@")
_LONGEST_DETAIL = 200


def cause_of(error: BaseException) -> Cause | None:
    """The cause that the innermost errors name; None if they name none."""
    found = {cause for inner in _error_chain(error) if (cause := _direct_cause(inner))}
    # Two addresses of one name may fail differently: the one that got further says more.
    return next((cause for cause in _CAUSE_PRIORITY if cause in found), None)


def is_exhausted(error: BaseException) -> bool:
    """Whether this computer gives the program no more files, threads or memory."""
    if isinstance(error, RuntimeError):  # Python has no type of its own for it
        return "new thread" in str(error)
    if isinstance(error, ssl.SSLError | socket.gaierror):  # their numbers are not the kernel's
        return False
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _EXHAUSTED)


def error_detail(error: BaseException) -> str:
    """An error in a few words for the log, without the user and password an address may carry."""
    telling = [inner for inner in _error_chain(error) if str(inner)] or [error]
    text = _CREDENTIALS.sub("//", str(telling[-1]))
    return f"{type(telling[-1]).__name__}: {text}"[:_LONGEST_DETAIL]


_CAUSE_PRIORITY = (
    Cause.EXHAUSTED,
    Cause.TLS,
    Cause.DNS,
    Cause.RESET,
    Cause.REFUSED,
    Cause.TIMEOUT,
    Cause.UNREACHABLE,
)


_IGNORED_ERRORS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""How Python's TLS asks for more bytes: what fails while they are waited for has these as its context."""
_CAUSE_BY_TYPE: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Cause], ...] = (
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), Cause.RESET),
    (ssl.SSLError, Cause.TLS),
    (socket.gaierror, Cause.DNS),
    (ConnectionRefusedError, Cause.REFUSED),
    (ConnectionError, Cause.RESET),
    (TimeoutError, Cause.TIMEOUT),
)
"""The first that fits; subclasses stand before what they are kinds of."""


def _direct_cause(error: BaseException) -> Cause | None:
    if isinstance(error, _IGNORED_ERRORS):
        return None
    if is_exhausted(error):
        return Cause.EXHAUSTED
    if isinstance(error, UnicodeError):
        # Other codecs name themselves. A name that IDNA cannot spell is not even asked for.
        return Cause.DNS if getattr(error, "encoding", "idna") == "idna" else None
    for kinds, cause in _CAUSE_BY_TYPE:
        if isinstance(error, kinds):
            return cause
    # Last, because the numbers of look-ups' and TLS's errors are not errno's.
    return Cause.UNREACHABLE if isinstance(error, OSError) and error.errno in _UNREACHABLE else None


def _error_chain(error: BaseException) -> Iterator[BaseException]:
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
        # What was being handled when a wait was given up did not end it.
        given_up = isinstance(inner, TimeoutError | asyncio.CancelledError)
        waiting.append(inner.__cause__ or (None if given_up else inner.__context__))
