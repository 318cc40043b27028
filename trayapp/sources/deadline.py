"""The time limit of one request. Each of its waits asks here how long it may take, so that together they keep it."""

from __future__ import annotations

import time


class Deadline:
    """An instant on the monotonic clock that may be moved. Belongs to the thread of its request."""

    def __init__(self, ends: float) -> None:
        self._ends = ends

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._ends

    def move_to(self, ends: float) -> None:
        """Replaces the instant by another one."""
        self._ends = ends

    def time_left(self) -> float:
        """Returns the seconds that are left. Raises TimeoutError if none are."""
        left = self._ends - time.monotonic()
        if left <= 0.0:
            raise TimeoutError("the request's time is up")
        return left
