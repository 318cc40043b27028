"""Keeps what the system says of the proxy for each server, and asks it on a thread of its own.

A portal may hang, and a PAC file may take ten seconds or never end. So a request waits for the first answer only, and not
long; the answer counts from the next round on, and the last good one until then. Without any, requests go as if the system
had not been asked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace

from trayapp.model import ProxyTrouble, SystemProxyAnswer
from trayapp.sources.proxies import apply_exceptions, read_ways

_log = logging.getLogger(__name__)

LookUp = Callable[[Sequence[str], Callable[[str, SystemProxyAnswer], None]], None]
"""Asks the system about some addresses and reports each answer as it comes; it may block for as long as the system does."""

WAIT_SECONDS = 1.5
"""Seconds that a round waits for the first answer: a quarter of what it has for its requests."""
REFRESH_AFTER = 900.0
"""Seconds after which an answer is asked for anew, while the old one is used."""
RETRY_AFTER = 300.0
"""Seconds after which a system that did not answer is asked again; twice as many after each further time that it is late.

A PAC file that never ends may keep a processor busy with each question."""
_MOST_DOUBLINGS = 5
DOUBT_AFTER = 60.0
"""Seconds after which an answer is asked for anew if a request failed: the network may have changed."""
ABANDON_AFTER = 600.0
"""Seconds after which a look-up that hangs is abandoned for a new one."""
_MOST_ORIGINS = 100


class ProxyLookup:
    """The system's answers, by origin ("https://host/"). Any thread may call it; several clients may share it."""

    def __init__(
        self,
        look_up: LookUp,
        is_present: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_present`: whether there is anything to ask; must be quick. Without it no thread is started."""
        self._look_up = look_up
        self._is_present = is_present
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: dict[str, SystemProxyAnswer] = {}
        self._asked: dict[str, float] = {}
        self._doubted: set[str] = set()
        self._running: dict[str, Future[None]] = {}
        """What the look-up that runs has not answered yet."""
        self._began = -ABANDON_AFTER
        self._said: ProxyTrouble | None = None
        self._late_in_row = 0
        """Look-ups in a row of which an answer was late."""

    def prepare(self, origins: Iterable[str], patience: float = WAIT_SECONDS) -> bool:
        """Asks for what is due, and waits up to `patience` seconds for answers that there never were, or not since a sleep.

        Returns whether all answers came in time.
        """
        waiting, left = self._ask_due(origins, patience)
        return not wait(waiting, timeout=max(0.0, left)).not_done

    def answer_for(self, origin: str) -> SystemProxyAnswer | None:
        """Returns the last answer; None if there was none, or nobody to ask."""
        return self._answers.get(origin)

    def doubt(self, origins: Iterable[str]) -> None:
        """Notes that requests failed: the answers are asked for anew, and forgotten if the system then has none."""
        with self._lock:
            self._doubted.update(origins)

    def renew(self) -> None:
        """Has everything asked for anew, and waited for: the computer slept, and may have waked on another network."""
        with self._lock:
            self._running = {}  # a look-up from before hangs perhaps
            self._asked.clear()
            self._doubted.update(self._answers)

    def _ask_due(self, origins: Iterable[str], patience: float) -> tuple[list[Future[None]], float]:
        """Starts a look-up for what is due; returns what to wait for, and for how many seconds."""
        if not self._is_present():
            return [], 0.0
        now = self._clock()
        with self._lock:
            wanted = dict.fromkeys(filter(None, origins))
            new = {origin for origin in wanted if origin not in self._asked}
            due = [origin for origin in wanted if origin in new or self._is_due(origin, now)]
            if due and (not self._running or now - self._began > ABANDON_AFTER):
                self._start(due, now)
            unanswered = [
                self._running[each] for each in wanted if each in self._running and self._is_first(each, new)
            ]
            return unanswered, self._began + patience - now

    def _is_first(self, origin: str, new: set[str]) -> bool:
        return origin in new or origin not in self._answers

    def _is_due(self, origin: str, now: float) -> bool:
        answer = self._answers.get(origin)
        hangs = origin in self._running
        after = RETRY_AFTER if hangs or (answer and answer.trouble) else REFRESH_AFTER
        if self._late_in_row:
            after = RETRY_AFTER * 2 ** min(self._late_in_row - 1, _MOST_DOUBLINGS)
        elif origin in self._doubted:
            after = DOUBT_AFTER
        return now - self._asked[origin] >= after

    def _start(self, origins: list[str], now: float) -> None:
        self._late_in_row += bool(self._running)  # it hangs, and is abandoned
        if len(self._asked) > _MOST_ORIGINS:
            self._asked.clear()
            self._answers.clear()
        running: dict[str, Future[None]] = {origin: Future() for origin in origins}
        for future in running.values():
            future.set_running_or_notify_cancel()  # whoever stops waiting does not end it for the others
        thread = threading.Thread(target=self._run, args=(running,), name="system proxy", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system lets it start no more threads: asked again in the next round
            return
        self._running, self._began = running, now
        self._asked.update(dict.fromkeys(origins, now))

    def _run(self, running: dict[str, Future[None]]) -> None:
        troubles: set[ProxyTrouble | None] = set()

        def keep(origin: str, answer: SystemProxyAnswer) -> None:
            troubles.add(self._keep(running, origin, answer))

        try:
            self._look_up(list(running), keep)
        except Exception as error:  # noqa: BLE001 - whatever the system's parts do, requests go on without them
            _log.warning("the system's proxy settings cannot be read: %r", error)
        with self._lock:
            rest = list(running.values())
            running.clear()
            if troubles:
                self._late_in_row = self._late_in_row + 1 if ProxyTrouble.LATE in troubles else 0
        for future in rest:
            future.set_result(None)

    def _keep(
        self, running: dict[str, Future[None]], origin: str, answer: SystemProxyAnswer
    ) -> ProxyTrouble | None:
        """Keeps an answer if it is wanted still, and lets go who waits for it; returns what is wrong with it."""
        if answer.exceptions:
            answer = apply_exceptions(answer, origin)
        if not answer.trouble and not read_ways(answer):
            answer = replace(answer, addresses=(), trouble=ProxyTrouble.FAILED)
        with self._lock:
            future = running.pop(origin, None)
            if future is None:
                return answer.trouble
            if running is self._running:
                before = self._answers.get(origin)
                is_usable = before is not None and before.addresses and origin not in self._doubted
                if not answer.trouble or not is_usable:
                    self._answers[origin] = answer
                self._doubted.discard(origin)
            said, self._said = self._said, answer.trouble
        if answer.trouble and answer.trouble is not said:
            _log.warning("the system's proxy settings (%s): %s", answer.source, answer.trouble)
        future.set_result(None)
        return answer.trouble
