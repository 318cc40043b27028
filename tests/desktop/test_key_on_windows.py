"""The key in Windows' own Credential Manager."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    from tests.desktop.key_forms import KEY, OTHER_KEY
    from trayapp.desktop.keys.base import Key
    from trayapp.desktop.keys.chooser import key_reader
    from trayapp.desktop.keys.windows_credentials import TARGET, Credentials
else:
    pytest.skip("needs Windows' Credential Manager", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further


@pytest.fixture
def place() -> Iterator[Credentials]:
    """The Credential Manager without a key of ours, before and after."""
    own = Credentials()
    own.forget()
    yield own
    own.forget()


def test_windows_keeps_finds_replaces_and_forgets(place: Credentials) -> None:
    """One key, the newest; by the name that its window of credentials shows."""
    assert (TARGET, place.read(), place.forget()) == ("openai-status-tray key-check", None, False)
    place.keep(Key(KEY))
    place.keep(Key(OTHER_KEY))
    assert Credentials().read() == Key(OTHER_KEY)
    assert place.forget()
    assert place.read() is None


def test_the_longest_key_is_kept_whole(place: Credentials) -> None:
    """512 characters."""
    place.keep(Key("k" * 512))
    assert place.read() == Key("k" * 512)


def test_the_function_that_yields_the_key_asks_windows(place: Credentials) -> None:
    """No bus is joined for it."""

    def no_bus() -> None:
        raise AssertionError("there is none on Windows")

    read = key_reader(lambda: (), no_bus)
    assert read() is None
    place.keep(Key(KEY))
    assert read() == KEY
