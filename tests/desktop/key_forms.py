"""Keys of the form that OpenAI gives, which nobody has, and a server that is asked about them."""

from __future__ import annotations

import http.server
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trayapp.demo.listener import LoopbackServer

KEY = "sk-test-Zk3Qw9Rt7Lm2Xc5Vb8Np"
OTHER_KEY = "sk-test-Yh6Gf4Ds1Jk0Pq7Wz2Uo"
MODELS = json.dumps({"object": "list", "data": [{"id": "gpt-6-luna", "object": "model"}]})


@contextmanager
def serving(answer: Callable[[], tuple[int, str]]) -> Iterator[str]:
    """A server that gives this status and body to whoever asks; its address."""

    class Api(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # its name in the library
            status, body = answer()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with LoopbackServer(Api) as server:
        yield server.url
