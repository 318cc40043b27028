"""`demo`: a whole outage on a status page of its own, through the real program, in a temporary home."""

from __future__ import annotations

import argparse
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from trayapp.commands import run
from trayapp.commands.prepared import Prepared
from trayapp.config import Config
from trayapp.demo.server import API, CHATGPT, LOGIN, StatusServer
from trayapp.demo.story import Frame, frames, play, show
from trayapp.desktop.clock import clock
from trayapp.model import Level, ProbeSpec
from trayapp.places import Places


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Play the story; it ends with the program, and the program a while after the story."""
    now = clock(arguments.speed)
    ended = threading.Event()
    with TemporaryDirectory(prefix="openai-status-tray-demo-") as folder, StatusServer() as server:
        show(server, frames(now().wall)[0])
        home = Path(folder)
        demo = replace(
            prepared,
            config=on_loopback(prepared.config, server.url),
            places=Places(config=home, state=home, log=home, runtime=home),
            pace=arguments.speed,
            trace_url=f"{server.url}/cdn-cgi/trace",
        )
        story = threading.Thread(
            target=play,
            args=(server, arguments.speed, ended.wait, lambda: now().wall),
            kwargs={"tell": _tell},
            name="story",
            daemon=True,
        )
        story.start()
        try:
            return run.main(demo, arguments)
        finally:
            ended.set()
            story.join(1.0)


def _tell(frame: Frame) -> None:
    print(f"[{frame.minute:2} min] {frame.note}", flush=True)


def on_loopback(own: Config, url: str) -> Config:
    """The person's language, and everything else on the demo's own server."""
    return replace(
        Config(),
        language=own.language,
        page=replace(Config().page, url=url),
        probes=(
            ProbeSpec("API", "APIs", url + API, 150.0),
            ProbeSpec("ChatGPT", "ChatGPT", url + CHATGPT, 150.0),
            ProbeSpec("Login", "ChatGPT", url + LOGIN, 300.0),
        ),
        connectivity=replace(Config().connectivity, references=(f"{url}/success.txt", f"{url}/generate_204")),
        notify=replace(Config().notify, level=Level.OUTAGES),
    )
