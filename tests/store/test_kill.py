"""Killed in the middle of writing, the program finds either the old or the new, never a mix."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from trayapp.store import Store

from .values import NOON
from .writer import kept_of, outage_start

ROOT = Path(__file__).parents[2]


def _killed_after(path: Path, lines: int) -> int:
    """Runs the writer, kills it once it has printed so much; gives the last generation it saw saved."""
    command = [sys.executable, "-m", "tests.store.writer", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        words = [next(writer.stdout).split() for _ in range(lines)]
        writer.kill()
        words += [line.split() for line in writer.stdout if line.endswith("\n")]
    return max((int(n) for said, n in words if said == "saved"), default=0)


@pytest.mark.long
def test_a_kill_leaves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    """Over twelve kills at arbitrary moments nothing that was saved is lost, mixed or doubled."""
    path = tmp_path / "state.db"
    dice = random.Random(20261122)  # noqa: S311  # moments for a test, not secrets

    newest = 0
    for _ in range(12):
        saved = max(newest, _killed_after(path, dice.randrange(1, 60)))
        with closing(Store.open(path, NOON)) as store:
            assert store.complaint is None
            newest = int((store.last_saved().tell_when_back or ("0",))[0])
            assert newest in (saved, saved + 1)
            assert newest == 0 or store.last_saved() == kept_of(newest)
            assert store.read_transitions() == [outage_start(n) for n in range(1, newest + 1)]
            # Done ones may be missing; the newest third may or may not be done yet; no other may be lost.
            waiting = {int(notice.id.split()[1]) for notice in store.unfinished_intents(NOON)}
            assert waiting >= {n for n in range(1, newest + 1) if n % 3}
            assert waiting <= set(range(1, newest + 1))
    assert newest > 12
