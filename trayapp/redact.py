"""Hides secrets, which must never reach a log, an error line or `doctor`: keys, cookies and proxy credentials.

Of a text that is known to be an address, `safe_address` shows only the harmless parts. Everywhere else `redact` removes
whatever looks like a secret.
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
    # Credentials before a host, but no port or path. Lengths are bounded because a long text without "@" would
    # otherwise take quadratic time.
    re.compile(r"""(://)[^\s/:@'"]{1,100}:(?!\d+/)[^\s'"]{1,200}(?=@)"""),
    re.compile(r"(://)[^/?#\s@]{1,200}(?=@)"),
    re.compile(r"""()[^\s/:@'"]{1,100}:(?!//|\d+/)[^\s@'"]{1,200}(?=@)"""),
)

_ADDRESS = re.compile(r"(?s)([A-Za-z][A-Za-z0-9+.-]*://)?([^/?#]*)(.*)")
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_IPV6_RANGE = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/\d{1,3}")
"""A range of IPv6 addresses, even a mistyped one: it has at least two colons, which a user and password need not."""


def safe_address(text: str) -> str:
    """Returns an address's scheme, host and port: user name, path and query may hold secrets that no pattern matches.

    A range of addresses, as in `NO_PROXY`, is returned whole.
    """
    if _IPV6_RANGE.fullmatch(text):
        return text
    scheme, authority, rest = _ADDRESS.fullmatch(text).groups("")  # type: ignore[union-attr]  # the pattern matches every text
    host = authority.rpartition("@")[2]
    # A later "@" may end a password or belong to a query, so that the host's position is not certain.
    return scheme + (host if "@" not in rest and _HOST_AND_PORT.fullmatch(host) else HIDDEN)


def redact(text: str) -> str:
    """Returns the text with its secrets hidden; it hides too much rather than too little."""
    for secret in _SECRET_PATTERNS:
        text = secret.sub(rf"\1{HIDDEN}", text)
    return text
