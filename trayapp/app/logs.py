"""Writes the log: a few small rotating files that only their owner can read, and stderr with `--verbose`.

Secrets are removed from every record, and text from outside cannot forge a line.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from trayapp import APP_ID
from trayapp.i18n.deferred import Phrase, os_error_phrase, phrase
from trayapp.ownership import open_private, resolve_owned
from trayapp.places import create_folder
from trayapp.redact import redact

_log = logging.getLogger(__name__)

MAX_FILE_BYTES = 256 * 1024
"""Bytes of one log file."""
FILE_COUNT = 3

# Control characters, which could move a terminal's cursor, and bidirectional ones, which could reorder a line.
_UNSAFE_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_LINE_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

TranslatePhrase = Callable[[Phrase], str]
"""Translates a phrase into the person's language."""


def english_text(message: Phrase) -> str:
    """Return a phrase in English, for when the person's language is not known."""
    return message.translate(str)


def log_uncaught_errors() -> None:
    """Log errors of which Python only prints a traceback: in a thread, or while an object is destroyed."""
    logging.getLogger("trayapp").addHandler(
        logging.NullHandler()
    )  # otherwise logging prints them when no log is open

    def log_unraisable(stray: sys.UnraisableHookArgs) -> None:
        _log.error("%s %r", stray.err_msg or "ignored in", stray.object, exc_info=stray.exc_value)

    def log_thread_error(stray: threading.ExceptHookArgs) -> None:
        _log.error("the thread %s ended", stray.thread and stray.thread.name, exc_info=stray.exc_value)

    sys.unraisablehook, threading.excepthook = log_unraisable, log_thread_error


@contextmanager
def log_to_file(
    file: Path | None, translate: TranslatePhrase = english_text, *, verbose: bool = False
) -> Iterator[None]:
    """Log to that file, if any, and with `verbose` to stderr in more detail, until the block ends.

    If the log cannot be written, one line on stderr says so, translated by `translate`, and the program goes on
    without it.
    """
    root, program_logger = logging.getLogger(), logging.getLogger("trayapp")
    # Without the null handler, logging would write unredacted to stderr when there is no other handler.
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if file is not None:
        try:
            handlers.append(_open_log_file(file, translate))
        except OSError as error:
            _print_log_error(error, translate)
    if verbose and sys.stderr is not None:
        handlers.append(_StderrHandler(sys.stderr))
    program_logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    for handler in handlers:
        handler.setFormatter(_RedactingFormatter(_LINE_FORMAT))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            with suppress(OSError):  # the disk may be full
                handler.close()


def write_exception(file: Path, error: BaseException) -> bool:
    """Write an exception to a log that this process does not have open; return whether that worked."""
    exc_info = (type(error), error, error.__traceback__)
    record = logging.LogRecord(__name__, logging.CRITICAL, __file__, 0, "it could not go on", (), exc_info)
    try:
        log = _open_log_file(file, None)
        log.setFormatter(_RedactingFormatter(_LINE_FORMAT))
        log.handle(record)
        log.close()
    except OSError:
        return False
    return not log.has_failed


class _RedactingFormatter(logging.Formatter):
    """Removes secrets from the whole record, including tracebacks, which a filter would not see."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; the lines of a traceback are indented."""
        text = _UNSAFE_CHARACTERS.sub(lambda match: ascii(match[0])[1:-1], redact(super().format(record)))
        return text.replace("\n", "\n    ")


class _LogFile(RotatingFileHandler):
    """A log file that only its owner can read; reports once that it cannot be written."""

    translate: TranslatePhrase | None
    has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  # logging's own signature
        """Report the error once, in one line: by default logging prints a traceback for each record."""
        if not self.has_failed and self.translate is not None:
            _print_log_error(sys.exc_info()[1], self.translate)
        self.has_failed = True

    def doRollover(self) -> None:  # noqa: N802  # the same
        """Start a new file. Windows cannot rename a file that is being read: it grows until the reader closes it."""
        try:
            super().doRollover()
        except PermissionError:
            self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        """Open the file, as logging's hook, with access for its owner alone."""
        return open(
            self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=open_private
        )  # the handler closes the file


class _StderrHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic for the type checker only
    """Writes to standard error, which may be closed before the program ends."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own signature
        """Ignore the error: nobody reads a closed terminal or pipe."""


def _open_log_file(file: Path, translate: TranslatePhrase | None) -> _LogFile:
    create_folder(file.parent)
    log = _LogFile(
        resolve_owned(file),
        maxBytes=MAX_FILE_BYTES,
        backupCount=FILE_COUNT - 1,
        encoding="utf-8",
        errors="replace",
    )
    log.translate = translate
    return log


def _print_log_error(error: BaseException | None, translate: TranslatePhrase) -> None:
    why = os_error_phrase(error) if isinstance(error, OSError) else str(error)
    message = translate(phrase("the log cannot be written, going on without: {why}", why=why))
    with suppress(OSError, ValueError, AttributeError):  # stderr may be full, closed or None
        sys.stderr.write(f"{APP_ID}: {message}\n")
