"""Reports a crash of a command: one line on stderr, the traceback in the log, and a distinct exit status."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from trayapp import APP_ID
from trayapp.app.exit_codes import EXIT_CRASH, EXIT_OUTPUT_ERROR, EXIT_UNKNOWN
from trayapp.app.languages import load_translator
from trayapp.app.logs import log_to_file, write_exception
from trayapp.i18n.deferred import Phrase, os_error_phrase, phrase
from trayapp.places import NoHomeError, find_places
from trayapp.settings.file import printable_text

log = logging.getLogger(__name__)

_STATUS_COMMANDS = frozenset({"status", "wait"})
"""Commands whose exit status scripts evaluate."""
_OUTPUT_ERRORS = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO, errno.EINVAL}
)
"""Error numbers that mean, without a file name, that standard output cannot be written."""
_MAX_LENGTH = 200
"""Characters of an exception that are shown."""


def report_crash(argv: Sequence[str], error: Exception) -> int:
    """Print the reason and return the exit status; with `--verbose` print the traceback too."""
    if isinstance(error, OSError) and error.filename is None and error.errno in _OUTPUT_ERRORS:
        return _handle_output_error(error)
    with log_to_file(None, verbose="--verbose" in argv):
        log.debug("it could not go on", exc_info=error)
    why, file = _error_phrase(error), _log_crash(error)
    _print_phrase(
        phrase("it could not go on: {why}", why=why)
        if file is None
        else phrase(
            "it could not go on: {why}; more is in {file}",
            why=why,
            file=printable_text(str(file), _MAX_LENGTH),
        )
    )
    return EXIT_UNKNOWN if read_command_name(argv) in _STATUS_COMMANDS else EXIT_CRASH


def read_command_name(argv: Sequence[str]) -> str:
    """Return the command that a command line names, without the parser, which may be what failed."""
    remaining = iter(argv)
    for word in remaining:
        if word == "--config":
            next(remaining, None)
        elif not word.startswith("-"):
            return word
    return "run"


def _handle_output_error(error: OSError) -> int:
    # Otherwise Python reports the same error again when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):  # the reader has closed the pipe, as `| head` does
        return 141
    _print_phrase(os_error_phrase(error))
    return EXIT_OUTPUT_ERROR


def _print_phrase(message: Phrase) -> None:
    with suppress(OSError):  # the terminal itself may be gone
        print(f"{APP_ID}: {load_translator().translate_phrase(message)}", file=sys.stderr)


def _error_phrase(error: Exception) -> Phrase:
    if isinstance(error, OSError):
        named = printable_text(str(error.filename), _MAX_LENGTH) if error.filename is not None else ""
        return (
            phrase("{what}: {cause}", what=named, cause=os_error_phrase(error))
            if named
            else os_error_phrase(error)
        )
    if isinstance(error, RuntimeError) and "new thread" in str(error):  # Python has no special type for this
        return phrase("the system lets it start no more threads")
    return phrase("a fault in this program ({error})", error=_error_name(error))


def _error_name(error: Exception) -> str:
    return printable_text(": ".join(filter(None, (type(error).__name__, str(error)))), _MAX_LENGTH)


def _log_crash(error: Exception) -> Path | None:
    """Write the traceback to the log and return the log's path; None if it cannot be written."""
    try:
        file = find_places().log_file
    except NoHomeError:
        return None
    return file if write_exception(file, error) else None
