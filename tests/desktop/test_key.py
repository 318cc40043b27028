"""A key shows itself to nobody by accident, and a program may give it."""

from __future__ import annotations

import os
import pickle
import sys
import time
import traceback
from pathlib import Path

import pytest

from tests.desktop.key_forms import KEY
from trayapp.desktop.keys.base import Key, KeyAccessError, KeyProblem
from trayapp.desktop.keys.key_program import KeyProgram


@pytest.mark.parametrize("around", ["{}", "{}\n", " {}\t", "{}\r\n", "\ufeff{}\r\n", "\n\n{} "])
def test_blanks_and_line_ends_around_a_key_are_taken_away(around: str) -> None:
    """As a paste, a pipe and PowerShell's mark leave them."""
    assert Key(around.format(KEY)).reveal() == KEY
    assert Key.from_bytes(around.format(KEY).encode()).reveal() == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "short",
        "two words here",
        "sk-line\nbreak-in-it",
        "sk-tëst-1234567",
        "x" * 513,
        "sk-nul\0-1234",
    ],
)
def test_what_is_no_key_is_refused_and_not_quoted(text: str) -> None:
    """A header could not carry it, and the library would quote it in its complaint."""
    with pytest.raises(KeyAccessError) as caught:
        Key(text)
    assert caught.value.problem is KeyProblem.MALFORMED
    said = "".join(traceback.format_exception_only(caught.value))
    assert said.strip().endswith("KeyAccessError: malformed")


def test_no_way_of_showing_a_key_shows_it() -> None:
    """Only `reveal` does."""
    key = Key(KEY)
    assert KEY not in f"{key} {key!r} {[key]} {vars(type(key))}"
    assert not hasattr(key, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert (key.last_characters, Key("sk-12345678").last_characters) == (KEY[-4:], "")


def program(code: str, limit: float = 20.0) -> KeyProgram:
    """A key's program that does this."""
    return KeyProgram((sys.executable, "-c", f"import sys, time, os; {code}"), limit)


@pytest.mark.parametrize(
    "code", [f"print('{KEY}')", f"print('{KEY}\\nuser: ann\\nurl: x')", f"print('\\n  {KEY}  ')"]
)
def test_the_first_line_that_a_program_prints_is_the_key(code: str) -> None:
    """Password managers keep notes below it."""
    assert program(code).read() == Key(KEY)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", KeyProblem.MALFORMED),
        ("print('no such entry in the store')", KeyProblem.MALFORMED),
        ("sys.stdout.write('x' * 5000)", KeyProblem.MALFORMED),
        ("[sys.stdout.write('x' * 4096) for _ in iter(int, 1)]", KeyProblem.MALFORMED),
        (f"print('{KEY}'); sys.exit(1)", KeyProblem.PROGRAM_FAILED),
        (f"print('{KEY}', file=sys.stderr); sys.exit('{KEY}')", KeyProblem.PROGRAM_FAILED),
        ("sys.stdout.buffer.write(b'\\xff\\xfe' * 40)", KeyProblem.MALFORMED),
    ],
)
def test_a_program_that_gives_no_key_is_said(
    code: str, expected: KeyProblem, caplog: pytest.LogCaptureFixture
) -> None:
    """It failed, printed something else, or without end."""
    caplog.set_level("DEBUG")
    with pytest.raises(KeyAccessError) as caught:
        program(code).read()
    assert caught.value.problem is expected
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "code",
    ["time.sleep(60)", f"print('{KEY}', flush=True); time.sleep(60)", "sys.stdin.read(); time.sleep(60)"],
)
def test_a_program_that_does_not_end_is_ended(code: str) -> None:
    """Also one that asks the person something, who may not be there."""
    began = time.monotonic()
    with pytest.raises(KeyAccessError) as caught:
        program(code, limit=1.0).read()
    assert caught.value.problem is KeyProblem.PROGRAM_SLOW
    assert time.monotonic() - began < 15.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_program_that_others_may_change_is_not_run(tmp_path: Path) -> None:
    """As a hook is not."""
    script, trace = tmp_path / "key", tmp_path / "ran"
    script.write_text(f"#!/bin/sh\ntouch {trace}\necho {KEY}\n")
    script.chmod(0o777)
    with pytest.raises(KeyAccessError) as caught:
        KeyProgram((str(script),)).read()
    assert caught.value.problem is KeyProblem.UNTRUSTED_PROGRAM
    assert not trace.exists()
    script.chmod(0o700)
    assert KeyProgram((str(script),)).read() == Key(KEY)


@pytest.mark.parametrize("argv", [("/no/such/program",), ("nul\0",), (str(Path(__file__).parent),)])
def test_a_program_that_cannot_be_run_is_said(argv: tuple[str, ...]) -> None:
    """It is not there, or is none."""
    with pytest.raises(KeyAccessError) as caught:
        KeyProgram(argv).read()
    assert caught.value.problem is KeyProblem.NO_PROGRAM


def test_a_program_gets_no_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """But it learns where its own store is."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("PASSWORD_STORE_DIR", os.sep + "store-in-another-place")
    got = program("print('OPENAI_API_KEY' in os.environ, os.environ['PASSWORD_STORE_DIR'], sep='')").read()
    assert got == Key(f"False{os.sep}store-in-another-place")


def test_what_comes_from_a_program_is_changed_there() -> None:
    """It is neither kept nor forgotten here."""
    for act in (lambda: program("pass").save(Key(KEY)), program("pass").delete):
        with pytest.raises(KeyAccessError) as caught:
            act()
        assert caught.value.problem is KeyProblem.KEPT_BY_PROGRAM
