"""`details`: the details page, opened by the running program, or written as one file from what is known and one look."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from trayapp import __version__
from trayapp.app.context import Prepared, may_link, reached
from trayapp.commands import NOT_WRITTEN
from trayapp.core import judge
from trayapp.core.details_page.page import Details, sheet
from trayapp.core.details_page.strips import DRAWN_FOR
from trayapp.core.state.memory import Memory
from trayapp.desktop.clocks import clock
from trayapp.desktop.control import NotRunning, ask
from trayapp.desktop.links import open_url
from trayapp.desktop.network.loopback import is_this_user
from trayapp.i18n.deferred import because
from trayapp.i18n.translator import mark
from trayapp.model import Incident, Plan, Seen, State, Verdict
from trayapp.store.reader import past
from trayapp.web_page.page import page
from trayapp.web_page.server import DetailsServer, Served

PROGRAM = f"openai-status-tray {__version__}"
_PATIENCE = 0.5 if sys.platform == "win32" else None
"""Seconds after which Ctrl-C is looked for."""
IDLE = 600.0
"""Seconds without a request after which the page is no longer served."""
_NOT_LIVE = datetime.max.replace(tzinfo=UTC)
"""When this computer noticed what it only read about afterwards: never."""


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Have the running program open the page, or make it here: as a file, or for the browser while somebody looks."""
    if arguments.out is None and _opened(prepared):
        return 0
    say = prepared.speech.say
    print(say("Looking at OpenAI's status…"), file=sys.stderr)
    verdict, known = _looked(prepared)
    made = details_page(prepared, verdict, verdict.at, known)
    return _served(prepared, made) if arguments.out is None else _written(prepared, made, arguments.out)


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


def _opened(prepared: Prepared) -> bool:
    """Whether the running program, which knows more than one look, has taken it over."""
    try:
        return bool(ask(prepared.places.state, {"do": "open"}).get("ok"))
    except NotRunning:
        return False


def _looked(prepared: Prepared) -> tuple[Verdict, tuple[Incident, ...]]:
    """One round from empty memory, with the past incidents that the page tells of."""
    http, sources = reached(prepared)
    limits = prepared.config.limits()
    probes = tuple(spec.name for spec in limits.probes)
    plan = Plan(wait=0.0, why="asked for", page=True, incidents=True, native=True, probes=probes)
    try:
        round_ = sources.look(plan, clock())
    finally:
        http.close()
    memory, verdict, _ = judge.step(Memory(), round_, limits)
    return verdict, memory.page.incidents if memory.page else ()


def _written(prepared: Prepared, made: str, out: Path) -> int:
    try:
        out.write_text(made, encoding="utf-8", errors="replace")
    except OSError as error:
        message = prepared.speech.say(
            "Cannot write {file}: {why}", file=str(out), why=prepared.speech.put(because(error))
        )
        print(message, file=sys.stderr)
        return NOT_WRITTEN
    print(prepared.speech.say("Written: {file}", file=str(out)))
    return 0


def _served(prepared: Prepared, made: str) -> int:
    """For the browser, until Ctrl-C or until nobody has looked for a while."""
    say, server = prepared.speech.say, DetailsServer(shown(lambda _server: made, lambda: prepared), IDLE)
    try:
        opened = open_url(server.open(), frozenset(), own=server.urls)
        url = server.open(IDLE)  # a person takes longer than a browser, and a terminal is read by them alone
        said = (
            say("The details are at {url} until you press Ctrl-C.", url=url)
            if opened
            else say("No browser could be opened; open {url} yourself, until you press Ctrl-C.", url=url)
        )
        print(said, flush=True)
        while not server.wait(_PATIENCE):  # Ctrl-C does not wake Python on Windows from a wait without an end
            pass
    finally:
        server.close()
    return 0 if opened else 1
