"""Keeps the settings while the program runs: rereads the files that have changed, and changes the person's from the menu."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from trayapp.app.context import CommandContext, create_sources, log_site_problems
from trayapp.app.file_stamps import file_stamp, site_stamps
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
from trayapp.settings.schema import Config, ConfigError, load_settings
from trayapp.settings.sections import CrowdConfig
from trayapp.settings.site import read_site_settings
from trayapp.sources.addresses import host_of
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources

log = logging.getLogger(__name__)


class LiveSettings:
    """The current settings and what depends on them: limits, language, sources, hosts, hooks.

    A file with a mistake changes nothing: the previous settings stay in force.
    """

    def __init__(
        self,
        context: CommandContext,
        upgrade: UpgradeWatch | None = None,
        key: Callable[[], str | None] | None = None,
    ) -> None:
        """`key` returns the person's API key, instead of the place in the settings; it may take some seconds."""
        self.upgrade = upgrade or UpgradeWatch()
        self.own_key = KeyOnDemand(lambda: self._config.key_check.key_command, self.upgrade)
        self.reports_key = KeyOnDemand(lambda: self._config.crowd.key_command, self.upgrade, "downdetector")
        self._context = context
        self._config = context.config
        self._mute = False
        self._stamp = file_stamp(context.config_file)
        self._site_stamps = site_stamps(context.site)
        log_site_problems(context.site)
        self._settings = _build_settings(context.config, context.speech, self._build_choices(""))
        self._key = key or self.own_key
        self._http_and_sources = self._create_sources(context)
        self._sources_config = context.config
        self._sources_lock = threading.Lock()

    def current_settings(self) -> PollerSettings:
        """Return the current settings; the same object while nothing has changed."""
        stamp, stamps = file_stamp(self._context.config_file), site_stamps(self._context.site)
        if stamps != self._site_stamps:
            self._site_stamps = stamps
            self._reread_site()
            self._reread_file()
        elif stamp != self._stamp:
            self._reread_file()
        self._stamp = stamp
        choices = self._settings.choices
        # Start at login can also be switched on the command line and in the desktop's settings.
        now = replace(
            choices,
            is_muted=self._mute,
            starts_at_login=self._login_state(),
            needs_restart=self.upgrade.needs_restart(),
        )
        if now != choices:
            self._settings = replace(self._settings, choices=now)
        return self._settings

    def set_muted(self, mute: bool) -> None:
        """Set whether the menu says that notifications cannot be shown. From any thread."""
        self._mute = mute

    def current_context(self) -> CommandContext:
        """Return the context of a command, with the current settings."""
        return replace(self._context, config=self._config)

    def run_command(self, command: Command) -> str | None:
        """See `PreferencesPort`."""
        speech = self._settings.speech
        try:
            with self.upgrade.guard_loading():
                return self._run_command(command, speech)
        except ProgramReplacedError:
            return speech.say("The program was updated while it ran; restart it to finish.")

    def _run_command(self, command: Command, speech: Translator) -> str | None:
        match command.act:
            case Action.OPEN_SETTINGS:
                return self._open_settings_file(speech, command.token)
            case Action.ICON_HIDDEN:
                return speech.say(
                    "macOS does not show the icon: allow it under System Settings > Menu Bar > Allow in the Menu Bar."
                )
            case Action.AUTOSTART:
                return self._switch_autostart(speech, on=command.argument == "on")
        change = setting_change(command, self._settings.choices)
        if change is None:
            return None
        from trayapp.settings.edit import change_setting  # late: 0.8 MB with tomlkit, and rarely needed

        return _apply_change(
            speech, lambda: change_setting(self._context.config_file, *change, self._context.site)
        )

    def poll(
        self, plan: PollPlan, now: Callable[[], Moment], ended: Callable[[], None] = lambda: None
    ) -> Round:
        """Poll by the current settings, on the caller's thread; call `ended` after the check with the key."""
        _, sources = self._current_sources()
        return sources.poll(plan, now, ended)

    def describe_crowd(self) -> Mapping[str, object]:
        """Say for `doctor` what those who are asked for other people's reports answered last. From any thread."""
        crowd = self._http_and_sources[1].crowd
        return crowd.describe() if crowd is not None else {}

    def drop_connections(self) -> None:
        """Close connections, which sleep has broken."""
        self._http_and_sources[0].drop_connections()

    def close(self) -> None:
        """Close all connections for good."""
        self._http_and_sources[0].close()

    def open_link(self, url: str, token: str) -> bool:
        """Open an address that the settings allow, otherwise the status page; return whether that worked.

        A status page at its host's name may give links under a second name, which is not allowed.
        """
        page = self._config.page.url
        hosts = ALLOWED_HOSTS | {host_of(page), *self._config.links.allow}
        return open_url(url if is_allowed_url(url, hosts) else page, hosts, token)

    def say(self, message: str, /, **values: str | int) -> str:
        """Translate a message into the current language. From any thread."""
        return self._context.speech.say(message, **values)

    def hook_command(self) -> tuple[str, ...]:
        """Return the person's hook program with its arguments; empty if there is none."""
        return self._config.hooks.on_transition

    def _reread_site(self) -> None:
        before = self._context.site
        site = read_site_settings(before.paths, before)
        if site.problems != before.problems:
            log_site_problems(site)
        self._context = replace(self._context, site=site)

    def _reread_file(self) -> None:
        mistake, context = "", self._context
        try:
            loaded = load_settings(context.config_file, required=context.is_config_named, site=context.site)
        except ConfigError as error:
            log.warning("the settings cannot be used: %s", error)
            mistake = self._context.speech.translate_phrase(error.phrase)
        else:
            language, self._config = self._config.language, self._without_missing_parts(loaded.config)
            self._context = replace(self._context, origins=loaded.origins)
            if self._config.language != language:
                with suppress(ProgramReplacedError), self.upgrade.guard_loading():
                    self._context = replace(self._context, speech=load_translator(self._config.language))
        self._settings = _build_settings(self._config, self._context.speech, self._build_choices(mistake))

    def _without_missing_parts(self, config: Config) -> Config:
        """Return the settings without what needs modules that another version of the program has replaced."""
        if not config.crowd.sources:
            return config
        try:
            with self.upgrade.guard_loading():
                from trayapp.app import crowd_sources  # noqa: F401 - all that counts other people's reports
        except ProgramReplacedError:
            return replace(config, crowd=CrowdConfig())
        return config

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
            crowd=config.crowd.sources,
            mastodon=config.crowd.mastodon,
            locked=self._context.site.locked,
        )

    def _login_state(self) -> bool | None:
        if not self._context.at_login:
            return None
        try:
            return read_autostart_state(autostart_storage()) is AutostartState.ON
        except OSError as error:
            log.debug("start at login cannot be read: %s", error)
            return None

    def _switch_autostart(self, speech: Translator, *, on: bool) -> str:
        config = self._context.config_file if self._context.is_config_named else None
        try:
            login = switch_on(autostart_storage(), config) if on else switch_off(autostart_storage())
        except OSError as error:
            return autostart_error_text(speech, error)
        self._settings = replace(
            self._settings, choices=self._build_choices(self._settings.choices.settings_mistake)
        )
        return autostart_text(speech, login) if login is AutostartState.FORBIDDEN else ""

    def _open_settings_file(self, speech: Translator, token: str) -> str:
        file = self._context.config_file
        from trayapp.settings.edit import create_file
        from trayapp.settings.template import load_template

        refusal = _apply_change(speech, lambda: create_file(file, load_template()))
        if refusal or open_file(file, token):
            return refusal
        return speech.say("No program opened {file}", file=str(file))

    def _current_sources(self) -> tuple[HttpClient, Sources]:
        """Return client and sources for the current settings; create them anew if the addresses have changed."""
        with self._sources_lock:
            config = self._config
            if _source_settings(config) != _source_settings(self._sources_config):
                self._http_and_sources[0].close()
                self._http_and_sources = self._create_sources(replace(self._context, config=config))
                self._sources_config = config
            return self._http_and_sources

    def _create_sources(self, context: CommandContext) -> tuple[HttpClient, Sources]:
        return create_sources(context, keeps=True, key=self._key, reports_key=self.reports_key)


def _build_settings(config: Config, speech: Translator, choices: MenuChoices) -> PollerSettings:
    return PollerSettings(
        limits=config.build_limits(keyed=True),
        speech=speech,
        page_url=config.page.url,
        choices=choices,
        quiet_hours=config.notify.quiet_hours,
        quiet_major=config.notify.quiet_major,
    )


def _source_settings(config: Config) -> tuple[object, ...]:
    """Return the settings on which the sources depend."""
    crowd = replace(config.crowd, notify=False)  # the judge's business alone
    return config.page.url, config.probes, config.connectivity, config.network, config.key_check, crowd


def _apply_change(speech: Translator, act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as error:
        log.warning("a setting was not changed: %s", error)
        return speech.translate_phrase(error.phrase)
    return ""
