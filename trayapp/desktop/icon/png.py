"""Encodes a look as a PNG, for receivers of a file or its bytes.

Pillow could write it too, with 3 MB of code that nothing else here needs.
"""

from __future__ import annotations

import struct
import zlib

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.model import Look

_RGBA = bytes((8, 6, 0, 0, 0))
"""Bits a sample, colour with alpha, and the only compression, filter and order that there are."""


def encode_png(look: Look, size: int) -> bytes:
    """Encode a look as a PNG file's bytes, `size` pixels wide and high."""
    pixels, a_row = draw_icon(look, size).tobytes(), 4 * size
    rows = b"".join(b"\0" + pixels[start : start + a_row] for start in range(0, len(pixels), a_row))
    header = struct.pack(">II", size, size) + _RGBA
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_encode_chunk(kind, data) for kind, data in chunks)


def _encode_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
