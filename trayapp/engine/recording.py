"""Records the rounds of a running program in a file, from which `replay` judges them again.

JSON Lines, one object a line, in three kinds:

- `{"format": "openai-status-tray rounds", "version": 1, "limits": {…}}` marks a start of the program, with the
  settings it judged by (`model.Limits`). It is the first line of a file, and is repeated at each later start.
- `{"limits": {…}}` marks a change of those settings, such as another followed product or the start of quiet hours.
  The addresses of the probes are left out: one may contain a key, and such files are shown to others.
- Every other line is one judged round: a `model.Round`, field by field. `moment` has the three clocks, `page`
  is a reading (it has `components`) or a miss (it has a `cause`), and what was not polled is null or empty.

Times are ISO 8601 with their zone, spans are seconds, enums are their values. An unknown key is ignored, a missing one
takes its default. An incomplete last line is ignored: the program may have ended, or the disk been full, while it was
written. Commands of the person, such as a pause, are not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from trayapp import APP_ID
from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.model import Limits, Round
from trayapp.ownership import open_private, resolve_owned
from trayapp.settings.file import printable_text
from trayapp.store.codec import CodecError, from_json, to_json

FORMAT = f"{APP_ID} rounds"
VERSION = 1
MAX_LINE_BYTES = 32 * 1024 * 1024
"""Bytes of a line: several times the largest round."""
_KIND_BYTES = 20
"""Bytes at the start of a line that contain its first key, which shows the kind of line."""
_MAX_PATH_SHOWN = 300
"""Characters of a file's own path that are shown."""


_NOT_A_RECORDING = phrase("this is not a recording made by this program")
_NOT_A_RECORD_LINE = phrase("this line is not part of a recording")
_NEWER_VERSION = phrase("written by a later version of this program")


class RecordError(Refusal):
    """A recording cannot be read or written: one sentence with the file, the line number if known, and the reason."""


@dataclass(frozen=True, slots=True)
class RecordingKind:
    """The format and version that a file claims."""

    format: str
    version: int


@dataclass(frozen=True, slots=True)
class ProgramStart:
    """Marks a start of the program; the rounds after it are from that run."""

    format: str
    version: int
    limits: Limits


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """The settings by which the rounds after it were judged."""

    limits: Limits


RecordedLine = ProgramStart | JudgeSettings | Round


class Recorder:
    """Appends rounds to a file that only its owner can read. A disk error is reported once and ends the recording."""

    def __init__(self, path: Path, limits: Limits, complain: Callable[[Phrase], None]) -> None:
        """Open a new file or an older recording. Raises RecordError."""
        self._complain = complain
        self._path = path
        try:
            self._file: FileIO | None = _open_file(path)
        except OSError as error:
            raise RecordError(
                _file_phrase(path, phrase("cannot be written: {why}", why=os_error_phrase(error)))
            ) from error
        self._limits = limits
        self._write_line(to_json(ProgramStart(FORMAT, VERSION, _without_addresses(limits))))

    def add_round(self, round_: Round, limits: Limits) -> None:
        """Write one round, preceded by the limits if they have changed."""
        if limits != self._limits:
            self._limits = limits
            self._write_line(to_json(JudgeSettings(_without_addresses(limits))))
        self._write_line(to_json(round_))

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _write_line(self, line: str) -> None:
        data = f"{line}\n".encode()
        try:
            while data and self._file is not None:
                data = data[
                    self._file.write(data) :
                ]  # a disk may accept a part before it reports that it is full
        except OSError as error:
            self._complain(_file_phrase(self._path, os_error_phrase(error)))
            self.close()


@contextmanager
def open_recording(
    path: Path, limits: Limits, complain: Callable[[Phrase], None]
) -> Iterator[Callable[[Round, Limits], None]]:
    """Yields the function that records a round; closes the file at the end. Raises RecordError."""
    recorder = Recorder(path, limits, complain)
    try:
        yield recorder.add_round
    finally:
        recorder.close()


def read_lines(path: Path) -> Iterator[RecordedLine]:
    """Yields the lines of a recording, the first one a start. Raises RecordError at a line that cannot be read."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_bounded_lines(file), 1):
                try:
                    yield _read_line(line, number)
                except Refusal as error:
                    if number > 1 and not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
                        return
                    raise RecordError(
                        phrase(
                            "{file}, line {number}: {why}",
                            file=_printable_path(path),
                            number=number,
                            why=error.phrase,
                        )
                    ) from error
    except OSError as error:
        raise RecordError(
            _file_phrase(path, phrase("cannot be read: {why}", why=os_error_phrase(error)))
        ) from error


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yields the lines of a file, an overlong one in pieces, which are not valid JSON."""
    return iter(lambda: file.readline(MAX_LINE_BYTES), b"")


def _read_line(line: bytes, number: int) -> RecordedLine:
    """Parse one line; the first line must be a start. Raises Refusal."""
    beginning = line[:_KIND_BYTES]
    try:
        if number > 1 and b'"limits"' in beginning:
            return from_json(JudgeSettings, line)
        if number > 1 and b'"format"' not in beginning:
            return from_json(Round, line)
        kind = from_json(RecordingKind, line)
        if kind.format == FORMAT and kind.version <= VERSION:
            return from_json(ProgramStart, line)
    except CodecError as error:
        raise Refusal(_NOT_A_RECORD_LINE if number > 1 else _NOT_A_RECORDING) from error
    raise Refusal(_NEWER_VERSION if kind.format == FORMAT else _NOT_A_RECORDING)


def _without_addresses(limits: Limits) -> Limits:
    return replace(limits, probes=tuple(replace(probe, url="") for probe in limits.probes))


def _open_file(path: Path) -> FileIO:
    """Open a file for appending after its last complete line. Raises OSError; RecordError if it is no recording."""
    path = resolve_owned(path)
    whole = _whole_lines_size(path) if path.exists() else 0
    file = FileIO(path, "a", opener=open_private)
    file.truncate(whole)
    return file


def _whole_lines_size(path: Path) -> int:
    """Return the length of the complete lines in bytes. Raises RecordError if the file is not a recording."""
    if not path.is_file():  # opening a pipe would wait for its other end
        raise RecordError(_file_phrase(path, phrase("is not a file")))
    with path.open("rb") as file:
        first = file.readline(MAX_LINE_BYTES)
        try:
            if first:
                _read_line(first, 1)
        except Refusal as error:
            why = phrase("nothing is added to it: {why}", why=error.phrase)
            raise RecordError(_file_phrase(path, why)) from error
        whole = at = 0
        for piece in chain([first], _bounded_lines(file)):
            at += len(piece)
            whole = at if piece.endswith(b"\n") else whole
        return whole


def _file_phrase(path: Path, why: Phrase) -> Phrase:
    return phrase("{what}: {cause}", what=_printable_path(path), cause=why)


def _printable_path(path: Path) -> str:
    return printable_text(str(path), _MAX_PATH_SHOWN)
