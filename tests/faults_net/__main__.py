"""`python -m tests.faults_net`: all cases at once, each in namespaces of its own, and a table of what came of them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import trustme

from tests.faults_net.case import Case
from tests.faults_net.cases import CASES
from tests.faults_net.internet import ADDRESSES, NUMBERS, PAPERS
from tests.namespaces import ENTER, missing

MINUTES = 6.0
TOOLS = ("ip", "tc", "nsenter", "mount")


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    case: Case
    found: Mapping[str, Any]
    faults: Sequence[str]


def main() -> int:
    """0 when every case is as the law has it, 1 when one is not, 0 and a line where it cannot be tried here."""
    options = _options()
    if why := missing(*TOOLS):
        sys.stdout.write(f"Skipped: {why}.\n")
        return 0
    cases = [case for case in CASES if all(word in case.name for word in options.only)]
    begun = time.monotonic()
    results = tried(cases, options.minutes)
    sys.stdout.write(table(results))
    failed = sum(bool(result.faults) for result in results)
    took = time.monotonic() - begun
    sys.stdout.write(f"\n{len(results)} cases, {failed} not by the law, {took:.0f} s\n")
    if options.out:
        kept = [{"name": r.case.name, "found": r.found, "faults": list(r.faults)} for r in results]
        options.out.write_text(json.dumps(kept, indent=1))
    return int(failed > 0)


def tried(cases: Sequence[Case], minutes: float = MINUTES) -> list[Result]:
    """What comes of these cases; with no minutes only of what `status` says."""
    with tempfile.TemporaryDirectory() as folder:
        authorities(Path(folder))
        with ThreadPoolExecutor(len(cases)) as pool:
            return list(pool.map(partial(_one, folder=Path(folder), minutes=minutes), cases))


def _one(case: Case, folder: Path, minutes: float) -> Result:
    command = [*ENTER, sys.executable, "-m", "tests.faults_net.inside", case.name, str(folder), str(minutes)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        return Result(case, {}, [f"the case itself failed: {done.stderr[-1000:]}"])
    found = json.loads(done.stdout)
    faults = case.faults_of_status(found["status"], found["seconds"])
    if minutes:
        faults += case.faults_of_wait(found["wait"], found["said"])
    return Result(case, found, faults)


def authorities(folder: Path) -> None:
    """Make an authority that the program is told to trust, one that it does not know, and servers' papers of them."""
    hosts = (*ADDRESSES, *NUMBERS)
    known, stranger = trustme.CA(), trustme.CA()
    known.cert_pem.write_to_path(str(folder / "authority.pem"))
    # As long a chain as real ones, which a slow line has to carry.
    issuers = {True: stranger, False: known.create_child_ca().create_child_ca()}
    for name, days in PAPERS.items():
        now = datetime.now(UTC) + timedelta(days=days)
        papers = issuers[name == "foreign"].issue_cert(
            *hosts, not_before=now - timedelta(days=30), not_after=now + timedelta(days=60)
        )
        (folder / f"{name}.pem").write_bytes(papers.private_key_and_cert_chain_pem.bytes())


def table(results: Sequence[Result]) -> str:
    """A line a case: what was said at once, after how long, what was told, and what is not by the law."""
    rows = [("case", "status says", "s", "told", "after", "by the law")]
    for result in results:
        found, status = result.found, result.found.get("status") or {}
        why = status.get("page", {}).get("why")
        told = {0: "yes", 2: "could not tell", 3: "no"}.get(found.get("wait", -1), "-")
        rows.append((
            result.case.name,
            status.get("state", "-") + (f" ({why})" if why else ""),
            f"{found['seconds']:.1f}" if "seconds" in found else "-",
            told,
            f"{found['waited']:.0f} s" if found.get("wait") == 0 else "",
            "NO: " + "; ".join(result.faults) if result.faults else "yes",
        ))  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[5]]) for row in rows
    ]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults_net", description=__doc__)
    parser.add_argument("only", nargs="*", help="words that a case's name must have")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long an outage is waited for")
    parser.add_argument("--out", type=Path, help="a file for all that was found, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
