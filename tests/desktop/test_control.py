"""One running program, and what may be said to it: two real processes and a real socket, or on Windows a real pipe."""

import io
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.systems import own_mounts
from trayapp.desktop.control import Json, NoAnswerError, NotRunningError, send_request
from trayapp.desktop.control.clients import MAX_CLIENTS
from trayapp.desktop.control.host_computer import LOCK_FILE
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.control.messages import CLIENT_DEADLINE
from trayapp.desktop.control.unix_socket import SOCKET_NAME

sockets = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a pipe here, which is no file")

ROOT = Path(__file__).parents[2]


def echo(request: Json) -> Json:
    """Answer with the request itself; fail when told to."""
    if request.get("fail"):
        raise RuntimeError("as told")
    if request.get("unsayable"):
        return {"value": object()}
    return {"you said": request}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A directory in which a program runs and answers."""
    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(echo)
    yield tmp_path
    instance.close()


if sys.platform == "win32":
    import _winapi

    from trayapp.desktop.control.windows_pipe import read_pipe_name

    def client(directory: Path) -> io.FileIO:
        """An end of a conversation without our manners."""
        _winapi.WaitNamedPipe(read_pipe_name(directory), 10_000)
        return io.FileIO(read_pipe_name(directory), "r+")

    def end_of(_talk: io.RawIOBase) -> None:
        """A pipe knows no half of an end."""

else:

    def client(directory: Path) -> socket.SocketIO:
        """An end of a conversation without our manners."""
        with socket.socket(socket.AF_UNIX) as end:
            end.settimeout(10)
            end.connect(str(directory / SOCKET_NAME))
            return end.makefile("rwb", buffering=0)

    def end_of(talk: socket.SocketIO) -> None:
        """Nothing more will be said."""
        with socket.socket(fileno=os.dup(talk.fileno())) as end:
            end.shutdown(socket.SHUT_WR)


def raw(directory: Path, data: bytes) -> Json:
    """Send bytes as they are and read the answer line."""
    with client(directory) as talk:
        with suppress(OSError):  # the other end has heard enough: its answer is there all the same
            for begin in range(0, len(data), 4096):
                talk.write(data[begin : begin + 4096])
            end_of(talk)
        answer = json.loads(talk.readline())
        assert isinstance(answer, dict)
        return answer


def serving() -> int:
    """How many clients are being answered."""
    return sum(thread.name == "control client" for thread in threading.enumerate())


def start_other(directory: Path) -> subprocess.Popen[str]:
    """Another process that takes the place, says whether it got it, and holds on."""
    code = (
        "import sys, time, pathlib\n"
        "from trayapp.desktop.control.instance import Instance\n"
        "instance = Instance.take(pathlib.Path(sys.argv[1]))\n"
        "if instance: instance.serve(lambda request: {'pid of': 'the other'})\n"
        "print('taken' if instance else 'refused', flush=True)\n"
        "time.sleep(60 if instance else 0)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(directory)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def first_line(process: subprocess.Popen[str]) -> str:
    """What a process said first."""
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_request_is_answered(running: Path) -> None:
    """What is asked reaches the handler and its answer comes back, again and again."""
    assert send_request(running, {"do": "check"}) == {"you said": {"do": "check"}}
    assert send_request(running, {"do": "İğ\n🙂"}) == {"you said": {"do": "İğ\n🙂"}}


def test_a_second_process_is_refused(running: Path) -> None:
    """While one runs, another process does not get the place."""
    with start_other(running) as other:
        assert first_line(other) == "refused"


def test_a_killed_program_leaves_the_place_free(tmp_path: Path) -> None:
    """After kill -9 the place can be taken again, and the socket left behind is replaced."""
    with start_other(tmp_path) as other:
        assert first_line(other) == "taken"
        assert Instance.take(tmp_path) is None
        assert send_request(tmp_path, {}) == {"pid of": "the other"}
        other.kill()
    assert sys.platform == "win32" or (tmp_path / SOCKET_NAME).exists()
    with pytest.raises(NotRunningError):
        send_request(tmp_path, {})

    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(echo)
    assert send_request(tmp_path, {"a": 1}) == {"you said": {"a": 1}}
    instance.close()


def test_a_child_does_not_inherit_the_place(tmp_path: Path) -> None:
    """A browser or hook that outlives the program does not keep its successor from starting."""
    instance = Instance.take(tmp_path)
    assert instance
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        instance.close()
        again = Instance.take(tmp_path)
        assert again
        again.close()
        child.kill()


def test_a_place_that_cannot_be_written_is_lived_with(tmp_path: Path) -> None:
    """The program runs all the same; nobody can speak to it."""
    (tmp_path / "home").write_text("a file where the folder should be")
    instance = Instance.take(tmp_path / "home")
    assert instance
    instance.serve(echo)
    with pytest.raises(NotRunningError):
        send_request(tmp_path / "home", {})
    instance.close()


def test_closing_frees_place_and_socket(tmp_path: Path) -> None:
    """A program that ends in order leaves no socket and no thread, and nobody answers."""
    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(echo)
    instance.close()
    assert not (tmp_path / SOCKET_NAME).exists()
    assert "control" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(NotRunningError):
        send_request(tmp_path, {})


@own_mounts
def test_a_disk_that_has_become_read_only_does_not_disturb_the_end(tmp_path: Path) -> None:
    """The socket stays, and says to nobody that there is a program."""
    place = tmp_path / "place"
    place.mkdir()
    code = """import subprocess, sys
