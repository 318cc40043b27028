"""The key in Windows' own Credential Manager."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    from tests.desktop.key_forms import KEY, OTHER_KEY
    from trayapp.desktop.keys.base import Key, KeyPurpose
    from trayapp.desktop.keys.chooser import create_key_reader
    from trayapp.desktop.keys.windows_credentials import WindowsCredentials, target_name
else:
    pytest.skip("needs Windows' Credential Manager", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further


@pytest.fixture
def place() -> Iterator[WindowsCredentials]:
    """The Credential Manager without a key of ours, before and after."""
    own = WindowsCredentials()
    own.delete()
    yield own
    own.delete()


def test_windows_keeps_finds_replaces_and_forgets(place: WindowsCredentials) -> None:
    """One key, the newest; by the name that its window of credentials shows."""
    assert (target_name(KeyPurpose.API), place.read(), place.delete()) == (
        "openai-status-tray key-check",
        None,
        False,
    )
    place.save(Key(KEY))
    place.save(Key(OTHER_KEY))
    assert WindowsCredentials().read() == Key(OTHER_KEY)
    assert WindowsCredentials(KeyPurpose.DOWNDETECTOR).read() is None
    assert place.delete()
    assert place.read() is None


def test_the_longest_key_is_kept_whole(place: WindowsCredentials) -> None:
    """512 characters."""
    place.save(Key("k" * 512))
    assert place.read() == Key("k" * 512)


def test_the_function_that_yields_the_key_asks_windows(place: WindowsCredentials) -> None:
    """No bus is joined for it."""

    def no_bus() -> None:
        raise AssertionError("there is none on Windows")

    read = create_key_reader(lambda: (), no_bus)
    assert read() is None
    place.save(Key(KEY))
    assert read() == KEY
