"""Imports pystray so that a missing back end cannot crash the program; no other module imports it.

pystray chooses a back end at import and catches only ImportError: ValueError escapes where gi is installed without
AppIndicator's typelib, DisplayNameError without a display (moses-palmer/pystray#109; seen in 0.19.5). So the package
is always imported with its dummy back end, and the wanted back end is then imported by its module's name.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType


class Unavailable(Exception):  # noqa: N818  # it is an answer, not a fault
    """Says that a back end cannot be used here, and why."""


def load_pystray() -> ModuleType:
    """Import pystray with its dummy back end; `Menu` and `MenuItem` work with it."""
    before = os.environ.get("PYSTRAY_BACKEND")
    os.environ["PYSTRAY_BACKEND"] = "dummy"
    try:
        return importlib.import_module("pystray")
    finally:
        if before is None:
            del os.environ["PYSTRAY_BACKEND"]
        else:
            os.environ["PYSTRAY_BACKEND"] = before


def load_back_end(name: str) -> ModuleType:
    """Import the module of one back end ("xorg", "appindicator"). Raises Unavailable."""
    load_pystray()
    if name == "xorg" and not os.environ.get("DISPLAY"):
        raise Unavailable("DISPLAY is not set")
    try:
        return importlib.import_module(f"pystray._{name}")
    except Exception as error:  # each missing library raises another type
        raise Unavailable(f"{type(error).__name__}: {error}") from error
