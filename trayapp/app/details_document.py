"""The details page of this computer: the state file's past and a verdict, as HTML for this user alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from trayapp import __version__
from trayapp.app.context import Prepared, may_link
from trayapp.core.details_page.page import Details, sheet
from trayapp.core.details_page.strips import DRAWN_FOR
from trayapp.desktop.network.loopback import is_this_user
from trayapp.i18n.translator import mark
from trayapp.model import Incident, Seen, State, Verdict
from trayapp.store.reader import past
from trayapp.web_page.page import page
from trayapp.web_page.server import Served

PROGRAM = f"openai-status-tray {__version__}"
_NOT_LIVE = datetime.max.replace(tzinfo=UTC)
"""When this computer noticed what it only read about afterwards: never."""


def details_page(
    prepared: Prepared,
    verdict: Verdict | None,
    now: datetime,
    known: Iterable[Incident] = (),
    *,
    server: str = "",
) -> str:
    """The page as HTML, from the state file's past and a verdict; None: no round has ended yet.

    `known`: past incidents that the state file may not have. `server`: what the page knows the one by that gives
    a newer one; empty: nobody does.
    """
    before = past(prepared.places.state_file, since=now - DRAWN_FOR)
    ids = {each.incident.id for each in before.seen}
    new = tuple(Seen(i, first_seen=_NOT_LIVE) for i in known if i.id not in ids and not i.open)
    details = Details(
        verdict=verdict or Verdict(now, State.UNKNOWN, checking=True),
        now=now,
        seen=before.seen + new,
        observations=before.observations,
        told=before.told,
        page_url=prepared.config.page.url,
        may_open=may_link(prepared.config),
        program=PROGRAM,
        changes=bool(server),
    )
    return page(sheet(prepared.speech, details), server)


def shown(make: Callable[[str], str], prepared: Callable[[], Prepared]) -> Served:
    """The page as it is served to this user alone."""
    spent = mark(
        "This address was good once, for a few seconds. Open the details again from where you opened them."
    )
    return Served(make, lambda: prepared().speech.say(spent), is_this_user)
