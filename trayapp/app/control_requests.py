"""Answers requests on the running program's control socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from queue import Empty, SimpleQueue

from trayapp import __version__
from trayapp.app.inbox import Inbox
from trayapp.app.live_settings import LiveSettings
from trayapp.app.session_handover import SessionHandover
from trayapp.desktop.control import STATUS, Json
from trayapp.engine.poller import Poller
from trayapp.engine.ports import CommandRequest
from trayapp.model import Action, Command, Moment

MENU_REQUESTS = {"open": Action.DETAILS, "check": Action.CHECK, "quit": Action.QUIT}
"""The requests that do the same as an item of the menu."""
ANSWER_TIMEOUT = 3.0
"""Seconds to wait for the poller's answer; the request counts as accepted after that."""


@dataclass(frozen=True, slots=True)
class RequestDesk:
    """Answers the requests of other commands, on the control socket's threads."""

    inbox: Inbox
    poller: Poller
    preferences: LiveSettings
    handover: SessionHandover
    now: Callable[[], Moment]

    def answer(self, request: Json) -> Json:
        """Return the answer to one request, and the version: after an upgrade it differs from that of who asks."""
        answer = self.handover.answer_offer(request) or self._answer_command(request)
        return {"version": __version__} | answer

    def _answer_command(self, request: Json) -> Json:
        name = str(request.get("do"))
        if name == "sleep":
            return asdict(self.inbox.sleep_signals.current_support)
        if name == STATUS:
            return self._answer_status(request)
        if name == "crowd":
            return dict(self.preferences.describe_crowd())
        act = MENU_REQUESTS.get(name)
        if act is None:
            return {"error": "unknown request"}
        replies: SimpleQueue[bool] = SimpleQueue()
        self.inbox.queue.put(CommandRequest(Command(act), replies.put))
        try:
            return {"ok": replies.get(timeout=ANSWER_TIMEOUT)}
        except Empty:
            return {"ok": True}  # the poller is busy, as after waking, and will do it later

    def _answer_status(self, request: Json) -> Json:
        """Return what `status --cached` prints, without waiting for the poller."""
        with self.preferences.upgrade.guard_loading():
            from trayapp.app.status_reply import answer_status  # loaded late: few panels ask for it
        poller = self.poller
        return answer_status(request, poller.current_verdict(), poller.settings, self.now().wall)
