"""A real browser without a window: Chromium, spoken to over its debugging pipe (Chrome DevTools Protocol)."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections import deque
from tempfile import TemporaryDirectory
from typing import Any, Self

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
MISSING = "needs Chromium: `make desktop-tools` installs it"
PATIENCE = 60.0
"""Seconds for one answer; a loaded machine starts a browser slowly."""

Json = dict[str, Any]


class Browser:
    """One browser with one tab."""

    def __enter__(self) -> Self:
        assert PROGRAM is not None, MISSING
        # Its helpers may still write there when it has ended.
        self._folder = TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        to_browser, self._to = os.pipe()
        self._from, from_browser = os.pipe()
        options = [
            "--headless=new",
            "--no-sandbox",  # tests run as root in containers, where the sandbox cannot be made
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder.name}",
        ]
        # The protocol wants its pipe on the descriptors 3 and 4. Through /dev/fd, because dash takes no "<&10".
        self._process = subprocess.Popen(
            [
                "sh",
                "-c",
                f'exec "$@" 3</dev/fd/{to_browser} 4>/dev/fd/{from_browser}',
                "sh",
                PROGRAM,
                *options,
            ],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number = 0
        self._buffer = b""
        self.events: deque[Json] = deque(maxlen=5000)
        self._session: str | None = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._to)
        os.close(self._from)
        self._folder.cleanup()

    def ask(self, method: str, **parameters: Any) -> Json:
        """One request and its answer; what happens meanwhile goes into `events`."""
        self._number += 1
        request: Json = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            request["sessionId"] = self._session
        os.write(self._to, json.dumps(request).encode() + b"\0")
        while (message := self._message(PATIENCE)).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, message
        result: Json = message["result"]
        return result

    def go(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self.events.clear()
        self.ask("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._message(PATIENCE))

    def run(self, script: str) -> Any:
        """The value of an expression on the page; a promise is waited for."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def events_of(self, method: str) -> list[Json]:
        """The parameters of every event of that kind since the page was asked for."""
        self.run("0")  # whatever was on its way has come before this answer
        return [event["params"] for event in self.events if event.get("method") == method]

    def _message(self, timeout: float) -> Json:
        ends = time.monotonic() + timeout
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, ends - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self._from, 1 << 20)
            assert part, "the browser has ended"
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: Json = json.loads(line)
        return message


def picture(browser: Browser, url: str, width: int, scheme: str) -> bytes:
    """The whole page as PNG, so many pixels wide, light or dark."""
    browser.ask(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
    )
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.go(url)
    shot = browser.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
    return base64.b64decode(shot["data"])
