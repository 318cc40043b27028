"""The only importer of pystray, survived by the program whatever the computer lacks.

pystray chooses a back end at import, and lets escape whatever that one raises but ImportError: ValueError where gi is
there without AppIndicator's typelib, DisplayNameError without a display (moses-palmer/pystray#109; seen in 0.19.5).
So the package is always imported with its dummy, and the back end wanted is then imported by its own name.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType


class Unavailable(Exception):  # noqa: N818  # it is an answer, not a fault
    """This back end cannot be had here; the text says why."""


def load_pystray() -> ModuleType:
    """The package with no back end: `Menu` and `MenuItem`."""
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
    """The module of one back end ("xorg", "appindicator"). Raises Unavailable."""
    load_pystray()
    if name == "xorg" and not os.environ.get("DISPLAY"):
        raise Unavailable("DISPLAY is not set")
    try:
        return importlib.import_module(f"pystray._{name}")
    except Exception as error:  # each missing part has an error of its own
        raise Unavailable(f"{type(error).__name__}: {error}") from error
