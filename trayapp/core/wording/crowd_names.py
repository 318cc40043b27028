"""Names the sources of other people's reports. Loaded in any case, as the menu offers them: it imports nothing of theirs."""

from __future__ import annotations

_NAMES = {
    "github": "GitHub",
    "hacker_news": "Hacker News",
    "downdetector": "Downdetector",
    "trends": "Google Trends",
}
"""Names of places, which no language changes."""
_MAX_HOST = 40


def crowd_source_name(source: str, mastodon: str) -> str:
    """Returns the name of a source in the settings; Mastodon's is that of its server, unless it is too long for a line."""
    return _NAMES.get(source, mastodon if len(mastodon) <= _MAX_HOST else "Mastodon")
