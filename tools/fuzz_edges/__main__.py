"""`python -m tools.fuzz_edges`: each group in a process of its own, for so many seconds; what came of it, and each fault."""

from __future__ import annotations

import argparse
import hashlib
import itertools
import logging
import subprocess
import sys
import time
from pathlib import Path

from tools.fuzz_edges.engine import Found, Tally, run
from tools.fuzz_edges.targets import GROUPS

FOUND = Path("out/fuzz_edges")
_ROUND = 20.0
"""Seconds that one place of several in a group is fuzzed before the next has its turn."""
_ENOUGH = 10
"""Faults after which a group ends: as a rule they are one."""


def main() -> int:
    """0 when nothing was found, 1 when something was."""
    options = _options()
    if options.group:
        logging.getLogger().addHandler(
            logging.NullHandler()
        )  # what the program logs of hostile input would fill screens
        return _fuzz_group(options.group, options.seconds, options.seed)
    groups = options.only or list(GROUPS)
    command = [
        sys.executable,
        "-m",
        "tools.fuzz_edges",
        "--seconds",
        str(options.seconds),
        "--seed",
        str(options.seed),
    ]
    running = [subprocess.Popen([*command, "--group", group]) for group in groups]
    return max(process.wait() for process in running)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_edges", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=1200.0, help="of each group, all side by side (1200)"
    )
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="another one each time, if none is given"
    )
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="some of the groups")
    parser.add_argument("--group", choices=GROUPS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _fuzz_group(group: str, seconds: float, seed: int) -> int:
    """One group's places in turn, until the time is up."""
    begun, found = time.monotonic(), list[Found]()
    sums = {make: Tally("") for make in GROUPS[group]}
    turn = min(_ROUND, seconds / len(sums))
    for number, make in zip(itertools.count(seed), itertools.cycle(sums), strict=False):
        ends = min(time.monotonic() + turn, begun + seconds)
        target = make()
        try:
            tally = run(target, number, lambda tally, ends=ends: time.monotonic() < ends and not tally.found)  # type: ignore[misc]
        finally:
            target.close()
        _add(sums[make], tally)
        for fault in tally.found:
            found.append(fault)
            sys.stdout.write(_describe_fault(fault, number))
        if time.monotonic() >= begun + seconds or len(found) >= _ENOUGH:
            break
    for total in sums.values():
        sys.stdout.write(
            f"{group}: {total.target}: {total.inputs} inputs, {len(total.outcomes)} outcomes, slowest {total.slowest:.2f} s, "
            f"grew by {total.grown:.0f} MB, {len(total.found)} faults (seed {seed})\n"
        )
    sys.stdout.flush()
    return int(bool(found))


def _add(total: Tally, tally: Tally) -> None:
    total.target = tally.target
    total.inputs += tally.inputs
    total.outcomes += tally.outcomes
    total.slowest = max(total.slowest, tally.slowest)
    total.grown = max(total.grown, tally.grown)
    total.found += tally.found


def _describe_fault(fault: Found, seed: int) -> str:
    """A fault in words; its input is kept as a file."""
    FOUND.mkdir(parents=True, exist_ok=True)
    name = f"{fault.target.replace(' ', '-')}-{hashlib.sha256(fault.data).hexdigest()[:12]}"
    (FOUND / name).write_bytes(fault.data)
    return f"{fault.target}, seed {seed}, {len(fault.data)} bytes in {FOUND / name}: {fault.data[:120]!r}\n{fault.why}\n\n"


if __name__ == "__main__":
    sys.exit(main())
