"""`details`: the details page, opened by the running program, or written as one file from what is known and one poll."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trayapp.app.context import CommandContext
from trayapp.app.details_document import render_details, user_page_source
from trayapp.app.exit_codes import EXIT_OUTPUT_ERROR
from trayapp.app.one_poll import poll_once
from trayapp.desktop.control import NotRunningError, send_request
from trayapp.desktop.links import open_url
from trayapp.i18n.deferred import os_error_phrase
from trayapp.web_page.server import DetailsServer

_WAIT_SLICE = 0.5 if sys.platform == "win32" else None
"""Seconds after which Ctrl-C is looked for."""
IDLE_SECONDS = 600.0
"""Seconds without a request after which the page is no longer served."""


def main(prepared: CommandContext, arguments: argparse.Namespace) -> int:
    """Have the running program open the page, or make it here: as a file, or for the browser while somebody looks."""
    if arguments.out is None and _open_in_program(prepared):
        return 0
    say = prepared.speech.say
    print(say("Looking at OpenAI's status…"), file=sys.stderr)
    found = poll_once(prepared, incidents=True)
    known = found.memory.page.incidents if found.memory.page else ()
    made = render_details(prepared, found.verdict, found.verdict.at, known)
    return (
        _serve_page(prepared, made) if arguments.out is None else _write_page(prepared, made, arguments.out)
    )


def _open_in_program(prepared: CommandContext) -> bool:
    """Whether the running program, which knows more than one look, has taken it over."""
    try:
        return bool(send_request(prepared.places.state, {"do": "open"}).get("ok"))
    except NotRunningError:
        return False


def _write_page(prepared: CommandContext, made: str, out: Path) -> int:
    try:
        out.write_text(made, encoding="utf-8", errors="replace")
    except OSError as error:
        message = prepared.speech.say(
            "Cannot write {file}: {why}",
            file=str(out),
            why=prepared.speech.translate_phrase(os_error_phrase(error)),
        )
        print(message, file=sys.stderr)
        return EXIT_OUTPUT_ERROR
    print(prepared.speech.say("Written: {file}", file=str(out)))
    return 0


def _serve_page(prepared: CommandContext, made: str) -> int:
    """For the browser, until Ctrl-C or until nobody has looked for a while."""
    say, server = (
        prepared.speech.say,
        DetailsServer(user_page_source(lambda _server: made, lambda: prepared), IDLE_SECONDS),
    )
    try:
        opened = open_url(server.open(), frozenset(), own=server.urls)
        url = server.open(
            IDLE_SECONDS
        )  # a person takes longer than a browser, and a terminal is read by them alone
        said = (
            say("The details are at {url} until you press Ctrl-C.", url=url)
            if opened
            else say("No browser could be opened; open {url} yourself, until you press Ctrl-C.", url=url)
        )
        print(said, flush=True)
        while not server.wait(
            _WAIT_SLICE
        ):  # Ctrl-C does not wake Python on Windows from a wait without an end
            pass
    finally:
        server.close()
    return 0 if opened else 1
