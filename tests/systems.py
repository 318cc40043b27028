"""What a test needs of the system it runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

import pytest

modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows' files have no such modes")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows does it in another way")

ANOTHER = 61234
"""The id of a user and of a group that no account has."""
second_user = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not (shutil.which("setpriv") and shutil.which("prlimit")),
    reason="only root may become another user, by setpriv and prlimit of Linux",
)

administrator = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0,
    reason="only root's files are an administrator's, and only root may give one away",
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


def can_unshare(*command: str) -> bool:
    """Whether `unshare` may run this command in namespaces of its own.

    It is tried, because neither being root nor having the program says so: a container's root may lack the right
    (CAP_SYS_ADMIN), and below chroot nothing can be mounted where `/` is no mount point.
    """
    try:
        return (
            subprocess.run(["unshare", *command], capture_output=True, check=False, timeout=10).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


own_mounts = pytest.mark.skipif(
    not can_unshare("--mount", "mount", "-t", "tmpfs", "none", tempfile.gettempdir()),
    reason="needs the right to mount a disk in a namespace of its own",
)
own_network = pytest.mark.skipif(
    not can_unshare("--net", "true"), reason="needs the right to make a network namespace"
)
iproute = pytest.mark.skipif(
    shutil.which("ip") is None, reason="needs ip of iproute2; `make desktop-tools` installs it"
)
