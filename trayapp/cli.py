"""Parses the command line and runs the `main` of one module of `commands`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from trayapp import APP_ID, PROGRAM_VERSION
from trayapp.app.exit_codes import EXIT_USAGE
from trayapp.app.languages import load_translator
from trayapp.app.process import end_on_signals_as_init, repair_streams
from trayapp.commands.option_types import option_type, read_duration, read_speed
from trayapp.i18n.translator import Translator, mark
from trayapp.redact import redact

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

LOGGING_COMMANDS = ("run", "demo")
"""Commands that open a log file themselves."""
AddCommand = Callable[[str, str], argparse.ArgumentParser]
"""Creates the parser of a command from its name and description."""


class CommandLineParser(argparse.ArgumentParser):
    """An argument parser that reports bad usage in one line, with exit status 64."""

    def error(self, message: str) -> NoReturn:
        """Print the message and end the program."""
        # The message quotes the arguments, one of which may be a key in the wrong place.
        self.exit(EXIT_USAGE, f"{self.prog}: {redact(message)} ({self.prog} --help)\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print help and version so that a full disk raises OSError, which argparse itself ignores."""
        if message and file is sys.stdout:
            print(message, end="", flush=True)
        else:
            super()._print_message(message, file)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; after a crash a status with no other meaning."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _run_command_line(arguments)
    except KeyboardInterrupt:  # at any time, even during the imports
        return 130
    except Exception as error:  # noqa: BLE001  # Python's exit status 1 would mean trouble at OpenAI
        from trayapp.app.crash_report import report_crash

        return report_crash(arguments, error)


def _run_command_line(argv: Sequence[str]) -> int:
    repair_streams()
    end_on_signals_as_init()
    speech = load_translator()
    arguments = build_parser(speech).parse_args(argv)
    command = arguments.command or "run"
    from trayapp.app.logs import log_to_file, log_uncaught_errors

    log_uncaught_errors()
    logs_to_stderr = getattr(arguments, "verbose", False) and command not in LOGGING_COMMANDS
    with log_to_file(None, verbose=logs_to_stderr):
        code = _run_command(command, arguments, speech)
        sys.stdout.flush()  # here, where an error can be handled
        return code


def _run_command(command: str, arguments: argparse.Namespace, speech: Translator) -> int:
    from trayapp.app.context import UsageError, load_context
    from trayapp.settings.schema import ConfigError

    module = "control" if command in {"open", "check", "quit"} else command
    try:
        context = load_context(arguments)
        speech = context.speech
        run: Callable[..., int] = import_module(f"trayapp.commands.{module}").main
        return run(context, arguments)
    except (ConfigError, UsageError) as error:
        if command == "run" and not sys.stderr.isatty():
            import_module("trayapp.app.startup_failure").notify_startup_failure(speech, error)
        print(f"{APP_ID}: {speech.translate_phrase(error.phrase)}", file=sys.stderr)
        return EXIT_USAGE


def build_parser(speech: Translator) -> CommandLineParser:
    """Create the parser of the command line, with help in the translator's language."""
    say = speech.say
    # argparse uses gettext's global catalogue, which ignores the settings and takes no language.
    setattr(argparse, "_", speech.gettext)  # noqa: B010  # a private name, unknown to type checkers
    common = CommandLineParser(add_help=False)
    common.add_argument(
        "--config", metavar="FILE", type=Path, default=argparse.SUPPRESS, help=say("another config file")
    )
    common.add_argument(
        "--verbose", action="store_true", default=argparse.SUPPRESS, help=say("say what it does")
    )
    top = CommandLineParser(
        prog=APP_ID,
        description=say(
            "Says whether ChatGPT and the OpenAI API work, whether it is them or you, and since when."
        ),
        epilog=say("Unofficial: not made or endorsed by OpenAI."),
        parents=[common],
    )
    top.add_argument(
        "--version",
        action="version",
        version=PROGRAM_VERSION,
        help=say("print the version"),
    )
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", title=say("commands"), parser_class=CommandLineParser
    )

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    _add_poll_commands(add, speech)
    _add_history_commands(add, say)
    _add_program_commands(add, say)
    return top


