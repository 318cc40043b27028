"""Whose a file of Windows is, asked of Windows itself: a person's is not taken for an administrator's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    from trayapp.desktop.administrators import resolve_administered
    from trayapp.desktop.administrators.windows import read_permissions
    from trayapp.ownership import UntrustedPathError
    from trayapp.settings.site import read_site_settings
else:
    pytest.skip("needs Windows' access lists", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further


def test_owner_and_access_list_are_read(tmp_path: Path) -> None:
    """In the form of text in which they are judged; what is not there has none."""
    (file := tmp_path / "config.toml").touch()
    for part in (file, tmp_path):
        assert read_permissions(str(part)).startswith("O:S-1-5-21-")
    with pytest.raises(FileNotFoundError):
        read_permissions(str(tmp_path / "none"))


def test_a_persons_file_is_no_administrators(tmp_path: Path) -> None:
    """It is named and skipped."""
    (file := tmp_path / "config.toml").write_text("[locked]\nfollow = ['APIs']\n", "utf-8")
    with pytest.raises(UntrustedPathError) as caught:
        resolve_administered(file)
    assert caught.value.filename == str(file)
    site = read_site_settings((file,))
    assert site.locked == frozenset()
    (line,) = (problem.translate(str) for problem in site.problems)
    assert line == f"{file}: does not count: others than administrators may change {file}"


@pytest.mark.parametrize("path", [r"\\localhost\share\config.toml", r"\\.\pipe\config.toml"])
def test_another_computers_file_is_no_administrators(path: str) -> None:
    """Its server is not even asked."""
    with pytest.raises(UntrustedPathError):
        resolve_administered(Path(path))
