"""Loads what every command needs: the folders, the person's settings and language; creates the sources."""

from __future__ import annotations

import argparse
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from trayapp import APP_ID, __version__
from trayapp.app.languages import load_translator
from trayapp.desktop.links import ALLOWED_HOSTS, is_allowed_url
from trayapp.desktop.network.connectivity import read_system_connectivity
from trayapp.desktop.network.identity import NetworkIdentity, load_salt
from trayapp.desktop.network.system_proxy.chooser import is_present, look_up_proxies
from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.i18n.translator import Translator
from trayapp.places import HOME_VARIABLE, NOWHERE, NoHomeError, Places, find_places, find_site_files
from trayapp.settings.file import format_value
from trayapp.settings.layers import NO_SITE, Origin, SiteSettings
from trayapp.settings.schema import Config, ConfigError, load_settings
from trayapp.settings.site import read_site_settings
from trayapp.sources.addresses import host_of
from trayapp.sources.connectivity import TRACE_URL
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import CrowdPort, KeyCheckPort, Sources
from trayapp.sources.proxy_lookup import ProxyLookup

COMMANDS_WITHOUT_HOME = frozenset(
    {"status", "wait", "doctor", "demo", "replay", "details", "selftest", "key", "settings"}
)
"""Commands that also work for a user without a home folder."""
USER_AGENT = f"{APP_ID}/{__version__}"

proxy_lookup = ProxyLookup(look_up_proxies, is_present)
"""The system's word on the proxy; one for all clients, so that it is asked once."""

log = logging.getLogger(__name__)


class UsageError(Refusal):
    """A command cannot do what the person asked for: one sentence with the reason."""


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The settings, folders and language with which a command runs."""

    config: Config
    config_file: Path
    places: Places
    speech: Translator
    mistake: Phrase | None = None
    """Why the person's file cannot be used, so that all else holds without it; set for `doctor` alone, which reports it."""
    verbose: bool = False
    pace: float = 1.0
    """Seconds of the program in one real second; a demo runs faster than real time."""
    trace_url: str = TRACE_URL
    at_login: bool = True
    """Whether this program may be started at login; a demo may not."""
    site: SiteSettings = NO_SITE
    """What an administrator has set for all of the computer's users; nothing in a demo."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where each setting comes from; empty in a demo."""
    own_crowd: CrowdPort | None = None
    """The people of a demo's story: while there are some, no source on the internet is asked, whatever the settings say."""

    @property
    def is_config_named(self) -> bool:
        """Whether the person named the config file; then it must exist."""
        return self.config_file != self.places.config_file


def load_context(arguments: argparse.Namespace) -> CommandContext:
    """Load folders, settings and language. Raises UsageError, and ConfigError except for `doctor`, which reports it."""
    places = _find_places(arguments.command or "run")
    named: Path | None = getattr(arguments, "config", None)
    site, mistake = read_site_settings(find_site_files()), None
    log_site_problems(site)
    try:
        loaded = load_settings(named or places.config_file, required=named is not None, site=site)
    except ConfigError as error:
        if arguments.command != "doctor":
            raise
        loaded, mistake = load_settings(None, site=site), error.phrase
    return CommandContext(
        config=loaded.config,
        config_file=named or places.config_file,
        places=places,
        speech=load_translator(loaded.config.language),
        mistake=mistake,
        verbose=getattr(arguments, "verbose", False),
        site=site,
        origins=loaded.origins,
    )


def log_site_problems(site: SiteSettings) -> None:
    """Log, in one line a file, what of the site's settings is not used."""
    for problem in site.problems:
        log.warning("the site's settings: %s", problem.translate(str))


def _find_places(command: str) -> Places:
    try:
        return find_places()
    except NoHomeError as error:
        if error.variable_value:
            why = phrase(
                "{variable}={value}: there is no such user",
                variable=HOME_VARIABLE,
                value=format_value(error.variable_value),
            )
            raise UsageError(why) from error
        if command in COMMANDS_WITHOUT_HOME:
            return NOWHERE
        raise UsageError(
            phrase("this user has no home folder; set {variable} to a folder to use", variable=HOME_VARIABLE)
        ) from error


def make_link_filter(config: Config) -> Callable[[str], bool]:
    """Return a filter for links from outside: it passes addresses on allowed hosts, and that of the status page."""
    page_url = config.page.url.rstrip("/")
    hosts = ALLOWED_HOSTS | {host_of(page_url), *config.links.allow}
    return lambda url: is_allowed_url(url, hosts, frozenset({page_url, f"{page_url}/"}))


def create_http_client(config: Config) -> HttpClient:
    """Create the HTTP client for these settings. The caller closes it."""
    return HttpClient(
        user_agent=USER_AGENT,
        proxy=config.network.proxy,
        ca_file=str(config.network.ca_file or ""),
        lookup=proxy_lookup,
    )


def _create_key_check(config: Config, key: Callable[[], str | None]) -> KeyCheckPort | None:
    """Create the check with the person's key; None, without loading its modules, if it is off."""
    spec = config.key_probe
    if spec is None:
        return None
    from trayapp.sources.answers import background, check, dialects  # loaded late: few people use a key

    settings = config.key_check
    target = check.CheckTarget(settings.base_url, dialects.ApiDialect(settings.api), settings.model)
    answer_check = check.AnswerCheck(
        spec, target, key, lambda: create_http_client(config), lambda: datetime.now(UTC)
    )
    return background.BackgroundCheck(answer_check)


def _create_crowd(context: CommandContext, key: Callable[[], str | None]) -> CrowdPort | None:
    """Create the asking for other people's reports; None, without loading its modules, if nobody is to be asked."""
    config = context.config
    if not config.crowd.sources:
        return None
    if context.own_crowd is not None:
        return context.own_crowd
    from trayapp.app import crowd_sources  # loaded late: few people ask for it

    background = crowd_sources.create_background(
        config.crowd,
        config.crowd.country_or(context.speech.find_country()),
        lambda: create_http_client(config),
        key,
    )
    return crowd_sources.CrowdAsking(background)


def create_sources(
    context: CommandContext,
    *,
    keeps: bool = False,
    key: Callable[[], str | None] | None = None,
    reports_key: Callable[[], str | None] = lambda: None,
) -> tuple[HttpClient, Sources]:
    """Create the HTTP client, which the caller closes, and the sources for these settings.

    `keeps`: whether files may be written. `key` returns the person's API key for the check with the key, if it is on;
    `reports_key` returns their key for Downdetector.
    """
    config = context.config
    http = create_http_client(config)
    sources = Sources(
        http=http,
        page_url=config.page.url,
        probes=config.probes,
        references=config.connectivity.references,
        read_system_connectivity=read_system_connectivity,
        network=NetworkIdentity(load_salt(context.places.state, keep=keeps)),
        trace_url=context.trace_url,
        may_link=make_link_filter(config),
        key_check=_create_key_check(config, key) if key is not None else None,
        crowd=_create_crowd(context, reports_key) if keeps else None,
    )
    return http, sources


dice = random.SystemRandom().random
"""Random numbers from the system: two programs started at the same instant must not draw the same ones."""
