"""Recorded rounds: what each look brought, as a file from which `replay` lets the judge judge again.

JSON Lines, one object a line, in three kinds:

- `{"format": "openai-status-tray rounds", "version": 1, "limits": {…}}` is a start of the program with the settings it
  judged by (`model.Limits`). It is the first line of a file, and stands again wherever the program was started anew.
- `{"limits": {…}}` is a change of those settings from here on, such as another product followed or quiet hours begun.
  The checks' addresses are left out: a key may stand in one, and such files are shown to others.
- Every other line is one round as it was judged: a `model.Round`, field by field. `moment` has the three clocks, `page`
  is a reading (it has `components`) or a miss (it has a `cause`), and what was not asked is null or empty.

Times are ISO 8601 with their zone, spans are seconds, enums are their values. An unknown key is ignored, a missing one
takes its default. A last line that is cut off is left out: the program may end, or the disk be full, in the middle of
it. What a person asked for meanwhile, such as a pause, is not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from trayapp.i18n.deferred import Phrase, Refusal, because, phrase
from trayapp.model import Limits, Round
from trayapp.ownership import opened, ours
from trayapp.settings.file import printable
from trayapp.store.codec import CodecError, from_json, to_json

FORMAT = "openai-status-tray rounds"
VERSION = 1
LONGEST = 32 * 1024 * 1024
"""Bytes of a line: several times what a look may bring."""
_BEGINNING = 20
"""Bytes of a line within which its first key tells its kind."""
_PATH = 300
"""Characters of a file's own path that are shown."""


_NO_RECORDING = phrase("this is not a recording made by this program")
_NO_LINE = phrase("this line is not part of a recording")
_LATER = phrase("written by a later version of this program")


class RecordError(Refusal):
    """What is wrong with a recording: one line naming the file, and the line where there is one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file claims to be."""

    format: str
    version: int


@dataclass(frozen=True, slots=True)
class Start:
    """A start of the program that made the rounds after it."""

    format: str
    version: int
    limits: Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rounds after it were judged by."""

    limits: Limits


Line = Start | Settings | Round


class Recorder:
    """Appends rounds to a file of its owner's. What the disk refuses is complained of once, and ends the recording."""

    def __init__(self, path: Path, limits: Limits, complain: Callable[[Phrase], None]) -> None:
        """Open it, which may be new or an older recording. Raises RecordError."""
        self._complain = complain
        self._path = path
        try:
            self._file: FileIO | None = _opened(path)
        except OSError as error:
            raise RecordError(_said(path, phrase("cannot be written: {why}", why=because(error)))) from error
        self._limits = limits
        self._write(to_json(Start(FORMAT, VERSION, _without_addresses(limits))))

    def add(self, round_: Round, limits: Limits) -> None:
        """Write one round down, and what it is judged by where that has changed."""
        if limits != self._limits:
            self._limits = limits
            self._write(to_json(Settings(_without_addresses(limits))))
        self._write(to_json(round_))

    def close(self) -> None:
        """Let go of the file; twice does no harm."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _write(self, line: str) -> None:
        data = f"{line}\n".encode()
        try:
            while data and self._file is not None:
                data = data[self._file.write(data) :]  # a disk takes a part before it says that it is full
        except OSError as error:
            self._complain(_said(self._path, because(error)))
            self.close()


@contextmanager
def recording(
    path: Path, limits: Limits, complain: Callable[[Phrase], None]
) -> Iterator[Callable[[Round, Limits], None]]:
    """What takes each round, until left. Raises RecordError."""
    recorder = Recorder(path, limits, complain)
    try:
        yield recorder.add
    finally:
        recorder.close()


def lines(path: Path) -> Iterator[Line]:
    """What a file holds, a start first. Raises RecordError where it comes to a line that cannot be read."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_bounded(file), 1):
                try:
                    yield _read(line, number)
                except Refusal as error:
                    if number > 1 and not line.endswith(b"\n") and len(line) < LONGEST:
                        return
                    raise RecordError(
                        phrase(
                            "{file}, line {number}: {why}", file=_shown(path), number=number, why=error.phrase
                        )
                    ) from error
    except OSError as error:
        raise RecordError(_said(path, phrase("cannot be read: {why}", why=because(error)))) from error


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one without an end its first bytes, which are no JSON."""
    return iter(lambda: file.readline(LONGEST), b"")


def _read(line: bytes, number: int) -> Line:
    """One line; the first one is always a start. Raises Refusal."""
    beginning = line[:_BEGINNING]
    try:
        if number > 1 and b'"limits"' in beginning:
            return from_json(Settings, line)
        if number > 1 and b'"format"' not in beginning:
            return from_json(Round, line)
        kind = from_json(Kind, line)
        if kind.format == FORMAT and kind.version <= VERSION:
            return from_json(Start, line)
    except CodecError as error:
        raise Refusal(_NO_LINE if number > 1 else _NO_RECORDING) from error
    raise Refusal(_LATER if kind.format == FORMAT else _NO_RECORDING)


def _without_addresses(limits: Limits) -> Limits:
    return replace(limits, probes=tuple(replace(probe, url="") for probe in limits.probes))


def _opened(path: Path) -> FileIO:
    """The file, at the end of its last whole line. Raises OSError, and RecordError for a file of another kind."""
    path = ours(path)
    whole = _whole(path) if path.exists() else 0
    file = FileIO(path, "a", opener=opened)
    file.truncate(whole)
    return file


def _whole(path: Path) -> int:
    """How many bytes its whole lines take. Only a file that begins as a recording is ever cut or added to."""
    if not path.is_file():  # opening a pipe would wait for its other end
        raise RecordError(_said(path, phrase("is not a file")))
    with path.open("rb") as file:
        first = file.readline(LONGEST)
        try:
            if first:
                _read(first, 1)
        except Refusal as error:
            why = phrase("nothing is added to it: {why}", why=error.phrase)
            raise RecordError(_said(path, why)) from error
        whole = at = 0
        for piece in chain([first], _bounded(file)):
            at += len(piece)
            whole = at if piece.endswith(b"\n") else whole
        return whole


def _said(path: Path, why: Phrase) -> Phrase:
    return phrase("{what}: {cause}", what=_shown(path), cause=why)


def _shown(path: Path) -> str:
    return printable(str(path), _PATH)
