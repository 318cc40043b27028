"""A throw-away certificate authority for servers on loopback."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """What a server presents, and what a client must be given to trust it."""

    context: ssl.SSLContext
    """For the server, good for 127.0.0.1 and localhost."""
    ca_file: Path
    """The authority's certificate, PEM."""


def throwaway_authority(folder: Path) -> Authority:
    """An authority that nobody trusts yet; its certificate is written into `folder`."""
    authority = trustme.CA()
    ca_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return Authority(context, ca_file)
