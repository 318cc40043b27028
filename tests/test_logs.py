"""The log says what happened, no secret, and never gets in the way."""

from __future__ import annotations

import io
import logging
import stat
import sys
from pathlib import Path

import pytest

from tests.systems import modes, unix
from trayapp.app.languages import load_translator
from trayapp.app.logs import FILE_COUNT, MAX_FILE_BYTES, log_to_file

LOG = logging.getLogger("trayapp.some.room")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the log will be; its folder is not there yet."""
    return tmp_path / "log" / "tray.log"


def test_no_secret_reaches_the_log(file: Path) -> None:
    """Whatever is logged, and however: as text, as an argument, in an exception, by a library."""
    with log_to_file(file):
        LOG.info("key sk-proj-1234567890abcdef")
        LOG.info("headers %s", {"Authorization": "Bearer s3cret", "Cookie": "session=s3cret"})
        logging.getLogger("httpx").warning("proxy %s", "http://ann:s3cret@proxy.example:3128")
        error = ConnectionError("cannot reach http://ann:s3cret@proxy.example:3128")
        LOG.error("no way out", exc_info=error)

    written = file.read_text()
    assert "s3cret" not in written
    assert "1234567890" not in written
    assert "proxy http://***@proxy.example:3128" in written
    assert "ConnectionError: cannot reach http://***@proxy.example:3128" in written


def test_a_page_can_forge_no_line_and_move_no_cursor(file: Path) -> None:
    """What follows a line break is indented; control and bidirectional characters are spelled out."""
    with log_to_file(file):
        LOG.info("title: %s", "Errors\n2026-11-22 12:00:00 ERROR root: all is lost\x1b[2J\u202egnorw\r\ud800")

    first, second = file.read_text().splitlines()
    assert first.endswith("title: Errors")
    assert second.startswith("    2026-11-22")
    assert r"\x1b[2J\u202egnorw\r" in second


def much() -> None:
    """Log more than all files together hold."""
    for _ in range(5 * MAX_FILE_BYTES // 1000):
        LOG.info("so much to say " * 66)


def test_it_rotates(file: Path) -> None:
    """Three files of 256 kB at most, however much is logged."""
    with log_to_file(file):
        much()

    files = sorted(file.parent.iterdir())
    assert [one.name for one in files] == ["tray.log", "tray.log.1", "tray.log.2"]
    assert len(files) == FILE_COUNT
    assert all(one.stat().st_size <= MAX_FILE_BYTES for one in files)


@modes
def test_it_is_its_owners_alone(file: Path) -> None:
    """Each of its files, 0600."""
    with log_to_file(file):
        much()
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}


def test_a_log_that_somebody_reads_loses_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where an open file cannot be renamed it grows until it is closed, and is rotated then."""
    with log_to_file(file):
        LOG.info("the first")
        with file.open():
            for number in range(MAX_FILE_BYTES // 1000 + 10):
                LOG.info("%d %s", number, "x" * 1000)
        LOG.info("the last")
    written = "".join(one.read_text() for one in file.parent.iterdir())
    assert "the first" in written
    assert all(f": {number} x" in written for number in range(MAX_FILE_BYTES // 1000 + 10))
    assert "the last" in file.read_text()
    assert (file.parent / "tray.log.1").exists()
    assert capsys.readouterr().err == ""


@modes
def test_a_log_others_could_read_is_closed_to_them(file: Path) -> None:
    """One that was copied there with a wide mode is tightened."""
    file.parent.mkdir()
    file.touch(mode=0o644)

    with log_to_file(file):
        pass

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_libraries_speak_only_of_trouble(file: Path) -> None:
    """The HTTP library would write each address, with what stands in it."""
    with log_to_file(file, verbose=True):
        logging.getLogger("httpx").info("HTTP Request: GET https://example.com")
        LOG.debug("a detail")

    assert "HTTP Request" not in file.read_text()
    assert "a detail" in file.read_text()


def test_verbose_goes_to_stderr_too(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the quiet form leaves stderr alone."""
    with log_to_file(file, verbose=True):
        LOG.debug("looking, with sk-1234567890")
    assert "looking, with sk-***" in capsys.readouterr().err

    with log_to_file(file):
        LOG.warning("trouble")
    assert capsys.readouterr().err == ""


def test_no_stderr_is_no_trouble(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program started without a console has none, and may be unable to write its log as well."""
    monkeypatch.setattr(sys, "stderr", None)
    with log_to_file(file, verbose=True):
        LOG.info("all is well")
    with log_to_file(tmp_path / "log" / "tray.log" / "below a file" / "tray.log", verbose=True):
        LOG.warning("nobody hears this")

    assert "all is well" in file.read_text()


def test_a_stderr_that_went_away_is_no_trouble(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal may be closed while the program runs."""
    gone = io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    with log_to_file(file, verbose=True):
        gone.close()
        LOG.info("all is well")

    assert "all is well" in file.read_text()


def test_a_log_that_cannot_be_written_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line; nothing that is logged spills to the terminal in its stead."""
    (tmp_path / "log").touch()
    with log_to_file(tmp_path / "log" / "tray.log"):
        LOG.warning("one")
        LOG.error("two")

    said = capsys.readouterr().err
    why = "no such file or folder" if sys.platform == "win32" else "a part of its path is not a folder"
    assert said == f"openai-status-tray: the log cannot be written, going on without: {why}\n"


def test_a_log_that_cannot_be_written_is_said_in_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said to a person, unlike the log."""
    (tmp_path / "log").touch()
    with log_to_file(tmp_path / "log" / "tray.log", load_translator("tr").translate_phrase):
        assert capsys.readouterr().err.startswith("openai-status-tray: günlük dosyasına yazılamıyor")


@unix
def test_a_disk_that_fills_under_the_log_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback for each line, and none at the end."""
    if not Path("/dev/full").exists():
        pytest.skip("needs the device that is always full")
    (tmp_path / "tray.log").symlink_to("/dev/full")
    with log_to_file(tmp_path / "tray.log", load_translator("en").translate_phrase):
        LOG.warning("one")
        LOG.warning("two")

    said = capsys.readouterr().err
    assert said == "openai-status-tray: the log cannot be written, going on without: the disk is full\n"


def test_leaving_gives_logging_back(file: Path) -> None:
    """No handler stays behind, so no file stays open."""
    before = list(logging.getLogger().handlers)
    with log_to_file(file):
        assert list(logging.getLogger().handlers) != before

    assert list(logging.getLogger().handlers) == before
