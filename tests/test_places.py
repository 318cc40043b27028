"""Files are where the person or the system wants them, and nobody else's."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.systems import modes
from trayapp import APP_ID
from trayapp.places import HOME_VARIABLE, Places, create_folder, find_places, find_site_files


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, without the variables that would lead elsewhere."""
    for name in (
        HOME_VARIABLE,
        "XDG_CONFIG_DIRS",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_RUNTIME_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):  # the second is Windows'
        monkeypatch.setenv(name, str(tmp_path))


def test_one_variable_puts_everything_into_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For portable use: config, state, log and lock, even with the system's own variables set."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "stick"))

    found = find_places()

    assert found == Places(*[tmp_path / "stick"] * 4)
    assert found.config_file == tmp_path / "stick" / "config.toml"
    assert found.state_file == tmp_path / "stick" / "state.db"
    assert found.log_file == tmp_path / "stick" / "tray.log"


def test_a_relative_folder_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program may change its working directory later."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, "stick")
    assert find_places().config == tmp_path / "stick"

    monkeypatch.setenv(HOME_VARIABLE, "~/stick")
    assert find_places().config == tmp_path / "stick"


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """Asking for the places leaves no trace: `status` and `doctor` write nothing."""
    find_places()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="the folders of XDG")
def test_else_the_system_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Config under the config home, state under the state home, sockets under the runtime folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    found = find_places()

    assert (found.config, found.state) == (tmp_path / "c" / APP_ID, tmp_path / "s" / APP_ID)
    assert found.log.is_relative_to(tmp_path / "s")
    assert found.runtime == tmp_path / APP_ID


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of XDG")
@pytest.mark.parametrize(
    ("folders", "found"),
    [
        (None, ["/etc/xdg"]),
        ("", ["/etc/xdg"]),
        ("/etc/xdg/xdg-xubuntu:/etc/xdg", ["/etc/xdg/xdg-xubuntu", "/etc/xdg"]),
        ("/b:/a:/b/", ["/b", "/a"]),
        ("relative::/etc/xdg:~/x", ["/etc/xdg"]),
        (":", []),
    ],
)
def test_an_administrators_settings_lie_in_the_systems_folders(
    folders: str | None, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, each once; a home of the person's choice changes nothing of it."""
    monkeypatch.setenv(HOME_VARIABLE, "/stick")
    if folders is not None:
        monkeypatch.setenv("XDG_CONFIG_DIRS", folders)
    assert find_site_files() == tuple(Path(folder, APP_ID, "config.toml") for folder in found)


@pytest.mark.skipif(sys.platform != "win32", reason="the folder of Windows")
def test_windows_itself_says_where_an_administrators_settings_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is the person's to change."""
    usual = find_site_files()
    monkeypatch.setenv("ProgramData", r"C:\elsewhere")
    assert find_site_files() == usual == (Path(r"C:\ProgramData", APP_ID, "config.toml"),)


@pytest.mark.skipif(os.name == "nt", reason="the folders of XDG")
@pytest.mark.parametrize("value", [None, "", "relative", "/nowhere/at/all", __file__])
def test_without_a_good_runtime_folder_the_state_folder_serves(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under cron, `su` or a bare login there is none."""
    if value is not None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)

    assert find_places().runtime == find_places().state


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to give a folder away")
def test_another_persons_runtime_folder_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sudo -E` keeps the variable of the person who called."""
    os.chown(tmp_path, 65534, 65534)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    assert find_places().runtime == find_places().state


@modes
def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """Every folder on the way that was not there is 0700; one that was there keeps its mode."""
    (tmp_path / "there").mkdir(mode=0o755)

    folder = create_folder(tmp_path / "there" / "new" / "newer")

    modes = [stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent, folder.parent.parent)]
    assert modes == [0o700, 0o700, 0o755]
    assert create_folder(folder) == folder
