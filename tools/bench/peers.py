"""What the program is measured beside: a bare process with the same libraries, and other ways to a tray icon."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OUT = Path(__file__).parents[2] / "out"

BARE = """
import importlib, os, sys
os.environ["PYSTRAY_BACKEND"] = "dummy"
for name in {modules!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""
WAIT = """
print("ready", flush=True)
import threading
threading.Event().wait()
"""
PYSTRAY = """
import threading
from PIL import Image
import pystray
looks = [Image.new("RGBA", (48, 48), colour) for colour in ("green", "red")]
icon = pystray.Icon("peer", looks[0], "peer", pystray.Menu(pystray.MenuItem("state", lambda: None)))

def live(icon):
    icon.visible = True
    print("ready", flush=True)

icon.run(live)
"""
QT = """
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
app = QApplication([])
pixmap = QPixmap(48, 48)
pixmap.fill(QColor("green"))
icon = QSystemTrayIcon(QIcon(pixmap))
menu = QMenu()
menu.addAction("state")
icon.setContextMenu(menu)
icon.show()
print("ready", flush=True)
app.exec()
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A small program that says `ready` once its icon is there."""

    name: str
    python: str
    code: str
    environment: dict[str, str]
    missing: str = ""
    """Why it cannot be measured here."""


def peers(modules: list[str]) -> list[Peer]:
    """All, the bare one with these modules; those that cannot run here with the reason."""
    packages = next(p for p in sys.path if p.endswith("site-packages"))
    system = shutil.which("python3", path="/usr/bin") or ""
    return [
        Peer("bare: the same libraries imported", sys.executable, BARE.format(modules=modules) + WAIT, {}),
        Peer(
            "pystray on AppIndicator (GTK)",
            system or sys.executable,
            PYSTRAY,
            {"PYSTRAY_BACKEND": "appindicator", "PYTHONPATH": packages},
            ""
            if system and _gtk(system)
            else "python3-gi and gir1.2-ayatanaappindicator3-0.1 are not installed",
        ),
        Peer("pystray on X11", sys.executable, PYSTRAY, {"PYSTRAY_BACKEND": "xorg"}),
        _qt(),
    ]


def _gtk(python: str) -> bool:
    code = "import gi; gi.require_version('AyatanaAppIndicator3', '0.1'); gi.require_version('Gtk', '3.0')"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def _qt() -> Peer:
    """In an environment of its own, for Qt is no dependency of ours."""
    venv = OUT / "bench-qt"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    ready = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "PySide6-Essentials"], capture_output=True, check=False
    )
    why = "" if ready.returncode == 0 else "PySide6-Essentials could not be installed"
    return Peer("PySide6 QSystemTrayIcon", str(python), QT, {}, why)
