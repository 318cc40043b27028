"""What a person's command does: to what is kept, to which setting, or which address it opens. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from trayapp.core.alerts.quiet_hours import next_morning
from trayapp.model import (
    FOREVER,
    Act,
    Choices,
    Command,
    Incident,
    Kept,
    KeptProduct,
    ProductVerdict,
    Verdict,
    rank,
)
from trayapp.model.other_sources import ADDRESSES

PAUSE = timedelta(hours=1)

Setting = tuple[str, str | tuple[str, ...]]
"""A key of the settings file and its new value."""


def kept(
    command: Command,
    before: Kept,
    verdict: Verdict | None,
    now: datetime,
    local: Callable[[datetime], datetime],
) -> Kept | None:
    """What is kept after a command; None where it changes nothing of it."""
    match command.act:
        case Act.PAUSE:
            return replace(before, paused_until=_until(command.argument, now, local))
        case Act.RESUME:
            return replace(before, paused_until=None)
        case Act.TELL_WHEN_BACK if before.tell_when_back and not command.argument:
            return replace(before, tell_when_back=())
        case Act.TELL_WHEN_BACK:
            return _waiting(
                before,
                [command.argument] if command.argument else [p.name for p in _troubled(verdict)],
                verdict,
                now,
            )
        case _:
            return None


def looked(command: Command, before: Kept, verdict: Verdict | None) -> Kept:
    """What is kept once a person has looked at an incident, or at all of them in the details."""
    if verdict is None or command.act not in {Act.DETAILS, Act.OPEN_INCIDENT}:
        return before
    running = {i.id: _newest(i) for i in verdict.incidents}
    now_seen = {i: n for i, n in running.items() if command.argument in {"", i}}
    earlier = {i: n for i, n in before.seen.items() if i in running}
    return replace(before, seen=earlier | now_seen)


def following(before: Kept, follow: tuple[str, ...]) -> Kept:
    """What is kept of those who are followed now: who is left and followed again later is looked at afresh."""
    return replace(
        before,
        products={name: product for name, product in before.products.items() if name in follow},
        tell_when_back=tuple(name for name in before.tell_when_back if name in follow),
    )


def setting(command: Command, choices: Choices) -> Setting | None:
    """Which setting a command changes to what; None where it changes none."""
    match command.act:
        case Act.FOLLOW:
            name, followed = command.argument, choices.follow
            rest = tuple(one for one in followed if one != name)
            return ("follow", rest if name in followed else (*followed, name)) if rest else None
        case Act.PLAN:
            return "me.plan", _toggled(choices.me.plan, command.argument)
        case Act.REGION:
            return "me.region", _toggled(choices.me.region, command.argument)
        case Act.LEVEL:
            return "notify.level", command.argument
        case Act.LANGUAGE:
            return "language", command.argument
        case _:
            return None


def _toggled(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The choice with a name more or less; "any" clears it."""
    if name == "any":
        return ()
    return tuple(one for one in chosen if one != name) if name in chosen else (*chosen, name)


def link(command: Command, verdict: Verdict | None, page_url: str) -> str | None:
    """The address a command opens: an incident's own page; without one the worst incident's; else the status page.

    What others say has its own addresses, and no others can be asked for.
    """
    if command.act is Act.OPEN_ELSEWHERE:
        return command.argument if command.argument in ADDRESSES else None
    if command.act not in {Act.DETAILS, Act.OPEN_INCIDENT, Act.OPEN_PAGE}:
        return None
    page = (verdict.page.url if verdict else "") or page_url
    incident = command.argument or next((i for p in _troubled(verdict) for i in p.incidents), "")
    if command.act is Act.OPEN_PAGE or not incident:
        return page
    known = verdict.incident(incident) if verdict else None
    return known.url if known else f"{page.rstrip('/')}/incidents/{quote(incident, safe='')}"


def _until(argument: str, now: datetime, local: Callable[[datetime], datetime]) -> datetime:
    """When a pause ends: "on" never, "tomorrow" in the morning, all else after an hour."""
    if argument == "on":
        return FOREVER
    return next_morning(now, local) if argument == "tomorrow" else now + PAUSE


def _newest(incident: Incident) -> str:
    return incident.updates[0].id if incident.updates else ""


def _waiting(before: Kept, names: list[str], verdict: Verdict | None, now: datetime) -> Kept:
    """Their end will be told even if their start was not, and through a pause: what the icon shows counts as told."""
    products = dict(before.products)
    for name in names:
        product = products.get(name, KeptProduct())
        shown = verdict.product(name) if verdict is not None else None
        seen = shown.state if shown is not None and shown.state.is_trouble else product.known
        if rank(seen) > rank(product.told):
            since = shown.since if shown is not None else None
            product = replace(
                product,
                told=seen,
                told_at=now,
                told_since=product.told_since or since,
                told_state_since=since,
                told_incidents=product.told_incidents or (shown.incidents if shown is not None else ()),
                confirmed=shown.confirmed if shown is not None else product.confirmed,
            )
        products[name] = product
    return replace(
        before, products=products, tell_when_back=tuple(dict.fromkeys((*before.tell_when_back, *names)))
    )


def _troubled(verdict: Verdict | None) -> list[ProductVerdict]:
    products = verdict.products if verdict else ()
    return [p for p in products if p.state.is_trouble]
