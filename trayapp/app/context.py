"""What every command begins with: where files are, the person's settings, their language, the log."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trayapp import __version__
from trayapp.app.languages import speech
from trayapp.desktop.links import HOSTS, allowed
from trayapp.desktop.network.connectivity import os_word
from trayapp.desktop.network.identity import ThisNetwork, salt
from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.i18n.translator import Speech
from trayapp.places import HOME, NOWHERE, NoHome, Places, places
from trayapp.settings.file import shown
from trayapp.settings.schema import Config, ConfigError, load
from trayapp.sources.addresses import host_of
from trayapp.sources.connectivity import TRACE_URL
from trayapp.sources.http import Http
from trayapp.sources.poll import Beside, Sources

NEED_NO_FILES = frozenset({"status", "wait", "doctor", "demo", "replay", "details", "selftest", "key"})
"""Commands that do their work also for a user without a home."""
USER_AGENT = f"openai-status-tray/{__version__}"


class UsageError(Refusal):
    """What a person asked for cannot be done: one line that says why."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a command needs of the person's own."""

    config: Config
    config_file: Path
    places: Places
    speech: Speech
    mistake: Phrase | None = None
    """Why the person's settings cannot be used and the defaults hold; only for who can tell of it."""
    verbose: bool = False
    pace: float = 1.0
    """How many of the program's seconds go by in a real one: a demo tells its story quickly."""
    trace_url: str = TRACE_URL
    at_login: bool = True
    """Whether this program may be started at login: a demo may not."""

    @property
    def named(self) -> bool:
        """Whether the person named the config file: then it must be there."""
        return self.config_file != self.places.config_file


def prepare(arguments: argparse.Namespace) -> Prepared:
    """Read what there is. Raises UsageError, and ConfigError but for `doctor`, which tells of it among all else."""
    where = _places(arguments.command or "run")
    named: Path | None = getattr(arguments, "config", None)
    config, mistake = Config(), None
    try:
        config = load(named or where.config_file, required=named is not None)
    except ConfigError as error:
        if arguments.command != "doctor":
            raise
        mistake = error.phrase
    return Prepared(
        config=config,
        config_file=named or where.config_file,
        places=where,
        speech=speech(config.language),
        mistake=mistake,
        verbose=getattr(arguments, "verbose", False),
    )


def _places(command: str) -> Places:
    try:
        return places()
    except NoHome as error:
        if error.named:
            why = phrase("{variable}={value}: there is no such user", variable=HOME, value=shown(error.named))
            raise UsageError(why) from error
        if command in NEED_NO_FILES:
            return NOWHERE
        raise UsageError(
            phrase("this user has no home folder; set {variable} to a folder to use", variable=HOME)
        ) from error


def may_link(config: Config) -> Callable[[str], bool]:
    """Whether an address from outside may be opened or handed to a script: on an allowed host, or the page's own."""
    own = config.page.url.rstrip("/")
    hosts = HOSTS | {host_of(own), *config.links.allow}
    return lambda url: allowed(url, hosts, frozenset({own, f"{own}/"}))


def http_of(config: Config) -> Http:
    """What carries requests by these settings: close it."""
    return Http(user_agent=USER_AGENT, proxy=config.network.proxy, ca_file=str(config.network.ca_file or ""))


def _beside(config: Config, key: Callable[[], str | None]) -> Beside | None:
    """The check with the person's key; None, and nothing of it loaded, where it is off."""
    spec = config.key_probe
    if spec is None:
        return None
    from trayapp.sources.answers import background, check, dialects  # few have a key

    wanted = config.key_check
    asking = check.Asking(wanted.base_url, dialects.Api(wanted.api), wanted.model)
    one = check.Check(spec, asking, key, lambda: http_of(config), lambda: datetime.now(UTC))
    return background.Beside(one)


def reached(
    prepared: Prepared, *, keeps: bool = False, key: Callable[[], str | None] | None = None
) -> tuple[Http, Sources]:
    """The sources of these settings, and what carries their requests: close it.

    `keeps`: files may be written. `key`: yields the person's own, for the check that is asked with it, if that is on.
    """
    config = prepared.config
    http = http_of(config)
    sources = Sources(
        http=http,
        page_url=config.page.url,
        probes=config.probes,
        references=config.connectivity.references,
        os_word=os_word,
        network=ThisNetwork(salt(prepared.places.state, keep=keeps)),
        trace_url=prepared.trace_url,
        may_link=may_link(config),
        beside=_beside(config, key) if key is not None else None,
    )
    return http, sources


dice = random.SystemRandom().random
"""Two programs started at the same instant must not draw the same numbers."""