from pathlib import Path
from trayapp.desktop.control.instance import Instance
place = Path(sys.argv[1])
instance = Instance.take(place)
subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
(place / "control.sock").touch()
subprocess.run(["mount", "-o", "remount,ro", place], check=True)
instance.close()
"""
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", code, str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(NotRunningError):
        send_request(place, {})


def test_a_request_before_serving_waits_for_its_answer(tmp_path: Path) -> None:
    """A second start that comes while the first is still starting is answered, not told that nobody runs."""
    instance = Instance.take(tmp_path)
    assert instance
    answers: list[Json] = []
    asking = threading.Thread(target=lambda: answers.append(send_request(tmp_path, {"a": 1}, timeout=20)))
    asking.start()
    instance.serve(echo)
    asking.join()
    instance.close()
    assert answers == [{"you said": {"a": 1}}]


def test_nobody_runs_where_nothing_is(tmp_path: Path) -> None:
    """An empty or missing directory means that no program runs."""
    with pytest.raises(NotRunningError):
        send_request(tmp_path, {})
    with pytest.raises(NotRunningError):
        send_request(tmp_path / "missing", {})


def test_a_silent_program_is_told_apart(tmp_path: Path) -> None:
    """A program that holds the socket and never answers is NoAnswer, within the time given."""
    instance = Instance.take(tmp_path)
    assert instance
    with pytest.raises(NoAnswerError):
        send_request(tmp_path, {}, timeout=0.2)
    instance.close()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"quit\n",
        b'"quit"\n',
        b"[1]\n",
        b'{"a": 1',
        b"\xff\xfe\x00\n",
        b"\x80\x04\x95cos\nsystem\n",
        b"[" * 60_000 + b"\n",
        b'{"fail": true}\n',
        b'{"unsayable": true}\n',
        b'{"a": "' + b"x" * 1_000_000 + b'"}\n',
        b"x" * 1_000_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_bad_lines_get_an_error_line_and_harm_nothing(running: Path, data: bytes) -> None:
    """Nonsense, pickles, depth, a megabyte, and handlers that fail: an error line, and the next one is served."""
    assert list(raw(running, data)) == ["error"]
    assert send_request(running, {"still": "there"}) == {"you said": {"still": "there"}}


def test_a_dripping_client_delays_nobody(running: Path) -> None:
    """While one has sent half a line and stays, the next is answered at once; the slow one gets its error line."""
    with client(running) as slow:
        slow.write(b'{"a":')
        began = time.monotonic()
        assert send_request(running, {"a": 1}) == {"you said": {"a": 1}}
        assert time.monotonic() - began < CLIENT_DEADLINE / 2
        assert list(json.loads(slow.readline())) == ["error"]


def test_a_crowd_of_silent_clients_keeps_nobody_out(running: Path) -> None:
    """Far more than are served at once: who asks is answered at once, and no more threads live than places are."""
    with ExitStack() as crowd:
        for _ in range(4 * MAX_CLIENTS):
            crowd.enter_context(client(running))
        began = time.monotonic()
        assert send_request(running, {"a": 1}) == {"you said": {"a": 1}}
        assert time.monotonic() - began < CLIENT_DEADLINE / 2
        wait_until(lambda: serving() <= MAX_CLIENTS, what="no more than so many at once")


def test_a_command_that_takes_long_delays_no_other(tmp_path: Path) -> None:
    """Up to as many as there are places; one more is parted with, and has its place when one is free."""
    may_answer, begun = threading.Event(), list[Json]()

    def slow(request: Json) -> Json:
        begun.append(request)
        return request if request.get("quick") or may_answer.wait(30) else {}

    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(slow)
    asking = [client(tmp_path) for _ in range(MAX_CLIENTS - 1)]
    for each in asking:
        each.write(b"{}\n")
    assert send_request(tmp_path, {"quick": 1}) == {"quick": 1}
    wait_until(lambda: serving() == MAX_CLIENTS - 1, what="the quick one's place free")
    asking.append(client(tmp_path))
    asking[-1].write(b"{}\n")
    wait_until(lambda: len(begun) == MAX_CLIENTS + 1 and serving() == MAX_CLIENTS, what="every place taken")
    with pytest.raises(NoAnswerError):
        send_request(tmp_path, {"quick": 2})
    may_answer.set()
    assert [each.readline() for each in asking] == [b"{}\n"] * MAX_CLIENTS
    wait_until(lambda: not serving(), what="free places")
    assert send_request(tmp_path, {"quick": 3}) == {"quick": 3}
    for each in asking:
        each.close()
    instance.close()


def test_the_end_waits_for_answers_and_for_no_silent_client(tmp_path: Path) -> None:
    """What was asked before it is answered; who has said nothing is parted with."""
    begun = threading.Event()

    def answer(request: Json) -> Json:
        begun.set()
        time.sleep(0.2)  # the end comes meanwhile
        return request

    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(answer)
    answers: list[Json] = []
    asking = threading.Thread(target=lambda: answers.append(send_request(tmp_path, {"a": 1})))
    with client(tmp_path):
        asking.start()
        assert begun.wait(10)
        began = time.monotonic()
        instance.close()
        assert time.monotonic() - began < CLIENT_DEADLINE / 2
    asking.join()
    assert answers == [{"a": 1}]
    assert not serving()


def test_without_a_thread_left_a_client_is_parted_with(
    running: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """That one has no answer, the log says why, and the next is served once there are threads again."""

    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as shortage:
        shortage.setattr(threading.Thread, "start", none_left)
        with pytest.raises(NoAnswerError):
            send_request(running, {"a": 1})
    assert "is not heard: can't start new thread" in caplog.text
    assert send_request(running, {"a": 2}) == {"you said": {"a": 2}}


def test_a_client_that_leaves_harms_nothing(running: Path) -> None:
    """A client that is gone before its answer costs nobody else theirs."""
    for _ in range(20):
        with client(running) as leaving:
            leaving.write(b'{"a": 1}\n')
    assert send_request(running, {"a": 1}) == {"you said": {"a": 1}}


@sockets
def test_a_client_that_cannot_be_taken_for_now_is_served_later(
    running: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a free file descriptor that is one line in the log, however often it is tried; after it all are answered."""
    import resource  # Windows has none

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.settimeout(10)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            waiting.connect(str(running / SOCKET_NAME))
            wait_until(lambda: "are not heard for now" in caplog.text, what="the refusal in the log")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        waiting.sendall(b'{"a": 1}\n')
        assert json.loads(waiting.recv(100)) == {"you said": {"a": 1}}
    assert send_request(running, {"a": 2}) == {"you said": {"a": 2}}
    assert caplog.text.count("are not heard for now") == 1


