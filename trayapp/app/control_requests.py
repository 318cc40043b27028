"""What the running program answers on the control socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from queue import Empty, SimpleQueue

from trayapp.desktop.control import STATUS, Json
from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.engine.ports import CommandRequest, PollerQueue
from trayapp.model import Action, Command

MENU_REQUESTS = {"open": Action.DETAILS, "check": Action.CHECK, "quit": Action.QUIT}
"""What may be asked for that a person can do in the menu."""
ANSWER_TIMEOUT = 3.0
"""Seconds in which who asks is told whether it was done."""


def answer_request(
    queue: PollerQueue, naps: SleepSignals, status: Callable[[Json], Json], request: Json
) -> Json:
    """The answer to one request; `status` gives that of a prompt, without waiting for the poller."""
    asked = str(request.get("do"))
    if asked == "sleep":
        return asdict(naps.current_support)
    if asked == STATUS:
        return status(request)
    act = MENU_REQUESTS.get(asked)
    if act is None:
        return {"error": "unknown request"}
    answers: SimpleQueue[bool] = SimpleQueue()
    queue.put(CommandRequest(Command(act), answers.put))
    try:
        return {"ok": answers.get(timeout=ANSWER_TIMEOUT)}
    except Empty:
        return {"ok": True}  # it is busy, as after waking, and does it then
