"""`demo`: plays a whole outage on a local status page through the real program, in a temporary home."""

from __future__ import annotations

import argparse
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from trayapp import APP_ID
from trayapp.app.context import CommandContext
from trayapp.app.exit_signals import end_on_signals
from trayapp.commands import run
from trayapp.core.crowd.votes import CrowdMemory, add_counts
from trayapp.demo.crowd import SOURCES, StoryCrowd, count_people
from trayapp.demo.server import API_PATH, CHATGPT_PATH, LOGIN_PATH, StatusServer
from trayapp.demo.story import Frame, build_frames, play_story, show_frame
from trayapp.desktop.clocks import create_clock
from trayapp.desktop.tray.terminal import print_above
from trayapp.i18n.translator import Translator
from trayapp.model import SavedMemory
from trayapp.places import Places
from trayapp.settings.layers import NO_SITE
from trayapp.settings.schema import Config, load_config
from trayapp.store import Store
from trayapp.store.codec import to_json

_TAUGHT_HOURS = 96


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Play the story until the person quits; after the last scene a calm day continues. Return the exit status."""
    end_on_signals(partial(sys.exit, 0))  # from here on there is a temporary folder to remove
    now, crowd = create_clock(arguments.speed), StoryCrowd()
    ended = threading.Event()
    with TemporaryDirectory(prefix=f"{APP_ID}-demo-") as folder, StatusServer() as server:
        show_frame(server, build_frames(now().wall)[0])
        home = Places(config=Path(folder), state=Path(folder), log=Path(folder), runtime=Path(folder))
        demo = replace(
            context,
            config=write_loopback_config(home.config_file, context.config, server.url),
            config_file=home.config_file,
            places=home,
            at_login=False,
            site=NO_SITE,
            origins={},
            pace=arguments.speed,
            trace_url=f"{server.url}/cdn-cgi/trace",
            own_crowd=crowd,
        )
        teach_crowd(home.state_file, now().wall)
        story = threading.Thread(
            target=play_story,
            args=(server, arguments.speed, ended.wait, lambda: now().wall),
            kwargs={"tell": partial(_begin_frame, context.speech, crowd)},
            name="story",
            daemon=True,
        )
        story.start()
        try:
            code = run.run_to_end(demo, arguments)
        finally:
            ended.set()
            story.join(1.0)
    return run.finish_run(context, code)


def _begin_frame(speech: Translator, crowd: StoryCrowd, frame: Frame) -> None:
    crowd.set_people(frame.people)
    at = speech.say("{minutes} min", minutes=f"{frame.minute:2}")
    print_above(f"[{at}] {speech.say(frame.note)}", sys.stdout)


def teach_crowd(file: Path, now: datetime) -> None:
    """Save a memory of calm days, without which other people's reports would mean nothing for three days."""
    memory = CrowdMemory()
    for hours in range(_TAUGHT_HOURS, 0, -1):
        memory = add_counts(memory, count_people(0, now - timedelta(hours=hours)).counts)
    store = Store.open(file, now)
    store.save(SavedMemory(crowd=to_json(memory)), now=now)
    store.close()


def write_loopback_config(file: Path, personal: Config, url: str) -> Config:
    """Write settings for the demo's server, in the person's language, to a file that the menu can change."""
    file.write_text(
        f"""\
language = "{personal.language}"

[page]
url = "{url}"

[[probes]]
name = "API"
product = "APIs"
url = "{url}{API_PATH}"
interval = "150s"

[[probes]]
name = "ChatGPT"
product = "ChatGPT"
url = "{url}{CHATGPT_PATH}"
interval = "150s"

[[probes]]
name = "Login"
product = "ChatGPT"
url = "{url}{LOGIN_PATH}"
interval = "300s"

[connectivity]
references = ["{url}/success.txt", "{url}/generate_204"]

[crowd]
sources = [{", ".join(f'"{source}"' for source in SOURCES)}]
""",
        "utf-8",
    )
    return load_config(file)
