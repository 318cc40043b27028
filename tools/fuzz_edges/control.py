"""The control socket, from both ends: requests to the running program, and answers to who asks."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.sources.mutations import TOKENS
from tools.fuzz_edges.engine import PATIENCE, Wrong
from tools.fuzz_edges.mutate import Mutator
from trayapp.app.control_requests import MENU_REQUESTS
from trayapp.desktop.control import Json, NoAnswerError, NotRunningError, send_request
from trayapp.desktop.control.instance import Instance
from trayapp.desktop.control.unix_socket import SOCKET_NAME, ControlListener

MUTATOR = Mutator((*TOKENS, b"\n", b'{"do": "open"}\n', b'{"do": ', b"\x80\x04\x95", b"\r\n"), is_json=True)
SEEDS = (
    b'{"do": "open"}\n', b'{"do": "check"}\n{"do": "quit"}\n', b'{"ok": true}\n', b'{"error": "unknown request"}\n', b"\n", b"",
    b'{"do": {"open": [1, 2.5, null, "x"]}, "env": {"DISPLAY": ":0"}}\n', b'["open"]\n', b"x" * 70_000 + b"\n",
)  # fmt: skip


def answer(request: Json) -> Json:
    """Answer as the running program does."""
    act = MENU_REQUESTS.get(str(request.get("do")))
    return {"ok": True, "act": act} if act else {"error": "unknown request", "you said": request}


class RequestTarget:
    """What is sent to the running program: it gives a line of JSON or nothing, and the next is answered at once."""

    name = "control requests"
    seeds = SEEDS
    mutator = MUTATOR

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        instance = Instance.take(self._folder)
        assert instance
        self._instance = instance
        instance.serve(answer)

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        dice = Random(data)  # noqa: S311  # chance for tests
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE / 2)
            client.connect(str(self._folder / SOCKET_NAME))
            with suppress(OSError):  # it has heard enough
                at = dice.randrange(len(data) + 1)
                client.sendall(data[:at])
                client.sendall(data[at:])
                client.shutdown(socket.SHUT_WR)
            said = b"" if dice.random() < 0.05 else self._exchange(client)
        if send_request(self._folder, {"do": "check"}, timeout=PATIENCE / 2) != {"ok": True, "act": "check"}:
            raise Wrong("the next one is not answered")
        return said.decode()[:40]

    def close(self) -> None:
        """See `Target`."""
        self._instance.close()
        shutil.rmtree(self._folder)

    def _exchange(self, client: socket.socket) -> bytes:
        said = b""
        with suppress(ConnectionResetError):
            said = b"".join(iter(lambda: client.recv(65536), b""))
        if said and (said.count(b"\n") != 1 or not isinstance(json.loads(said), dict)):
            raise Wrong(f"says {said[:200]!r}")
        return said


class AnswerTarget:
    """What a program in our place may answer: who asks gets an object, or a word that there is none."""

    name = "control answers"
    seeds = SEEDS
    mutator = MUTATOR

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self._listener = ControlListener(self._folder)
        self._data = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        self._data = data
        try:
            got = send_request(self._folder, {"do": "open"}, timeout=PATIENCE / 2)
        except NoAnswerError as error:
            return str(error)[:60]
        except NotRunningError:
            return "not running"
        return f"{type(got.get('ok')).__name__} {len(got)}"

    def close(self) -> None:
        """See `Target`."""
        self._listener.wake()
        self._thread.join()
        self._listener.close()
        shutil.rmtree(self._folder)

    def _serve(self) -> None:
        while True:
            try:
                client = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), client:
                client._socket.settimeout(PATIENCE)
                client._socket.sendall(self._data)
                client._socket.shutdown(socket.SHUT_WR)
                client._socket.recv(65536)
