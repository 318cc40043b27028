"""The pipe on which the running program is spoken to: it is this user's alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

if sys.platform == "win32":
    import _winapi
    import ctypes
    from ctypes import wintypes

    from tests.desktop.desktops import wait_until
    from trayapp.desktop.control import NoAnswerError, NotRunningError, send_request, windows_pipe
    from trayapp.desktop.control.instance import Instance
    from trayapp.desktop.control.windows_user import read_process_user
else:
    pytest.skip("needs Windows' pipes", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further

ROOT = Path(__file__).parents[2]
STRANGER = "S-1-5-21-1-2-3-1001"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A directory in which a program runs and answers."""
    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(lambda request: request)
    yield tmp_path
    instance.close()


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other process belongs to somebody else: there is but one user here."""
    monkeypatch.setattr(
        windows_pipe,
        "read_process_user",
        lambda process: read_process_user(process) if process == os.getpid() else STRANGER,
    )


def other(code: str, directory: Path) -> subprocess.Popen[str]:
    """Another process, which knows `directory`."""
    head = (
        "import sys, time, pathlib; from trayapp.desktop.control import *\n"
        "from trayapp.desktop.control.instance import Instance; place = pathlib.Path(sys.argv[1])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + code, str(directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def permissions(place: str) -> str:
    """Whom the pipe admits, in Windows' own notation."""
    advapi = ctypes.WinDLL("advapi32")
    advapi.GetNamedSecurityInfoW.argtypes = (wintypes.LPCWSTR, *[ctypes.c_uint] * 2, *[ctypes.c_void_p] * 5)
    advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW.argtypes = (
        ctypes.c_void_p, *[ctypes.c_uint] * 2, *[ctypes.c_void_p] * 2,
    )  # fmt: skip
    descriptor, text = ctypes.c_void_p(), wintypes.LPWSTR()
    file_object, dacl, revision = 1, 4, 1
    assert not advapi.GetNamedSecurityInfoW(
        place, file_object, dacl, None, None, None, None, ctypes.byref(descriptor)
    )
    assert advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
        descriptor, revision, dacl, ctypes.byref(text), None
    )
    return text.value or ""


def test_the_pipe_admits_its_own_user_alone(running: Path) -> None:
    """One entry, which is this user's."""
    said = permissions(windows_pipe.read_pipe_name(running))
    assert said.count("(") == 1
    assert read_process_user(os.getpid()) in said


def test_nobody_can_take_the_pipes_name_first(tmp_path: Path) -> None:
    """It is drawn anew at each start, stands in the person's own folder alone, and is gone with the program."""
    names = set()
    for _ in range(3):
        instance = Instance.take(tmp_path)
        assert instance
        names.add(windows_pipe.read_pipe_name(tmp_path))
        instance.close()
        assert not (tmp_path / windows_pipe.NAME_FILE).exists()
    assert len(names) == 3
    with pytest.raises(NotRunningError):
        send_request(tmp_path, {})


def heeds_first() -> bool:
    """Whether this Windows refuses a first instance of a pipe that is there; Wine 8 makes one all the same."""
    place = rf"\\.\pipe\tried-{os.getpid()}"
    there = windows_pipe._create_instance(place)
    try:
        _winapi.CloseHandle(windows_pipe._create_instance(place, _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE))
    except OSError:
        return True
    finally:
        _winapi.CloseHandle(there)
    return False


def test_the_pipe_is_there_before_between_and_after_clients(running: Path) -> None:
    """Its name never falls free: at each moment a client can wait for it, and nobody can be the first to make it."""
    for turn in range(5):
        _winapi.WaitNamedPipe(windows_pipe.read_pipe_name(running), 10_000)
        assert send_request(running, {"a": turn}) == {"a": turn}
    if not heeds_first():
        pytest.skip("this Windows makes a first instance beside another")
    with pytest.raises(OSError, match=r"(?i)denied|busy"):
        windows_pipe._create_instance(
            windows_pipe.read_pipe_name(running), _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE
        )


@pytest.mark.parametrize("said", ["", "x" * 500, r"..\..\other", r"\\server\pipe\openai-status-tray-0", "\0"])
def test_a_name_that_no_program_of_ours_has_drawn_is_not_asked(tmp_path: Path, said: str) -> None:
    """Whatever stands in the file."""
    (tmp_path / windows_pipe.NAME_FILE).write_text(said)
    with pytest.raises(NotRunningError):
        send_request(tmp_path, {})


def test_a_strangers_program_is_told_nothing(tmp_path: Path, strangers: None) -> None:
    """A server of another user's that has our pipe's name hears no request."""
    code = "Instance.take(place).serve(lambda r: print('heard', flush=True)); print('ready', flush=True); time.sleep(60)"
    with other(code, tmp_path) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        with pytest.raises(NotRunningError) as refused:
            send_request(tmp_path, {"secret": 1})
        assert not isinstance(refused.value, NoAnswerError)
        server.kill()
        assert server.stdout.read() == ""


def test_a_strangers_request_is_refused(
    running: Path, strangers: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Should the pipe's permissions be loosened, the other end's user is still looked at."""
    with other("print(send_request(place, {'a': 1}), flush=True)", running) as client:
        assert client.stdout
        assert client.stdout.read() == ""
    wait_until(lambda: "another user" in caplog.text, what="the refusal in the log")


def test_a_client_that_never_stops_talking_does_not_keep_the_next_one_out(running: Path) -> None:
    """Once it has its answer it must leave, however much it still has to say."""

    def talk() -> None:
        with suppress(OSError), windows_pipe.connect_to_program(running, time.monotonic() + 5.0) as talker:
            talker.write(b'{"do": "x"}\n', time.monotonic() + 5.0)
            talking.set()
            while True:
                talker.write(b"x" * 1000, time.monotonic() + 5.0)

    talking = threading.Event()
    thread = threading.Thread(target=talk)
    thread.start()
    assert talking.wait(5.0)
    began = time.monotonic()
    assert send_request(running, {"a": 1}, timeout=20.0) == {"a": 1}
    assert time.monotonic() - began < 3.0  # and not until it happens to pause
    thread.join(5.0)
    assert not thread.is_alive()
