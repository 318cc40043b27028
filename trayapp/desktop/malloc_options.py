"""How the C library hands out memory; by its own rules an idle program would hold 2 MB that nobody uses."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

# <malloc.h> of glibc; the C libraries of other systems have no such calls and no such rules.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_MMAP_FROM_BYTES = 128 * 1024
"""Bytes from which a block is mapped by itself, and so given back when freed: glibc's own figure."""


def limit_heap() -> None:
    """Have freed memory used again or given back; call it before the first thread begins.

    glibc gives each thread a heap of its own, and the ones of our few threads stay half empty: 1.9 MB. And it raises
    the limit above for good when a block over it is freed, as the canvas of the first icon is, whereupon the heap
    keeps up to twice that at its end: 1.5 MB.
    """
    with suppress(OSError, AttributeError):  # another C library
        set_option = _load_c_library().mallopt
        set_option(_M_ARENA_MAX, 1)
        set_option(_M_MMAP_THRESHOLD, _MMAP_FROM_BYTES)


def trim_heap() -> None:
    """Give the holes that a round leaves in the heap back to the system: 0.8 MB, in half a millisecond."""
    with suppress(OSError, AttributeError):
        _load_c_library().malloc_trim(0)


def _load_c_library() -> Any:
    """What the running program is linked with. Raises OSError where there is no such thing."""
    if sys.platform != "linux":
        raise OSError("only known on Linux")
    import ctypes

    return ctypes.CDLL(None)
