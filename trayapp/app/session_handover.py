"""The program moves over from a session that is gone to that of a newer start.

It outlives its session where the bus does: with lingering, or a second login. Its icon then comes to the next session
through the bus, but X11's trays and browsers are reached by variables of the one that is gone.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from trayapp.desktop.control import Elsewhere, Json, NotRunning, ask
from trayapp.desktop.session import SESSION, is_alive, session_of
from trayapp.desktop.tray.base import LosesDisplay, Tray
from trayapp.model import Act, Command

log = logging.getLogger(__name__)

_REQUEST = "session"
_PATIENCE = 10.0
"""Seconds in which the program has begun again."""
_AGAIN = 0.1
"""Seconds between two questions whether it has."""


def offer_session(state: Path) -> None:
    """Offer this session to the running program. Where it moves over, return once it is there."""
    if sys.platform != "linux":
        return  # elsewhere a program ends with its session
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            offered = ask(state, {"do": _REQUEST, "environment": session_of(os.environ)})
        except Elsewhere:
            return
        except NotRunning:  # while it begins again nobody is there to ask
            offered = {"moves": True}
        if not offered.get("moves"):
            return
        time.sleep(_AGAIN)


class Moving:
    """The running program's side."""

    def __init__(self, tray: Tray, act: Callable[[Command], None]) -> None:
        self._tray = tray
        self._act = act
        self._moves = False

    def answer(self, request: Json) -> Json | None:
        """The answer to who offers a session; None where it asks for something else."""
        if request.get("do") != _REQUEST:
            return None
        offered = request.get("environment")
        if not self._moves and isinstance(offered, dict) and self._is_to_move(session_of(offered)):
            log.info("this session is gone: beginning again in that of the newer start")
            self._moves = True
            for name in SESSION:
                os.environ.pop(name, None)
            os.environ.update(session_of(offered))
            self._act(Command(Act.RESTART))
        return {"moves": self._moves}

    def _is_to_move(self, offered: dict[str, str]) -> bool:
        """Whether this session is gone and that one is there, perhaps under its name. One that is alive keeps its icon."""
        if isinstance(self._tray, LosesDisplay) and self._tray.has_lost_display():
            return is_alive(offered)
        return offered != session_of(os.environ) and is_alive(offered) and not is_alive(os.environ)
