"""Connects client and program on Windows by a named pipe for this user alone, on this computer alone.

Any user may make a pipe of any free name. So each start draws a random name and writes it into the person's state
folder: nobody else can take it first. Nor does it become free while the program runs, because the next instance is
made before one is given to a client.
"""

from __future__ import annotations

import sys

from trayapp import APP_ID

if sys.platform == "win32":
    import _winapi
    import ctypes
    import os
    import re
    import secrets
    import time
    from contextlib import suppress
    from ctypes import wintypes
    from pathlib import Path
    from typing import Self

    from trayapp.desktop.control.messages import MAX_LINE, NoAnswerError, NotRunningError
    from trayapp.desktop.control.windows_user import read_process_user, single_user_permission
    from trayapp.desktop.system32 import load_library
    from trayapp.ownership import open_private

    NAME_FILE = "control.pipe"
    """The file in the state folder that holds the pipe's name."""
    _PIPE_NAME = re.compile(rf"{re.escape(APP_ID)}-[0-9a-f]{{32}}")
    _MAX_NAME = 100
    _REJECT_REMOTE_CLIENTS = 0x8
    _IDENTIFY_ONLY = 0x00110000
    """SECURITY_SQOS_PRESENT with SECURITY_IDENTIFICATION: the listening program may not act in the client's name."""

    _CLOSE_WAIT = 0.5
    """Seconds within which a client that was answered must leave."""

    _kernel = load_library("kernel32")
    _kernel.CreateEventW.restype = wintypes.HANDLE
    _kernel.SetEvent.argtypes = (wintypes.HANDLE,)
    _kernel.DisconnectNamedPipe.argtypes = (wintypes.HANDLE,)
    for _asking in (_kernel.GetNamedPipeServerProcessId, _kernel.GetNamedPipeClientProcessId):
        _asking.argtypes = (wintypes.HANDLE, ctypes.c_void_p)

    def read_pipe_name(directory: Path) -> str:
        """Read the pipe's name from the running program's file. Raises OSError."""
        with (directory / NAME_FILE).open(encoding="ascii", errors="replace") as file:
            random_name = file.read(_MAX_NAME)
        if not _PIPE_NAME.fullmatch(random_name):
            raise FileNotFoundError(f"no pipe's name in {directory / NAME_FILE}")
        return rf"\\.\pipe\{random_name}"

    class PipeConnection:
        """The client's end."""

        def __init__(self, handle: int) -> None:
            self._handle = handle

        def is_same_user(self) -> bool:
            """Whether the other end runs as this user. Raises OSError."""
            return self._is_own_process(_kernel.GetNamedPipeServerProcessId)

        def read(self, deadline: float) -> bytes:
            """Read the next bytes; empty when no more will come."""
            try:
                pending, _ = _winapi.ReadFile(self._handle, MAX_LINE, overlapped=True)
                _wait_for_operation(pending, deadline)
            except BrokenPipeError:
                return b""
            return bytes(pending.getbuffer() or b"")

        def write(self, data: bytes, deadline: float) -> None:
            """Write all bytes."""
            pending, _ = _winapi.WriteFile(self._handle, data, overlapped=True)
            _wait_for_operation(pending, deadline)

        def interrupt(self) -> None:
            """End a `read` under way on another thread."""
            _kernel.DisconnectNamedPipe(self._handle)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_exception: object) -> None:
            _winapi.CloseHandle(self._handle)

        def _is_own_process(self, asking: ctypes._NamedFuncPointer) -> bool:
            process = wintypes.ULONG()
            if not asking(self._handle, ctypes.byref(process)):
                raise ctypes.WinError(ctypes.get_last_error())
            try:
                return read_process_user(process.value) == _own_user()
            except PermissionError:
                return False

    class _ServedPipe(PipeConnection):
        """The program's end."""

        def is_same_user(self) -> bool:
            return self._is_own_process(_kernel.GetNamedPipeClientProcessId)

        def __exit__(self, *_exception: object) -> None:
            """Disconnect once the client has left: an answer that it has not read would be lost."""
            until = time.monotonic() + _CLOSE_WAIT
            with suppress(OSError):
                while time.monotonic() < until and self.read(until):
                    pass
            _kernel.DisconnectNamedPipe(self._handle)
            _winapi.CloseHandle(self._handle)

    class ControlListener:
        """The program's pipe, which queues clients from its making on."""

        def __init__(self, directory: Path) -> None:
            """Create the pipe and write its name to the file. Raises OSError."""
            self._file = directory / NAME_FILE
            random_name = f"{APP_ID}-{secrets.token_hex(16)}"
            self._name = rf"\\.\pipe\{random_name}"
            self._pipe = _create_instance(self._name, _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE)
            try:
                with open(self._file, "w", encoding="ascii", opener=open_private) as file:
                    file.write(random_name)
            except OSError:
                _winapi.CloseHandle(self._pipe)
                raise
            self._end = int(_kernel.CreateEventW(None, True, False, None))  # manual reset, not set

        def accept(self) -> PipeConnection:
            """Wait for the next client. Raises OSError once `wake` was called."""
            while True:
                try:
                    pending = _winapi.ConnectNamedPipe(self._pipe, overlapped=True)
                except OSError as error:
                    if error.winerror != _winapi.ERROR_NO_DATA:
                        raise
                    _kernel.DisconnectNamedPipe(self._pipe)  # the client has left already
                    continue
                if _winapi.WaitForMultipleObjects([self._end, pending.event], False) == _winapi.WAIT_OBJECT_0:
                    pending.cancel()
                if _is_cancelled(pending):
                    raise ConnectionAbortedError("the program ends")
                return self._take_connected()

        def wake(self) -> None:
            """End an `accept` under way on another thread."""
            _kernel.SetEvent(self._end)

        def close(self) -> None:
            """Close the pipe and delete its file."""
            _winapi.CloseHandle(self._pipe)
            _winapi.CloseHandle(self._end)
            self._file.unlink(missing_ok=True)

        def _take_connected(self) -> PipeConnection:
            """Return the client's instance and put a new one in its place. Raises OSError if none can be made."""
            try:
                another = _create_instance(self._name)
            except OSError:
                _kernel.DisconnectNamedPipe(self._pipe)
                raise
            taken, self._pipe = self._pipe, another
            return _ServedPipe(taken)

    def _create_instance(name: str, flag: int = 0) -> int:
        with single_user_permission(_own_user()) as permission:
            return _winapi.CreateNamedPipe(
                name,
                _winapi.PIPE_ACCESS_DUPLEX | _winapi.FILE_FLAG_OVERLAPPED | flag,
                _REJECT_REMOTE_CLIENTS,
                _winapi.PIPE_UNLIMITED_INSTANCES,  # how many are served at once is counted elsewhere
                MAX_LINE,
                MAX_LINE,
                0,
                permission,
            )

    def connect_to_program(directory: Path, deadline: float) -> PipeConnection:
        """Connect to the program that listens there. Raises NotRunningError or NoAnswerError."""
        while True:
            try:
                place = read_pipe_name(directory)
                return PipeConnection(_open_pipe(place))
            except OSError as error:
                if error.winerror != _winapi.ERROR_PIPE_BUSY:
                    raise NotRunningError("the program is not running") from error
            try:
                _winapi.WaitNamedPipe(place, max(int((deadline - time.monotonic()) * 1000), 1))
            except FileNotFoundError as error:
                raise NotRunningError("the program is not running") from error
            except OSError as error:
                raise NoAnswerError("the running program takes no requests") from error

    def _open_pipe(place: str) -> int:
        return _winapi.CreateFile(
            place,
            _winapi.GENERIC_READ | _winapi.GENERIC_WRITE,
            0,
            _winapi.NULL,
            _winapi.OPEN_EXISTING,
            _winapi.FILE_FLAG_OVERLAPPED | _IDENTIFY_ONLY,
            _winapi.NULL,
        )

    def _wait_for_operation(pending: _winapi.Overlapped, deadline: float) -> None:
        """Wait for an operation; cancel it at the deadline, because its buffer must not outlive this call."""
        left = max(int((deadline - time.monotonic()) * 1000), 1)
        if _winapi.WaitForMultipleObjects([pending.event], False, left) == _winapi.WAIT_TIMEOUT:
            pending.cancel()
        if _is_cancelled(pending):
            raise TimeoutError("timed out")

    def _is_cancelled(pending: _winapi.Overlapped) -> bool:
        """Whether the ended operation was cancelled in time. Raises OSError when it failed."""
        _, code = pending.GetOverlappedResult(True)
        return code == _winapi.ERROR_OPERATION_ABORTED

    def _own_user() -> str:
        return read_process_user(os.getpid())
