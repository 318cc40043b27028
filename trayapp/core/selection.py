"""Applies a change of what is followed or ignored, which starts and ends nothing (law 7 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.page_reading import judge_page
from trayapp.core.state.component_names import find_all_components
from trayapp.core.state.memory import Memory
from trayapp.core.state.readings import begin_history
from trayapp.model import RoundTerms, Selection


def apply_selection_change(memory: Memory, terms: RoundTerms) -> Memory:
    """Forgets what was notified of products whose state changed only because the settings did.

    They begin anew like newly followed products, so that nothing starts or ends. The old settings are those
    by which the last reading was judged, also by an earlier run of the program.
    """
    limits = terms.limits
    before, selection = memory.saved.selection, Selection(limits.follow, limits.ignore)
    raw, read = memory.raw_page, memory.page_read_at
    if raw is None or read is None or before == selection:
        return memory
    if before is not None:
        older = judge_page(
            memory, raw, RoundTerms(terms.now, replace(limits, follow=before.follow, ignore=before.ignore))
        )
        memory = _forget_products(memory, _names_changed_by_selection(memory, older))
    begun = {
        name: begin_history(word.state, word.notifiable_state, read, changed_away=False)
        for name, word in memory.readings.items()
        if name not in memory.histories
    }
    kept = replace(memory.saved, selection=selection)
    return replace(memory, saved=kept, histories={**memory.histories, **begun})


def _names_changed_by_selection(memory: Memory, older: Memory) -> frozenset[str]:
    """Finds the products whose state differs because the new settings count a component differently."""
    if memory.page is None:
        return frozenset()
    components = memory.page.components
    groups = {c.group for c in components if c.id in _apart_ids(memory) ^ _apart_ids(older)}
    return frozenset(
        name
        for name, word in memory.readings.items()
        if (old := older.readings.get(name)) is not None
        and old.notifiable_state is not word.notifiable_state
        and any(c.group in groups for c in find_all_components(name, components))
    )


def _forget_products(memory: Memory, names: frozenset[str]) -> Memory:
    kept = replace(
        memory.saved,
        products={name: product for name, product in memory.saved.products.items() if name not in names},
        tell_when_back=tuple(name for name in memory.saved.tell_when_back if name not in names),
    )
    history = {name: past for name, past in memory.histories.items() if name not in names}
    return replace(memory, saved=kept, histories=history)


def _apart_ids(memory: Memory) -> frozenset[str]:
    return (
        frozenset(c.id for c in memory.page.components if c.apart) if memory.page is not None else frozenset()
    )
