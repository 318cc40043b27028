"""`python -m tools.prove`: lives through it all and reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.measurements import DOCUMENT, put_into
from tools.prove.groups import NAMES, plan, rows
from tools.prove.history import history
from tools.prove.jobs import PROCESSES, Size, run_jobs
from tools.prove.report import Source, as_json, write_report

_WEEKS, _FULL_WEEKS = 200.0, 1000.0


def main() -> int:
    """0 if it ran, 64 for a history that cannot be read: a missed budget is printed, not hidden, and decides nothing here."""
    options = _options()
    try:
        postings, name = history(options.history)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{options.history}: no history of incidents: {error}\n")
        return 64
    size = Size.of(options.weeks or (_FULL_WEEKS if options.full else _WEEKS))
    results = run_jobs(plan(size, postings, options.seed, options.only), options.processes)
    source = Source(name, size, options.seed, options.only)
    text = write_report(results, source)
    sys.stdout.write(text)
    if options.out:
        as_data = options.out.suffix == ".json"
        options.out.write_text(as_json(results, source) if as_data else text, encoding="utf-8")
    if options.write and not put_into(DOCUMENT, "prove", text):
        sys.stderr.write(f"{DOCUMENT} has no markers <!-- prove --> and <!-- /prove -->: nothing written\n")
    found = rows(results, options.only)
    missed = sum(row.mark == "MISS" for row in found)
    sys.stderr.write(f"{missed} of {sum(bool(row.mark) for row in found)} budgets missed\n")
    return 0


def _groups(text: str) -> tuple[str, ...]:
    wanted = tuple(word.strip() for word in text.split(","))
    unknown = [word for word in wanted if word not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return wanted


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.prove", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help=f"{_FULL_WEEKS:g} client-weeks instead of {_WEEKS:g}"
    )
    parser.add_argument("--weeks", type=float, help="client-weeks of noise; all else in proportion")
    parser.add_argument(
        "--only", type=_groups, default=NAMES, help=f"some of {', '.join(NAMES)}, with commas between"
    )
    parser.add_argument(
        "--history", type=Path, help="incidents.json of any status page instead of the recorded years"
    )
    parser.add_argument("--out", type=Path, help="also write the report here, as JSON if it ends so")
    parser.add_argument(
        "--write", action="store_true", help="put the report between the markers of docs/measurements.md"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
