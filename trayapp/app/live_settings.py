"""The person's settings while the program runs: read again when their file changes, and changed from the menu."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from trayapp.app.context import Prepared, reached
from trayapp.app.key_on_demand import OwnKey
from trayapp.app.languages import speech
from trayapp.app.login_words import failed, said
from trayapp.app.upgrade import Gone, Upgrade
from trayapp.desktop.autostart import Login, place, status, switch_off, switch_on
from trayapp.desktop.links import HOSTS, allowed, open_file, open_url
from trayapp.engine.actions import setting
from trayapp.engine.ports import Settings
from trayapp.i18n.deferred import Refusal
from trayapp.i18n.translator import Speech
from trayapp.model import Act, Choices, Command, Moment, Plan, Round
from trayapp.settings.schema import Config, ConfigError, load
from trayapp.sources.addresses import host_of
from trayapp.sources.http import Http
from trayapp.sources.poll import Sources

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None
"""When a file was changed, its size and which file it is; None: it is not there."""


class Preferences:
    """What follows from the settings as they are now: limits, language, sources, hosts, hooks.

    A file with a mistake changes nothing: the settings that held before go on.
    """

    def __init__(
        self,
        prepared: Prepared,
        upgrade: Upgrade | None = None,
        key: Callable[[], str | None] | None = None,
    ) -> None:
        """`key` yields the person's own, in place of where the settings say it is kept; it may take its time."""
        self.upgrade = upgrade or Upgrade()
        self.own_key = OwnKey(lambda: self._config.key_check.key_command, self.upgrade)
        self._prepared = prepared
        self._config = prepared.config
        self._mute = False
        self._stamp = _stamp(prepared.config_file)
        self._settings = _settings(prepared.config, prepared.speech, self._choices(""))
        self._key = key or self.own_key
        self._reached = reached(prepared, keeps=True, key=self._key)
        self._reached_for = prepared.config
        self._reaching = threading.Lock()

    def now(self) -> Settings:
        """As they are; the same object while nothing changed."""
        stamp = _stamp(self._prepared.config_file)
        if stamp != self._stamp:
            self._stamp = stamp
            self._read()
        choices = self._settings.choices
        # Start at login is switched on the command line and in the desktop's own settings, too.
        now = replace(choices, mute=self._mute, at_login=self._at_login(), restart=self.upgrade.noticed())
        if now != choices:
            self._settings = replace(self._settings, choices=now)
        return self._settings

    def mute(self, mute: bool) -> None:  # the one thing it is told
        """Say from now on, or no longer, that notifications cannot be shown. From any thread."""
        self._mute = mute

    def prepared(self) -> Prepared:
        """What every command begins with, as the settings are now."""
        return replace(self._prepared, config=self._config)

    def do(self, command: Command) -> str | None:
        """Change or show a setting; why that could not be, in the person's language; None: it is no such command."""
        said_of = self._settings.speech
        try:
            with self.upgrade.loading():
                return self._done(command, said_of)
        except Gone:
            return said_of.say("The program was updated while it ran; restart it to finish.")

    def _done(self, command: Command, said_of: Speech) -> str | None:
        match command.act:
            case Act.OPEN_SETTINGS:
                return self._open(said_of, command.token)
            case Act.SHUT_OUT:
                return said_of.say(
                    "macOS does not show the icon: allow it under System Settings > Menu Bar > Allow in the Menu Bar."
                )
            case Act.AUTOSTART:
                return self._start_at_login(said_of, on=command.argument == "on")
        wanted = setting(command, self._settings.choices)
        if wanted is None:
            return None
        from trayapp.settings.edit import (
            change,  # weighs 0.8 MB with tomlkit, and most days nobody changes any
        )

        return _refusal(said_of, lambda: change(self._prepared.config_file, *wanted))

    def look(self, plan: Plan, now: Callable[[], Moment], ended: Callable[[], None] = lambda: None) -> Round:
        """One look at what the settings name; on a thread of its own. `ended`: the check with the key, begun in it, has."""
        _, sources = self._reach()
        return sources.look(plan, now, ended)

    def renew(self) -> None:
        """Forget connections that sleep has killed."""
        self._reached[0].renew()

    def close(self) -> None:
        """End connections."""
        self._reached[0].close()

    def open_link(self, url: str, token: str) -> bool:
        """Open an address that these settings allow.

        In place of another the configured page: one at its host's own name gives its links under a second name.
        """
        page = self._config.page.url
        hosts = HOSTS | {host_of(page), *self._config.links.allow}
        return open_url(url if allowed(url, hosts) else page, hosts, token)

    def say(self, message: str, /, **values: str | int) -> str:
        """A message in the language that holds now. From any thread."""
        return self._prepared.speech.say(message, **values)

    def hook(self) -> tuple[str, ...]:
        """The person's own program for transitions; empty for none."""
        return self._config.hooks.on_transition

    def _read(self) -> None:
        mistake = ""
        try:
            config = load(self._prepared.config_file, required=self._prepared.named)
        except ConfigError as error:
            log.warning("the settings cannot be used: %s", error)
            mistake = self._prepared.speech.put(error.phrase)
        else:
            language, self._config = self._config.language, config
            if config.language != language:
                with suppress(Gone), self.upgrade.loading():
                    self._prepared = replace(self._prepared, speech=speech(config.language))
        self._settings = _settings(self._config, self._prepared.speech, self._choices(mistake))

    def _choices(self, mistake: str) -> Choices:
        config = self._config
        return Choices(
            config.follow,
            config.notify.level,
            config.language,
            self._at_login(),
            mistake,
            self._mute,
            config.me,
        )

    def _at_login(self) -> bool | None:
        if not self._prepared.at_login:
            return None
        try:
            return status(place()) is Login.ON
        except OSError as error:
            log.debug("start at login cannot be read: %s", error)
            return None

    def _start_at_login(self, speaking: Speech, *, on: bool) -> str:
        config = self._prepared.config_file if self._prepared.named else None
        try:
            login = switch_on(place(), config) if on else switch_off(place())
        except OSError as error:
            return failed(speaking, error)
        self._settings = replace(self._settings, choices=self._choices(self._settings.choices.mistake))
        return said(speaking, login) if login is Login.FORBIDDEN else ""

    def _open(self, speaking: Speech, token: str) -> str:
        file = self._prepared.config_file
        from trayapp.settings.edit import create
        from trayapp.settings.template import example

        refusal = _refusal(speaking, lambda: create(file, example()))
        if refusal or open_file(file, token):
            return refusal
        return speaking.say("No program opened {file}", file=str(file))

    def _reach(self) -> tuple[Http, Sources]:
        """What reaches the places that are named now; what reached others is let go."""
        with self._reaching:
            config = self._config
            if _ways(config) != _ways(self._reached_for):
                self._reached[0].close()
                self._reached = reached(replace(self._prepared, config=config), keeps=True, key=self._key)
                self._reached_for = config
            return self._reached


def _settings(config: Config, speaking: Speech, choices: Choices) -> Settings:
    return Settings(
        limits=config.limits(keyed=True),
        speech=speaking,
        page_url=config.page.url,
        choices=choices,
        quiet_hours=config.notify.quiet_hours,
        quiet_major=config.notify.quiet_major,
    )


def _ways(config: Config) -> tuple[object, ...]:
    """What of the settings says whom to ask, and on which way."""
    return config.page.url, config.probes, config.connectivity, config.network, config.key_check


def _refusal(speaking: Speech, act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as error:
        log.warning("a setting was not changed: %s", error)
        return speaking.put(error.phrase)
    return ""


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
