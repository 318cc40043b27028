"""Lives without end: `python -m tools.fuzz --hours 1 --seed 1`.

Prints what fails as a film, taken apart to what it needs, and at last how much was lived.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import count

from tools.fuzz.draw import draw
from tools.fuzz.film import film
from tools.fuzz.run import live
from tools.fuzz.shrink import shrink

DAYS = (3.0, 7.0, 7.0, 30.0)
"""Days of a life, by its seed."""


def days_of(seed: int) -> float:
    """How long the life of a seed is."""
    return DAYS[seed % len(DAYS)]


def main() -> int:
    """Live, and say what came of it."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="Random lives through the real program.")
    parser.add_argument("--seed", type=int, default=1, help="the first life's")
    parser.add_argument("--lives", type=int, help="how many lives")
    parser.add_argument("--hours", type=float, default=1.0, help="hours of processor time (1)")
    parser.add_argument("--go-on", action="store_true", help="do not end with the first life that fails")
    parser.add_argument("--no-shrink", action="store_true", help="only name what fails")
    asked = parser.parse_args()
    started, lived, days, rounds, failed = time.process_time(), 0, 0.0, 0, Counter[str]()
    for seed in count(asked.seed):
        spent = time.process_time() - started
        if spent >= asked.hours * 3600.0 or lived == asked.lives:
            break
        found = live(draw(seed, days_of(seed)))
        lived, days, rounds = lived + 1, days + found.days, rounds + found.rounds
        if found.rule:
            failed[found.rule] += 1
            print(f"seed {seed}, day {found.at / 86_400.0:.1f}: {found.how[-1500:]}", flush=True)
            if not asked.no_shrink and failed[found.rule] <= 2:
                print(film(shrink(draw(seed, days_of(seed)), found.rule), found.rule), flush=True)
            if not asked.go_on:
                break
        if lived % 5 == 0:
            print(
                f"… seed {seed}: {lived} lives, {days:.0f} days, {rounds} rounds, {spent:.0f} s", flush=True
            )
    spent = time.process_time() - started
    print(f"{lived} lives, {days:.0f} simulated days, {rounds} rounds in {spent / 3600.0:.3f} CPU-hours")
    for rule, number in failed.most_common():
        print(f"  {number} x {rule}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
