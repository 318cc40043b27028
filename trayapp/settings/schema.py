"""Reads the person's settings from a TOML file into one frozen `Config`; one error names every invalid value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import AboutMe, Level, Limits, ProbeSpec, defaults
from trayapp.settings import about_me
from trayapp.settings import checks as check
from trayapp.settings.file import ConfigSource, format_value, printable_text, read_config_file
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

_MAX_PROBLEMS = 10
"""Number of problems that one error names."""
_MAX_PROBED = 20
"""Number of probes, and of references, as each is a request in a round."""
_MAX_PATH_SHOWN = 300
"""Characters of the file's path that are shown."""


class ConfigError(Refusal):
    """The config file is invalid: one line with the file, each wrong key and value, and what is allowed."""

    def __init__(self, file: Path | None, why: Phrase | tuple[Phrase, ...]) -> None:
        super().__init__(
            phrase("{what}: {cause}", what=printable_text(str(file), _MAX_PATH_SHOWN), cause=why)
        )
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
            page_interval=self.page.interval,
            page_interval_in_trouble=min(self.page.interval_in_trouble, self.page.interval),
        )


CheckTable = Mapping[str, check.ValueCheck[Any]]
_TOP_KEYS: CheckTable = {
    "language": check.one_of(defaults.AUTO, *LANGUAGE_CODES),
    "follow": check.check_names,
    "ignore": check.check_optional_names,
}
_SECTIONS: Mapping[str, tuple[type, CheckTable]] = {
    "page": (
        PageConfig,
        {
            "url": check.check_page_url,
            "interval": check.check_interval,
            "interval_in_trouble": check.check_interval,
        },
    ),
    "connectivity": (
        ConnectivityConfig,
        {"references": check.list_of(check.check_url, at_least=1, most=_MAX_PROBED)},
    ),
    "notify": (
        NotifyConfig,
        {
            "level": check.one_of(*Level),
            "quiet_hours": check.check_quiet_hours,
            "quiet_major": check.check_boolean,
        },
    ),
    "me": (AboutMe, {"plan": about_me.check_plans, "region": about_me.check_regions}),
    "network": (NetworkConfig, {"proxy": check.check_proxy, "ca_file": check.check_ca_file}),
    "links": (LinksConfig, {"allow": check.list_of(check.check_host)}),
    "hooks": (HooksConfig, {"on_transition": check.check_argv}),
    "key_check": (
        KeyCheckConfig,
        {
            "on": check.check_boolean,
            "interval": check.check_costly_interval,
            "model": check.check_text,
            "api": check.one_of("responses", "chat"),
            "base_url": check.check_base_url,
            "key_command": check.check_argv,
        },
    ),
    "crowd": (
        CrowdConfig,
        {
            "sources": check.list_of(check.one_of("github", "hacker_news", "mastodon", "trends")),
            "country": check.check_country,
            "mastodon": check.check_host,
            "notify": check.check_boolean,
        },
    ),
}
_PROBE_KEYS: CheckTable = {
    "name": check.check_text,
    "product": check.check_text,
    "url": check.check_url,
    "interval": check.check_interval,
}
_KNOWN_KEYS = (
    *_TOP_KEYS,
    "probes",
    *(f"probes.{key}" for key in _PROBE_KEYS),
    *_SECTIONS,
    *(f"{section}.{key}" for section, (_, checks) in _SECTIONS.items() for key in checks),
)


def load_config(path: Path | None, *, required: bool = False) -> Config:
    """Load the config from a file; the defaults if it is missing and not required. Raises ConfigError."""
    try:
        source = read_config_file(path, required=required) if path else ConfigSource({})
    except Refusal as error:
        raise ConfigError(path, error.phrase) from error
    reading = _ConfigReader(source)
    config = reading.build_config()
    if problems := reading.problems:
        more = len(problems) - _MAX_PROBLEMS
        rest = [phrase("and {count} more", count=more)] if more > 0 else []
        raise ConfigError(path, (*problems[:_MAX_PROBLEMS], *rest))
    return config


