"""One case: a fault, and what the law wants said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults_net.internet import World

Change = Callable[[World], str | None]
"""Changes the world; may return a command for the shell of the computer that the program runs on."""


def nothing(_world: World) -> None:
    """What changes in a calm case."""


@dataclass(frozen=True)
class Case:
    """The fault is there while `status` is asked. `wait` begins with it, or in a calm before it (`begins_calm`)."""

    name: str
    fault: Change = nothing
    begins_calm: bool = False
    """Whether `wait` has seen all well before the fault comes, 25 s after it began."""
    later: tuple[tuple[float, Change], ...] = ()
    """What changes so many seconds after `wait` began."""
    environment: Mapping[str, str] = field(default_factory=dict)
    states: frozenset[str] = frozenset({"operational"})
    """Any of these is right."""
    reach: Mapping[str, str] = field(default_factory=dict)
    """Product -> how far `status` says that it is reached; several words parted by "|"."""
    why: str = ""
    """Why the page could not be read, as a pattern; empty where it must be readable, "-" where either is right."""
    says: str = ""
    """A pattern that sentence and reasons must have."""
    never: str = "certificate|fault in this program"
    """A pattern that they must not have."""
    told: str = ""
    """A pattern of what must be told within six minutes; empty: nothing may be told."""

    def faults_of_status(self, said: Mapping[str, Any] | None, seconds: float) -> list[str]:
        """What is wrong with what `status --json` said after so long."""
        if said is None:
            return ["status printed no JSON"]
        text = " ".join([said["sentence"], *said["reasons"]])
        why = said["page"]["why"] or ""
        bad = re.search(self.never, text, re.IGNORECASE) if self.never else None
        wrong = [
            (seconds > WITHIN, f"after {seconds:.1f} s"),
            (said["state"] not in self.states, f"{said['state']} and not {'/'.join(sorted(self.states))}"),
            (self.why != "-" and bool(why) != bool(self.why), f"page: {why or 'readable'}"),
            (
                bool(why) and self.why not in {"", "-"} and not re.search(self.why, why),
                f"page: {why!r} and not {self.why!r}",
            ),
            (not re.search(self.says, text, re.IGNORECASE), f"does not say {self.says!r}"),
            (bad is not None, f"says {bad.group()!r}" if bad else ""),
        ]
        return [fault for is_wrong, fault in wrong if is_wrong] + self._faults_of_reach(said)

    def _faults_of_reach(self, said: Mapping[str, Any]) -> list[str]:
        found = {product["name"]: product.get("reach") for product in said["products"]}
        if self.reach and not any(found.values()):
            return ["reach is not said"]
        return [
            f"reach of {name}: {found.get(name)} and not {wanted}"
            for name, wanted in self.reach.items()
            if found.get(name) not in wanted.split("|")
        ]

    def faults_of_wait(self, status: int, said: str) -> list[str]:
        """What is wrong with how `wait --for trouble` ended."""
        if self.told and status != 0:
            return ["the outage was not told"]
        if self.told and not re.search(self.told, said, re.IGNORECASE):
            return [f"told other than {self.told!r}: {said}"]
        if not self.told and status == 0:
            return [f"FALSELY TOLD: {said}"]
        return [] if status in {0, 2, 3} else [f"wait ended with {status}"]


WITHIN = 11.0
"""Seconds for `status`: a round's ten, and a tenth of it."""
