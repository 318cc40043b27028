"""What a state file costs in memory; measured in a process of its own."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trayapp.store import Store
from trayapp.store.file import open_for_writing

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MEASURED = """
import re, sys
from datetime import UTC, datetime
from pathlib import Path
from trayapp.store import Store

def private():
    return int(re.search(r"Private_Dirty: +(\\d+)", Path("/proc/self/smaps_rollup").read_text())[1])

before = private()
store = Store.open(Path(sys.argv[1]), datetime.now(UTC))
print(private() - before)
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked through /proc")
def test_a_large_file_is_not_kept_in_memory(tmp_path: Path) -> None:
    """A file of more than 4 MB, as after a year and more, is checked at opening and costs less than 1 MiB from then on."""
    file = tmp_path / "state.db"
    Store.open(file, NOW).close()
    db = open_for_writing(file)
    rows = ((at, 1, 0, 3600, 30, 9000) for at in range(200_000))
    db.execute("BEGIN")
    db.executemany("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("COMMIT")
    db.close()
    assert file.stat().st_size > 4_000_000
    grown = subprocess.check_output([sys.executable, "-c", MEASURED, file])
    assert int(grown) < 1024