@sockets
def test_only_the_owner_can_open_the_socket(running: Path) -> None:
    """Socket and lock are readable and writable by their owner alone."""
    for name in (SOCKET_NAME, LOCK_FILE):
        assert stat.S_IMODE((running / name).stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="becoming another user takes root")
def test_another_user_is_refused_even_with_an_open_door(
    running: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Should the file's mode be loosened, the other end's user is still looked at."""
    (running / SOCKET_NAME).chmod(0o666)
    running.chmod(0o711)
    descriptor = os.open(running, os.O_PATH)
    code = (
        "import os, socket, sys\n"
        "client = socket.socket(socket.AF_UNIX)\n"
        "os.fchdir(int(sys.argv[1])); os.setgid(65534); os.setuid(65534)\n"
        f"client.connect({SOCKET_NAME!r})\n"
        "client.sendall(b'{}\\n')\n"
        "print(repr(client.recv(100)))\n"
    )
    try:
        told = subprocess.run(
            [sys.executable, "-I", "-c", code, str(descriptor)],
            pass_fds=[descriptor],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(descriptor)
    assert "you said" not in told.stdout
    wait_until(lambda: "another user" in caplog.text, what="the refusal in the log")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="becoming another user takes root")
def test_another_users_socket_is_not_asked(tmp_path: Path) -> None:
    """A socket that somebody else put in the place of ours is told nothing."""
    code = (
        "import os, socket, sys\n"
        "os.chdir(sys.argv[1]); os.setgid(65534); os.setuid(65534)\n"
        "server = socket.socket(socket.AF_UNIX)\n"
        f"server.bind({SOCKET_NAME!r}); server.listen()\n"
        "print('ready', flush=True)\n"
        "print(repr(server.accept()[0].recv(100)))\n"
    )
    tmp_path.chmod(0o777)
    with subprocess.Popen(
        [sys.executable, "-I", "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as stranger:
        assert first_line(stranger) == "ready"
        with pytest.raises(NotRunningError):
            send_request(tmp_path, {"secret": 1})
        assert stranger.communicate(timeout=30)[0] == "b''\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the way round is Linux's")
def test_a_deep_home_is_no_hindrance(tmp_path: Path) -> None:
    """A directory whose name does not fit into a socket's address works all the same."""
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    instance = Instance.take(deep)
    assert instance
    instance.serve(echo)
    assert send_request(deep, {"a": 1}) == {"you said": {"a": 1}}
    instance.close()


@sockets
def test_without_a_socket_the_program_still_runs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the socket cannot be made, the place is held and the log says what will not work."""
    (tmp_path / SOCKET_NAME).mkdir()
    instance = Instance.take(tmp_path)
    assert instance
    instance.serve(echo)
    assert "commands from outside" in caplog.text
    assert Instance.take(tmp_path) is None
    (tmp_path / SOCKET_NAME).rmdir()
    instance.close()
