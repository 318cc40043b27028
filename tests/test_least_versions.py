"""The least versions of what packages bring, and the build that stops at an older one."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trayapp.app.build_record import running_versions
from trayapp.model.least_versions import (
    LEAST_DEBIAN_VERSIONS,
    LEAST_VERSIONS,
    PARTS,
    explain_too_old,
    find_too_old,
    is_older_in_debian,
)

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
GOOD = {"Python": "3.14.2", "OpenSSL": "3.0.18", "SQLite": "3.50.4", "expat": "2.7.3"}
TEXTS = {
    "python314.dll": "\0{Python}\0",
    "libcrypto-3.dll": "\0OpenSSL {OpenSSL} 30 Sep 2025\0",
    "sqlite3.dll": "\0{SQLite}\0",
    "pyexpat.pyd": "\0expat_{expat}\0",
}
"""What the libraries on Windows say of themselves."""


@pytest.mark.parametrize("least", LEAST_VERSIONS, ids=lambda least: least.version)
def test_the_least_version_is_taken_and_the_one_before_it_is_not(least) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """And the reason is said."""
    *begin, last = map(int, least.version.split("."))
    before = ".".join(map(str, [*begin, last - 1]))
    assert explain_too_old(least.part, least.version) == ""
    assert least.reason in explain_too_old(least.part, before)


@pytest.mark.parametrize(
    ("part", "version"), [("OpenSSL", "1.1.1w"), ("OpenSSL", "3.1.9"), ("Python", "3.10.30"), ("SQLite", "")]
)
def test_a_series_that_nobody_looks_after_is_too_old(part: str, version: str) -> None:
    """However high its last number is."""
    assert explain_too_old(part, version)


@pytest.mark.parametrize(
    ("part", "version"), [("OpenSSL", "3.6.0"), ("Python", "3.15.0"), ("OpenSSL", "4.0.0")]
)
def test_a_later_series_is_new_enough(part: str, version: str) -> None:
    """So that a newer one can be taken before this list knows it."""
    assert explain_too_old(part, version) == ""


def test_what_debian_has_mended_counts_by_debians_number() -> None:
    """Debian mends faults and keeps upstream's number."""
    for least in LEAST_DEBIAN_VERSIONS:
        upstream = re.split("[-~]", least.version)[0]
        assert explain_too_old(least.part, upstream, least.version) == ""
    assert "3.11.2-6+deb12u6" in explain_too_old("Python", "3.11.2", "3.11.2-6+deb12u6")
    assert explain_too_old("Python", "3.11.2")
    assert list(find_too_old(GOOD, {})) == []
    assert len(list(find_too_old({}, {}))) == len(PARTS)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="needs Debian's dpkg to compare with")
def test_versions_compare_as_in_dpkg() -> None:
    """All pairs of these."""
    versions = "3.0.22-1~deb12u2 3.0.22-1 3.0.19-1~deb12u2 2.5.0-1+deb12u5 2.5.0-1+deb12u10 2.5.0-1 1.0~rc1-1 1.0a-1 1.0.1-1"
    pairs = list(itertools.product(versions.split(), repeat=2))
    by_dpkg = [
        subprocess.run(["dpkg", "--compare-versions", a, "lt", b], check=False).returncode == 0
        for a, b in pairs
    ]
    assert [is_older_in_debian(a, b) for a, b in pairs] == by_dpkg


def test_this_process_knows_its_own_versions() -> None:
    """As Python's own modules say."""
    versions = running_versions()
    assert tuple(versions) == PARTS
    assert all(re.fullmatch(r"\d+\.\d+\.\d+[a-z]?", version) for version in versions.values())


def make_bundle(folder: Path, **old: str) -> Path:
    """A folder with what the check reads of a bundle for Windows."""
    record = folder / "_internal/trayapp/assets/build.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"built": 1_700_000_000, "debian": {}}))
    for name, text in TEXTS.items():
        (folder / "_internal" / name).write_text(text.format_map(GOOD | old))
    return folder


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Look into it as the build does."""
    command: list[str | Path] = [sys.executable, BUILD / "parts.py", folder]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_bundle_with_what_is_new_enough_passes(tmp_path: Path) -> None:
    """Not a word."""
    done = check(make_bundle(tmp_path / "bundle"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
@pytest.mark.parametrize(
    ("part", "version"),
    [("OpenSSL", "3.0.13"), ("expat", "2.6.0"), ("SQLite", "3.45.1"), ("Python", "3.14.0")],
)
def test_a_bundle_with_one_old_part_fails_and_names_it(part: str, version: str, tmp_path: Path) -> None:
    """Most of these packages had before."""
    done = check(make_bundle(tmp_path / "bundle", **{part: version}))
    assert done.returncode == 1
    assert f"{part} {version} is older" in done.stderr


def test_a_bundle_that_lacks_a_part_or_its_record_fails(tmp_path: Path) -> None:
    """What cannot be found was not looked at."""
    bundle = make_bundle(tmp_path / "bundle")
    (bundle / "_internal/sqlite3.dll").unlink()
    (bundle / "_internal/trayapp/assets/build.json").unlink()
    said = check(bundle).stderr
    assert "no SQLite was found" in said
    assert "when it was built" in said


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="the scripts know Debian's packages")
def test_the_build_fails_at_an_old_library_and_leaves_what_was_released(tmp_path: Path) -> None:
    """Whatever PyInstaller has taken along: the bundle is looked into after it is made."""
    shutil.copytree(BUILD, tmp_path / "build")
    shutil.copytree(ROOT / "trayapp", tmp_path / "trayapp", ignore=shutil.ignore_patterns("__pycache__"))
    old = make_bundle(tmp_path / "made", OpenSSL="3.0.13")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/earlier.deb").touch()
    folder = tmp_path / "out/dist"
    scripts = {
        "python": f'case "$*" in *parts.py*) exec {sys.executable} "$@" ;; *PyInstaller*) mkdir -p {folder} && cp -r {old} {folder}/openai-status-tray ;; esac',
        "build/bundle-python": f"echo {tmp_path}/python",
        "build/bundle-tools": "",
        "build/date": "echo 1700000000",
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [tmp_path / "build/release"],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": str(tmp_path / "python")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "OpenSSL 3.0.13 is older than 3.0.18" in done.stderr
    assert [file.name for file in (tmp_path / "dist").iterdir()] == ["earlier.deb"]
