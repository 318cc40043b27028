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

DRAWN_WITHIN = 0.6
"""Seconds for which a sleep is held up until the icon is grey. No delay is longer than a second with `SEEN_AFTER`."""
SEEN_AFTER = 0.3
"""Seconds that a panel in another process gets to draw what it was given."""
MOST, SPAN = 6, 600.0
"""That many sleeps within that many seconds awake are believed."""

TOO_OFTEN = "the system says it too often"
TOO_EARLY = "not asked yet"


@dataclass(frozen=True, slots=True)
class Hearing:
    """How well a system's word on sleep comes through."""

    unheard: str = ""
    """Why it does not; empty where it does."""
    unlocked: str = ""
    """Why no sleep is held up until the icon is grey; empty where it is."""


class Naps:
    """Takes a system's word from whichever thread hears it.

    `asleep` is given what to call once the icon is grey; both only queue.
    """

    def __init__(
        self,
        asleep: Callable[[Callable[[], None]], None],
        awake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.why_unheard = TOO_EARLY
        """Why the system's word does not come through; empty while it does."""
        self.why_unlocked = ""
        """Why no sleep is held up; empty while it is, or nobody was asked to."""
        self._asleep = asleep
        self._awake = awake
        self._clock = clock
        self._believed: deque[float] = deque(maxlen=MOST)
        self._sleeping = False

    @property
    def hearing(self) -> Hearing:
        """How well the system's word comes through now."""
        return Hearing(self.why_unheard, "" if self.why_unheard else self.why_unlocked)

    def begin(self) -> threading.Event | None:
        """The computer is about to sleep. What is set once the icon is grey; None where that is not believed."""
        now = self._clock()
        if self._sleeping:
            return None
        if len(self._believed) == MOST and now - self._believed[0] < SPAN:
            if self.why_unheard != TOO_OFTEN:
                log.warning("%s that it sleeps: the clocks are gone by", TOO_OFTEN)
            self.why_unheard = TOO_OFTEN
            return None
        self.why_unheard = ""
        self._believed.append(now)
        self._sleeping = True
        drawn = threading.Event()
        self._asleep(drawn.set)
        return drawn

    def end(self) -> bool:
        """The computer woke; whether that is believed."""
        if not self._sleeping:
            return False
        self._sleeping = False
        self._awake()
        return True
