"""Adds other people's word to a verdict: a hollow look while all else is calm, and reasons. It changes no state.

What is notified is found before and without it, so that reports neither start, nor end, nor hold open anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trayapp.core.crowd.votes import judge_crowd
from trayapp.core.state.memory import Memory
from trayapp.core.state.product_context import find_probes
from trayapp.model import (
    Limits,
    ProductVerdict,
    Reachability,
    Reason,
    ReasonKind,
    RoundTerms,
    State,
    Verdict,
)
from trayapp.model.crowd import CrowdVerdict, CrowdWord


def add_crowd_word(verdict: Verdict, memory: Memory, terms: RoundTerms) -> Verdict:
    """Adds what other people report now, for the followed products that they name."""
    if memory.crowd is None:
        return verdict
    said = judge_crowd(memory.crowd, terms.now.wall)
    verdict = replace(verdict, crowd=said)
    if not said.is_unusual or not verdict.state.is_known:
        return verdict
    named = [p for p in verdict.products if _is_named(memory, p, said)]
    calm = {p.name for p in named if said.word is CrowdWord.MANY and _is_calm(p, said)}
    return replace(
        verdict,
        products=tuple(replace(p, reported_by_people=p.name in calm) for p in verdict.products),
        reasons=(*verdict.reasons, *_list_reasons(memory, named, calm, said, terms.limits)),
    )


def _is_named(memory: Memory, product: ProductVerdict, said: CrowdVerdict) -> bool:
    """Whether people name the product, or a group that it belongs to; who names OpenAI alone may mean any."""
    reading = memory.readings.get(product.name)
    return not said.products or not {product.name, *(reading.groups if reading else ())}.isdisjoint(
        said.products
    )


def _is_calm(product: ProductVerdict, said: CrowdVerdict) -> bool:
    """Whether neither the page nor a probe shows anything, and people do not still speak of trouble that has ended."""
    began_before = product.since is not None and said.since is not None and said.since <= product.since
    return (
        not began_before
        and product.state is State.OPERATIONAL
        and not product.checking
        and not product.incidents
        and product.page_state is None
        and product.reach in {Reachability.OK, Reachability.NOT_ASKED}
    )


def _list_reasons(
    memory: Memory, named: list[ProductVerdict], calm: set[str], said: CrowdVerdict, limits: Limits
) -> Iterator[Reason]:
    for product in named:
        name, since = product.name, said.since
        if name in calm:
            is_asked = product.reach is Reachability.OK
            total = sum(not spec.keyed for spec in find_probes(memory, name, limits)) if is_asked else 0
            yield Reason(ReasonKind.PEOPLE_REPORT, subject=name, total=total, since=since)
        elif product.checking or (product.state.is_trouble and not product.confirmed):
            yield Reason(ReasonKind.PEOPLE_REPORT_TOO, subject=name, since=since)
        elif product.state.is_trouble and said.falling_since is not None:
            yield Reason(ReasonKind.REPORTS_FALL, subject=name, since=said.falling_since)
        elif product.state.is_trouble:
            yield Reason(ReasonKind.REPORTS_LAST, subject=name, since=since)
