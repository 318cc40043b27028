"""A change of what is followed or ignored is no news (law 7), whether the program ran meanwhile or not."""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.page_reading import judge_page
from trayapp.core.state.component_names import all_of
from trayapp.core.state.memory import Memory
from trayapp.core.state.readings import begin_history
from trayapp.model import Limits, Moment, Selection


def forget_reworded(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The memory without what was told of products that other settings alone made better or worse.

    Like who is followed anew they are looked at afresh, which starts and ends nothing. What the settings were is known
    from the last reading that was judged by them.
    """
    before, selection = memory.kept.selection, Selection(limits.follow, limits.ignore)
    raw, read = memory.raw, memory.page_read
    if raw is None or read is None or before == selection:
        return memory
    if before is not None:
        older = judge_page(memory, raw, now, replace(limits, follow=before.follow, ignore=before.ignore))
        memory = _without(memory, _reworded(memory, older))
    begun = {
        name: begin_history(word.state, word.notifiable, read, changed_away=False)
        for name, word in memory.words.items()
        if name not in memory.history
    }
    kept = replace(memory.kept, selection=selection)
    return replace(memory, kept=kept, history={**memory.history, **begun})


def _reworded(memory: Memory, older: Memory) -> frozenset[str]:
    """The names whose word is another by those settings, for a component of theirs counts otherwise."""
    if memory.page is None:
        return frozenset()
    components = memory.page.components
    groups = {c.group for c in components if c.id in _apart(memory) ^ _apart(older)}
    return frozenset(
        name
        for name, word in memory.words.items()
        if (old := older.words.get(name)) is not None
        and old.notifiable is not word.notifiable
        and any(c.group in groups for c in all_of(name, components))
    )


def _without(memory: Memory, names: frozenset[str]) -> Memory:
    kept = replace(
        memory.kept,
        products={name: product for name, product in memory.kept.products.items() if name not in names},
        tell_when_back=tuple(name for name in memory.kept.tell_when_back if name not in names),
    )
    history = {name: past for name, past in memory.history.items() if name not in names}
    return replace(memory, kept=kept, history=history)


def _apart(memory: Memory) -> frozenset[str]:
    return (
        frozenset(c.id for c in memory.page.components if c.apart) if memory.page is not None else frozenset()
    )
