"""The tables of the config file, each with the defaults of one that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trayapp.model import Level, QuietHours


@dataclass(frozen=True, slots=True)
class PageConfig:
    """The status page."""

    url: str = "https://status.openai.com"
    """Without a slash at its end."""
    interval: float = 120.0
    """Seconds between looks on a calm day."""
    interval_in_trouble: float = 60.0


@dataclass(frozen=True, slots=True)
class ConnectivityConfig:
    """How to know whether this computer is online."""

    references: tuple[str, ...] = (
        "http://detectportal.firefox.com/success.txt",
        "http://connectivitycheck.gstatic.com/generate_204",
    )


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """What is told, and when not."""

    level: Level = Level.OUTAGES
    quiet_hours: QuietHours | None = None
    quiet_major: bool = False
    """Whether quiet hours hold back even a major outage."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The way out; empty means the system's."""

    proxy: str = ""
    """May carry credentials: never to be logged or shown."""
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class LinksConfig:
    """What may be opened besides the built-in hosts."""

    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HooksConfig:
    """A program to run; no shell."""

    on_transition: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyCheckConfig:
    """What is asked with the person's own API key, and where that comes from."""

    on: bool = False
    """Whether a streamed answer is asked for now and then, which costs a little."""
    interval: float = 900.0
    """Seconds between answers on a calm day."""
    model: str = "gpt-6-luna"
    api: str = "responses"
    """responses or chat: what is spoken there."""
    base_url: str = "https://api.openai.com/v1"
    """OpenAI's, or a gateway's; without a slash at its end."""
    key_command: tuple[str, ...] = ()
    """A program that prints the key; empty for the system's keyring."""
