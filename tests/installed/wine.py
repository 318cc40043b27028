"""A Windows of a test's own on a desktop's display, with the person who works there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.desktop.windows import MADE, Windows
from tests.installed.conftest import DIST

NAME = "openai-status-tray"
TITLE = "OpenAI Status Tray"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
ENTRY = rf"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\{NAME}"

CLICK = """
import ctypes
from ctypes import wintypes
user32 = ctypes.windll.user32
@ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
def each(window, _):
    name = ctypes.create_unicode_buffer(256)
    user32.GetClassNameW(window, name, 256)
    if name.value.endswith("SystemTrayIcon"):
        user32.PostMessageW(window, 0x40B, 0, 0x405)
    return True
user32.EnumWindows(each, 0)
"""
"""Sends all icons of pystray's the shell's message that their balloon was clicked on."""


def missing() -> str:
    """Why nothing for Windows can be tried here; empty when it can."""
    if shutil.which("wine") is None:
        return "Wine is not installed"
    return "" if list(DIST.glob("*-windows-setup.exe")) else "the Windows packages were not made"


class Computer(Windows):
    """One person's computer; `env` names the display. All its programs die with `close`."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        super().__init__(folder)
        self.env.update(env)
        self._begun: list[subprocess.Popen[bytes]] = []
        # The person is called as on Linux.
        self.person = next(user for user in (self.drive / "users").iterdir() if user.name != "Public")
        self.local = self.person / "AppData" / "Local"
        self.start_menu = self.person / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs"

    def log_in(self) -> None:
        """Have the taskbar, and then all that starts at login. What a later program found missing would hold its pipes."""
        self.begin("explorer.exe", "/desktop")
        self.do("wineboot")

    def begin(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a program as the start menu does: with nothing to write to."""
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            ["wine", *command], env=self.env, stdin=nothing, stdout=nothing, stderr=nothing
        )
        self._begun.append(process)
        return process

    def do(self, *command: str | Path) -> int:
        """Run a program to its end, for what it does; its exit status."""
        return self.begin(*command).wait(120)

    def run_to_end(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, for what it says. It must leave none behind, which would hold its pipes."""
        return subprocess.run(
            ["wine", *command],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def value(self, key: str, name: str) -> str:
        """A text in the registry; empty without one."""
        return self.run_to_end("reg", "query", key, "/v", name).stdout.partition("REG_SZ")[2].strip()

    def kill(self, program: str) -> None:
        """End a program as a crash would."""
        assert self.do("taskkill", "/F", "/IM", program) == 0

    def click_balloon(self) -> None:
        """Click on the balloon. Wine 8 passes no such click on, so the message is sent that Windows sends."""
        assert self.run_to_end(MADE / "py" / "python.exe", "-c", CLICK).returncode == 0

    def close(self) -> None:
        """End all that runs in it."""
        super().close()
        for process in self._begun:
            process.wait(60)
