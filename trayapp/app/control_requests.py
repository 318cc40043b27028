"""What the running program answers on the control socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from queue import Empty, SimpleQueue

from trayapp.desktop.control import STATUS, Json
from trayapp.desktop.sleep.signals import Naps
from trayapp.engine.ports import Asked, Queue
from trayapp.model import Act, Command

REQUESTS = {"open": Act.DETAILS, "check": Act.CHECK, "quit": Act.QUIT}
"""What may be asked for that a person can do in the menu."""
PATIENCE = 3.0
"""Seconds in which who asks is told whether it was done."""


def answer(queue: Queue, naps: Naps, status: Callable[[Json], Json], request: Json) -> Json:
    """The answer to one request; `status` gives that of a prompt, without waiting for the poller."""
    asked = str(request.get("do"))
    if asked == "sleep":
        return asdict(naps.hearing)
    if asked == STATUS:
        return status(request)
    act = REQUESTS.get(asked)
    if act is None:
        return {"error": "unknown request"}
    answers: SimpleQueue[bool] = SimpleQueue()
    queue.put(Asked(Command(act), answers.put))
    try:
        return {"ok": answers.get(timeout=PATIENCE)}
    except Empty:
        return {"ok": True}  # it is busy, as after waking, and does it then
