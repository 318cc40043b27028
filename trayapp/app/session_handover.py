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

from trayapp.desktop.control import Json, NotRunningError, OtherComputerError, send_request
from trayapp.desktop.session import SESSION_VARIABLES, is_session_alive, session_variables
from trayapp.desktop.tray.base import LosesDisplay, Tray
from trayapp.model import Action, Command

log = logging.getLogger(__name__)

_SESSION_REQUEST = "session"
_HANDOVER_TIMEOUT = 10.0
"""Seconds in which the program has begun again."""
_RETRY_INTERVAL = 0.1
"""Seconds between two questions whether it has."""


def offer_session(state: Path) -> None:
    """Offer this session to the running program. Where it moves over, return once it is there."""
    if sys.platform != "linux":
        return  # elsewhere a program ends with its session
    ends = time.monotonic() + _HANDOVER_TIMEOUT
    while time.monotonic() < ends:
        try:
            offered = send_request(
                state, {"do": _SESSION_REQUEST, "environment": session_variables(os.environ)}
            )
        except OtherComputerError:
            return
        except NotRunningError:  # while it begins again nobody is there to ask
            offered = {"moves": True}
        if not offered.get("moves"):
            return
        time.sleep(_RETRY_INTERVAL)


class SessionHandover:
    """The running program's side."""

    def __init__(self, tray: Tray, act: Callable[[Command], None]) -> None:
        self._tray = tray
        self._act = act
        self._is_moving = False

    def answer_offer(self, request: Json) -> Json | None:
        """The answer to who offers a session; None where it asks for something else."""
        if request.get("do") != _SESSION_REQUEST:
            return None
        offered = request.get("environment")
        if (
            not self._is_moving
            and isinstance(offered, dict)
            and self._needs_handover(session_variables(offered))
        ):
            log.info("this session is gone: beginning again in that of the newer start")
            self._is_moving = True
            for name in SESSION_VARIABLES:
                os.environ.pop(name, None)
            os.environ.update(session_variables(offered))
            self._act(Command(Action.RESTART))
        return {"moves": self._is_moving}

    def _needs_handover(self, offered: dict[str, str]) -> bool:
        """Whether this session is gone and that one is there, perhaps under its name. One that is alive keeps its icon."""
        if isinstance(self._tray, LosesDisplay) and self._tray.has_lost_display():
            return is_session_alive(offered)
        return (
            offered != session_variables(os.environ)
            and is_session_alive(offered)
            and not is_session_alive(os.environ)
        )
