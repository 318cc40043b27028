"""Checks the system's signals of sleep and passes on the credible ones.

A system may send false signals: a waking without a sleep, a sleep without a waking, a hundred of them in a second.
Those are ignored, for the clocks show a sleep too, half a minute late at most.
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
"""Seconds for which a sleep is delayed until the icon is grey; with `PANEL_DRAW_TIME` less than a second."""
PANEL_DRAW_TIME = 0.3
"""Seconds that a panel in another process gets to draw the icon."""
MAX_SLEEPS, SLEEP_SPAN = 6, 600.0
"""So many sleeps within so many seconds awake are believed, and no more."""

TOO_OFTEN = "the system says it too often"
TOO_EARLY = "not asked yet"


@dataclass(frozen=True, slots=True)
class SleepSupport:
    """Whether the system announces sleep and lets the program delay it."""

    unheard: str = ""
    """Why it does not announce sleep; empty where it does."""
    unlocked: str = ""
    """Why no sleep is delayed until the icon is grey; empty where it is."""


class SleepSignals:
    """Takes the system's signals of sleep, from any thread.

    `asleep` gets the function to call once the icon is grey; `asleep` and `awake` only queue.
    """

    def __init__(
        self,
        asleep: Callable[[Callable[[], None]], None],
        awake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.unheard_reason = TOO_EARLY
        """Why the system does not announce sleep; empty while it does."""
        self.no_lock_reason = ""
        """Why no sleep is delayed; empty while it is, or no lock was asked for."""
        self._on_sleep = asleep
        self._on_wake = awake
        self._clock = clock
        self._recent_sleeps: deque[float] = deque(maxlen=MAX_SLEEPS)
        self._is_asleep = False

    @property
    def current_support(self) -> SleepSupport:
        """Whether the system now announces sleep and lets the program delay it."""
        return SleepSupport(self.unheard_reason, "" if self.unheard_reason else self.no_lock_reason)

    def begin_sleep(self) -> threading.Event | None:
        """Begin a sleep; returns the event that is set once the icon is grey, None where the signal is not believed."""
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
        """End a sleep; returns whether the signal is believed."""
        if not self._is_asleep:
            return False
        self._is_asleep = False
        self._on_wake()
        return True
