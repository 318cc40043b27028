"""The program under proof: its limits as shipped, and the ablations it is held against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trayapp.model import Limits, ProbeSpec

API, CHATGPT, LOGIN = "API", "ChatGPT", "Login"

SHIPPED = Limits(
    probes=(
        ProbeSpec(API, "APIs", "https://api.openai.com/v1/models", 150.0),
        ProbeSpec(CHATGPT, "ChatGPT", "https://chatgpt.com/", 150.0),
        ProbeSpec(LOGIN, "ChatGPT", "https://auth.openai.com/", 300.0),
    )
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One variant of the program."""

    name: str
    limits: Limits
    gate: bool = True
    """Whether it asks if it is us before a failure counts; without, every failure is OpenAI's."""


PROGRAM = Subject("the program", SHIPPED)
PAGE_ONLY = Subject("page only", replace(SHIPPED, probes=()))
NO_GATE = Subject("no gate", SHIPPED, gate=False)
THREE_IN_A_ROW = Subject(
    # Through the same step: each failure is worth 1 of the 3 that alarm, one answer takes all away, no span is asked.
    "three in a row",
    replace(
        SHIPPED,
        failure_step=1.0,
        odd_step=0.5,
        alive_step=11.0,
        alarm_score=3.0,
        alarm_failures=3,
        alarm_span=0.0,
        alarm_span_max=0.0,
    ),
)
SUBJECTS = (PROGRAM, PAGE_ONLY, NO_GATE, THREE_IN_A_ROW)
