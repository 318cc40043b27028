"""Importing pystray survives whatever the computer lacks; each case in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NO_TYPELIB = """
def require_version(name, version):
    raise ValueError(f"Namespace {name} not available")
"""
"""A gi without AppIndicator's typelib, made by hand: whether a real one lacks it depends on the computer."""

TRY = """
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end, load_pystray
for name in {names!r}:
    try:
        load_back_end(name)
    except Unavailable as error:
        print(name, error)
    else:
        print(name, "is there")
menu = load_pystray().Menu(load_pystray().MenuItem("a", None))
print(len(menu.items), "item")
"""


def import_backends(*names: str, modules: Path | None = None, **changes: str | None) -> str:
    """What importing these back ends says in a fresh process with a changed environment."""
    environment = {**os.environ, "PYTHONPATH": f"{modules or ''}:{ROOT}"}
    for name, value in {"DISPLAY": None, "WAYLAND_DISPLAY": None, "PYSTRAY_BACKEND": None, **changes}.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    ran = subprocess.run(
        [sys.executable, "-c", TRY.format(names=names)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert ran.stdout.endswith("1 item\n")
    return ran.stdout


def test_no_display_is_survived() -> None:
    """X11's back end is not there, and says in plain words that no display is named."""
    assert "xorg DISPLAY is not set\n" in import_backends("xorg")
    assert "xorg DISPLAY is not set\n" in import_backends("xorg", DISPLAY="")


@pytest.mark.parametrize("display", [":4242", "nonsense", "wayland-0"])
def test_a_display_that_cannot_be_reached_is_survived(display: str) -> None:
    """Dead and meaningless names alike."""
    assert "xorg Display" in import_backends("xorg", DISPLAY=display)


def test_only_wayland_is_survived() -> None:
    """A Wayland session without Xwayland has no X11 tray."""
    assert "xorg DISPLAY is not set" in import_backends("xorg", WAYLAND_DISPLAY="wayland-0")


def test_gi_without_the_typelib_is_survived(tmp_path: Path) -> None:
    """ValueError, which pystray itself lets escape, is an answer; the next back end is tried after it."""
    (tmp_path / "gi").mkdir()
    (tmp_path / "gi" / "__init__.py").write_text(NO_TYPELIB)
    said = import_backends("appindicator", "xorg", modules=tmp_path)
    assert "appindicator ValueError: Namespace Gtk not available" in said
    assert "xorg DISPLAY is not set" in said


def test_no_gi_is_survived(tmp_path: Path) -> None:
    """Neither GTK back end is there."""
    (tmp_path / "gi.py").write_text("raise ImportError('no gi')")
    said = import_backends("appindicator", "gtk", modules=tmp_path)
    assert "appindicator ImportError: no gi" in said
    assert "gtk ImportError: no gi" in said


@pytest.mark.parametrize("backend", ["nonsense", "gtk", "win32", ""])
def test_pystray_s_own_choice_is_not_asked(backend: str) -> None:
    """A wrong PYSTRAY_BACKEND changes nothing, and is left in the environment as it was."""
    assert "xorg Display" in import_backends("xorg", PYSTRAY_BACKEND=backend, DISPLAY=":4242")
