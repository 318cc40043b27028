"""Looks are written down whole, by one owner, to a file of their own kind only, and what the disk refuses is lived with."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.films import LIMITS, MISS, alive, failing, look
from tests.core.pages import incident, page
from trayapp.engine.recording import (
    MAX_LINE_BYTES,
    JudgeSettings,
    ProgramStart,
    Recorder,
    RecordError,
    open_recording,
    read_lines,
)
from trayapp.i18n.deferred import Phrase
from trayapp.model import NativeReading, Round, State

WRITTEN = replace(LIMITS, probes=tuple(replace(probe, url="") for probe in LIMITS.probes))
"""What is written of the settings."""
ROUNDS = (
    look(
        0,
        page(incident(began=-60, parts=("a",)), ChatGPT=State.MAJOR),
        alive("API"),
        native=NativeReading({"a": "b"}, {}),
    ),
    look(20, MISS, failing("ChatGPT", "Login")),
    look(60),
)


def record_rounds(path: Path, *said: Round) -> list[Phrase]:
    """Record rounds, and what was complained of."""
    complaints: list[Phrase] = []
    recorder = Recorder(path, LIMITS, complaints.append)
    for one in said:
        recorder.add_round(one, LIMITS)
    recorder.close()
    return complaints


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """What a full disk does to a file: a part of a line is taken, then nothing more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_rounds_come_back_as_they_were(tmp_path: Path) -> None:
    """A reading, a miss and a look at nothing, after the settings they were judged by."""
    assert not record_rounds(tmp_path / "r", *ROUNDS)
    start, *read = read_lines(tmp_path / "r")
    assert isinstance(start, ProgramStart)
    assert start.limits == WRITTEN
    assert tuple(read) == ROUNDS


def test_the_file_is_json_lines_of_its_owner(tmp_path: Path) -> None:
    """Other programs can read it, and other people cannot."""
    record_rounds(tmp_path / "r", *ROUNDS)
    first, *others = map(json.loads, (tmp_path / "r").read_text().splitlines())
    assert (first["format"], first["version"]) == ("openai-status-tray rounds", 1)
    assert [one["moment"]["wall"][:10] for one in others] == ["2026-03-14"] * 3
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o600


def test_no_address_of_a_check_is_written(tmp_path: Path) -> None:
    """A key may stand in one, and a recording is made to be shown to others: neither at the start nor with a change."""
    keyed = replace(LIMITS, probes=(replace(LIMITS.probes[0], url="https://api.test/?key=hunter2"),))
    with open_recording(tmp_path / "r", keyed, lambda _: None) as record:
        record(ROUNDS[2], replace(keyed, follow=("Codex",)))
    text = (tmp_path / "r").read_text()
    assert "hunter2" not in text
    assert "api.test" not in text


def test_settings_that_change_are_written_once(tmp_path: Path) -> None:
    """Before the first round that goes by them, and only then."""
    other = replace(LIMITS, follow=("Codex",))
    with open_recording(tmp_path / "r", LIMITS, lambda _: None) as record:
        for limits in (LIMITS, other, other):
            record(ROUNDS[2], limits)
    start, *others = read_lines(tmp_path / "r")
    assert isinstance(start, ProgramStart)
    assert others == [ROUNDS[2], JudgeSettings(replace(WRITTEN, follow=other.follow)), ROUNDS[2], ROUNDS[2]]


def test_a_second_start_is_added_and_a_line_cut_off_goes(tmp_path: Path) -> None:
    """What the first start did not finish writing is taken off before the second begins."""
    record_rounds(tmp_path / "r", *ROUNDS)
    whole = (tmp_path / "r").read_bytes()
    (tmp_path / "r").write_bytes(whole[:-30])
    record_rounds(tmp_path / "r", ROUNDS[2])
    assert [type(one) for one in read_lines(tmp_path / "r")] == [
        ProgramStart,
        Round,
        Round,
        ProgramStart,
        Round,
    ]


@pytest.mark.parametrize(
    "content", [b"my notes", b"my notes\n", b"{}\n", b'{"format": "other", "version": 1}\n']
)
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """Naming the wrong file costs nothing."""
    (tmp_path / "notes").write_bytes(content)
    with pytest.raises(RecordError, match="notes: nothing is added to it: this is not a recording"):
        record_rounds(tmp_path / "notes")
    assert (tmp_path / "notes").read_bytes() == content


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a place that is not there, and a pipe, which is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "absent" / "r", tmp_path / "pipe"):
        with pytest.raises(RecordError, match=path.name):
            record_rounds(path)


def test_a_full_disk_is_said_once_and_ends_the_recording(tmp_path: Path) -> None:
    """Nothing is raised, and what was written before can be read."""
    record_rounds(tmp_path / "r", ROUNDS[2])
    settings, _ = (tmp_path / "r").read_bytes().splitlines(keepends=True)
    with no_file_longer_than((tmp_path / "r").stat().st_size + len(settings) + 200):
        complaints = record_rounds(tmp_path / "r", *ROUNDS)
    assert len(complaints) == 1
    assert "File too large" in complaints[0].translate(str)
    assert [type(one) for one in read_lines(tmp_path / "r")] == [ProgramStart, Round, ProgramStart]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"garbage\n", "line 3: this line is not part of a recording"),
        (b'{"moment": 5}\n', "line 3: this line is not part of a recording"),
        (b'{"format": "openai-status-tray rounds", "version": 2}\n', "line 3: written by a later version"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, why: str) -> None:
    """With its file and its number, after the good ones before it."""
    record_rounds(tmp_path / "r", ROUNDS[2])
    with (tmp_path / "r").open("ab") as file:
        file.write(line)
    read = read_lines(tmp_path / "r")
    assert [type(next(read)), type(next(read))] == [ProgramStart, Round]
    with pytest.raises(RecordError, match=f"r, {why}"):
        next(read)


def test_a_file_without_an_end_is_no_recording(tmp_path: Path) -> None:
    """A device, or a line longer than any look: read so far and no further, for `replay` and for adding to it."""
    (tmp_path / "r").write_bytes(b"x" * (MAX_LINE_BYTES + 5))
    with pytest.raises(RecordError, match="line 1: this is not a recording"):
        list(read_lines(Path("/dev/zero")))
    with pytest.raises(RecordError, match="line 1: this is not a recording"):
        list(read_lines(tmp_path / "r"))
    with pytest.raises(RecordError, match="nothing is added to it"):
        Recorder(tmp_path / "r", LIMITS, print)


def test_a_line_too_long_is_no_line_cut_off(tmp_path: Path) -> None:
    """It is named, not passed over as the end of the disk would be; whoever adds to it cuts it off whole."""
    record_rounds(tmp_path / "r", *ROUNDS)
    whole = (tmp_path / "r").stat().st_size
    with (tmp_path / "r").open("ab") as file:
        file.write(b"x" * (MAX_LINE_BYTES + 5))
    with pytest.raises(RecordError, match="line 5: this line is not part"):
        list(read_lines(tmp_path / "r"))
    record_rounds(tmp_path / "r")
    assert (tmp_path / "r").read_bytes()[:whole].endswith(b"}\n")
    assert [type(one) for one in read_lines(tmp_path / "r")] == [
        ProgramStart,
        Round,
        Round,
        Round,
        ProgramStart,
    ]
