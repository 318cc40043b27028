"""Hides what must never reach a log, an error line or `doctor`: keys, cookies and proxy credentials."""

from __future__ import annotations

import re

HIDDEN = "***"

_SECRETS = (
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


def redact(text: str) -> str:
    """The text without its secrets; it hides too much rather than too little."""
    for secret in _SECRETS:
        text = secret.sub(rf"\1{HIDDEN}", text)
    return text
