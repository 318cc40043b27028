"""`details`: the details page, opened by the running program, or written as one file from what is known and one poll."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trayapp.app.context import Prepared
from trayapp.app.details_document import details_page, shown
from trayapp.app.exit_codes import NOT_WRITTEN
from trayapp.app.one_poll import poll_once
from trayapp.desktop.control import NotRunning, ask
from trayapp.desktop.links import open_url
from trayapp.i18n.deferred import because
from trayapp.web_page.server import DetailsServer

_PATIENCE = 0.5 if sys.platform == "win32" else None
"""Seconds after which Ctrl-C is looked for."""
IDLE = 600.0
"""Seconds without a request after which the page is no longer served."""


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Have the running program open the page, or make it here: as a file, or for the browser while somebody looks."""
    if arguments.out is None and _opened(prepared):
        return 0
    say = prepared.speech.say
    print(say("Looking at OpenAI's status…"), file=sys.stderr)
    found = poll_once(prepared, incidents=True)
    known = found.memory.page.incidents if found.memory.page else ()
    made = details_page(prepared, found.verdict, found.verdict.at, known)
    return _served(prepared, made) if arguments.out is None else _written(prepared, made, arguments.out)


def _opened(prepared: Prepared) -> bool:
    """Whether the running program, which knows more than one look, has taken it over."""
    try:
        return bool(ask(prepared.places.state, {"do": "open"}).get("ok"))
    except NotRunning:
        return False


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
