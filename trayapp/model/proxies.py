"""The system's word on the proxy for an address: `desktop` reads it, and `sources` goes by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ProxySource(StrEnum):
    """Where a proxy is named, the strongest first: the program's own settings, the system's, the environment."""

    SETTING = "setting"
    PORTAL = "portal"
    """The desktop's portal, which knows GNOME's and KDE's settings."""
    GNOME = "gnome"
    WINDOWS = "windows"
    MACOS = "macos"
    ENVIRONMENT = "environment"


class ProxyTrouble(StrEnum):
    """Why the system's answer cannot be used."""

    LATE = "late"
    FAILED = "failed"
    """It answered with an error, or with something that is no address of a proxy."""
    PAC_NOT_FOLLOWED = "pac"
    """It names a PAC file, and nothing here can evaluate that."""


@dataclass(frozen=True, slots=True)
class SystemProxyAnswer:
    """The system's answer for one address."""

    source: ProxySource
    addresses: tuple[str, ...] = field(default=(), repr=False)
    """Proxies as "http://host:port", the first to be tried first; "direct://" means none. Not checked yet, and may have a password in it."""
    trouble: ProxyTrouble | None = None
    exceptions: tuple[str, ...] = ()
    """What is reached directly, as entries of `NO_PROXY`; empty where the system has judged that itself."""
