"""All cases of networks at once, each in namespaces of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import trustme

from tests.faults_net.case import Case
from tests.faults_net.internet import ADDRESSES, NUMBERS, PAPERS
from tests.namespaces import ENTER

MINUTES = 6.0
TOOLS = ("ip", "tc", "nsenter", "mount")


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    case: Case
    found: Mapping[str, Any]
    at_once: Sequence[str] = ()
    """What was wrong with what was said at once."""
    in_time: Sequence[str] = ()
    """What was wrong with what was told in the minutes after."""

    @property
    def faults(self) -> list[str]:
        """All that was wrong."""
        return [*self.at_once, *self.in_time]


def try_all(cases: Sequence[Case], minutes: float = MINUTES) -> list[Result]:
    """What comes of these cases; with no minutes only of what `status` says."""
    if not cases:
        return []
    with tempfile.TemporaryDirectory() as folder:
        authorities(Path(folder))
        with ThreadPoolExecutor(len(cases)) as pool:
            return list(pool.map(partial(_one, folder=Path(folder), minutes=minutes), cases))


def try_again(results: Sequence[Result], minutes: float = MINUTES) -> list[Result]:
    """The same with those that failed tried once more: where only the first words were wrong, only these."""
    hasty = [result for result in results if result.at_once and not result.in_time]
    again = try_all([result.case for result in hasty], 0.0)
    again += try_all([result.case for result in results if result.in_time], minutes)
    anew = {result.case.name: result for result in again}
    return [anew.get(result.case.name, result) for result in results]


def _one(case: Case, folder: Path, minutes: float) -> Result:
    command = [*ENTER, sys.executable, "-m", "tests.faults_net.inside", case.name, str(folder), str(minutes)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        why = [f"the case itself failed: {done.stderr[-1000:]}"]
        return Result(case, {}, in_time=why) if minutes else Result(case, {}, at_once=why)
    found = json.loads(done.stdout)
    at_once = case.faults_of_status(found["status"], found["seconds"])
    in_time = case.faults_of_wait(found["wait"], found["said"]) if minutes else []
    return Result(case, found, at_once, in_time)


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
