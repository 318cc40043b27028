"""`selftest`: whether this copy of the program is whole; for packagers, and for bug reports.

In English alone: it is read by whoever builds or repairs the program.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import trayapp
from trayapp.app.context import Prepared
from trayapp.app.languages import LANGUAGES, speech
from trayapp.app.one_poll import poll_once
from trayapp.commands.demo import on_loopback
from trayapp.core.tray_view.view import view
from trayapp.demo.server import StatusServer
from trayapp.demo.story import frames, show
from trayapp.desktop.clocks import clock
from trayapp.desktop.icon.drawing import draw
from trayapp.desktop.session import session_bus
from trayapp.desktop.tray.chooser import choose
from trayapp.desktop.tray.host import tray_host
from trayapp.desktop.tray.pystray_loader import Unavailable, back_end, pystray
from trayapp.model import Kept, Look, State
from trayapp.sources.trust import system_store

SIZES = (16, 22, 24, 32, 48, 64)
"""Pixels that panels ask for."""
PATIENCE = 5.0
"""Seconds a tray host may take to show the icon."""

LATE: Mapping[str, tuple[str, ...]] = {
    "linux": ("plyer.platforms.linux.notification",),
    "win32": ("plyer.platforms.win.notification",),
    "darwin": ("PyObjCTools.AppHelper", "UserNotifications"),
}
"""What is imported by a name that no bundler can see."""
BACK_ENDS = {"linux": "xorg", "win32": "win32", "darwin": "darwin"}


class Broken(Exception):  # noqa: N818  # it is an answer, not a fault
    """A part is missing or does not do its work; the text says which."""


def main(prepared: Prepared, _arguments: argparse.Namespace) -> int:
    """One line for each part; 0 when all work."""
    return max([_checked(name, check, prepared) for name, check in CHECKS.items()])


def _checked(name: str, check: Callable[[Prepared], str], prepared: Prepared) -> int:
    try:
        print(f"ok      {name}: {check(prepared)}", flush=True)
    except Exception as error:  # noqa: BLE001 - whatever is broken is what this command is there to say
        print(f"BROKEN  {name}: {type(error).__name__}: {error}", flush=True)
        return 1
    return 0


def _imports(_prepared: Prepared) -> str:
    ours = [module.name for module in pkgutil.walk_packages(trayapp.__path__, "trayapp.")]
    names = [name for name in ours if not name.endswith("__main__")]
    names += LATE[sys.platform]
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            # Elsewhere nobody speaks D-Bus or X11.
            if error.name not in {"jeepney", "Xlib"} or sys.platform == "linux":
                raise
    pystray()
    try:
        back_end(BACK_ENDS[sys.platform])
    except Unavailable as error:
        if "ImportError" in str(error) or "ModuleNotFoundError" in str(error):
            raise
    return f"{len(names)} modules"


def _icons(_prepared: Prepared) -> str:
    looks = [Look(state, hollow) for state in State for hollow in (False, True)]
    pictures = {draw(look, size).tobytes() for look in looks for size in SIZES}
    if len(pictures) < len(looks) * len(SIZES) // 2:
        raise Broken("too many looks are the same")
    return f"{len(looks)} looks in {len(SIZES)} sizes"


def _catalogues(_prepared: Prepared) -> str:
    said = {speech(language).say("It starts at login.") for language in LANGUAGES}
    if len(said) != len(LANGUAGES):
        raise Broken(f"not every language has words of its own: {sorted(said)}")
    return ", ".join(LANGUAGES)


def _certificates(_prepared: Prepared) -> str:
    store = system_store()
    if store is None:
        return "the system's own"  # it judges each certificate itself, and lists none
    if store.is_empty:
        raise Broken("the system has none; install ca-certificates")
    return f"{store.listed} in the system's store" if store.listed else f"the system's store {store.folder}"


def _round(prepared: Prepared) -> str:
    os.environ["no_proxy"] = "127.0.0.1"  # in small letters, which urllib and httpx prefer
    with TemporaryDirectory() as folder, StatusServer() as server:
        show(server, frames(clock()().wall)[0])
        config = on_loopback(Path(folder) / "config.toml", prepared.config, server.url)
        verdict = poll_once(replace(prepared, config=config, trace_url=f"{server.url}/cdn-cgi/trace")).verdict
    if verdict.state is not State.OPERATIONAL:
        raise Broken(f"a calm page on loopback was read as {verdict.state}: {verdict.page.why}")
    return f"a page on loopback was read, and {len(verdict.probes)} probes answered"


def _tray(prepared: Prepared) -> str:
    host = tray_host()
    if not host.chosen:
        return f"not tried, no host here ({host.text})"
    bus = session_bus()
    tray = choose(bus, draw, lambda _command: None, prepared.speech)
    tray.show(view(None, Kept(), prepared.speech, clock()().wall))
    docked: list[bool] = []

    def watch() -> None:
        ends = time.monotonic() + PATIENCE
        while not tray.docked() and time.monotonic() < ends:
            time.sleep(0.02)
        docked.append(tray.docked())
        tray.stop()

    watching = threading.Thread(target=watch, name="watch", daemon=True)
    watching.start()
    tray.run()
    watching.join()
    if bus is not None:
        bus.close()
    if docked != [True]:
        raise Broken(f"{host.chosen} took no icon ({'; '.join(tray.explain())})")
    return f"the icon was shown by {host.chosen}"


CHECKS: Mapping[str, Callable[[Prepared], str]] = {
    "imports": _imports,
    "icons": _icons,
    "catalogues": _catalogues,
    "certificates": _certificates,
    "round": _round,
    "tray": _tray,
}
