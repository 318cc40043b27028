"""Works out what a person's command changes in the saved memory or the settings, or which address it opens. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from trayapp.core.alerts.quiet_hours import next_morning
from trayapp.model import (
    FOREVER,
    Action,
    Command,
    Incident,
    MenuChoices,
    ProductVerdict,
    SavedMemory,
    SavedProduct,
    Verdict,
    defaults,
    ladder_rank,
)
from trayapp.model.other_sources import OTHER_SOURCE_URLS

PAUSE_LENGTH = timedelta(hours=1)
_CHOSEN_KEYS = {Action.LEVEL: "notify.level", Action.LANGUAGE: "language"}
"""The settings whose new value is the command's argument."""

SettingChange = tuple[str, str | tuple[str, ...]]
"""A key of the settings file and its new value."""


def update_saved(
    command: Command,
    before: SavedMemory,
    verdict: Verdict | None,
    now: datetime,
    local: Callable[[datetime], datetime],
) -> SavedMemory | None:
    """Return the saved memory after a command; None if the command does not change it."""
    match command.act:
        case Action.PAUSE:
            return replace(before, paused_until=_pause_end(command.argument, now, local))
        case Action.RESUME:
            return replace(before, paused_until=None)
        case Action.TELL_WHEN_BACK if before.tell_when_back and not command.argument:
            return replace(before, tell_when_back=())
        case Action.TELL_WHEN_BACK:
            return _wait_for_end(
                before,
                [command.argument] if command.argument else [p.name for p in _products_in_trouble(verdict)],
                verdict,
                now,
            )
        case _:
            return None


def mark_seen(command: Command, before: SavedMemory, verdict: Verdict | None) -> SavedMemory:
    """Return the saved memory after a person has opened an incident, or the details, which show all of them."""
    if verdict is None or command.act not in {Action.DETAILS, Action.OPEN_INCIDENT}:
        return before
    running = {i.id: _newest_update_id(i) for i in verdict.incidents}
    now_seen = {i: n for i, n in running.items() if command.argument in {"", i}}
    earlier = {i: n for i, n in before.seen.items() if i in running}
    return replace(before, seen=earlier | now_seen)


def keep_followed(before: SavedMemory, follow: tuple[str, ...]) -> SavedMemory:
    """Drop the memory of products no longer followed, so that one followed again later starts afresh."""
    return replace(
        before,
        products={name: product for name, product in before.products.items() if name in follow},
        tell_when_back=tuple(name for name in before.tell_when_back if name in follow),
    )


def setting_change(command: Command, choices: MenuChoices) -> SettingChange | None:
    """Return the setting that a command changes, with its new value; None if it changes no setting."""
    match command.act:
        case Action.FOLLOW:
            name, followed = command.argument, choices.follow
            rest = tuple(one for one in followed if one != name)
            return ("follow", rest if name in followed else (*followed, name)) if rest else None
        case Action.LEVEL | Action.LANGUAGE:
            return _CHOSEN_KEYS[command.act], command.argument
        case Action.PLAN:
            return "me.plan", _toggle_name(choices.me.plan, command.argument)
        case Action.REGION:
            return "me.region", _toggle_name(choices.me.region, command.argument)
        case Action.CROWD:
            return "crowd.sources", defaults.CROWD if command.argument == "on" else ()
        case _:
            return None


def _toggle_name(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Add a name to the choice, or remove it if it is there; "any" clears the choice."""
    if name == "any":
        return ()
    return tuple(one for one in chosen if one != name) if name in chosen else (*chosen, name)


def command_url(command: Command, verdict: Verdict | None, page_url: str) -> str | None:
    """Return the address a command opens: the page of the incident it names or of the worst one, else the status page.

    For other sources only the built-in addresses are allowed. None if the command opens nothing.
    """
    if command.act is Action.OPEN_OTHER_SOURCE:
        return command.argument if command.argument in OTHER_SOURCE_URLS else None
    if command.act not in {Action.DETAILS, Action.OPEN_INCIDENT, Action.OPEN_PAGE}:
        return None
    page = (verdict.page.url if verdict else "") or page_url
    incident = command.argument or next((i for p in _products_in_trouble(verdict) for i in p.incidents), "")
    if command.act is Action.OPEN_PAGE or not incident:
        return page
    known = verdict.find_incident(incident) if verdict else None
    return known.url if known else f"{page.rstrip('/')}/incidents/{quote(incident, safe='')}"


def _pause_end(argument: str, now: datetime, local: Callable[[datetime], datetime]) -> datetime:
    """Return when a pause ends: for "on" never, for "tomorrow" in the morning, otherwise after an hour."""
    if argument == "on":
        return FOREVER
    return next_morning(now, local) if argument == "tomorrow" else now + PAUSE_LENGTH


def _newest_update_id(incident: Incident) -> str:
    return incident.updates[0].id if incident.updates else ""


def _wait_for_end(
    before: SavedMemory, names: list[str], verdict: Verdict | None, now: datetime
) -> SavedMemory:
    """Note whose recovery to notify, even in a pause: the trouble that the icon shows now counts as notified."""
    products = dict(before.products)
    for name in names:
        product = products.get(name, SavedProduct())
        shown = verdict.find_product(name) if verdict is not None else None
        seen = shown.state if shown is not None and shown.state.is_trouble else product.known
        if ladder_rank(seen) > ladder_rank(product.told):
            since = shown.since if shown is not None else None
            product = replace(
                product,
                told=seen,
                told_at=now,
                told_since=product.told_since or since,
                told_state_since=since,
                told_incidents=product.told_incidents or (shown.incidents if shown is not None else ()),
                confirmed=shown.confirmed if shown is not None else product.confirmed,
                only_shown=shown is not None and shown.only_shown,
            )
        products[name] = product
    return replace(
        before, products=products, tell_when_back=tuple(dict.fromkeys((*before.tell_when_back, *names)))
    )


def _products_in_trouble(verdict: Verdict | None) -> list[ProductVerdict]:
    products = verdict.products if verdict else ()
    return [p for p in products if p.state.is_trouble]
