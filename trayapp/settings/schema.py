"""Reads the settings from TOML into one frozen `Config`; one error names every invalid value.

A person's file with a mistake is an error. The site's files, which `settings.site` reads by the same checks, never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.model import AboutMe, Limits, ProbeSpec, defaults
from trayapp.settings.file import ConfigSource, read_config_file
from trayapp.settings.keys import SECTIONS, SETTING_KEYS, TOP_KEYS
from trayapp.settings.layers import NO_SITE, CheckedValues, Origin, SiteSettings, merge_layers
from trayapp.settings.sections import (
    ConnectivityConfig,
    CrowdConfig,
    HooksConfig,
    KeyCheckConfig,
    LinksConfig,
    NetworkConfig,
    NotifyConfig,
    PageConfig,
)
from trayapp.settings.values import (
    NAME_PHRASE,
    ValueReader,
    find_repeated_names,
    list_problems,
    problem_in_file,
)


class ConfigError(Refusal):
    """The config file is invalid: one line with the file, each wrong key and value, and what is allowed."""

    def __init__(self, file: Path | None, why: Phrase | tuple[Phrase, ...]) -> None:
        super().__init__(problem_in_file(file, why))
        self.reason = why
        """The problems without the file's path."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, with the defaults of a file that is not there."""

    language: str = defaults.LANGUAGE
    """The language of the program; `auto` is the desktop's."""
    follow: tuple[str, ...] = defaults.FOLLOW
    """The page's groups or components that the icon speaks for; `ChatGPT/Login` names one of two of one name."""
    ignore: tuple[str, ...] = ()
    """Components that never hurt their product, such as "Compliance API" or "APIs/Login"."""
    probes: tuple[ProbeSpec, ...] = defaults.PROBES
    page: PageConfig = field(default_factory=PageConfig)
    connectivity: ConnectivityConfig = field(default_factory=ConnectivityConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)
    me: AboutMe = field(default_factory=AboutMe)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    links: LinksConfig = field(default_factory=LinksConfig)
    hooks: HooksConfig = field(default_factory=HooksConfig)
    key_check: KeyCheckConfig = field(default_factory=KeyCheckConfig)
    crowd: CrowdConfig = field(default_factory=CrowdConfig)

    @property
    def key_probe(self) -> ProbeSpec | None:
        """The check with the person's key, None if it is off; only the running program makes it."""
        settings = self.key_check
        if not settings.on:
            return None
        return ProbeSpec("Answers", "APIs", settings.base_url, settings.interval, keyed=True)

    def build_limits(self, *, keyed: bool = False) -> Limits:
        """Return the settings that the core uses; `keyed`: including the check with the key, which costs money."""
        probe = self.key_probe if keyed else None
        return Limits(
            follow=self.follow,
            ignore=self.ignore,
            probes=(*self.probes, probe) if probe else self.probes,
            level=self.notify.level,
            me=self.me,
            crowd=self.crowd.sources,
            crowd_notify=self.crowd.notify,
            page_interval=self.page.interval,
            page_interval_in_trouble=min(self.page.interval_in_trouble, self.page.interval),
        )


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and where each comes from."""

    config: Config
    origins: Mapping[str, Origin]
    """Of every setting, by its key as in "notify.level"."""


def load_config(path: Path | None, *, required: bool = False, site: SiteSettings = NO_SITE) -> Config:
    """Load the config as `load_settings` does."""
    return load_settings(path, required=required, site=site).config


def load_settings(
    path: Path | None, *, required: bool = False, site: SiteSettings = NO_SITE
) -> LoadedSettings:
    """Load the person's file, which may be missing unless it is `required`, between the site's settings and its locks.

    Raises ConfigError for the person's file alone: nothing that the site says makes a valid file invalid.
    """
    try:
        source = read_config_file(path, required=required) if path else ConfigSource({})
    except Refusal as error:
        raise ConfigError(path, error.phrase) from error
    reader = ValueReader()
    personal = reader.read_values(source.table)
    _check_personal_values(reader, source, personal, site)
    if reader.problems:
        raise ConfigError(path, list_problems(reader.problems))
    values, origins = merge_layers(SETTING_KEYS, site, personal, path)
    return LoadedSettings(_make_names_differ(_build_config(values)), origins)


def _build_config(values: CheckedValues) -> Config:
    """Build the config from checked values; what is missing has its default."""
    parts = {
        name: cls(**{key: values[f"{name}.{key}"] for key in checks if f"{name}.{key}" in values})
        for name, (cls, checks) in SECTIONS.items()
    }
    return Config(**{key: values[key] for key in (*TOP_KEYS, "probes") if key in values}, **parts)


def _make_names_differ(config: Config) -> Config:
    """Drop a probe of one layer that bears the name of the check with the key, which another layer has switched on."""
    keyed = config.key_probe
    if keyed is None:
        return config
    return replace(config, probes=tuple(probe for probe in config.probes if probe.name != keyed.name))


def _check_personal_values(
    reader: ValueReader, source: ConfigSource, values: CheckedValues, site: SiteSettings
) -> None:
    """Add the problems that the person's values have with each other, and with a file that others may write."""
    config = _build_config(values)
    key = "page.interval_in_trouble"
    # With the site's interval the shorter of the two holds: its change must not make the person's file invalid.
    is_own_interval = "page.interval" in values or not site.has_value("page.interval")
    if key in values and is_own_interval and config.page.interval_in_trouble > config.page.interval:
        raw = source.table["page"]["interval_in_trouble"]
        reader.add_problem(key, raw, phrase("at most page.interval"))
    if config.key_probe:
        for name in find_repeated_names((*config.probes, config.key_probe)):
            reader.add_problem("probes.name", name, NAME_PHRASE)
    if source.trust_problem:
        reader.problems += _untrusted_problems(config, source.trust_problem)


def _untrusted_problems(config: Config, why: Phrase) -> Iterator[Phrase]:
    """Yield the settings that run a program or direct the key, which are refused if others may write the file."""
    if config.hooks.on_transition:
        yield phrase("hooks.on_transition: refused, because {why}", why=why)
    if config.key_check.key_command:
        yield phrase("key_check.key_command: refused, because {why}", why=why)
    if config.crowd.key_command:
        yield phrase("crowd.key_command: refused, because {why}", why=why)
    if config.key_check.base_url != KeyCheckConfig().base_url:
        yield phrase("key_check.base_url: refused, because {why}", why=why)
