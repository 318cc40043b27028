"""Holds the defaults that core and menu need as well: the settings, `Limits`, `MenuChoices` and the tests read them here.

The defaults of all other settings are in `trayapp.settings.sections`, because only the settings need them.
"""

from __future__ import annotations

from trayapp.model.levels import Level
from trayapp.model.probes import ProbeSpec

AUTO = "auto"
"""The language that leaves the choice to the system."""
LANGUAGE = AUTO
FOLLOW = ("ChatGPT", "APIs", "Codex")
LEVEL = Level.OUTAGES
MASTODON = "mastodon.social"
"""The Mastodon server that is asked for other people's reports."""
CROWD = ("github", "hacker_news", "mastodon")
"""The sources of other people's reports that the menu switches on: those that need neither a key nor a country."""
PAGE_INTERVAL = 120.0
"""Seconds between two polls of the page on a calm day."""
PAGE_INTERVAL_IN_TROUBLE = 60.0
PROBE_INTERVAL = 150.0
"""Of a probe that names none."""
PROBES = (
    ProbeSpec("API", "APIs", "https://api.openai.com/v1/models", PROBE_INTERVAL),
    ProbeSpec("ChatGPT", "ChatGPT", "https://chatgpt.com/", PROBE_INTERVAL),
    ProbeSpec("Login", "ChatGPT", "https://auth.openai.com/", 2 * PROBE_INTERVAL),
)
