"""`python -m tests.prove`: lives through it all and reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.prove import calibration
from tests.prove.budgets import budgets
from tests.prove.history import history
from tests.prove.jobs import Size, done, plan
from tests.prove.report import Source, as_json, written
from tests.readme import put_into

_WEEKS, _FULL_WEEKS = 200.0, 1000.0


def main() -> int:
    """0 if it ran, 64 for a history that cannot be read: a missed budget is printed, not hidden, and decides nothing here."""
    options = _options()
    try:
        postings, name = history(options.history)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{options.history}: no history of incidents: {error}\n")
        return 64
    weeks = options.weeks or (_FULL_WEEKS if options.full else _WEEKS)
    size = Size.of(weeks)
    results = done(plan(size, postings, options.seed))
    source = Source(name, size, options.seed)
    text = written(results, source) + _calibrated()
    sys.stdout.write(text)
    if options.out:
        as_data = options.out.suffix == ".json"
        options.out.write_text(as_json(results, source) if as_data else text, encoding="utf-8")
    if options.readme and not put_into(Path("README.md"), "prove", text):
        sys.stderr.write("README.md has no markers <!-- prove --> and <!-- /prove -->: nothing written\n")
    rows = budgets(results)
    missed = sum(row.mark == "MISS" for row in rows)
    sys.stderr.write(f"{missed} of {sum(bool(row.mark) for row in rows)} budgets missed\n")
    return 0


def _calibrated() -> str:
    """How well "half of past incidents ended …" would have held, or that this cannot be known here."""
    if absent := calibration.missing():
        return f"\nThe estimate's calibration is not known: {', '.join(p.name for p in absent)} is absent.\n"
    return "\n".join(
        (
            "",
            "How long it takes, foretold and held against what followed:",
            "",
            "```",
            *calibration.lines(calibration.table()),
            "```",
            "",
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help=f"{_FULL_WEEKS:g} client-weeks instead of {_WEEKS:g}"
    )
    parser.add_argument("--weeks", type=float, help="client-weeks of noise; all else in proportion")
    parser.add_argument(
        "--history", type=Path, help="incidents.json of any status page, or the stages table (csv)"
    )
    parser.add_argument("--out", type=Path, help="also write the report here, as JSON if it ends so")
    parser.add_argument("--readme", action="store_true", help="put the report between README.md's markers")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
