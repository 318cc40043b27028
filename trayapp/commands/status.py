"""`status`: prints the result of one poll, or the state that the running program knows. Writes no file."""

from __future__ import annotations

import argparse

from trayapp.app.context import CommandContext, UsageError
from trayapp.app.one_poll import poll_once
from trayapp.app.status_report import exit_status, format_verdict
from trayapp.commands import status_cached
from trayapp.core.tray_view.one_line import read_form
from trayapp.i18n.deferred import Refusal


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Poll once, or ask the running program; print the status and return its exit status. Raises UsageError."""
    try:
        form = read_form(arguments.format)
    except Refusal as error:
        raise UsageError(error.phrase) from error
    if arguments.cached:
        return status_cached.main(context, arguments.format)
    verdict = poll_once(context).verdict
    print(format_verdict(form, context.speech, verdict, context.config.page.url, verdict.at))
    return exit_status(verdict.state)
