"""Decides whether anything followed is in trouble; the page is then polled more often."""

from __future__ import annotations

from trayapp.core.state.memory import Memory
from trayapp.model import Limits, SavedProduct, State, ladder_rank


def has_trouble(memory: Memory, limits: Limits) -> bool:
    """Decides whether a followed product has trouble that is shown, suspected, or notified and not over."""
    return any(
        state.state.is_trouble
        or state.checking
        or state.suspected_state is not None
        or _may_be_ongoing(memory.saved.products.get(name, SavedProduct()).told, state.lasting_state)
        for name, state in memory.product_states.items()
        if name in limits.follow
    )


def _may_be_ongoing(told: State, lasting: State | None) -> bool:
    """Decides whether notified trouble may go on; a pause may hold back its end for days."""
    return told.is_trouble and (lasting is None or ladder_rank(lasting) >= ladder_rank(told))
