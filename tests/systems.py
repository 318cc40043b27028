"""What a test needs of the system it runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows' files have no such modes")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows does it in another way")

ANOTHER = 61234
"""The id of a user and of a group that no account has."""
second_user = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not (shutil.which("setpriv") and shutil.which("prlimit")),
    reason="only root may become another user, by setpriv and prlimit of Linux",
)


def as_another(*command: str, reads: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as another user; with `reads` one who may look at every file, as Python's own may be in a closed home."""
    user = ["setpriv", f"--reuid={ANOTHER}", f"--regid={ANOTHER}", "--clear-groups"]
    rights = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"] if reads else []
    return subprocess.run(
        [*user, *rights, *command],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
