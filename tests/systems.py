"""What a test needs of the system it runs on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

import pytest

modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows' files have no such modes")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows does it in another way")


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
