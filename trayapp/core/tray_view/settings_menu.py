"""Builds the menu's lines for a person's choices and settings, the legend, and the program's own trouble."""

from __future__ import annotations

from datetime import datetime

from trayapp import APP_ID, APP_TITLE, __version__
from trayapp.core.audience.plans import PLANS
from trayapp.core.audience.regions import CONTINENTS
from trayapp.core.wording.short_forms import audience_label, crowd_source_name
from trayapp.i18n.languages import LANGUAGES
from trayapp.i18n.translator import Translator, is_endless, mark
from trayapp.model import Action, Command, Feature, Level, MenuChoices, MenuLine, SavedMemory, Verdict
from trayapp.model.defaults import AUTO, CROWD

MAX_NAMES = 40
"""The most products, and the most regions, that the menu lists."""
MAX_FEATURES = 80
"""The most components that the menu lists."""

_PAUSES = {
    "1h": mark("For 1 hour"),
    "tomorrow": mark("Until tomorrow morning"),
    "on": mark("Until I resume them"),
}
_LEVELS = {
    Level.OUTAGES: mark("Outages"),
    Level.PROBLEMS: mark("Outages and lesser problems"),
    Level.EVERYTHING: mark("Everything, each update too"),
    Level.NOTHING: mark("Nothing"),
}
_LEGEND = {
    "operational": mark("Green disc with a check: OpenAI reports no trouble"),
    "maintenance": mark("Blue hexagon with a wrench: maintenance"),
    "degraded": mark("Yellow triangle: slow, or errors for some"),
    "partial": mark("Orange diamond, half filled: partial outage"),
    "major": mark("Red cross: major outage"),
    "unknown": mark("Grey square with ?: not known, OpenAI's page cannot be read"),
    "offline": mark("Grey cloud, slashed: you are offline"),
    "hollow": mark("The same, hollow: not confirmed by OpenAI, or being checked"),
}


def pause_line(kept: SavedMemory, speech: Translator, now: datetime) -> MenuLine:
    """Offers how long to pause; during a pause, offers to resume in one click."""
    until = kept.paused_until
    if until is None or until <= now:
        lines = tuple(
            MenuLine(f"pause:{how}", speech.say(text), Command(Action.PAUSE, how))
            for how, text in _PAUSES.items()
        )
        return MenuLine("pause", speech.say("Pause notifications"), lines=lines)
    text = speech.say("Resume notifications")
    if not is_endless(until):
        text = speech.say("{what} (paused until {time})", what=text, time=speech.time_text(until, now))
    return MenuLine("resume", text, Command(Action.RESUME))


def follow_line(verdict: Verdict | None, choices: MenuChoices, speech: Translator) -> MenuLine:
    """Lists the page's products and other followed names, and below them the components, each to tick.

    The last one cannot be unticked: the icon must show something. No submenu in it: COSMIC cannot open one.
    """
    listed = (p.name for p in (*verdict.products, *verdict.others)) if verdict else ()
    features = (
        {_followed_name(f, choices.follow): f for f in verdict.features[:MAX_FEATURES]} if verdict else {}
    )
    found = {*choices.follow, *listed} - features.keys()
    names = sorted(found, key=lambda name: (name.casefold(), name))
    products = tuple(_product_tick_line(name, speech.clean_name(name), choices) for name in names[:MAX_NAMES])
    parts = tuple(
        _product_tick_line(
            name,
            speech.say(
                "{service}: {parts}", service=speech.clean_name(f.group), parts=speech.clean_name(f.name)
            ),
            choices,
        )
        for name, f in features.items()
    )
    between = (MenuLine("line:features", separator=True),) if parts else ()
    heading = _heading(speech.say("Follow"), "follow", choices, speech)
    return MenuLine("follow", heading, lines=(*products, *between, *parts))


def _followed_name(feature: Feature, followed: tuple[str, ...]) -> str:
    """Returns the name by which the person follows it, as they spelled it; else the name for `follow`."""
    names = {feature.follow_name.casefold(), f"{feature.group}/{feature.name}".casefold()}
    return next((name for name in followed if name.strip().casefold() in names), feature.follow_name)


def _product_tick_line(name: str, text: str, choices: MenuChoices) -> MenuLine:
    alone = choices.follow == (name,)
    command = None if alone else _setting_command(Action.FOLLOW, name, "follow", choices)
    return MenuLine(f"follow:{name}", text, command, checked=name in choices.follow)


def _heading(text: str, key: str, choices: MenuChoices, speech: Translator) -> str:
    """Returns the heading of a setting's lines, with the reason if they are greyed because its key is locked."""
    return speech.say("{what} (set by your organisation)", what=text) if key in choices.locked else text


def _setting_command(act: Action, argument: str, key: str, choices: MenuChoices) -> Command | None:
    """Returns the command that changes a setting; None, which greys its line, if its key is locked."""
    return None if key in choices.locked else Command(act, argument)


