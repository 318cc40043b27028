"""The program under proof: its limits as shipped, and the ablations it is held against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.prove.engine import COUNTING_TO_THREE, SHIPPED
from trayapp.model import Level, Limits, ProbeSpec

PRODUCT_OF = {spec.name: spec.product for spec in SHIPPED.probes}
ALL = tuple(PRODUCT_OF)
API, CHATGPT, LOGIN = ALL[:3]
"""Those with films and figures of their own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One variant of the program."""

    name: str
    limits: Limits
    gate: bool = True
    """Whether it asks if it is us before a failure counts; without, every failure is OpenAI's."""


def asking_every(seconds: float) -> Subject:
    """The program with another interval of the page."""
    return Subject(f"page every {seconds / 60:g} min", replace(SHIPPED, page_interval=seconds))


PROGRAM = Subject("the program", SHIPPED)
PAGE_ONLY = Subject("page only", replace(SHIPPED, probes=()))
NO_GATE = Subject("no gate", SHIPPED, gate=False)
THREE_IN_A_ROW = Subject("three in a row", COUNTING_TO_THREE)
ANSWERS = "Answers"
KEYED = Subject(
    "with a key",
    replace(
        SHIPPED,
        level=Level.PROBLEMS,
        probes=(*SHIPPED.probes, ProbeSpec(ANSWERS, "APIs", "https://api.test/v1", 900.0, keyed=True)),
    ),
)
"""Who has switched on the check with the own key, and is told of problems too: cut streams are one."""
SUBJECTS = (PROGRAM, PAGE_ONLY, NO_GATE, THREE_IN_A_ROW)
