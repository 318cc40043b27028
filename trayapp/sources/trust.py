"""Whose certificates are trusted; the only importer of truststore."""

from __future__ import annotations

import ssl

import truststore


def trust(ca_file: str) -> ssl.SSLContext:
    """The system's store, or the certificates of a file in its place. Raises OSError (ssl.SSLError is one)."""
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
