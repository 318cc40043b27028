"""Arguments: reads them and calls one function of `commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from trayapp import __version__
from trayapp.core.phrase import Refusal
from trayapp.core.speech import Speech

USAGE = 64
"""Exit status of bad usage or a bad config (EX_USAGE of sysexits.h)."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the exit status of bad usage."""

    def error(self, message: str) -> NoReturn:
        """End with the message."""
        self.exit(USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    _mend_streams()
    arguments = parser().parse_args(argv)
    command = arguments.command or "run"
    from trayapp.commands.prepared import UsageError, prepare
    from trayapp.config import ConfigError
    from trayapp.languages import speech

    module = "speak" if command in {"open", "check", "quit"} else command
    try:
        prepared = prepare(arguments)
    except ConfigError as error:
        return _refused(speech(), error)
    try:
        run: Callable[..., int] = import_module(f"trayapp.commands.{module}").main
        return run(prepared, arguments)
    except UsageError as error:
        return _refused(prepared.speech, error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does; Python would say so once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _refused(speaking: Speech, error: Refusal) -> int:
    print(f"openai-status-tray: {speaking.put(error.phrase)}", file=sys.stderr)
    return USAGE


def parser() -> Parser:
    """The command line."""
    common = Parser(add_help=False)
    common.add_argument(
        "--config", metavar="FILE", type=Path, default=argparse.SUPPRESS, help="another config file"
    )
    common.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help="say what it does")
    top = Parser(
        prog="openai-status-tray",
        description="Says whether ChatGPT and the OpenAI API work, whether it is them or you, and since when.",
        epilog="Unofficial: not made or endorsed by OpenAI.",
        parents=[common],
    )
    top.add_argument("--version", action="version", version=f"openai-status-tray {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    run = add("run", "the tray program (the default)")
    run.add_argument("--record", metavar="FILE", type=Path, help="append each look to FILE, for replay")
    status = add("status", "look once and print it; exit 0 fine, 1 trouble, 2 could not tell")
    status.add_argument("--json", action="store_true", help="as one JSON object")
    doctor = add("doctor", "what works here, and what to do about what does not; exit 0 all works, 1 not")
    doctor.add_argument("--json", action="store_true", help="as one JSON object")
    demo = add("demo", "play a whole outage, without any network")
    demo.add_argument(
        "--speed", type=speed, default=60.0, metavar="N", help="times real speed, 1 to 600 (60)"
    )
    wait = add("wait", "wait until all is fine, or not; exit 0 reached, 3 timed out, 2 could not tell")
    wait.add_argument(
        "--for", dest="target", choices=("fine", "trouble"), default="fine", help="what to wait for (fine)"
    )
    wait.add_argument(
        "--timeout", type=_duration, default=1800.0, metavar="TIME", help="how long, as 90s, 30m or 1h (30m)"
    )
    replay = add("replay", "judge recorded looks again and print what would have been told")
    replay.add_argument("files", nargs="+", metavar="FILE", type=Path, help="written by run --record")
    replay.add_argument(
        "--level",
        choices=("outages", "problems", "everything", "nothing"),
        help="what to be told (default: the recording's own)",
    )
    replay.add_argument("--json", action="store_true", help="one JSON object a line")
    history = add("history", "past incidents and their lengths")
    history.add_argument("--json", action="store_true", help="as one JSON object")
    details = add("details", "the details page: opened in the browser, or written as one file")
    details.add_argument("--out", type=Path, metavar="FILE", help="write it there instead")
    add("open", "have the running program open the details")
    add("check", "have the running program look now")
    add("quit", "end the running program")
    autostart = add("autostart", "start at login: on, off, or say whether it does")
    autostart.add_argument("what", choices=("on", "off", "status"), nargs="?", default="status")
    add("selftest", "whether this copy of the program is whole; exit 0 it is, 1 it is not")
    return top


def speed(text: str) -> float:
    """How many times as fast as real time a demo goes."""
    times = float(text)
    if not 1.0 <= times <= 600.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 600")
    return times


def _duration(text: str) -> float:
    from trayapp.config_checks import seconds

    try:
        return seconds(text)
    except Refusal as error:
        raise argparse.ArgumentTypeError(f"{text} is not {error}") from error


def _mend_streams() -> None:
    """Have somewhere to write to: a Windows program without a console has neither stream.

    Words go out in the terminal's own encoding; a character it lacks becomes "?".
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
