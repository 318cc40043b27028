"""Hides what must never reach a log, an error line or `doctor`: keys, cookies and proxy credentials.

Where it is known what a text is, only what is harmless of it is shown (`address`); what secrets look like (`redact`) is
the net below that.
"""

from __future__ import annotations

import re

HIDDEN = "***"

_SECRET_PATTERNS = (
    re.compile(r"\b(sk-)[\w-]{8,}"),
    re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]+"),
    # A header's value, as a header line or as Python shows it in a dict or a list of pairs.
    re.compile(r"""(?i)\b((?:set-)?cookie2?['"]?\s*[:=,]\s*)(?:b?(?:'[^']*'|"[^"]*")|[^\r\n]+)"""),
    re.compile(r"""(?i)\b((?:proxy-)?authorization['"]?\s*[:=,]\s*)(?:b?(?:'[^']*'|"[^"]*")|[^\r\n]+)"""),
    # Credentials before a host. A port and a path are none. Lengths are bounded because a long text without "@"
    # would otherwise take quadratic time.
    re.compile(r"""(://)[^\s/:@'"]{1,100}:(?!\d+/)[^\s'"]{1,200}(?=@)"""),
    re.compile(r"(://)[^/?#\s@]{1,200}(?=@)"),
    re.compile(r"""()[^\s/:@'"]{1,100}:(?!//|\d+/)[^\s@'"]{1,200}(?=@)"""),
)

_ADDRESS = re.compile(r"(?s)([A-Za-z][A-Za-z0-9+.-]*://)?([^/?#]*)(.*)")
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_IPV6_RANGE = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/\d{1,3}")
"""A range of IPv6 addresses, or what is meant as one: two colons at least, which no user and password need."""


def safe_address(text: str) -> str:
    """Of an address its scheme, host and port: a user name, a path and a query may hold secrets that no pattern knows.

    A range of addresses, as `NO_PROXY` may have it, is shown whole.
    """
    if _IPV6_RANGE.fullmatch(text):
        return text
    scheme, authority, rest = _ADDRESS.fullmatch(text).groups("")  # type: ignore[union-attr]  # it fits every text
    host = authority.rpartition("@")[2]
    # An "@" further on may be a password's end or a query's own: where the host stands is then not sure.
    return scheme + (host if "@" not in rest and _HOST_AND_PORT.fullmatch(host) else HIDDEN)


def redact(text: str) -> str:
    """The text without its secrets; it hides too much rather than too little."""
    for secret in _SECRET_PATTERNS:
        text = secret.sub(rf"\1{HIDDEN}", text)
    return text
