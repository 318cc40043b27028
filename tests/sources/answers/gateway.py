"""A real server on loopback that speaks OpenAI's API, well or badly."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EVENTS = "text/event-stream"
JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    authorization: str
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What is sent: a head, then pieces, each after its pause; at last the connection is closed."""

    status: int = 200
    kind: str = EVENTS
    pieces: Sequence[bytes] = ()
    pause: float = 0.0
    """Seconds before each piece."""
    head_after: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    """It ends without the last chunk, as where a connection breaks."""
    forever: bool = False
    """The pieces are sent again and again."""
    hangs: bool = False
    """After the pieces nothing comes, not even an end."""


def event(kind: str, **data: Any) -> bytes:
    """One event of the Responses API."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data}, ensure_ascii=False)}\n\n".encode()


def chunk(**data: Any) -> bytes:
    """One chunk of the Chat Completions API."""
    return f"data: {json.dumps({'object': 'chat.completion.chunk', **data})}\n\n".encode()


USAGE = {"input_tokens": 12, "output_tokens": 2}
CREATED = event("response.created", response={"status": "in_progress"})
DELTA = event("response.output_text.delta", delta="Çok iyi ✓")
COMPLETED = event("response.completed", response={"status": "completed", "usage": USAGE})
DONE = b"data: [DONE]\n\n"
BEGUN = (CREATED, DELTA)
GOOD = (*BEGUN, COMPLETED)
CHAT_DELTA = chunk(choices=[{"delta": {"content": "OK"}}])
CHAT_FINISHED = chunk(choices=[{"delta": {}, "finish_reason": "stop"}])


def incomplete(reason: str) -> bytes:
    """The end of an answer that was stopped."""
    return event("response.incomplete", response={"incomplete_details": {"reason": reason}, "usage": USAGE})


def failure(code: str | None) -> bytes:
    """The end of an answer that OpenAI calls failed."""
    return event("response.failed", response={"error": {"code": code, "message": "no"} if code else None})


def refusal(status: int, code: str | None = None, kind: str = "", **headers: str) -> Reply:
    """An error of OpenAI's."""
    document = {"error": {"code": code, "type": kind, "message": "no"}}
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, JSON, (json.dumps(document).encode(),), headers=named)


def listing(*models: str | tuple[str, str]) -> Reply:
    """A list of models, each with the date on which it is switched off."""
    named = [(one, None) if isinstance(one, str) else one for one in models]
    data = [{"id": name, "object": "model", "shutdown_date": ends} for name, ends in named]
    return Reply(kind=JSON, pieces=(json.dumps({"object": "list", "data": data}).encode(),))


@dataclass
class Gateway:
    """The server. `replies` are given one after the other to what is posted, the last for good."""

    replies: list[Reply] = field(default_factory=lambda: [Reply(pieces=GOOD)])
    models: Reply = field(default_factory=lambda: listing("gpt-6-luna"))
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def base(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def posted(self) -> list[dict[str, Any]]:
        """The documents that were posted."""
        return [json.loads(one.body) for one in self.asked if one.method == "POST"]

    @contextlib.contextmanager
    def running(self) -> Iterator[Gateway]:
        """Listen until the block ends."""
        stop, mine = threading.Event(), self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_args: object) -> None:
                """Be silent."""

            def do_GET(self) -> None:
                self._reply(mine.models)

            def do_POST(self) -> None:
                self._reply(mine.replies.pop(0) if len(mine.replies) > 1 else mine.replies[0])

            def _reply(self, reply: Reply) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                mine.asked.append(Asked(self.command, self.path, self.headers.get("authorization", ""), body))
                with contextlib.suppress(OSError):
                    _send(self, reply, stop.wait)
                self.close_connection = True

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            server.shutdown()
            server.server_close()
            thread.join()


def _send(handler: BaseHTTPRequestHandler, reply: Reply, wait: Callable[[float | None], bool]) -> None:
    if reply.head_after and wait(reply.head_after):
        return
    handler.send_response(reply.status)
    handler.send_header("content-type", reply.kind)
    handler.send_header("transfer-encoding", "chunked")
    handler.send_header("x-request-id", "req_1")
    for name, value in reply.headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.flush()
    while True:
        for piece in reply.pieces:
            if reply.pause and wait(reply.pause):
                return
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            handler.wfile.flush()
        if not reply.forever:
            break
    if reply.hangs:
        wait(None)
    elif not reply.cut:
        handler.wfile.write(b"0\r\n\r\n")
