"""That a product which OpenAI still calls down answers again from here (law 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.memory import Evidence, ProductReading
from trayapp.model import Limits, SavedProduct, State, ladder_rank


def recovery_start(
    page: State | None, word: ProductReading, kept: SavedProduct, found: Sequence[Evidence], limits: Limits
) -> datetime | None:
    """Since when, where alarms of the trouble that goes on were ended by answers and nothing has failed much since.

    None where OpenAI has applied a fix: that is its own word of the end.
    """
    began = kept.reached[ladder_rank(State.DEGRADED)] if kept.reached else None
    if page is None or not page.is_trouble or word.fix_applied or began is None:
        return None
    if any(e.has_alarm or weighing.is_checking(e, limits) for e in found):
        return None
    # After a restart nobody remembers the answers, only that it was said.
    dates = [e.answers_since for e in found if e.answers_since is not None]
    since = max(dates, default=kept.answers_since)
    return since if since is not None and since >= began else None
