"""The person's settings: a TOML file read into one frozen `Config`, every bad value named in one error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.model import Level, Limits, Me, ProbeSpec
from trayapp.settings import about_me
from trayapp.settings import checks as check
from trayapp.settings.file import Source, printable, read, shown
from trayapp.settings.sections import Connectivity, Hooks, KeyCheck, Links, Network, Notify, PageConfig

DEFAULT_PROBES = (
    ProbeSpec("API", "APIs", "https://api.openai.com/v1/models", 150.0),
    ProbeSpec("ChatGPT", "ChatGPT", "https://chatgpt.com/", 150.0),
    ProbeSpec("Login", "ChatGPT", "https://auth.openai.com/", 300.0),
)
_MOST_PROBLEMS = 10
"""More than these in one line would help nobody."""
_MOST_ASKED = 20
"""Probes, and references, of which each is asked every round."""
_PATH = 300
"""Characters of the file's own path that are shown."""


class ConfigError(Refusal):
    """What is wrong with the config file: one line naming the file, each key and value and what is allowed."""

    def __init__(self, file: Path | None, why: Phrase | tuple[Phrase, ...]) -> None:
        super().__init__(phrase("{what}: {cause}", what=printable(str(file), _PATH), cause=why))
        self.why = why
        """The same without the file."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, with the defaults of a file that is not there."""

    language: str = "auto"
    """auto, en, tr or id"""
    follow: tuple[str, ...] = ("ChatGPT", "APIs", "Codex")
    ignore: tuple[str, ...] = ()
    """Components that never hurt their product."""
    probes: tuple[ProbeSpec, ...] = DEFAULT_PROBES
    page: PageConfig = field(default_factory=PageConfig)
    connectivity: Connectivity = field(default_factory=Connectivity)
    notify: Notify = field(default_factory=Notify)
    me: Me = field(default_factory=Me)
    network: Network = field(default_factory=Network)
    links: Links = field(default_factory=Links)
    hooks: Hooks = field(default_factory=Hooks)
    key_check: KeyCheck = field(default_factory=KeyCheck)

    @property
    def key_probe(self) -> ProbeSpec | None:
        """The check with the person's key, where it is on; only the running program asks it."""
        wanted = self.key_check
        if not wanted.on:
            return None
        return ProbeSpec("Answers", "APIs", wanted.base_url, wanted.interval, keyed=True)

    def limits(self, *, keyed: bool = False) -> Limits:
        """What of it the core goes by; `keyed`: with the check that costs."""
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


Checks = Mapping[str, check.Check[Any]]
_TOP: Checks = {
    "language": check.one_of("auto", "en", "tr", "id"),
    "follow": check.names,
    "ignore": check.names_or_none,
}
_SECTIONS: Mapping[str, tuple[type, Checks]] = {
    "page": (
        PageConfig,
        {"url": check.page_url, "interval": check.interval, "interval_in_trouble": check.interval},
    ),
    "connectivity": (Connectivity, {"references": check.each(check.url, at_least=1, most=_MOST_ASKED)}),
    "notify": (
        Notify,
        {"level": check.one_of(*Level), "quiet_hours": check.quiet_hours, "quiet_major": check.yes_or_no},
    ),
    "me": (Me, {"plan": about_me.plans, "region": about_me.regions}),
    "network": (Network, {"proxy": check.proxy, "ca_file": check.ca_file}),
    "links": (Links, {"allow": check.each(check.host)}),
    "hooks": (Hooks, {"on_transition": check.argv}),
    "key_check": (
        KeyCheck,
        {
            "on": check.yes_or_no,
            "interval": check.costly_interval,
            "model": check.text,
            "api": check.one_of("responses", "chat"),
            "base_url": check.base_url,
            "key_command": check.argv,
        },
    ),
}
_PROBE: Checks = {"name": check.text, "product": check.text, "url": check.url, "interval": check.interval}
_KNOWN = (
    *_TOP,
    "probes",
    *(f"probes.{key}" for key in _PROBE),
    *_SECTIONS,
    *(f"{section}.{key}" for section, (_, checks) in _SECTIONS.items() for key in checks),
)


