"""Whether anything that is followed is in trouble: the page is then polled more often."""

from __future__ import annotations

from trayapp.core.state.memory import Memory
from trayapp.model import KeptProduct, Limits, State, rank


def is_trouble_on(memory: Memory, limits: Limits) -> bool:
    """Whether something is wrong, suspected, or told and not over."""
    return any(
        state.state.is_trouble
        or state.checking
        or state.suspected is not None
        or _may_go_on(memory.kept.products.get(name, KeptProduct()).told, state.lasting)
        for name, state in memory.products.items()
        if name in limits.follow
    )


def _may_go_on(told: State, lasting: State | None) -> bool:
    """Whether what was told is not known to be over. A pause may keep its end untold for days."""
    return told.is_trouble and (lasting is None or rank(lasting) >= rank(told))
