"""Collects what decides a product's state and what is notified of it."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, Memory, ProductReading
from trayapp.core.state.readings import PageHistory
from trayapp.model import Limits, Moment, ProbeSpec, RoundTerms, SavedProduct, State

# What holds of a product or probe of which nothing is known yet; one value each, for they are asked for all the time.
NO_EVIDENCE = Evidence()
_NO_READING = ProductReading(None)
_NOTHING_SAVED = SavedProduct()


@dataclass(frozen=True, slots=True)
class ProductContext:
    """One product and everything that decides its state."""

    name: str
    kept: SavedProduct
    """The product as saved before this round, with what was notified of it."""
    memory: Memory
    now: Moment
    limits: Limits

    @property
    def reading(self) -> ProductReading:
        """The page's last reading of it, without a state if the page does not list it."""
        return self.memory.readings.get(self.name, _NO_READING)

    @property
    def history(self) -> PageHistory | None:
        """The page's readings of it, None before the first."""
        return self.memory.histories.get(self.name)

    @property
    def has_changed_away(self) -> bool:
        """Whether the page's word on it changed during the last absence."""
        return self.history is not None and self.history.changed_away

    @property
    def is_page_stale(self) -> bool:
        """Whether the last reading is too old to use."""
        return is_page_stale(self.memory, RoundTerms(self.now, self.limits))

    @property
    def shown_page_state(self) -> State | None:
        """The state that the page reports, None while its last reading is too old or does not list it."""
        return None if self.is_page_stale or self.history is None else self.history.shown_state

    @property
    def probes(self) -> tuple[ProbeSpec, ...]:
        """Its probes."""
        return find_probes(self.memory, self.name, self.limits)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence of each of its probes."""
        return find_evidence(self.memory, self.name, self.limits)

    @property
    def alarms(self) -> tuple[Evidence, ...]:
        """The evidence of those of its probes that raised an alarm."""
        return tuple(e for e in self.evidence if e.has_alarm)


def product_context(memory: Memory, name: str, terms: RoundTerms) -> ProductContext:
    """Collects the context of one product."""
    return ProductContext(
        name, memory.saved.products.get(name, _NOTHING_SAVED), memory, terms.now, terms.limits
    )


def is_page_stale(memory: Memory, terms: RoundTerms) -> bool:
    """Decides whether the last reading is too old to use (law 1), or there is none since the start."""
    if memory.page_read_at is None:
        return True
    return terms.now.awake - memory.page_read_at.awake > stale_after(memory, terms.limits)


def find_probes(memory: Memory, name: str, limits: Limits) -> tuple[ProbeSpec, ...]:
    """Returns the probes of a followed name: those of the product itself or of its group."""
    reading = memory.readings.get(name)
    products = {name, *(reading.groups if reading else ())}
    return tuple(spec for spec in limits.probes if spec.product in products)


def find_evidence(memory: Memory, name: str, limits: Limits) -> tuple[Evidence, ...]:
    """Returns the evidence of each probe of a followed name."""
    return tuple(memory.evidence.get(spec.name, NO_EVIDENCE) for spec in find_probes(memory, name, limits))
