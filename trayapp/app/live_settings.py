"""The person's settings while the program runs: read again when their file changes, and changed from the menu."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from trayapp.app.context import CommandContext, create_sources
from trayapp.app.key_on_demand import KeyOnDemand
from trayapp.app.languages import load_translator
from trayapp.app.login_words import autostart_error_text, autostart_text
from trayapp.app.upgrade import ProgramReplacedError, UpgradeWatch
from trayapp.desktop.autostart import (
    AutostartState,
    autostart_storage,
    read_autostart_state,
    switch_off,
    switch_on,
)
from trayapp.desktop.links import ALLOWED_HOSTS, is_allowed_url, open_file, open_url
from trayapp.engine.actions import setting_change
from trayapp.engine.ports import PollerSettings
from trayapp.i18n.deferred import Refusal
from trayapp.i18n.translator import Translator
from trayapp.model import Action, Command, MenuChoices, Moment, PollPlan, Round
from trayapp.settings.schema import Config, ConfigError, load_config
from trayapp.sources.addresses import host_of
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources

log = logging.getLogger(__name__)

FileStamp = tuple[int, int, int] | None
"""When a file was changed, its size and which file it is; None: it is not there."""


class LiveSettings:
    """What follows from the settings as they are now: limits, language, sources, hosts, hooks.

    A file with a mistake changes nothing: the settings that held before go on.
    """

    def __init__(
        self,
        prepared: CommandContext,
        upgrade: UpgradeWatch | None = None,
        key: Callable[[], str | None] | None = None,
    ) -> None:
        """`key` yields the person's own, in place of where the settings say it is kept; it may take its time."""
        self.upgrade = upgrade or UpgradeWatch()
        self.own_key = KeyOnDemand(lambda: self._config.key_check.key_command, self.upgrade)
        self._prepared = prepared
        self._config = prepared.config
        self._mute = False
        self._stamp = _file_stamp(prepared.config_file)
        self._settings = _build_settings(prepared.config, prepared.speech, self._build_choices(""))
        self._key = key or self.own_key
        self._http_and_sources = create_sources(prepared, keeps=True, key=self._key)
        self._sources_config = prepared.config
        self._sources_lock = threading.Lock()

    def current_settings(self) -> PollerSettings:
        """As they are; the same object while nothing changed."""
        stamp = _file_stamp(self._prepared.config_file)
        if stamp != self._stamp:
            self._stamp = stamp
            self._reread_file()
        choices = self._settings.choices
        # Start at login is switched on the command line and in the desktop's own settings, too.
        now = replace(
            choices,
            is_muted=self._mute,
            starts_at_login=self._login_state(),
            needs_restart=self.upgrade.needs_restart(),
        )
        if now != choices:
            self._settings = replace(self._settings, choices=now)
        return self._settings

    def set_muted(self, mute: bool) -> None:  # the one thing it is told
        """Say from now on, or no longer, that notifications cannot be shown. From any thread."""
        self._mute = mute

    def current_context(self) -> CommandContext:
        """What every command begins with, as the settings are now."""
        return replace(self._prepared, config=self._config)

    def run_command(self, command: Command) -> str | None:
        """Change or show a setting; why that could not be, in the person's language; None: it is no such command."""
        said_of = self._settings.speech
        try:
            with self.upgrade.guard_loading():
                return self._run_command(command, said_of)
        except ProgramReplacedError:
            return said_of.say("The program was updated while it ran; restart it to finish.")

    def _run_command(self, command: Command, said_of: Translator) -> str | None:
        match command.act:
            case Action.OPEN_SETTINGS:
                return self._open_settings_file(said_of, command.token)
            case Action.ICON_HIDDEN:
                return said_of.say(
                    "macOS does not show the icon: allow it under System Settings > Menu Bar > Allow in the Menu Bar."
                )
            case Action.AUTOSTART:
                return self._switch_autostart(said_of, on=command.argument == "on")
        wanted = setting_change(command, self._settings.choices)
        if wanted is None:
            return None
        from trayapp.settings.edit import (
            change_setting,  # weighs 0.8 MB with tomlkit, and most days nobody changes any
        )

        return _apply_change(said_of, lambda: change_setting(self._prepared.config_file, *wanted))

    def poll(
        self, plan: PollPlan, now: Callable[[], Moment], ended: Callable[[], None] = lambda: None
    ) -> Round:
        """One look at what the settings name; on a thread of its own. `ended`: the check with the key, begun in it, has."""
        _, sources = self._current_sources()
        return sources.poll(plan, now, ended)

    def drop_connections(self) -> None:
        """Forget connections that sleep has killed."""
        self._http_and_sources[0].drop_connections()

    def close(self) -> None:
        """End connections."""
        self._http_and_sources[0].close()

    def open_link(self, url: str, token: str) -> bool:
        """Open an address that these settings allow.

        In place of another the configured page: one at its host's own name gives its links under a second name.
        """
        page = self._config.page.url
        hosts = ALLOWED_HOSTS | {host_of(page), *self._config.links.allow}
        return open_url(url if is_allowed_url(url, hosts) else page, hosts, token)

    def say(self, message: str, /, **values: str | int) -> str:
        """A message in the language that holds now. From any thread."""
        return self._prepared.speech.say(message, **values)

    def hook_command(self) -> tuple[str, ...]:
        """The person's own program for transitions; empty for none."""
        return self._config.hooks.on_transition

    def _reread_file(self) -> None:
        mistake = ""
        try:
            config = load_config(self._prepared.config_file, required=self._prepared.is_config_named)
        except ConfigError as error:
            log.warning("the settings cannot be used: %s", error)
            mistake = self._prepared.speech.translate_phrase(error.phrase)
        else:
            language, self._config = self._config.language, config
            if config.language != language:
                with suppress(ProgramReplacedError), self.upgrade.guard_loading():
                    self._prepared = replace(self._prepared, speech=load_translator(config.language))
        self._settings = _build_settings(self._config, self._prepared.speech, self._build_choices(mistake))

    def _build_choices(self, mistake: str) -> MenuChoices:
        config = self._config
        return MenuChoices(
            config.follow,
            config.notify.level,
            config.language,
            self._login_state(),
            mistake,
            self._mute,
            config.me,
        )

    def _login_state(self) -> bool | None:
        if not self._prepared.at_login:
            return None
        try:
            return read_autostart_state(autostart_storage()) is AutostartState.ON
        except OSError as error:
            log.debug("start at login cannot be read: %s", error)
            return None

    def _switch_autostart(self, speaking: Translator, *, on: bool) -> str:
        config = self._prepared.config_file if self._prepared.is_config_named else None
        try:
            login = switch_on(autostart_storage(), config) if on else switch_off(autostart_storage())
        except OSError as error:
            return autostart_error_text(speaking, error)
        self._settings = replace(
            self._settings, choices=self._build_choices(self._settings.choices.settings_mistake)
        )
        return autostart_text(speaking, login) if login is AutostartState.FORBIDDEN else ""

    def _open_settings_file(self, speaking: Translator, token: str) -> str:
        file = self._prepared.config_file
        from trayapp.settings.edit import create_file
        from trayapp.settings.template import load_template

        refusal = _apply_change(speaking, lambda: create_file(file, load_template()))
        if refusal or open_file(file, token):
            return refusal
        return speaking.say("No program opened {file}", file=str(file))

    def _current_sources(self) -> tuple[HttpClient, Sources]:
        """What reaches the places that are named now; what reached others is let go."""
        with self._sources_lock:
            config = self._config
            if _source_settings(config) != _source_settings(self._sources_config):
                self._http_and_sources[0].close()
                self._http_and_sources = create_sources(
                    replace(self._prepared, config=config), keeps=True, key=self._key
                )
                self._sources_config = config
            return self._http_and_sources


def _build_settings(config: Config, speaking: Translator, choices: MenuChoices) -> PollerSettings:
    return PollerSettings(
        limits=config.build_limits(keyed=True),
        speech=speaking,
        page_url=config.page.url,
        choices=choices,
        quiet_hours=config.notify.quiet_hours,
        quiet_major=config.notify.quiet_major,
    )


def _source_settings(config: Config) -> tuple[object, ...]:
    """What of the settings says whom to ask, and on which way."""
    return config.page.url, config.probes, config.connectivity, config.network, config.key_check


def _apply_change(speaking: Translator, act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as error:
        log.warning("a setting was not changed: %s", error)
        return speaking.translate_phrase(error.phrase)
    return ""


def _file_stamp(file: Path) -> FileStamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
