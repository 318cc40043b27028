"""Defines the tables of the config file, with the defaults for those that it does not contain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trayapp.model import Level, QuietHours, defaults


@dataclass(frozen=True, slots=True)
class PageConfig:
    """The status page."""

    url: str = "https://status.openai.com"
    """The address that "/api/v2/summary.json" is put after: any Statuspage-compatible page, or a mirror."""
    interval: float = defaults.PAGE_INTERVAL
    """The time between two polls of the page on a calm day."""
    interval_in_trouble: float = defaults.PAGE_INTERVAL_IN_TROUBLE
    """The same while something is wrong; at most `page.interval`."""


@dataclass(frozen=True, slots=True)
class ConnectivityConfig:
    """How the program learns whether this computer is online."""

    references: tuple[str, ...] = (
        "http://detectportal.firefox.com/success.txt",
        "http://connectivitycheck.gstatic.com/generate_204",
    )
    """Neutral addresses, asked only after something failed. A 204, or the word "success", shows that the connection works."""


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """Which events are notified, and when not."""

    level: Level = defaults.LEVEL
    """`outages`; `problems` adds what is degraded, `everything` adds each update of an incident; `nothing`."""
    quiet_hours: QuietHours | None = None
    """Local times between which only the start of a major outage is notified; the rest is notified afterwards."""
    quiet_major: bool = False
    """Whether quiet hours hold back even the start of a major outage."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The way to the internet."""

    proxy: str = ""
    """The proxy for every request; empty for the system's, then the environment's. A user name and password in it are never logged or shown."""
    ca_file: Path | None = None
    """Certificates to trust (PEM) in place of the system's store; empty for the system's."""


@dataclass(frozen=True, slots=True)
class LinksConfig:
    """Links that may be opened besides those of the built-in hosts."""

    allow: tuple[str, ...] = ()
    """More hosts whose https pages the program may open in the browser."""


@dataclass(frozen=True, slots=True)
class HooksConfig:
    """A program of the person's that is run when something changes, without a shell."""

    on_transition: tuple[str, ...] = ()
    """The program and its arguments; it reads one JSON object on its standard input. Refused when others may write this file."""


@dataclass(frozen=True, slots=True)
class KeyCheckConfig:
    """The check with the person's own API key, and where the key comes from."""

    on: bool = False
    """Whether the program now and then asks for one tiny streamed answer, which costs a little."""
    interval: float = 900.0
    """The time between two answers on a calm day; sooner after a failure, 150 requests a day at most."""
    model: str = "gpt-6-luna"
    """The model that is asked; where the key may not use it, a cheap one that it may use."""
    api: str = "responses"
    """The interface that is spoken there; `chat` for gateways that speak Chat Completions alone."""
    base_url: str = "https://api.openai.com/v1"
    """OpenAI's address, or a gateway's. Refused when others may write this file."""
    key_command: tuple[str, ...] = ()
    """A program that prints the key; empty for the system's keyring. Refused when others may write this file."""


@dataclass(frozen=True, slots=True)
class CrowdConfig:
    """Counting what other people report, as a second opinion. Off until a source is named; nobody is asked then."""

    sources: tuple[str, ...] = ()
    """Who is asked how many people report trouble, 30 requests an hour at most and 60 while trouble shows; `trends` only then."""
    country: str = ""
    """The country of `trends` and `downdetector`, as two letters; empty for yours, by time zone and language."""
    mastodon: str = defaults.MASTODON
    """The Mastodon server that is asked."""
    notify: bool = False
    """Whether many reports are notified by themselves, as other people's word and not as this program's."""
    key_command: tuple[str, ...] = ()
    """A program that prints the key of `downdetector`; empty for the system's keyring. Refused when others may write this file."""

    def country_or(self, found: str) -> str:
        """Return the chosen country, else the one that was found here, else the United States."""
        return self.country or found or "US"
