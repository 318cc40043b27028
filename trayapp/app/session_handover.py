"""Moves the running program from a session that has ended to the session of a newer start.

The program outlives its session if the bus does: with lingering, or a second login. Its icon reaches the next session
through the bus, but X11 trays and browsers are found by environment variables, which are those of the ended session.
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
"""Seconds to wait until the running program has restarted."""
_RETRY_INTERVAL = 0.1
"""Seconds between two questions whether it has restarted."""


def offer_session(state: Path, *, is_running: bool) -> None:
    """Offer this session to the running program. If it accepts, return when it has restarted here.

    `is_running`: whether it is known to run, so that no answer means that it restarts just now. Else no answer means that
    it does not run, also in the second or so of a restart.
    """
    if sys.platform != "linux":
        return  # elsewhere a program ends with its session
    ends = time.monotonic() + _HANDOVER_TIMEOUT
    offered: Json = {"moves": is_running}
    while time.monotonic() < ends:
        try:
            offered = send_request(
                state, {"do": _SESSION_REQUEST, "environment": session_variables(os.environ)}
            )
        except OtherComputerError:
            return
        except NotRunningError:
            pass  # nobody answers during the restart
        if not offered.get("moves"):
            return
        time.sleep(_RETRY_INTERVAL)


class SessionHandover:
    """The running program's side: accepts or declines an offered session."""

    def __init__(self, tray: Tray, act: Callable[[Command], None]) -> None:
        self._tray = tray
        self._act = act
        self._is_moving = False

    def answer_offer(self, request: Json) -> Json | None:
        """Return the answer to the offer of a session; None if the request is another one."""
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
        """Whether this program's session has ended and the offered one, possibly with the same name, is alive."""
        if isinstance(self._tray, LosesDisplay) and self._tray.has_lost_display():
            return is_session_alive(offered)
        return (
            offered != session_variables(os.environ)
            and is_session_alive(offered)
            and not is_session_alive(os.environ)
        )
