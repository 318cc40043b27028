"""What the bundle's recipe says of systems that it cannot be tried on here."""

from __future__ import annotations

import json
import os
import plistlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trayapp import APP_ID, __version__
from trayapp.desktop.notifications.user_notifications import BUNDLE_ID

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"


RECIPE = """
import json, pkgutil, runpy, sys
from types import ModuleType, SimpleNamespace
import trayapp.desktop.notifications.user_notifications

asked = {}

def step(name):
    def ask(*parts, **options):
        asked[name] = options
        return SimpleNamespace(pure=[], binaries=[], datas=[], scripts=[])
    return ask

hooks = ModuleType("PyInstaller.utils.hooks")
hooks.collect_submodules = lambda name: [m.name for m in pkgutil.walk_packages(trayapp.__path__, "trayapp.")]
sys.modules[hooks.__name__] = hooks
build = sys.argv[1]
steps = {name: step(name) for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}
sys.platform = "darwin"
runpy.run_path(f"{build}/openai-status-tray.spec", {"SPECPATH": build, "workpath": sys.argv[2], **steps})
print(json.dumps(asked))
"""
"""Runs PyInstaller's recipe as on a Mac, on steps that only note what they are asked for."""


@pytest.fixture(scope="module")
def recipe_steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the recipe asks PyInstaller for on macOS, step by step; nothing is made."""
    pytest.importorskip("PyInstaller", reason="the group `bundle` is not installed")
    command = [sys.executable, "-c", RECIPE, str(BUILD), str(tmp_path_factory.mktemp("work"))]
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    asked: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return asked


def test_macos_is_told_what_the_program_is(recipe_steps: dict[str, dict[str, Any]]) -> None:
    """An icon in the menu bar and none in the Dock, sharp on Retina displays, of this version, under our own name."""
    bundle = recipe_steps["BUNDLE"]
    said = plistlib.loads(plistlib.dumps(bundle["info_plist"]))
    assert (said["LSUIElement"], said["NSHighResolutionCapable"]) == (True, True)
    assert said["CFBundleShortVersionString"] == said["CFBundleVersion"] == __version__
    assert said["LSMinimumSystemVersion"] == "11.0"
    assert bundle["name"] == f"{said['CFBundleName']}.app" == "OpenAI Status Tray.app"
    assert bundle["bundle_identifier"] == BUNDLE_ID
    assert re.fullmatch(r"[A-Za-z0-9.-]+", BUNDLE_ID)


def test_the_macos_program_has_its_icon_and_all_that_is_imported_by_name(
    recipe_steps: dict[str, dict[str, Any]],
) -> None:
    """PyInstaller sees no import by name, and none of the libraries left out is one of them."""
    icon = Path(recipe_steps["BUNDLE"]["icon"])
    assert icon.read_bytes()[:4] == b"icns"
    assert recipe_steps["EXE"]["icon"] == str(icon)
    wanted = {
        "pystray._darwin",
        "PyObjCTools.AppHelper",
        "UserNotifications",
        "trayapp.desktop.tray.macos.tray",
    }
    assert wanted <= set(recipe_steps["Analysis"]["hiddenimports"])
    assert wanted.isdisjoint(recipe_steps["Analysis"]["excludes"])


@pytest.mark.skipif(sys.platform == "darwin", reason="there it is made")
def test_off_a_mac_the_macos_program_is_refused_in_one_line() -> None:
    """Who asks for it elsewhere is told why."""
    done = subprocess.run([BUILD / "macos"], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert done.stderr == (
        "The macOS program can be made on a Mac only: it takes its parts from the system that makes it.\n"
    )


def test_windows_installer_names_the_program_as_it_names_itself() -> None:
    """Else Windows would write a bare identifier above each notification."""
    recipe = (BUILD / "installer.nsi").read_text("utf-8")
    assert re.findall(r'!define NAME "(.+)"', recipe) == [APP_ID]
    assert re.findall(r'!define IDENTITY "(.+)"', recipe) == [r"Software\Classes\AppUserModelId\${NAME}"]