def load(path: Path | None, *, required: bool = False) -> Config:
    """The config in that file; the defaults when there is none, unless it is required. Raises ConfigError."""
    try:
        source = read(path, required=required) if path else Source({})
    except Refusal as error:
        raise ConfigError(path, error.phrase) from error
    reading = _Reading(source)
    config = reading.config()
    if problems := reading.problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = [phrase("and {count} more", count=more)] if more > 0 else []
        raise ConfigError(path, (*problems[:_MOST_PROBLEMS], *rest))
    return config


class _Reading:
    """One pass over the file's tables, gathering what is wrong."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Phrase] = []

    def config(self) -> Config:
        """What the file says, as far as it is good."""
        tables = dict(self._source.table)
        parts: dict[str, Any] = {}
        for name, (cls, checks) in _SECTIONS.items():
            parts[name] = cls(**self._values(name, tables.pop(name, {}), checks))
        page, given = parts["page"], self._source.table.get("page")
        in_trouble = given.get("interval_in_trouble") if isinstance(given, dict) else None
        if in_trouble is not None and page.interval_in_trouble > page.interval:
            self._refuse("page.interval_in_trouble", in_trouble, phrase("at most page.interval"))
        if "probes" in tables:
            parts["probes"] = self._probes(tables.pop("probes"))
        config = Config(**self._values("", tables, _TOP), **parts)
        self._refuse_repeated(config.limits(keyed=True).probes)
        if self._source.open_to:
            self._refuse_of_others(config, self._source.open_to)
        return config

    def _refuse_of_others(self, config: Config, why: Phrase) -> None:
        """Refuse what runs a program, or says to whom a key is sent, in a file that others may write."""
        if config.hooks.on_transition:
            self.problems.append(phrase("hooks.on_transition: refused, because {why}", why=why))
        if config.key_check.key_command:
            self.problems.append(phrase("key_check.key_command: refused, because {why}", why=why))
        if config.key_check.base_url != KeyCheck().base_url:
            self.problems.append(phrase("key_check.base_url: refused, because {why}", why=why))

    def _values(self, section: str, table: object, checks: Checks) -> dict[str, Any]:
        """The good values of a table."""
        if not isinstance(table, dict):
            self._refuse(section, table, phrase("a table, [{section}]", section=section))
            return {}
        prefix = f"{section}." if section else ""
        values = {}
        for key, raw in table.items():
            if key not in checks:
                self.problems.append(
                    phrase(
                        "{key}: unknown key, the nearest known one is {nearest}",
                        key=printable(prefix + key),
                        nearest=self._nearest(prefix + key),
                    )
                )
                continue
            try:
                values[key] = checks[key](raw)
            except Refusal as error:
                self._refuse(prefix + key, raw, error.phrase)
        return values

    def _nearest(self, key: str) -> str:
        """Looked for only as long as it is shown: among thousands of mistakes that would take seconds."""
        return check.nearest(key, _KNOWN) if len(self.problems) < _MOST_PROBLEMS else ""

    def _probes(self, raw: object) -> tuple[ProbeSpec, ...]:
        if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
            self._refuse("probes", raw, phrase("[[probes]] tables, or [] for none"))
            return ()
        try:
            check.at_most(_MOST_ASKED, raw)
        except Refusal as error:
            self._refuse("probes", raw, error.phrase)
            return ()
        return tuple(probe for table in raw if (probe := self._probe(table)))

    def _refuse_repeated(self, probes: tuple[ProbeSpec, ...]) -> None:
        """Refuse one name for two, for all that is known of a probe goes by its name."""
        names = [probe.name for probe in probes]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._refuse("probes.name", name, phrase("a different name for each probe"))

    def _probe(self, table: dict[str, Any]) -> ProbeSpec | None:
        before = len(self.problems)
        values = {"interval": 150.0, **self._values("probes", table, _PROBE)}
        if missing := [key for key in _PROBE if key not in values and key not in table]:
            self.problems.append(
                phrase("probes: {table} lacks {keys}", table=shown(table), keys=", ".join(missing))
            )
        return ProbeSpec(**values) if len(self.problems) == before else None

    def _refuse(self, key: str, raw: object, allowed: Phrase) -> None:
        self.problems.append(
            phrase("{key} = {value}: must be {allowed}", key=key, value=shown(raw), allowed=allowed)
        )
