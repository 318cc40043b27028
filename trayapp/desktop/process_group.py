"""Starts one of the person's programs so that it can be killed with all that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

if sys.platform == "win32":
    import _winapi
    import ctypes
    from ctypes import wintypes

    from trayapp.desktop.system32 import load_library

    _SET_QUOTA_AND_TERMINATE = 0x0101

    _kernel = load_library("kernel32")
    _kernel.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)

    class ProcessGroup:
        """A program in its own Windows job. A process that it starts at once may escape the job."""

        def __init__(
            self, argv: Sequence[str], env: Mapping[str, str], stdout: int = subprocess.DEVNULL
        ) -> None:
            """Start the program without a console window. Raises OSError."""
            self._job = _kernel.CreateJobObjectW(None, None)
            if not self._job:
                raise ctypes.WinError(ctypes.get_last_error())
            try:
                self.child = _start_process(argv, env, stdout, creationflags=subprocess.CREATE_NO_WINDOW)
            except (OSError, ValueError):
                self.release()
                raise
            with suppress(OSError):  # it has ended by itself
                process = _winapi.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, self.child.pid)
                _kernel.AssignProcessToJobObject(self._job, process)
                _winapi.CloseHandle(process)

        def kill(self) -> None:
            """End all of it."""
            _kernel.TerminateJobObject(self._job, 1)

        def release(self) -> None:
            """Let go; what still runs goes on."""
            _winapi.CloseHandle(self._job)

else:

    class ProcessGroup:
        """A program in its own session."""

        def __init__(
            self, argv: Sequence[str], env: Mapping[str, str], stdout: int = subprocess.DEVNULL
        ) -> None:
            """Start the program. Raises OSError."""
            self.child = _start_process(argv, env, stdout, start_new_session=True)

        def kill(self) -> None:
            """Kill the whole group, unless the program has ended: its id may then belong to another program."""
            if self.child.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(self.child.pid, signal.SIGKILL)

        def release(self) -> None:
            """Let go; what still runs goes on."""


def _start_process(
    argv: Sequence[str],
    env: Mapping[str, str],
    stdout: int,
    *,
    start_new_session: bool = False,
    creationflags: int = 0,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the person's own argv, no shell
        argv,
        env=env,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        start_new_session=start_new_session,
        creationflags=creationflags,
    )
