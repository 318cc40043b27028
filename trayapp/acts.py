"""What a person's command does: to what is kept, or which address it opens. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from trayapp.model import Act, Command, Kept, KeptProduct, ProductVerdict, State, Verdict, on_ladder, rank

PAUSE = timedelta(hours=1)


def kept(command: Command, before: Kept, verdict: Verdict | None, now: datetime) -> Kept | None:
    """What is kept after a command; None where it changes nothing of it."""
    match command.act:
        case Act.PAUSE:
            return replace(before, paused_until=now + PAUSE)
        case Act.RESUME:
            return replace(before, paused_until=None)
        case Act.TELL_WHEN_BACK:
            return _waiting(
                before, [command.argument] if command.argument else [p.name for p in _troubled(verdict)]
            )
        case _:
            return None


def link(command: Command, verdict: Verdict | None, page_url: str) -> str | None:
    """The address a command opens: an incident's own page; without one the worst incident's; else the status page."""
    if command.act not in {Act.DETAILS, Act.OPEN_INCIDENT, Act.OPEN_PAGE}:
        return None
    page = (verdict.page.url if verdict else "") or page_url
    incident = command.argument or next((i for p in _troubled(verdict) for i in p.incidents), "")
    if command.act is Act.OPEN_PAGE or not incident:
        return page
    known = verdict.incident(incident) if verdict else None
    return known.url if known else f"{page.rstrip('/')}/incidents/{quote(incident, safe='')}"


def _waiting(before: Kept, names: list[str]) -> Kept:
    """Their end will be told even if their start was not, and through a pause."""
    products = dict(before.products)
    for name in names:
        product = products.get(name, KeptProduct())
        products[name] = replace(product, told=max(product.told, product.known, key=rank))
    return replace(
        before, products=products, tell_when_back=tuple(dict.fromkeys((*before.tell_when_back, *names)))
    )


def _troubled(verdict: Verdict | None) -> list[ProductVerdict]:
    products = verdict.products if verdict else ()
    return [p for p in products if on_ladder(p.state) and rank(p.state) >= rank(State.DEGRADED)]
