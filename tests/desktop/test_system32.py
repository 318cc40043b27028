"""What Windows brings along is loaded and started from Windows' own folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path, PureWindowsPath

import pytest

if sys.platform == "win32":
    import ctypes

    from trayapp.desktop.system32 import load_library, system_program
else:
    pytest.skip("needs Windows' libraries", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further


@pytest.mark.parametrize("name", ["kernel32", "advapi32", "user32", "iphlpapi", "ucrtbase"])
def test_its_libraries_are_found(name: str) -> None:
    """All that the program asks for."""
    assert load_library(name)._handle


def test_a_library_beside_the_program_is_not_taken_for_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it would be by its name alone."""
    found = next(Path(sys.base_prefix).rglob("libffi-*.dll"))
    shutil.copy(found, tmp_path / "besides.dll")
    monkeypatch.chdir(tmp_path)
    with os.add_dll_directory(str(tmp_path)):
        with pytest.raises(OSError, match=r"besides\.dll"):
            load_library("besides.dll")
        assert ctypes.WinDLL("besides.dll")._handle


def test_a_program_of_windows_has_its_full_path() -> None:
    """A file of that name in the current folder is another."""
    notepad = PureWindowsPath(system_program("notepad.exe"))
    assert notepad.is_absolute()
    assert notepad.parent.name.lower() == "system32"
    assert Path(notepad).exists()