def about_me_line(choices: MenuChoices, speech: Translator) -> MenuLine:
    """Offers plan and region; trouble of others is not notified. No submenu in it: COSMIC cannot open one."""
    regions = (*CONTINENTS, *(name for name in choices.me.region if name not in CONTINENTS))
    lines = (
        MenuLine("plan", _heading(speech.say("My plan"), "me.plan", choices, speech)),
        *_audience_tick_lines(Action.PLAN, PLANS, choices.me.plan, choices, speech),
        MenuLine("line:region", separator=True),
        MenuLine("region", _heading(speech.say("My region"), "me.region", choices, speech)),
        *_audience_tick_lines(Action.REGION, regions[:MAX_NAMES], choices.me.region, choices, speech),
    )
    return MenuLine("me", speech.say("About me"), lines=lines)


def _audience_tick_lines(
    act: Action, names: tuple[str, ...], chosen: tuple[str, ...], choices: MenuChoices, speech: Translator
) -> tuple[MenuLine, ...]:
    """Returns a line to tick for each name, after one for any of them."""
    texts = {"any": speech.say("Any"), **{name: audience_label(speech, (name,)) for name in names}}
    return tuple(
        MenuLine(
            f"{act}:{name}",
            text,
            _setting_command(act, name, f"me.{act}", choices),
            checked=name in chosen if name != "any" else not chosen,
        )
        for name, text in texts.items()
    )


def level_line(choices: MenuChoices, speech: Translator) -> MenuLine:
    """Offers the level: which events are notified."""
    lines = tuple(
        MenuLine(
            f"level:{one}",
            speech.say(text),
            _setting_command(Action.LEVEL, one, "notify.level", choices),
            checked=one is choices.level,
            radio=True,
        )
        for one, text in _LEVELS.items()
    )
    heading = _heading(speech.say("Notify me about"), "notify.level", choices, speech)
    return MenuLine("level", heading, lines=lines)


def settings_line(choices: MenuChoices, speech: Translator) -> MenuLine:
    """Offers autostart, language, others' reports, a test and the file. No submenu in it: COSMIC cannot open one."""
    lines = (
        *_login_lines(choices, speech),
        *_language_lines(choices, speech),
        *_crowd_lines(choices, speech),
        MenuLine("test", speech.say("Send a test notification"), Command(Action.TEST)),
        MenuLine("open_settings", speech.say("Open the settings file"), Command(Action.OPEN_SETTINGS)),
    )
    return MenuLine("settings", speech.say("Settings"), lines=lines)


def legend_line(speech: Translator) -> MenuLine:
    """Explains each look of the icon."""
    lines = tuple(MenuLine(f"legend:{look}", speech.say(text)) for look, text in _LEGEND.items())
    return MenuLine("legend", speech.say("What the icons mean"), lines=lines)


def _login_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    if choices.starts_at_login is None:
        return ()
    command = Command(Action.AUTOSTART, "off" if choices.starts_at_login else "on")
    line = MenuLine("at_login", speech.say("Start at login"), command, checked=choices.starts_at_login)
    return (line, MenuLine("line:language", separator=True))


def _language_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    """Offers the languages, one of which is chosen, between a heading and a separator."""
    named = {AUTO: speech.say("The system's"), **{one.code: one.name for one in LANGUAGES}}
    lines = (
        MenuLine(
            f"language:{one}",
            text,
            _setting_command(Action.LANGUAGE, one, "language", choices),
            checked=one == choices.language,
            radio=True,
        )
        for one, text in named.items()
    )
    return (
        MenuLine("language", _heading(speech.say("Language"), "language", choices, speech)),
        *lines,
        MenuLine("line:crowd", separator=True),
    )


def _crowd_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    """Offers to ask for other people's reports, and says who is asked then."""
    is_on = bool(choices.crowd)
    names = [crowd_source_name(source, choices.mastodon) for source in choices.crowd or CROWD]
    who = speech.say("Asks {sources}; they see your IP address", sources=speech.join_list(names))
    return (
        MenuLine(
            "crowd",
            _heading(speech.say("Ask what others see"), "crowd.sources", choices, speech),
            _setting_command(Action.CROWD, "off" if is_on else "on", "crowd.sources", choices),
            checked=is_on,
        ),
        MenuLine("crowd:who", who),
        MenuLine("line:open_settings", separator=True),
    )


def about_line(speech: Translator) -> MenuLine:
    """Says which program and version this is, and that it is not OpenAI's."""
    lines = (
        MenuLine("about:version", f"{APP_TITLE} {__version__}"),
        MenuLine("about:unofficial", speech.say("Unofficial: not made or endorsed by OpenAI")),
    )
    return MenuLine("about", speech.say("About"), lines=lines)


def mute_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    """Says that notifications cannot be shown, and which command says why."""
    if not choices.is_muted:
        return ()
    text = speech.say("Notifications cannot be shown here; why: {command}", command=f"{APP_ID} doctor")
    return (MenuLine("mute", text),)


def restart_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    """Says that another version waits for a restart; a click restarts the program."""
    if not choices.needs_restart:
        return ()
    return (MenuLine("restart", speech.say("Restart to finish the update"), Command(Action.RESTART)),)


def mistake_lines(choices: MenuChoices, speech: Translator) -> tuple[MenuLine, ...]:
    """Says that the settings file has a mistake; a click opens it."""
    if not choices.settings_mistake:
        return ()
    text = speech.say("Your settings have a mistake: open the file")
    return (MenuLine("mistake", text, Command(Action.OPEN_SETTINGS)),)