def _add_poll_commands(add: AddCommand, speech: Translator) -> None:
    """Add the commands that poll by themselves, without a running program."""
    say = speech.say
    run = add("run", say("the tray program (the default)"))
    run.add_argument("--at-login", action="store_true", help=argparse.SUPPRESS)
    run.add_argument(
        "--record", metavar="FILE", type=Path, help=say("append what each check brought to FILE, for replay")
    )
    status = add("status", say("check once and print the status; exit 0 fine, 1 trouble, 2 not known"))
    doctor = add(
        "doctor", say("what works here, and what to do about what does not; exit 0 all works, 1 not")
    )
    status.add_argument("--cached", action="store_true", help=say("what the running program knows, at once"))
    status.add_argument(
        "--format",
        metavar="FORM",
        default="plain",
        help=say(
            "plain, json, waybar, or a template with {fields}", fields="{icon} {state} {sentence} {since}"
        ),
    )
    status.add_argument(
        "--json", dest="format", action="store_const", const="json", help=say("as one JSON object")
    )
    doctor.add_argument("--json", action="store_true", help=say("as one JSON object"))
    doctor.add_argument("--notify", action="store_true", help=say("send a test notification too"))
    demo = add("demo", say("play a whole outage, without any network"))
    demo.add_argument(
        "--speed",
        type=option_type(speech, read_speed),
        default=60.0,
        metavar="N",
        help=say("times real speed, 1 to 600 (60)"),
    )
    wait = add("wait", say("wait until all is fine, or not; exit 0 reached, 3 timed out, 2 not known"))
    wait.add_argument(
        "--for",
        dest="target",
        choices=("fine", "trouble"),
        default="fine",
        help=say("what to wait for (fine)"),
    )
    wait.add_argument(
        "--timeout",
        type=option_type(speech, read_duration),
        default=1800.0,
        metavar="TIME",
        help=say("how long, as 90s, 30m or 1h (30m)"),
    )


def _add_history_commands(add: AddCommand, say: Callable[[str], str]) -> None:
    """Add the commands that show the history or judge recordings."""
    replay = add("replay", say("judge recorded checks again and print what would have been notified"))
    replay.add_argument("files", nargs="+", metavar="FILE", type=Path, help=say("written by run --record"))
    replay.add_argument(
        "--level",
        choices=("outages", "problems", "everything", "nothing"),
        help=say("what to be notified of (default: the recording's own)"),
    )
    replay.add_argument("--json", action="store_true", help=say("one JSON object a line"))
    history = add("history", say("past incidents and their lengths"))
    history.add_argument("--json", action="store_true", help=say("as one JSON object"))
    details = add("details", say("the details page: opened in the browser, or written as one file"))
    details.add_argument("--out", type=Path, metavar="FILE", help=say("write it there instead"))


def _add_program_commands(add: AddCommand, say: Callable[[str], str]) -> None:
    """Add the commands that control the running program or check this copy of it."""
    add("open", say("have the running program open the details"))
    add("check", say("have the running program check now"))
    add("quit", say("end the running program"))
    autostart = add("autostart", say("start at login: on, off, or say whether it does"))
    autostart.add_argument("what", choices=("on", "off", "status"), nargs="?", default="status")
    settings = add("settings", say("each setting, and where it comes from"))
    settings.add_argument("--json", action="store_true", help=say("as one JSON object"))
    key = add(
        "key",
        say(
            "your own API key: keep it, have OpenAI test it, say where it is, delete it; exit 0 done, 1 not, 2 not known"
        ),
    )
    key.add_argument(
        "--downdetector", action="store_true", help=say("the same with your key of Downdetector's API")
    )
    key.add_argument("what", choices=("set", "test", "status", "forget"), nargs="?", default="status")
    key.add_argument("extra", nargs="*", help=argparse.SUPPRESS)  # `commands.key` refuses it with the reason
    add("selftest", say("whether this copy of the program is whole; exit 0 it is, 1 it is not"))


_ARGPARSE_MESSAGES = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("unrecognized arguments: %s"),
    mark("the following arguments are required: %s"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("ignored explicit argument %r"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
)
"""argparse's own messages, listed here for the catalogues."""
