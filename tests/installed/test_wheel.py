"""The wheel: the same bytes from the same sources, and a working command in a fresh environment."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from tests.installed import bare
from tests.installed.conftest import DIST

ROOT = DIST.parent


def build_packages(folder: Path) -> Mapping[str, str]:
    """The sums of a source archive and a wheel made into that folder."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    """Made twice, source archive and wheel do not differ, and neither from those that are released."""
    first, second = build_packages(tmp_path / "first"), build_packages(tmp_path / "second")
    assert len(first) == 2
    assert first == second
    sums = {
        line.split()[1].removeprefix("./"): line.split()[0]
        for line in (DIST / "SHA256SUMS").read_text().splitlines()
    }
    assert first.items() <= sums.items()


def test_all_packages_have_their_sums() -> None:
    """What is released is listed with its SHA-256 sum."""
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=DIST,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    listed = {line.partition(":")[0].removeprefix("./") for line in done.stdout.splitlines()}
    assert listed == {file.name for file in DIST.iterdir() if file.is_file()} - {"SHA256SUMS"}


def test_installed_with_pip_it_is_whole(tmp_path: Path) -> None:
    """A fresh environment gets the command with all it needs, its manual page and its entry in the menu."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    wheel = next(DIST.glob("*.whl"))
    command = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    program = home / "bin" / "openai-status-tray"
    bare.report(bare.run(program, "selftest", home=tmp_path / "home"))
    for file in ("man/man1/openai-status-tray.1", "applications/openai-status-tray.desktop"):
        assert (home / "share" / file).is_file()
    assert list(home.rglob("trayapp/assets/config.example.toml"))
