"""Decides whether a source may be asked again: pauses after failures, obeys refusals. Pure; each source has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.model import Miss

_FAILURES = 3
_PAUSE = timedelta(hours=1)
_REFUSALS = frozenset({401, 403, 422})
"""Statuses of a source that does not want to be asked by us."""


@dataclass(frozen=True, slots=True)
class Manners:
    """A source's failures, its pause and its refusal."""

    failures: int = 0
    """Failures in a row."""
    not_before: datetime | None = None
    """When it may be asked again."""
    refused: int | None = None
    """The status by which it refused us: it is not asked any more until the program starts anew."""

    def may_ask(self, now: datetime) -> bool:
        """Whether it may be asked. A clock that was set back by more than a pause ends the pause."""
        if self.refused is not None:
            return False
        return self.not_before is None or not timedelta(0) < self.not_before - now <= _PAUSE

    def after_answer(self, found: object | Miss, now: datetime) -> Manners:
        """Takes in an answer. One that asks us to wait refuses nothing; a failure of this computer's is not its own."""
        if not isinstance(found, Miss):
            return Manners()
        if found.status in _REFUSALS and found.retry_after is None:
            return Manners(refused=found.status)
        if found.cause.is_own_failure:
            return self
        failures = self.failures + 1
        waits = [timedelta(seconds=found.retry_after)] if found.retry_after is not None else []
        if failures >= _FAILURES:
            waits.append(_PAUSE)
        return Manners(failures, now + min(max(waits), _PAUSE) if waits else None)
