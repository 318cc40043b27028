"""`replay`: recorded rounds through the real judge; prints what would have been told."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from trayapp.app.context import CommandContext, UsageError
from trayapp.core import judge
from trayapp.core.state.memory import Memory
from trayapp.core.wording.notifications import build_notification
from trayapp.engine.recording import ProgramStart, RecordedLine, RecordError, read_lines
from trayapp.i18n.translator import Translator
from trayapp.model import Level, Limits, Notification, Round, Transition, format_utc


@dataclass(frozen=True, slots=True)
class ReplayedNotification:
    """One thing that a person would have been told."""

    at: datetime
    transition: Transition
    notification: Notification


def main(prepared: CommandContext, arguments: argparse.Namespace) -> int:
    """Print what each file's rounds tell. Every file begins with an empty memory. Raises UsageError."""
    shown = json_line if arguments.json else text_lines
    level = Level(arguments.level) if arguments.level else None
    try:
        for path in arguments.files:
            silent = True
            for told in replay_rounds(read_lines(path), prepared.speech, level):
                silent = False
                print(shown(prepared.speech, told), flush=True)
            if silent:
                said = prepared.speech.say("{file}: nothing would have been told", file=str(path))
                print(said, file=sys.stderr)
    except RecordError as error:
        raise UsageError(error.phrase) from error
    return 0


def replay_rounds(
    recorded: Iterable[RecordedLine], speech: Translator, level: Level | None = None
) -> Iterator[ReplayedNotification]:
    """What is told of recorded rounds, at their own level or another."""
    memory, limits = Memory(), Limits()
    for item in recorded:
        if isinstance(item, ProgramStart):
            memory = Memory(saved=memory.saved)
        if not isinstance(item, Round):
            limits = replace(item.limits, level=level or item.limits.level)
            continue
        memory, verdict, transitions = judge.judge_round(memory, item, limits)
        for transition in transitions:
            if not transition.silent:
                yield ReplayedNotification(
                    item.moment.wall, transition, build_notification(speech, transition, verdict)
                )


def text_lines(speech: Translator, told: ReplayedNotification) -> str:
    """Two lines: the local time, the change and the title; the body."""
    at = f"{speech.to_local(told.at):%Y-%m-%d %H:%M:%S}"
    return f"{at}  {told.transition.change:8}  {told.notification.title}\n{'':31}{told.notification.body}"


def json_line(_speech: Translator, told: ReplayedNotification) -> str:
    """One line for scripts."""
    transition = told.transition
    return json.dumps(
        {
            "at": format_utc(told.at),
            "change": transition.change,
            "products": transition.products,
            "state": transition.after,
            "confirmed": transition.confirmed,
            "title": told.notification.title,
            "body": told.notification.body,
        }
    )
