"""Finds suspicions that ended without a notification, so that the history counts them; none is notified.

Such a suspicion came during a pause, in quiet hours, while unstable or over the daily cap, so that only the
icon showed it. The transitions of notified suspicions are recorded anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from trayapp.core.state.memory import Memory
from trayapp.core.state.product_context import ProductContext, product_context
from trayapp.model import (
    RoundTerms,
    SavedProduct,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
)


def find_unannounced(before: Memory, memory: Memory, terms: RoundTerms) -> tuple[Transition, ...]:
    """Returns a silent start and a silent end for each unannounced suspicion that ended in this round."""
    return tuple(
        each
        for name in terms.limits.follow
        for each in _find_for_product(before, product_context(memory, name, terms))
    )


def _find_for_product(before: Memory, context: ProductContext) -> Iterator[Transition]:
    name, kept = context.name, before.saved.products.get(context.name, SavedProduct())
    earlier, later = (memory.product_states.get(name) for memory in (before, context.memory))
    suspected = earlier.suspected_state if earlier is not None else None
    if suspected is None or (later is not None and later.suspected_state is not None):
        return
    began = kept.reached[ladder_rank(suspected)] if kept.reached else None
    if began is None or {kept.told, context.kept.told} != {State.OPERATIONAL}:
        return
    start = Transition(
        TransitionKind.START,
        (name,),
        State.OPERATIONAL,
        suspected,
        began,
        began,
        confirmed=False,
        silent=True,
    )
    yield start
    yield replace(
        start,
        change=TransitionKind.END,
        before=suspected,
        after=State.OPERATIONAL,
        at=_end_time(context),
        confirmed=_has_page_posted(context, began),
    )


def _has_page_posted(context: ProductContext, began: datetime) -> bool:
    """Whether the page has reported trouble since then, even if it reports none by now."""
    if context.history is None:
        return False
    trouble = context.history.shown_rungs[ladder_rank(State.DEGRADED)]
    return trouble.is_reached or (not trouble.is_first_reading and trouble.since_wall >= began)


def _end_time(context: ProductContext) -> datetime:
    """Returns when the last of the product's probes was answered again."""
    back = [e.first_answer_at for e in context.evidence if e.first_answer_at is not None]
    return max(back, default=context.now.wall)
