"""The build scripts lean on nothing that happens to lie around: what they need they look for, install or name."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
LACKED = "no-such-package-of-debian"
LOCKS = ("state/lists/lock", "dpkg/lock-frontend")
"""What an apt that fetches its lists holds, and one that installs."""

pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-query") is None, reason="the scripts know Debian's packages"
)


def run(*command: str | Path, folder: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a script to its end."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A folder with the build scripts alone, whose `build/install` only says what it is asked for."""
    shutil.copytree(BUILD, tmp_path / "build")
    (tmp_path / "CHANGELOG.md").touch()
    script(tmp_path / "build/install", 'echo "wanted: $*"')
    return tmp_path


def script(path: Path, text: str) -> Path:
    """A shell script that can be run."""
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_packages_are_installed_in_one_place() -> None:
    """Else one script or another would not wait for another apt, or not say what it wants."""
    callers = [
        file.name
        for file in BUILD.iterdir()
        if file.is_file() and re.search(r"apt-get (-|update|install)", file.read_text("utf-8"))
    ]
    callers.remove("debian-file")  # fetches a file of another release into a folder, and installs nothing
    assert callers == ["install"]


def test_what_is_installed_is_not_installed_again() -> None:
    """Not a word, and no apt."""
    done = run(BUILD / "install", "nothing", "dpkg", "tar")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_who_cannot_install_is_told_what_is_missing_and_no_more(tmp_path: Path) -> None:
    """An ordinary user, or somebody on another system."""
    for tool in ("id", "dpkg-query"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    done = run(BUILD / "install", "tools", "dpkg", LACKED, PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"Install these with your system's package manager: {LACKED}\n"


@pytest.fixture
def debian(tmp_path: Path) -> str:
    """The settings by which apt sees a Debian of its own: no package is in its lists, none is installed."""
    for folder in ("state/lists/partial", "cache/archives/partial", "dpkg", "etc"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dpkg/status").touch()
    lines = {
        "Dir::State": tmp_path / "state",
        "Dir::State::status": tmp_path / "dpkg/status",
        "Dir::Cache": tmp_path / "cache",
        "Dir::Etc": tmp_path / "etc",
        "APT::Sandbox::User": "root",
    }
    (tmp_path / "apt.conf").write_text("".join(f'{name} "{value}";\n' for name, value in lines.items()))
    return str(tmp_path / "apt.conf")


@pytest.mark.long  # apt is asked again after a second
@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages")
@pytest.mark.parametrize("lock", LOCKS)
def test_another_apt_is_waited_for(lock: str, tmp_path: Path, debian: str) -> None:
    """While it holds a lock nothing fails; past the patience its lock is what is complained of."""
    command = [str(BUILD / "install"), "tools", LACKED]
    with (tmp_path / lock).open("w") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        with subprocess.Popen(
            command, env={**os.environ, "APT_CONFIG": debian}, stderr=subprocess.PIPE, text=True
        ) as patient:
            impatient = run(*command, APT_CONFIG=debian, APT_PATIENCE="1")
            assert patient.poll() is None
            fcntl.lockf(held, fcntl.LOCK_UN)
            said = patient.communicate(timeout=30)[1]
    assert impatient.returncode == 1
    assert "/lock" in impatient.stderr
    assert "Unable to locate package" in said, "its turn came"


@pytest.mark.parametrize("there", [True, False])
def test_pythons_library_is_installed_where_it_is_not_there(there: bool, workshop: Path) -> None:
    """Python says that it was built with one even where Debian's package of it is not installed."""
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        pytest.skip("this Python has no shared library at all")
    modules = workshop / "modules/PyInstaller/depend"
    modules.mkdir(parents=True)
    raising = "pass" if there else "raise SystemExit('not found')"
    for package in (modules, modules.parent):
        (package / "__init__.py").touch()
    (modules / "bindepend.py").write_text(f"def get_python_library_path(): {raising}\n")
    done = run(
        workshop / "build/bundle-tools", sys.executable, folder=workshop, PYTHONPATH=str(workshop / "modules")
    )
    assert done.returncode == 0, done.stderr
    library = "" if there else " libpython{}.{}".format(*sys.version_info)
    assert done.stdout == f"wanted: what makes packages binutils chrpath lintian{library}\n"


@pytest.mark.parametrize(
    "step", ["get_python_library_path", "PyInstaller --noconfirm", "deb.py", "-m build", "parts_list.py"]
)
def test_what_was_released_stays_until_all_is_made_anew(step: str, workshop: Path) -> None:
    """Whichever step fails, the earlier packages are still there."""
    (workshop / "dist").mkdir()
    (workshop / "dist/earlier.deb").touch()
    made = "out/dist/openai-status-tray/_internal"
    python = script(
        workshop / "python", f'case "$*" in *"{step}"*) exit 1 ;; *) mkdir -p {made}; echo 1.0 ;; esac'
    )
    for name in ("glibc", "tarball", "windows", "check-parts"):
        script(workshop / "build" / name, "")
    assert run("build/release", folder=workshop, PYTHON=str(python)).returncode != 0
    assert [file.name for file in (workshop / "dist").iterdir()] == ["earlier.deb"]
