"""The log: a few small rotating files for their owner alone, and stderr for whoever wants to watch.

Nothing secret is written, whatever was logged, and no text from outside can forge a line of it.
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

from trayapp.i18n.deferred import Phrase, os_error_phrase, phrase
from trayapp.ownership import open_private, resolve_owned
from trayapp.places import create_folder
from trayapp.redact import redact

_log = logging.getLogger(__name__)

MAX_FILE_BYTES = 256 * 1024
"""Bytes of one file."""
FILE_COUNT = 3

# Control characters, which could move a terminal's cursor, and bidirectional ones, which could reorder a line.
_UNSAFE_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_LINE_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

TranslatePhrase = Callable[[Phrase], str]
"""Puts a phrase into a person's language."""


def english_text(said: Phrase) -> str:
    """Where nobody's language is known."""
    return said.translate(str)


def log_uncaught_errors() -> None:
    """Log what Python itself would print a traceback of: a thread that fails, an object that cannot be put away."""
    logging.getLogger("trayapp").addHandler(
        logging.NullHandler()
    )  # else they are printed where no log is open

    def unraisable(stray: sys.UnraisableHookArgs) -> None:
        _log.error("%s %r", stray.err_msg or "ignored in", stray.object, exc_info=stray.exc_value)

    def threads(stray: threading.ExceptHookArgs) -> None:
        _log.error("the thread %s ended", stray.thread and stray.thread.name, exc_info=stray.exc_value)

    sys.unraisablehook, threading.excepthook = unraisable, threads


@contextmanager
def log_to_file(
    file: Path | None, put: TranslatePhrase = english_text, *, verbose: bool = False
) -> Iterator[None]:
    """Logs to that file if one is named, and with `verbose` to stderr in more detail, until left.

    A log that cannot be written is said once, in one line on stderr, put into words by `put`; the program goes on
    without it.
    """
    root, ours = logging.getLogger(), logging.getLogger("trayapp")
    # The null handler keeps logging from falling back to stderr, unredacted, when there is no other.
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if file is not None:
        try:
            handlers.append(_open_log_file(file, put))
        except OSError as error:
            _print_log_error(error, put)
    if verbose and sys.stderr is not None:
        handlers.append(_StderrHandler(sys.stderr))
    ours.setLevel(logging.DEBUG if verbose else logging.INFO)
    for handler in handlers:
        handler.setFormatter(_RedactingFormatter(_LINE_FORMAT))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            with suppress(OSError):  # the last line of a full disk
                handler.close()


def write_exception(file: Path, error: BaseException) -> bool:
    """Write what an exception has to say into a log that nobody has open here; whether that could be done."""
    said = (type(error), error, error.__traceback__)
    record = logging.LogRecord(__name__, logging.CRITICAL, __file__, 0, "it could not go on", (), said)
    try:
        log = _open_log_file(file, None)
        log.setFormatter(_RedactingFormatter(_LINE_FORMAT))
        log.handle(record)
        log.close()
    except OSError:
        return False
    return not log.has_failed


class _RedactingFormatter(logging.Formatter):
    """Takes secrets out of the whole, tracebacks included, which a filter would not see."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, what follows it indented."""
        text = _UNSAFE_CHARACTERS.sub(lambda found: ascii(found[0])[1:-1], redact(super().format(record)))
        return text.replace("\n", "\n    ")


class _LogFile(RotatingFileHandler):
    """A log that is its owner's alone; that it cannot be written is said once."""

    translate: TranslatePhrase | None
    has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  # logging's own signature
        """Say it in one line: logging by itself prints a traceback for each record."""
        if not self.has_failed and self.translate is not None:
            _print_log_error(sys.exc_info()[1], self.translate)
        self.has_failed = True

    def doRollover(self) -> None:  # noqa: N802  # the same
        """Begin a new file. Windows renames none that somebody reads: this one then grows until they have closed it."""
        try:
            super().doRollover()
        except PermissionError:
            self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        """Logging's own hook for opening; a file that others could read is closed to them."""
        return open(
            self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=open_private
        )  # the handler closes it


class _StderrHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic for the type checker only
    """Standard error, which may be gone before the program is."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own signature
        """A closed terminal or pipe has nobody to tell."""


def _open_log_file(file: Path, put: TranslatePhrase | None) -> _LogFile:
    create_folder(file.parent)
    log = _LogFile(
        resolve_owned(file),
        maxBytes=MAX_FILE_BYTES,
        backupCount=FILE_COUNT - 1,
        encoding="utf-8",
        errors="replace",
    )
    log.translate = put
    return log


def _print_log_error(error: BaseException | None, put: TranslatePhrase) -> None:
    why = os_error_phrase(error) if isinstance(error, OSError) else str(error)
    said = put(phrase("the log cannot be written, going on without: {why}", why=why))
    with suppress(OSError, ValueError, AttributeError):  # stderr may be full, closed or None
        sys.stderr.write(f"openai-status-tray: {said}\n")
