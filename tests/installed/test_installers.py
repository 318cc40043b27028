"""The wheel through pipx and `uv tool`: a working command, named by the link that stays when they move what is behind it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.installed import bare
from tests.installed.conftest import DIST
from trayapp.desktop.autostart import xdg

NAME = "openai-status-tray"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both, as they come from the registry."""
    home = tmp_path_factory.mktemp("tools") / "venv"
    venv.create(home, with_pip=True)
    command = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "pipx", "uv"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return home / "bin"


@pytest.fixture(scope="module")
def packages(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and all that it needs, got by pip: only pip knows how this computer reaches a registry."""
    place = tmp_path_factory.mktemp("packages")
    wheel = str(next(DIST.glob("*.whl")))
    command = [str(tools / "pip"), "download", "--quiet", "--dest", str(place), wheel, "pip"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return place


@pytest.mark.parametrize(
    ("install", "uninstall"),
    [
        (("pipx", "install"), ("pipx", "uninstall")),
        (("uv", "tool", "install"), ("uv", "tool", "uninstall")),
    ],
    ids=["pipx", "uv"],
)
def test_it_is_whole_and_starts_by_its_link(
    install: tuple[str, ...], uninstall: tuple[str, ...], tools: Path, packages: Path, tmp_path: Path
) -> None:
    """Every part works; the entry that starts it at login names the link, which is gone when it is uninstalled."""
    home, link = tmp_path / "home", tmp_path / "bin" / NAME
    env = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{tools}:{link.parent}:{os.environ['PATH']}",
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(link.parent),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(link.parent),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_FIND_LINKS": str(packages),
        "UV_OFFLINE": "1",
        "PIP_FIND_LINKS": str(packages),
        "PIP_NO_INDEX": "1",
    }
    home.mkdir()

    def run_tool(*command: str) -> None:
        subprocess.run(
            [tools / command[0], *command[1:]], env=env, check=True, capture_output=True, timeout=300
        )

    run_tool(*install, "--python", sys.executable, str(next(DIST.glob("*.whl"))))
    assert link.is_symlink()
    bare.report(bare.run(link, "selftest", home=home))
    assert bare.run(link, "autostart", "on", home=home).returncode == 0
    entry = (home / ".config" / "autostart" / f"{NAME}.desktop").read_text()
    assert xdg.parse_entry(entry).command == (str(link), "run", "--at-login")
    assert f"TryExec={link}" in entry.splitlines()
    if install[0] == "pipx":
        assert (tmp_path / "man" / "man1" / f"{NAME}.1").exists()
    run_tool(*uninstall, NAME)
    assert not os.path.lexists(link)
