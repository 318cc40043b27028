"""What is believed of a system's word on sleep, and passed on.

A system may lie: a waking without a sleep, a sleep without a waking, a hundred of them in a second. What is not
believed is as if it had not been said, for the clocks show a sleep too, half a minute late at most.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

DRAW_TIMEOUT = 0.6
"""Seconds for which a sleep is held up until the icon is grey. No delay is longer than a second with `PANEL_DRAW_TIME`."""
PANEL_DRAW_TIME = 0.3
"""Seconds that a panel in another process gets to draw what it was given."""
MAX_SLEEPS, SLEEP_SPAN = 6, 600.0
"""That many sleeps within that many seconds awake are believed."""

TOO_OFTEN = "the system says it too often"
TOO_EARLY = "not asked yet"


@dataclass(frozen=True, slots=True)
class SleepSupport:
    """How well a system's word on sleep comes through."""

    unheard: str = ""
    """Why it does not; empty where it does."""
    unlocked: str = ""
    """Why no sleep is held up until the icon is grey; empty where it is."""


class SleepSignals:
    """Takes a system's word from whichever thread hears it.

    `asleep` is given what to call once the icon is grey; both only queue.
    """

    def __init__(
        self,
        asleep: Callable[[Callable[[], None]], None],
        awake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.unheard_reason = TOO_EARLY
        """Why the system's word does not come through; empty while it does."""
        self.no_lock_reason = ""
        """Why no sleep is held up; empty while it is, or nobody was asked to."""
        self._on_sleep = asleep
        self._on_wake = awake
        self._clock = clock
        self._recent_sleeps: deque[float] = deque(maxlen=MAX_SLEEPS)
        self._is_asleep = False

    @property
    def current_support(self) -> SleepSupport:
        """How well the system's word comes through now."""
        return SleepSupport(self.unheard_reason, "" if self.unheard_reason else self.no_lock_reason)

    def begin_sleep(self) -> threading.Event | None:
        """The computer is about to sleep. What is set once the icon is grey; None where that is not believed."""
        now = self._clock()
        if self._is_asleep:
            return None
        if len(self._recent_sleeps) == MAX_SLEEPS and now - self._recent_sleeps[0] < SLEEP_SPAN:
            if self.unheard_reason != TOO_OFTEN:
                log.warning("%s that it sleeps: the clocks are gone by", TOO_OFTEN)
            self.unheard_reason = TOO_OFTEN
            return None
        self.unheard_reason = ""
        self._recent_sleeps.append(now)
        self._is_asleep = True
        drawn = threading.Event()
        self._on_sleep(drawn.set)
        return drawn

    def end_sleep(self) -> bool:
        """The computer woke; whether that is believed."""
        if not self._is_asleep:
            return False
        self._is_asleep = False
        self._on_wake()
        return True
