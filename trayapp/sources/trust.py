"""Whose certificates are trusted; the only importer of truststore."""

from __future__ import annotations

import logging
import os
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

import truststore

_log = logging.getLogger(__name__)

_HASHED_NAME = "[0-9a-f]" * 8 + ".[0-9]"
"""How OpenSSL names an authority's file in a folder."""


def create_tls_context(ca_file: str) -> ssl.SSLContext:
    """The system's store, or the certificates of a file in its place. Raises OSError (ssl.SSLError is one)."""
    return _create_file_context(ca_file) if ca_file else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _create_file_context(ca_file: str) -> ssl.SSLContext:
    """The same for each Python, and as lenient as the system's store.

    Python 3.13's own default (https://github.com/python/cpython/issues/107361) refuses the many companies' authorities
    that lack key identifiers or key usage; and it fails altogether if the keys' log cannot be written.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca_file)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # who names an intermediate authority trusts it
    if keys := os.environ.get("SSLKEYLOGFILE"):
        try:
            context.keylog_filename = keys
        except OSError as error:
            _log.warning("SSLKEYLOGFILE: no keys are written to %s: %s", keys, error.strerror or error)
    return context


@dataclass(frozen=True, slots=True)
class CertificateStore:
    """What the system's store holds, where it can be asked."""

    listed: int
    """Authorities in its file."""
    folder: Path | None
    """Holds others, each in a file that is looked up by its name."""

    @property
    def is_empty(self) -> bool:
        """Whether no certificate at all will be trusted."""
        return not self.listed and self.folder is None


def system_store() -> CertificateStore | None:
    """The system's store on Linux; None where the system itself judges each certificate and lists none."""
    if sys.platform != "linux":
        return None
    context = create_tls_context("")
    # truststore finds the store at the first handshake and has no word of its own for what it found.
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    listed = len(context._ctx.get_ca_certs())  # type: ignore[attr-defined, unused-ignore]  # noqa: SLF001
    folder = ssl.get_default_verify_paths().capath
    holds = folder is not None and any(Path(folder).glob(_HASHED_NAME))
    return CertificateStore(listed, Path(folder) if folder and holds else None)
