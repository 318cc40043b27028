"""Recognises failures whose real cause is that this computer has no free files left.

Without a free file the C library reports that a name cannot be looked up now, and OpenSSL that an authority is unknown.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from trayapp.model import Cause, Miss
from trayapp.sources.failure_causes import is_exhausted
from trayapp.sources.messages import HttpResponse

_DISGUISED_CAUSES = frozenset({Cause.DNS, Cause.TLS, Cause.INTERNAL})
_FILES_PER_REQUEST = 4
"""The most files that a request opens: a socket for each family of addresses, the resolver's, an authority's."""


def unmask_shortage(got: Sequence[HttpResponse | Miss]) -> list[HttpResponse | Miss]:
    """Corrects the causes if there are too few free files for so many requests."""
    if not any(map(_is_disguised, got)) or _has_free_files(_FILES_PER_REQUEST * len(got)):
        return list(got)
    return [_unmask_miss(one) for one in got]


def _unmask_miss(got: HttpResponse | Miss) -> HttpResponse | Miss:
    return replace(got, cause=Cause.EXHAUSTED) if isinstance(got, Miss) and _is_disguised(got) else got


def _is_disguised(got: HttpResponse | Miss) -> bool:
    return isinstance(got, Miss) and got.cause in _DISGUISED_CAUSES


def _has_free_files(files: int) -> bool:
    held: list[int] = []
    try:
        while len(held) < files:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return not is_exhausted(error)
    finally:
        for one in held:
            os.close(one)
    return True
