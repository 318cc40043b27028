"""Runs the person's hook at each transition: argv without a shell, the transition as JSON on its standard input.

The JSON is one object: {"change", "products", "before", "after", "confirmed", "at", "since", "incidents", "away",
"silent"}, with states and changes spelled as in `trayapp.model`, times in UTC ISO 8601 or null. `silent` is true where
no notification is sent: at the first poll ever, and on the level "nothing".
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue

from trayapp.desktop.links import clean_environment
from trayapp.desktop.process_group import ProcessGroup
from trayapp.model import Transition, format_utc
from trayapp.ownership import resolve_owned_program

log = logging.getLogger(__name__)

HOOK_TIMEOUT = 10.0
"""Seconds after which a hook is killed."""
PASSED_VARIABLES = frozenset(
    {
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR",
        "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
        "SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
    }
)  # fmt: skip
"""Variables a program needs to run and to show something; others may hold keys or proxy passwords."""


class HookRunner:
    """Runs the person's program for each transition, one at a time, on a worker's thread."""

    def __init__(self, argv: Callable[[], tuple[str, ...]], limit: float = HOOK_TIMEOUT) -> None:
        self._argv = argv
        self._limit = limit
        self._queue: SimpleQueue[Transition | None] = SimpleQueue()
        self._running: ProcessGroup | None = None
        self._closed = False
        self._lock = threading.Lock()
        """Held while the running process group is killed or released, so that the two cannot overlap."""
        self._worker: threading.Thread | None = None

    def report_transition(self, transition: Transition) -> None:
        """Queue a transition and return at once; an away summary's are queued one by one, the earliest first."""
        if not self._argv():
            return
        if self._worker is None:  # most people have no hook, and need no thread for it
            self._worker = threading.Thread(target=self._run_queue, name="hooks", daemon=True)
            self._worker.start()
        for part in sorted(transition.parts or (transition,), key=lambda part: part.at):
            self._queue.put(part)

    def close(self, timeout: float) -> None:
        """Run what is queued for at most `timeout` seconds, then kill a hook that still runs."""
        if self._worker is None:
            return
        self._queue.put(None)
        self._worker.join(timeout)
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.kill()

    def _run_queue(self) -> None:
        for transition in iter(self._queue.get, None):
            if self._closed:
                return
            try:
                self._run_hook(self._argv(), transition_json(transition).encode())
            except (OSError, ValueError) as error:  # ValueError: an argument with a NUL, say
                log.warning("the hook could not be run: %s", error)

    def _run_hook(self, argv: tuple[str, ...], told: bytes) -> None:
        if not argv:
            return
        family = ProcessGroup(
            resolve_command(argv), hook_environment(os.environ, getattr(sys, "_MEIPASS", None))
        )
        with self._lock:
            self._running = family
            if self._closed:  # while it was being started
                family.kill()
        child = family.child
        try:
            child.communicate(told, self._limit)
        except subprocess.TimeoutExpired:
            family.kill()
            child.communicate()
            log.warning("the hook took longer than %.0f s and was ended", self._limit)
        else:
            if child.returncode:
                log.warning("the hook ended with %d", child.returncode)
        finally:
            with self._lock:
                self._running = None
                family.release()


def resolve_command(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Replace the program by its full path, if no other user may replace the file. Raises OSError."""
    found = shutil.which(argv[0])
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), argv[0])
    resolve_owned_program(Path(found))
    return found, *argv[1:]


def transition_json(transition: Transition) -> str:
    """Encode a transition as one line of ASCII JSON, so that no hostile character of the page reaches a program."""
    return json.dumps(
        {
            "change": transition.change,
            "products": transition.products,
            "before": transition.before,
            "after": transition.after,
            "confirmed": transition.confirmed,
            "at": format_utc(transition.at),
            "since": format_utc(transition.since),
            "incidents": transition.incidents,
            "away": transition.away,
            "silent": transition.silent,
        }
    )


def hook_environment(env: Mapping[str, str], bundle: str | None) -> dict[str, str]:
    """Select a hook's variables; `bundle` is the frozen program's folder, from which it must load nothing."""
    return {
        name: value
        for name, value in clean_environment(env, bundle).items()
        if name.upper() in PASSED_VARIABLES
    }
