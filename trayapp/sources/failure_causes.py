"""Finds out why a connection failed: turns the standard library's exceptions, however nested, into a cause."""

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
        errno.EINVAL,  # a route of Linux's kind "blackhole", or a link-local address without its interface
    }
)
"""Errors with which the kernel itself refuses: nothing was sent."""
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})
_CREDENTIALS = re.compile(r"//[^/\s]*@")
_LONGEST_DETAIL = 200


def cause_of(error: BaseException) -> Cause | None:
    """Returns the cause in an error or the errors behind it; None if there is none."""
    found = {cause for inner in _error_chain(error) if (cause := _direct_cause(inner))}
    # Two addresses of one name may fail differently: the attempt that got further says more.
    return next((cause for cause in _CAUSE_PRIORITY if cause in found), None)


def is_exhausted(error: BaseException) -> bool:
    """Whether this computer gives the program no more files, threads or memory."""
    if isinstance(error, RuntimeError):  # Python has no special type for it
        return "new thread" in str(error)
    if isinstance(error, ssl.SSLError | socket.gaierror):  # their numbers are not errno's
        return False
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _EXHAUSTED)


def error_detail(error: BaseException) -> str:
    """Describes an error in a few words for the log, without the user and password in an address."""
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


_CAUSE_BY_TYPE: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Cause], ...] = (
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), Cause.RESET),
    (ssl.SSLError, Cause.TLS),
    (socket.gaierror, Cause.DNS),
    (ConnectionRefusedError, Cause.REFUSED),
    (ConnectionError, Cause.RESET),
    (TimeoutError, Cause.TIMEOUT),
)
"""The first that fits counts; subclasses come before their base classes."""


def _direct_cause(error: BaseException) -> Cause | None:
    if is_exhausted(error):
        return Cause.EXHAUSTED
    if isinstance(error, UnicodeError):
        # Other codecs give their names. A name that IDNA cannot encode is not even looked up.
        return Cause.DNS if getattr(error, "encoding", "idna") == "idna" else None
    for kinds, cause in _CAUSE_BY_TYPE:
        if isinstance(error, kinds):
            return cause
    # Last, because the numbers in errors of look-ups and TLS are not errno's.
    return Cause.UNREACHABLE if isinstance(error, OSError) and error.errno in _UNREACHABLE else None


def _error_chain(error: BaseException) -> Iterator[BaseException]:
    """Yields an error, the errors behind it and the members of groups, the outermost first."""
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
