"""Sets how the C library manages memory; by its defaults the idle program would hold 2 MB of unused memory."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

# <malloc.h> of glibc; the C libraries of other systems have no such calls and no such rules.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_MMAP_FROM_BYTES = 128 * 1024
"""Bytes from which a block is mapped separately, and so returned to the system when freed; glibc's default."""


def limit_heap() -> None:
    """Make the C library reuse or return freed memory; call it before the first thread starts.

    glibc gives each thread a heap, and those of the program's threads stay half empty: 1.9 MB. It also raises the
    threshold for good when a larger block is freed, as the canvas of the first icon is, and the heap then keeps up to
    twice that at its end: 1.5 MB.
    """
    with suppress(OSError, AttributeError):  # another C library
        set_option = _load_c_library().mallopt
        set_option(_M_ARENA_MAX, 1)
        set_option(_M_MMAP_THRESHOLD, _MMAP_FROM_BYTES)


def trim_heap() -> None:
    """Return the heap memory that a poll has freed to the system: 0.8 MB, in half a millisecond."""
    with suppress(OSError, AttributeError):
        _load_c_library().malloc_trim(0)


def _load_c_library() -> Any:
    """Load the C library of the running program. Raises OSError where there is none."""
    if sys.platform != "linux":
        raise OSError("only known on Linux")
    import ctypes

    return ctypes.CDLL(None)
