"""The sums of a release, signed with a throw-away key and verified as a person does."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[1] / "build"

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A throw-away key, and beside it `releasers`, which says whose it is."""
    return make_key(tmp_path / "key")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with a package and its sums."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "package.deb").write_bytes(b"a package")
    digest = hashlib.sha256(b"a package").hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  ./package.deb\n")
    return folder


def make_key(file: Path) -> Path:
    """Make a key and its file of allowed signers."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True, timeout=60)
    public = file.with_suffix(".pub").read_text().split()
    file.with_name(f"{file.name}.releasers").write_text(f"openai-status-tray {public[0]} {public[1]}\n")
    return file


def sign(release: Path, key: Path | None) -> subprocess.CompletedProcess[str]:
    """Sign as build/release does."""
    env = {**os.environ, "SIGNING_KEY": str(key or "")}
    command = [BUILD / "sign", release / "SHA256SUMS"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def verify(release: Path, key: Path) -> bool:
    """Verify as a person does who knows the releaser's key."""
    command = [BUILD / "verify", key.with_name(f"{key.name}.releasers"), release]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def test_what_the_releaser_signed_is_verified(release: Path, key: Path) -> None:
    """With the key that people were told."""
    assert sign(release, key).returncode == 0
    assert verify(release, key)


def test_another_file_other_sums_or_another_key_are_refused(release: Path, key: Path, tmp_path: Path) -> None:
    """Each alone."""
    sign(release, key)
    assert not verify(release, make_key(tmp_path / "other"))
    (release / "package.deb").write_bytes(b"another package")
    assert not verify(release, key)
    (release / "SHA256SUMS").write_text(hashlib.sha256(b"another package").hexdigest() + "  ./package.deb\n")
    assert not verify(release, key)


def test_a_signature_for_another_purpose_is_refused(release: Path, key: Path) -> None:
    """What a releaser signed elsewhere, such as a commit, stands for no release."""
    command: list[str | Path] = [
        "ssh-keygen",
        "-q",
        "-Y",
        "sign",
        "-n",
        "git",
        "-f",
        key,
        release / "SHA256SUMS",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert not verify(release, key)


def test_without_a_key_it_says_that_nothing_is_signed(release: Path) -> None:
    """And a signature of earlier sums does not stay beside them."""
    (release / "SHA256SUMS.sig").touch()
    done = sign(release, None)
    assert done.returncode == 0
    assert "not signed" in done.stderr
    assert not (release / "SHA256SUMS.sig").exists()
