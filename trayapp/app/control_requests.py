"""Answers requests on the running program's control socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from queue import Empty, SimpleQueue

from trayapp.desktop.control import STATUS, Json
from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.engine.ports import CommandRequest, PollerQueue
from trayapp.model import Action, Command

MENU_REQUESTS = {"open": Action.DETAILS, "check": Action.CHECK, "quit": Action.QUIT}
"""The requests that do the same as an item of the menu."""
ANSWER_TIMEOUT = 3.0
"""Seconds to wait for the poller's answer; the request counts as accepted after that."""


def answer_request(
    queue: PollerQueue,
    sleep_signals: SleepSignals,
    status: Callable[[Json], Json],
    crowd: Callable[[], Mapping[str, object]],
    request: Json,
) -> Json:
    """Return the answer to one request.

    `status` answers a status request without waiting for the poller; `crowd` says what the sources of other people's
    reports answered last.
    """
    name = str(request.get("do"))
    if name == "sleep":
        return asdict(sleep_signals.current_support)
    if name == STATUS:
        return status(request)
    if name == "crowd":
        return dict(crowd())
    act = MENU_REQUESTS.get(name)
    if act is None:
        return {"error": "unknown request"}
    replies: SimpleQueue[bool] = SimpleQueue()
    queue.put(CommandRequest(Command(act), replies.put))
    try:
        return {"ok": replies.get(timeout=ANSWER_TIMEOUT)}
    except Empty:
        return {"ok": True}  # the poller is busy, as after waking, and will do it later
