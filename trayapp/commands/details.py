"""`details`: has the running program open the details page, or builds it from the history and one poll."""

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
"""Seconds between checks for Ctrl-C, which on Windows does not interrupt an endless wait; None: not needed."""
IDLE_SECONDS = 600.0
"""Seconds without a request after which the page is no longer served."""


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Have the running program open the page, or build it here: as a file, or served to the browser for a while."""
    if arguments.out is None and _open_in_program(context):
        return 0
    say = context.speech.say
    print(say("Checking OpenAI's status…"), file=sys.stderr)
    result = poll_once(context, incidents=True)
    known = result.memory.page.incidents if result.memory.page else ()
    html = render_details(context, result.verdict, result.verdict.at, known)
    return _serve_page(context, html) if arguments.out is None else _write_page(context, html, arguments.out)


def _open_in_program(context: CommandContext) -> bool:
    """Ask the running program, which knows more than one poll, to open the page; return whether it did."""
    try:
        return bool(send_request(context.places.state, {"do": "open"}).get("ok"))
    except NotRunningError:
        return False


def _write_page(context: CommandContext, html: str, out: Path) -> int:
    try:
        out.write_text(html, encoding="utf-8", errors="replace")
    except OSError as error:
        message = context.speech.say(
            "Cannot write {file}: {why}",
            file=str(out),
            why=context.speech.translate_phrase(os_error_phrase(error)),
        )
        print(message, file=sys.stderr)
        return EXIT_OUTPUT_ERROR
    print(context.speech.say("Written: {file}", file=str(out)))
    return 0


def _serve_page(context: CommandContext, html: str) -> int:
    """Serve the page to the browser until Ctrl-C, or until there is no request for `IDLE_SECONDS`."""
    say, server = (
        context.speech.say,
        DetailsServer(user_page_source(lambda _server: html, lambda: context), IDLE_SECONDS),
    )
    try:
        is_open = open_url(server.open(), frozenset(), own=server.urls)
        # This address is valid longer: a person is slower than a browser, and only they read the terminal.
        url = server.open(IDLE_SECONDS)
        message = (
            say("The details are at {url} until you press Ctrl-C.", url=url)
            if is_open
            else say("No browser could be opened; open {url} yourself, until you press Ctrl-C.", url=url)
        )
        print(message, flush=True)
        while not server.wait(_WAIT_SLICE):  # on Windows, Ctrl-C does not interrupt an endless wait
            pass
    finally:
        server.close()
    return 0 if is_open else 1
