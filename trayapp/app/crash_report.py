"""What a command ends with when it cannot go on: one line, the rest in the log, and no exit status that means another thing."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from trayapp.app.exit_codes import COULD_NOT_TELL, NOT_WRITTEN, UNFORESEEN
from trayapp.app.languages import speech
from trayapp.app.logs import kept_in, logging_to
from trayapp.i18n.deferred import Phrase, because, phrase
from trayapp.places import NoHome, places
from trayapp.settings.file import printable

log = logging.getLogger(__name__)

_ANSWERING = frozenset({"status", "wait"})
"""Commands whose exit status is what scripts ask for."""
_OF_AN_OUTPUT = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO, errno.EINVAL}
)
"""What the system says of our own output; it names no file then."""
_LONGEST = 200
"""Characters of an exception that are shown."""


def ended(argv: Sequence[str], error: Exception) -> int:
    """Say what happened, and give the exit status; with `--verbose` the traceback is shown as well."""
    if isinstance(error, OSError) and error.filename is None and error.errno in _OF_AN_OUTPUT:
        return _unwritten(error)
    with logging_to(None, verbose="--verbose" in argv):
        log.debug("it could not go on", exc_info=error)
    why, file = _why(error), _logged(error)
    _say(
        phrase("it could not go on: {why}", why=why)
        if file is None
        else phrase(
            "it could not go on: {why}; more is in {file}", why=why, file=printable(str(file), _LONGEST)
        )
    )
    return COULD_NOT_TELL if command_of(argv) in _ANSWERING else UNFORESEEN


def command_of(argv: Sequence[str]) -> str:
    """The command that a command line names, read without a parser, which may be what failed."""
    words = iter(argv)
    for word in words:
        if word == "--config":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return "run"


def _unwritten(error: OSError) -> int:
    # Python would say it once more when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):  # its reader has gone, as `| head` does
        return 141
    _say(because(error))
    return NOT_WRITTEN


def _say(said: Phrase) -> None:
    with suppress(OSError):  # the terminal itself may be gone
        print(f"openai-status-tray: {speech().put(said)}", file=sys.stderr)


def _why(error: Exception) -> Phrase:
    if isinstance(error, OSError):
        named = printable(str(error.filename), _LONGEST) if error.filename is not None else ""
        return phrase("{what}: {cause}", what=named, cause=because(error)) if named else because(error)
    if isinstance(error, RuntimeError) and "new thread" in str(error):  # Python has no type of its own for it
        return phrase("the system lets it start no more threads")
    return phrase("a fault in this program ({error})", error=_named(error))


def _named(error: Exception) -> str:
    return printable(": ".join(filter(None, (type(error).__name__, str(error)))), _LONGEST)


def _logged(error: Exception) -> Path | None:
    """The log that has the traceback; None where none can be written."""
    try:
        file = places().log_file
    except NoHome:
        return None
    return file if kept_in(file, error) else None
