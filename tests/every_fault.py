"""`python -m tests.every_fault`: every fault of networks and of this computer, made real, and a table of what came of each.

All networks at once, because most of their six minutes are waiting; the faults of this computer meanwhile, a few at a
time. What failed is tried once more by itself: a busy computer is no fault of the program's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import faults_here, faults_net
from tests.faults_here import cases as here
from tests.faults_here.fault import Lived
from tests.faults_net import running as networks
from tests.faults_net.cases import CASES
from tests.faults_net.running import MINUTES, TOOLS, Result
from tests.namespaces import missing

HEAD_START = 100.0
"""Seconds after which all networks' programs have begun on two cores."""
CHANCE = 8
"""More than so many failures are not due to a busy computer, and are not tried again."""
ROOM = 68
"""Characters of what was said, in the table."""


@dataclass(frozen=True)
class Row:
    """A fault in the table."""

    name: str
    said: str = "-"
    seconds: str = "-"
    told: str = ""
    after: str = ""
    faults: tuple[str, ...] = ()


def main() -> int:
    """0 when every fault ended as it must, 1 when one did not; what cannot be tried here is said and fails nobody."""
    options = _options()
    begun = time.monotonic()
    rows = try_all(options.only, options.minutes)
    sys.stdout.write(table(rows))
    failed = sum(bool(row.faults) for row in rows)
    sys.stdout.write(f"\n{len(rows)} faults, {failed} not as it must be, {time.monotonic() - begun:.0f} s\n")
    if options.out:
        options.out.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return int(failed > 0)


def try_all(only: Sequence[str], minutes: float) -> list[Row]:
    """What comes of those whose names have these words."""
    why_networks, why_here = missing(*TOOLS), here.why_not()
    for what, why in ((faults_net, why_networks), (faults_here, why_here)):
        if why:
            sys.stdout.write(f"Skipped: {why}. {what.__doc__}\n")
    cases = [] if why_networks else [case for case in CASES if all(word in case.name for word in only)]
    faults = [] if why_here else [fault for fault in here.FAULTS if all(word in fault.name for word in only)]
    with ThreadPoolExecutor(1) as pool:
        lives = pool.submit(here.try_all, faults, HEAD_START if cases and minutes else 0.0)
        results = networks.try_all(cases, minutes)
        lived = lives.result()
    failed = [row for row in rows(results, lived) if row.faults]
    if 0 < len(failed) <= CHANCE:
        sys.stdout.write(table(failed) + "Tried once more.\n\n")
        sys.stdout.flush()
        results, lived = networks.try_again(results, minutes), here.try_again(lived)
    return rows(results, lived)


def rows(results: Sequence[Result], lived: Sequence[Lived]) -> list[Row]:
    """A row each."""
    return [*map(_of_network, results), *map(_of_life, lived)]


def _of_network(result: Result) -> Row:
    found, status = result.found, result.found.get("status") or {}
    why = status.get("page", {}).get("why")
    told = {0: "yes", 2: "could not tell", 3: "no"}.get(found.get("wait", -1), "-")
    return Row(
        result.case.name,
        status.get("state", "-") + (f" ({why})" if why else ""),
        f"{found['seconds']:.1f}" if "seconds" in found else "-",
        told,
        f"{found['waited']:.0f} s" if found.get("wait") == 0 else "",
        tuple(result.faults),
    )


def _of_life(lived: Lived) -> Row:
    said = " ".join(lived.said.split())
    after = f"{lived.told:.0f} s" if lived.told else ""
    return Row(
        lived.name,
        said if len(said) <= ROOM else f"{said[: ROOM - 1]}…",
        f"{lived.seconds:.1f}",
        "yes" if lived.told else "",
        after,
        lived.faults,
    )


def table(every: Sequence[Row]) -> str:
    """A line a fault: what was said of it, after how long, whether an outage was told, and what is not as it must be."""
    cells = [("fault", "what is said", "s", "told", "after", "as it must be")]
    cells += [
        (
            row.name,
            row.said,
            row.seconds,
            row.told,
            row.after,
            "NO: " + "; ".join(row.faults) if row.faults else "yes",
        )
        for row in every
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[5]]) for row in cells
    ]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.every_fault", description=__doc__)
    parser.add_argument("only", nargs="*", help="words that a fault's name must have")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long an outage is waited for")
    parser.add_argument("--out", type=Path, help="a file for all that was found, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
