"""What lies in the packages: no part is too old, the lists of parts say what is in them, and the sums are theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.installed import bare, wine
from tests.installed.conftest import DIST
from tests.installed.wine import NAME, Computer

ROOT = Path(__file__).parents[2]
OLD = "psycopg2-binary==2.9.5"
"""A package of the index whose wheels carry real libraries of OpenSSL 1.1.1."""
VALIDATE = """
import sys
from pathlib import Path
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for file in sys.argv[1:]:
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(file).read_text("utf-8"))
    assert wrong is None, (file, wrong)
"""


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """A copy of the bundle for Linux."""
    return Path(shutil.copytree(DIST / NAME, tmp_path / "linux", symlinks=True))


@pytest.fixture
def windows(tmp_path: Path) -> Path:
    """The bundle for Windows, out of its archive."""
    if wine.missing():
        pytest.skip(wine.missing())
    with zipfile.ZipFile(next(DIST.glob("*-windows-x86_64.zip"))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / NAME


def old_library(platform: str, name: str, folder: Path) -> bytes:
    """A real library of OpenSSL that nobody has mended since 2023."""
    fetch = ["pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    for_it = ["--platform", platform, "--python-version", "3.11", "--implementation", "cp"]
    command = [sys.executable, "-m", *fetch, *for_it, "--dest", str(folder), OLD]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.read(next(member for member in wheel.namelist() if name in member))


def check_parts(folder: Path, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Look into a bundle as the build does."""
    return subprocess.run(
        [ROOT / "build" / "check-parts", folder, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_no_part_of_the_linux_bundle_is_too_old(linux: Path, tmp_path: Path) -> None:
    """By what lies in it, and by what it says when it runs."""
    done = check_parts(linux, linux / NAME)
    assert done.returncode == 0, done.stderr
    found = bare.report(bare.run(linux / NAME, "selftest", home=tmp_path / "home"))["parts"]
    assert [part.split()[0] for part in found.split(", ")] == ["Python", "OpenSSL", "SQLite", "expat"]


def test_a_linux_bundle_with_an_old_library_fails_the_build(linux: Path, tmp_path: Path) -> None:
    """A real one, put in on purpose; that Debian once brought another does not excuse it."""
    library = linux / "_internal" / "libcrypto.so.3"
    library.write_bytes(old_library("manylinux2014_x86_64", "libcrypto", tmp_path / "old"))
    done = check_parts(linux, linux / NAME)
    assert done.returncode != 0
    assert "libcrypto.so.3: OpenSSL 1.1.1" in done.stderr


def test_no_part_of_the_windows_bundle_is_too_old(windows: Path, tmp_path: Path) -> None:
    """The archive's; the installer brings the same bytes (test_windows.py)."""
    (tmp_path / "computer").mkdir()
    computer = Computer(tmp_path / "computer", {"DISPLAY": ""})
    try:
        done = check_parts(windows, "wine", windows / f"{NAME}.com", **computer.env)
    finally:
        computer.close()
    assert done.returncode == 0, done.stderr


def test_a_windows_bundle_with_an_old_library_fails_the_build(windows: Path, tmp_path: Path) -> None:
    """A real one, put in on purpose."""
    library = windows / "_internal" / "libcrypto-3.dll"
    library.write_bytes(old_library("win_amd64", "_psycopg", tmp_path / "old"))
    done = check_parts(windows, "false")
    assert done.returncode != 0
    assert "libcrypto-3.dll: OpenSSL 1.1.1" in done.stderr


def test_each_package_has_a_valid_list_of_its_parts(tmp_path: Path) -> None:
    """By CycloneDX' own schema; and the lists of bundles name what scanners look for."""
    packages = [file for file in DIST.iterdir() if file.suffix in {".deb", ".whl", ".exe", ".zip", ".gz"}]
    lists = [Path(f"{package}.cdx.json") for package in packages]
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "cyclonedx-python-lib[json-validation]",
    ]
    subprocess.run([python, *install], check=True, capture_output=True, timeout=300)
    done = subprocess.run(
        [python, "-c", VALIDATE, *lists], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    for listed in (file for file in lists if "linux" in file.name or "windows" in file.name):
        names = {part["name"] for part in json.loads(listed.read_text("utf-8"))["components"]}
        assert {"httpx", "pillow", "pyinstaller"} <= names
        assert names & {"OpenSSL", "libssl3", "libssl3t64"}
        assert names & {"Python", "libpython3.11", "libpython3.13"}


def test_the_sums_are_of_all_files() -> None:
    """Lists of parts among them, so that a signature of the sums is one of everything."""
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=DIST, check=True, timeout=60)
    named = {line.split("./")[1] for line in (DIST / "SHA256SUMS").read_text().splitlines()}
    assert named == {file.name for file in DIST.iterdir() if file.is_file()} - {
        "SHA256SUMS",
        "SHA256SUMS.sig",
    }
