"""`selftest`: checks whether this copy of the program is complete; for packagers and bug reports.

Its output is in English only: its readers build or repair the program.
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
from trayapp.app.build_record import (
    describe_versions,
    has_own_python,
    read_build_record,
    running_versions,
)
from trayapp.app.context import CommandContext
from trayapp.app.languages import load_translator
from trayapp.app.one_poll import poll_once
from trayapp.commands.demo import write_loopback_config
from trayapp.core.tray_view.view import build_view
from trayapp.demo.server import StatusServer
from trayapp.demo.story import build_frames, show_frame
from trayapp.desktop.clocks import create_clock
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.session import connect_session_bus
from trayapp.desktop.tray.chooser import choose_tray
from trayapp.desktop.tray.host import find_tray_host
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end, load_pystray
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import Look, SavedMemory, State
from trayapp.model.least_versions import find_too_old
from trayapp.sources.trust import system_store

ICON_SIZES = (16, 22, 24, 32, 48, 64)
"""Icon sizes in pixels that panels ask for."""
DOCK_TIMEOUT = 5.0
"""Seconds a tray host may take to show the icon."""

DYNAMIC_IMPORTS: Mapping[str, tuple[str, ...]] = {
    "linux": ("plyer.platforms.linux.notification",),
    "win32": ("plyer.platforms.win.notification",),
    "darwin": ("PyObjCTools.AppHelper", "UserNotifications"),
}
"""Modules that are imported by a computed name, which no bundler sees."""
BACK_ENDS = {"linux": "xorg", "win32": "win32", "darwin": "darwin"}


class BrokenPart(Exception):  # noqa: N818  # a result, not an error
    """A part is missing or does not work; the text says which."""


def main(context: CommandContext, _arguments: argparse.Namespace) -> int:
    """Print one line for each part. Return 0 if all work, else 1."""
    return max([_run_check(name, check, context) for name, check in CHECKS.items()])


def _run_check(name: str, check: Callable[[CommandContext], str], context: CommandContext) -> int:
    try:
        print(f"ok      {name}: {check(context)}", flush=True)
    except Exception as error:  # noqa: BLE001 - this command reports whatever is broken
        print(f"BROKEN  {name}: {type(error).__name__}: {error}", flush=True)
        return 1
    return 0


def _check_imports(_context: CommandContext) -> str:
    own_modules = [module.name for module in pkgutil.walk_packages(trayapp.__path__, "trayapp.")]
    names = [name for name in own_modules if not name.endswith("__main__")]
    names += DYNAMIC_IMPORTS[sys.platform]
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            # D-Bus and X11 are needed on Linux only.
            if error.name not in {"jeepney", "Xlib"} or sys.platform == "linux":
                raise
    load_pystray()
    try:
        load_back_end(BACK_ENDS[sys.platform])
    except Unavailable as error:
        if "ImportError" in str(error) or "ModuleNotFoundError" in str(error):
            raise
    return f"{len(names)} modules"


def _check_parts(_context: CommandContext) -> str:
    record = read_build_record()
    found = describe_versions(record)
    if not has_own_python():
        return f"{found}, none of them its own"  # whoever looks after the system mends them
    too_old = list(find_too_old(running_versions(), record.debian_versions))
    if too_old:
        raise BrokenPart("; ".join(too_old))
    return found


def _check_icons(_context: CommandContext) -> str:
    looks = [Look(state, hollow) for state in State for hollow in (False, True)]
    pictures = {draw_icon(look, size).tobytes() for look in looks for size in ICON_SIZES}
    if len(pictures) < len(looks) * len(ICON_SIZES) // 2:
        raise BrokenPart("too many looks are the same")
    return f"{len(looks)} looks in {len(ICON_SIZES)} sizes"


def _check_catalogues(_context: CommandContext) -> str:
    texts = {load_translator(language).say("It starts at login.") for language in LANGUAGE_CODES}
    if len(texts) != len(LANGUAGE_CODES):
        raise BrokenPart(f"not every language has words of its own: {sorted(texts)}")
    return ", ".join(LANGUAGE_CODES)


def _check_certificates(_context: CommandContext) -> str:
    store = system_store()
    if store is None:
        return "the system's own"  # the system checks certificates itself and gives no list
    if store.is_empty:
        raise BrokenPart("the system has none; install ca-certificates")
    return f"{store.listed} in the system's store" if store.listed else f"the system's store {store.folder}"


def _poll_once(context: CommandContext) -> str:
    os.environ["no_proxy"] = "127.0.0.1"  # in lower case, which urllib and httpx prefer
    with TemporaryDirectory() as folder, StatusServer() as server:
        show_frame(server, build_frames(create_clock()().wall)[0])
        config = write_loopback_config(Path(folder) / "config.toml", context.config, server.url)
        verdict = poll_once(replace(context, config=config, trace_url=f"{server.url}/cdn-cgi/trace")).verdict
    if verdict.state is not State.OPERATIONAL:
        raise BrokenPart(f"a calm page on loopback was read as {verdict.state}: {verdict.page.last_miss}")
    return f"a page on loopback was read, and {len(verdict.probes)} probes answered"


def _check_tray(context: CommandContext) -> str:
    host = find_tray_host()
    if not host.kind:
        return f"not tried, no host here ({host.description})"
    bus = connect_session_bus()
    tray = choose_tray(bus, draw_icon, lambda _command: None, context.speech)
    tray.show(build_view(None, SavedMemory(), context.speech, create_clock()().wall))
    docked: list[bool] = []

    def wait_for_dock() -> None:
        ends = time.monotonic() + DOCK_TIMEOUT
        while not tray.is_docked() and time.monotonic() < ends:
            time.sleep(0.02)
        docked.append(tray.is_docked())
        tray.stop()

    watcher = threading.Thread(target=wait_for_dock, name="watch", daemon=True)
    watcher.start()
    tray.run()
    watcher.join()
    if bus is not None:
        bus.close()
    if docked != [True]:
        raise BrokenPart(f"{host.kind} took no icon ({'; '.join(tray.explain())})")
    return f"the icon was shown by {host.kind}"


CHECKS: Mapping[str, Callable[[CommandContext], str]] = {
    "imports": _check_imports,
    "parts": _check_parts,
    "icons": _check_icons,
    "catalogues": _check_catalogues,
    "certificates": _check_certificates,
    "round": _poll_once,
    "tray": _check_tray,
}
