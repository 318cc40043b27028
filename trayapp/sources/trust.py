"""Decides which certificates are trusted. Only this module imports truststore."""

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
"""The pattern of OpenSSL's names for the files in a folder of authorities."""


def create_tls_context(ca_file: str) -> ssl.SSLContext:
    """Creates a context that trusts the system's store or, instead, a file. Raises OSError (ssl.SSLError is one)."""
    context = _create_file_context(ca_file) if ca_file else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Debian's own Python leaves this to the system's OpenSSL; Python as it is published asks for TLS 1.2.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    return context


def _create_file_context(ca_file: str) -> ssl.SSLContext:
    """Creates a context for a file, the same in each Python, and as lenient as the system's store.

    Python 3.13's default (https://github.com/python/cpython/issues/107361) refuses the authorities of many companies,
    which lack key identifiers or key usage, and it fails altogether if the keys' log cannot be written.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca_file)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a file may name an intermediate authority alone
    if keys := os.environ.get("SSLKEYLOGFILE"):
        try:
            context.keylog_filename = keys
        except OSError as error:
            _log.warning("SSLKEYLOGFILE: no keys are written to %s: %s", keys, error.strerror or error)
    return context


@dataclass(frozen=True, slots=True)
class CertificateStore:
    """The contents of the system's store, as far as it can be listed."""

    listed: int
    """The number of authorities in its file."""
    folder: Path | None
    """A folder with more authorities, each in a file that OpenSSL finds by its name."""

    @property
    def is_empty(self) -> bool:
        """Whether the store is empty, so that no certificate will be trusted."""
        return not self.listed and self.folder is None


def system_store() -> CertificateStore | None:
    """Reads the system's store on Linux; None where the system checks certificates itself and lists none."""
    if sys.platform != "linux":
        return None
    context = create_tls_context("")
    # truststore loads the store at the first handshake and has no public way to list it.
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    listed = len(context._ctx.get_ca_certs())  # type: ignore[attr-defined, unused-ignore]  # noqa: SLF001
    folder = ssl.get_default_verify_paths().capath
    holds = folder is not None and any(Path(folder).glob(_HASHED_NAME))
    return CertificateStore(listed, Path(folder) if folder and holds else None)
