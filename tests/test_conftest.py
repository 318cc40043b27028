"""The suite runs as `nohup … &` starts it, too, and in several processes whatever a test writes."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.conftest import pytest_configure, spell_out
from tests.systems import unix

IGNORED = ("SIGINT", "SIGHUP", "SIGTERM")


@pytest.fixture
def _ignored_signals() -> Iterator[None]:
    """Signals as a shell leaves them to what it starts in the background."""
    before = {name: signal.signal(getattr(signal, name), signal.SIG_IGN) for name in IGNORED}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@unix
@pytest.mark.usefixtures("_ignored_signals")
@pytest.mark.parametrize("name", IGNORED)
def test_what_the_suite_starts_hears_signals_that_a_shell_had_ignored(name: str) -> None:
    """A program inherits what is ignored, so each test that ends one by a signal would wait for ever."""
    kill = ["sh", "-c", f"kill -{name.removeprefix('SIG')} $$; echo lived on"]
    assert subprocess.run(kill, capture_output=True, text=True, check=True).stdout == "lived on\n"
    pytest_configure()
    heard = subprocess.run(kill, capture_output=True, text=True, check=False)
    assert (heard.returncode, heard.stdout) == (-getattr(signal, name), "")


def test_what_a_process_reports_can_be_sent() -> None:
    """A page's half character, in a captured log or in the values of an assertion."""
    report = {
        "sections": [("log", "a\ud800")],
        "longrepr": {"lines": ["\udcff", "ı"]},
        "duration": 1.5,
        "when": None,
    }
    assert spell_out(report) == {
        "sections": [("log", r"a\ud800")],
        "longrepr": {"lines": [r"\udcff", "ı"]},
        "duration": 1.5,
        "when": None,
    }
