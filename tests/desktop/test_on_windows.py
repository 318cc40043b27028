"""On Windows the rooms that know the system do what they do elsewhere: their own tests, run by Windows' Python."""

from __future__ import annotations

import pytest

from tests.desktop.windows import Windows

ROOMS = (
    "tests/desktop/test_control.py",
    "tests/desktop/test_control_windows.py",
    "tests/desktop/test_autostart_windows.py",
    "tests/desktop/test_hooks.py",
    "tests/desktop/test_links.py",
    "tests/demo/test_listener.py",
    "tests/details/test_command.py",
    "tests/details/test_server.py",
    "tests/store/test_bad_disks.py",
    "tests/store/test_bad_files.py",
    "tests/store/test_kill.py",
    "tests/store/test_store.py",
    "tests/test_history.py",
    "tests/test_logs.py",
    "tests/test_places.py",
    "tests/test_settings.py",
    "tests/test_streams.py",
)
"""What knows the system or its files."""


def test_what_knows_the_system_passes_its_own_tests_on_windows(wine: Windows) -> None:
    """What cannot be on Windows is skipped there, and says so."""
    done = wine.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *ROOMS, limit=240.0)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize(
    ("locale", "spoken"), [("tr_TR.UTF-8", "tr"), ("id_ID.UTF-8", "id"), ("C.UTF-8", "en")]
)
def test_it_speaks_the_language_of_windows_itself(locale: str, spoken: str, wine: Windows) -> None:
    """Where no variable says another."""
    code = "from trayapp.languages import choose; print(choose({}))"
    assert wine.run("-c", code, env={"LC_ALL": locale}).stdout.split() == [spoken]
