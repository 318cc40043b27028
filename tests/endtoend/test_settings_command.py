"""`settings`, and what `doctor` says of an administrator's settings, as a person reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.endtoend.command import configure_home, ran, write_site_settings
from tests.systems import administrator
from trayapp import APP_ID

MIRROR = 'follow = ["APIs"]\n[locked.page]\nurl = "https://mirror.example.com"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's, who follows something and has no say in the page's address."""
    return configure_home(
        tmp_path / "home", '[page]\nurl = "https://mine.example.com"\n[notify]\nlevel = "nothing"\n'
    )


def _by_key(told: Any) -> dict[str, dict[str, Any]]:
    return {each.pop("key"): each for each in told["settings"]}


@administrator
def test_each_setting_is_printed_with_where_it_comes_from(home: Path, tmp_path: Path) -> None:
    """As lines that a file could have, for people, and as JSON, for scripts."""
    file, empty = write_site_settings(tmp_path / "a", MIRROR), tmp_path / "b"
    folders = {"XDG_CONFIG_DIRS": f"{empty}:{tmp_path / 'a'}"}
    done = ran(home, "settings", **folders)
    assert (done.code, done.err) == (0, "")
    for line in (
        'language = "auto"  # built-in',
        f'follow = ["APIs"]  # for all users of this computer: {file}',
        f'page.url = "https://mirror.example.com"  # set by your organisation, yours is not used: {file}',
        f'notify.level = "nothing"  # your own: {home / "config.toml"}',
    ):
        assert line in done.out.splitlines()
    told = ran(home, "settings", "--json", **folders).json
    assert told["site_files"] == [
        {"file": str(empty / APP_ID / "config.toml"), "exists": False, "problem": ""},
        {"file": str(file), "exists": True, "problem": ""},
    ]
    by_key = _by_key(told)
    assert by_key["page.url"] == {
        "value": "https://mirror.example.com",
        "from": "locked",
        "file": str(file),
        "overrides_person": True,
    }
    assert [by_key[key]["from"] for key in ("language", "follow", "notify.level")] == [
        "built-in",
        "site",
        "person",
    ]


@administrator
def test_doctor_names_the_files_and_what_they_lock(home: Path, tmp_path: Path) -> None:
    """And nothing of the kind where there are none."""
    file = write_site_settings(tmp_path / "a", MIRROR)
    (found,) = _site_findings(home, tmp_path / "a")
    assert (found["ok"], found["found"]) == (True, f"{file} (set by your organisation: page.url)")
    assert found["do"] == "Your own settings of these are not used: page.url."
    assert _site_findings(home, tmp_path / "none") == []


@administrator
def test_a_broken_file_is_named_and_stops_nothing(home: Path, tmp_path: Path) -> None:
    """By `settings`, by `doctor` and by what is logged, in one line each; a pipe between programs stays clean."""
    file = write_site_settings(tmp_path / "a", '[locked]\nfolow = []\nlanguage = "tr"\n')
    folders = {"XDG_CONFIG_DIRS": str(tmp_path / "a")}
    line = f"{file}: locked.folow: unknown key, the nearest known one is locked.follow"
    done = ran(home, "--verbose", "settings", **folders)
    assert done.code == 0
    assert f"WARNING trayapp.app.context: the site's settings: {line}" in done.err
    broken = write_site_settings(tmp_path / "b", "[page")
    folders = {"XDG_CONFIG_DIRS": str(tmp_path / "b")}
    done = ran(home, "settings", **folders)
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert done.err.startswith(f"{APP_ID}: {broken}: is not TOML, line 1: [page")
    told = ran(home, "settings", "--json", **folders)
    assert (told.code, told.err) == (0, "")
    assert told.json["site_files"][0]["problem"].startswith(f"{broken}: is not TOML")
    (found,) = _site_findings(home, tmp_path / "b")
    assert not found["ok"]
    assert found["found"].startswith(f"{broken}: is not TOML")
    assert found["do"] == "Ask whoever looks after this computer to mend it; what it names is not used."
    assert ran(home, "history", **folders).err == ""


@administrator
def test_the_organisations_password_is_shown_to_nobody(tmp_path: Path) -> None:
    """Neither as lines nor as JSON; that others may read the person's own file is no matter then."""
    write_site_settings(tmp_path / "a", 'network.proxy = "http://ann:s3cret@127.0.0.1:9"\n')
    folders = {"XDG_CONFIG_DIRS": str(tmp_path / "a")}
    home = configure_home(tmp_path / "home", "")
    (home / "config.toml").chmod(0o644)
    for arguments in (("settings",), ("settings", "--json"), ("doctor", "--json")):
        done = ran(home, *arguments, **folders)
        assert "127.0.0.1:9" in done.out
        assert "s3cret" not in done.out + done.err
        assert "others may read it" not in done.out


def test_a_mistake_in_the_persons_own_file_is_named(tmp_path: Path) -> None:
    """As by every command."""
    done = ran(configure_home(tmp_path / "home", 'language = "xx"'), "settings")
    assert (done.code, done.out) == (64, "")
    assert 'language = "xx": must be one of' in done.err


def _site_findings(home: Path, folder: Path) -> list[dict[str, Any]]:
    told = ran(home, "doctor", "--json", XDG_CONFIG_DIRS=str(folder)).json
    return [finding for finding in told if finding["what"] == "Site settings"]
