"""Builds the details page as HTML from the stored history and a verdict, and serves it to this user alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from trayapp import PROGRAM_VERSION
from trayapp.app.context import CommandContext, make_link_filter
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.details_page.strips import DRAWN_SPAN
from trayapp.desktop.network.loopback import is_this_user
from trayapp.i18n.translator import mark
from trayapp.model import Incident, SeenIncident, State, Verdict
from trayapp.store.reader import read_history
from trayapp.web_page.page import render_page
from trayapp.web_page.server import PageSource

_NEVER_SEEN = datetime.max.replace(tzinfo=UTC)
"""First sighting of an incident that this computer only read about afterwards."""


def render_details(
    context: CommandContext,
    verdict: Verdict | None,
    now: datetime,
    known: Iterable[Incident] = (),
    *,
    server: str = "",
) -> str:
    """Build the page as HTML from the stored history and a verdict; a verdict of None: no round has ended yet.

    `known`: past incidents that may be missing in the state file. `server`: the address from which the page fetches
    newer versions of itself; empty if there is none.
    """
    before = read_history(context.places.state_file, since=now - DRAWN_SPAN)
    ids = {each.incident.id for each in before.incidents}
    new = tuple(SeenIncident(i, first_seen=_NEVER_SEEN) for i in known if i.id not in ids and not i.is_open)
    details = Details(
        verdict=verdict or Verdict(now, State.UNKNOWN, checking=True),
        now=now,
        seen=before.incidents + new,
        observations=before.observations,
        transitions=before.transitions,
        page_url=context.config.page.url,
        may_open=make_link_filter(context.config),
        program=PROGRAM_VERSION,
        is_live=bool(server),
    )
    return render_page(build_details_page(context.speech, details), server)


def user_page_source(make: Callable[[str], str], context: Callable[[], CommandContext]) -> PageSource:
    """Return a source that serves the page to this user alone; `make` renders it for a server."""
    spent = mark(
        "This address was good once, for a few seconds. Open the details again from where you opened them."
    )
    return PageSource(make, lambda: context().speech.say(spent), is_this_user)