class _ConfigReader:
    """Reads the file's tables once and collects the problems."""

    def __init__(self, source: ConfigSource) -> None:
        self._source = source
        self.problems: list[Phrase] = []

    def build_config(self) -> Config:
        """Build the config from the valid values."""
        tables = dict(self._source.table)
        parts: dict[str, Any] = {}
        for name, (cls, checks) in _SECTIONS.items():
            parts[name] = cls(**self._read_values(name, tables.pop(name, {}), checks))
        page, given = parts["page"], self._source.table.get("page")
        in_trouble = given.get("interval_in_trouble") if isinstance(given, dict) else None
        if in_trouble is not None and page.interval_in_trouble > page.interval:
            self._add_problem("page.interval_in_trouble", in_trouble, phrase("at most page.interval"))
        if "probes" in tables:
            parts["probes"] = self._read_probes(tables.pop("probes"))
        config = Config(**self._read_values("", tables, _TOP_KEYS), **parts)
        self._refuse_repeated(config.build_limits(keyed=True).probes)
        if self._source.trust_problem:
            self._refuse_untrusted(config, self._source.trust_problem)
        return config

    def _refuse_untrusted(self, config: Config, why: Phrase) -> None:
        """Refuse settings that run a program or direct the key, if others may write the file."""
        if config.hooks.on_transition:
            self.problems.append(phrase("hooks.on_transition: refused, because {why}", why=why))
        if config.key_check.key_command:
            self.problems.append(phrase("key_check.key_command: refused, because {why}", why=why))
        if config.key_check.base_url != KeyCheckConfig().base_url:
            self.problems.append(phrase("key_check.base_url: refused, because {why}", why=why))

    def _read_values(self, section: str, table: object, checks: CheckTable) -> dict[str, Any]:
        """Return the valid values of a table; add a problem for each other one."""
        if not isinstance(table, dict):
            self._add_problem(section, table, phrase("a table, [{section}]", section=section))
            return {}
        prefix = f"{section}." if section else ""
        values = {}
        for key, raw in table.items():
            if key not in checks:
                self.problems.append(
                    phrase(
                        "{key}: unknown key, the nearest known one is {nearest}",
                        key=printable_text(prefix + key),
                        nearest=self._nearest_key(prefix + key),
                    )
                )
                continue
            try:
                values[key] = checks[key](raw)
            except Refusal as error:
                self._add_problem(prefix + key, raw, error.phrase)
        return values

    def _nearest_key(self, key: str) -> str:
        """Return the nearest known key; "" once enough problems are shown, as thousands would take seconds."""
        return check.nearest_key(key, _KNOWN_KEYS) if len(self.problems) < _MAX_PROBLEMS else ""

    def _read_probes(self, raw: object) -> tuple[ProbeSpec, ...]:
        if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
            self._add_problem("probes", raw, phrase("[[probes]] tables, or [] for none"))
            return ()
        try:
            check.check_length(_MAX_PROBED, raw)
        except Refusal as error:
            self._add_problem("probes", raw, error.phrase)
            return ()
        return tuple(probe for table in raw if (probe := self._read_probe(table)))

    def _refuse_repeated(self, probes: tuple[ProbeSpec, ...]) -> None:
        """Refuse two probes of one name, as results are stored by name."""
        names = [probe.name for probe in probes]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._add_problem("probes.name", name, phrase("a different name for each probe"))

    def _read_probe(self, table: dict[str, Any]) -> ProbeSpec | None:
        before = len(self.problems)
        values = {"interval": defaults.PROBE_INTERVAL, **self._read_values("probes", table, _PROBE_KEYS)}
        if missing := [key for key in _PROBE_KEYS if key not in values and key not in table]:
            self.problems.append(
                phrase("probes: {table} lacks {keys}", table=format_value(table), keys=", ".join(missing))
            )
        return ProbeSpec(**values) if len(self.problems) == before else None

    def _add_problem(self, key: str, raw: object, allowed: Phrase) -> None:
        self.problems.append(
            phrase("{key} = {value}: must be {allowed}", key=key, value=format_value(raw), allowed=allowed)
        )
