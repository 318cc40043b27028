"""Finds products that answer again from here while OpenAI still calls them down (law 12 of `docs/law.md`)."""

from __future__ import annotations

from datetime import datetime

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state.product_context import ProductContext
from trayapp.model import State, ladder_rank


def recovery_start(context: ProductContext) -> datetime | None:
    """Returns since when a product answers again, if answers ended the alarms of its ongoing trouble.

    None if probes fail again, or if OpenAI has applied a fix, which is then shown instead.
    """
    page, kept, found = context.shown_page_state, context.kept, context.evidence
    began = kept.reached[ladder_rank(State.DEGRADED)] if kept.reached else None
    if page is None or not page.is_trouble or context.reading.fix_applied or began is None:
        return None
    if any(e.has_alarm or weighing.is_checking(e, context.limits) for e in found):
        return None
    # After a restart the evidence is gone; only the date that was notified is left.
    dates = [e.answers_since for e in found if e.answers_since is not None]
    since = max(dates, default=kept.answers_since)
    return since if since is not None and since >= began else None
