"""`replay`: judges recorded rounds again and prints the notifications that a person would have got."""

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
    """A notification that a person would have got, with its time (UTC) and its transition."""

    at: datetime
    transition: Transition
    notification: Notification


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Print the notifications of each file, starting each with an empty memory. Return 0. Raises UsageError."""
    format_notification = json_line if arguments.json else text_lines
    level = Level(arguments.level) if arguments.level else None
    try:
        for path in arguments.files:
            is_silent = True
            for replayed in replay_rounds(read_lines(path), context.speech, level):
                is_silent = False
                print(format_notification(context.speech, replayed), flush=True)
            if is_silent:
                message = context.speech.say("{file}: nothing would have been notified", file=str(path))
                print(message, file=sys.stderr)
    except RecordError as error:
        raise UsageError(error.phrase) from error
    return 0


def replay_rounds(
    recorded: Iterable[RecordedLine], speech: Translator, level: Level | None = None
) -> Iterator[ReplayedNotification]:
    """Yields the notifications of recorded rounds, at the recorded level or another."""
    memory, limits = Memory(), Limits()
    for item in recorded:
        if isinstance(item, ProgramStart):
            memory = Memory(saved=memory.saved, crowd=memory.crowd)
        if not isinstance(item, Round):
            limits = replace(item.limits, level=level or item.limits.level)
            continue
        memory, verdict, transitions = judge.judge_round(memory, item, limits)
        for transition in transitions:
            if not transition.silent:
                yield ReplayedNotification(
                    item.moment.wall, transition, build_notification(speech, transition, verdict)
                )


def text_lines(speech: Translator, replayed: ReplayedNotification) -> str:
    """Return two lines: local time, change and title; then the body."""
    at = f"{speech.to_local(replayed.at):%Y-%m-%d %H:%M:%S}"
    return f"{at}  {replayed.transition.change:8}  {replayed.notification.title}\n{'':31}{replayed.notification.body}"


def json_line(_speech: Translator, replayed: ReplayedNotification) -> str:
    """Return one JSON object as a line."""
    transition = replayed.transition
    return json.dumps(
        {
            "at": format_utc(replayed.at),
            "change": transition.change,
            "products": transition.products,
            "state": transition.after,
            "confirmed": transition.confirmed,
            "title": replayed.notification.title,
            "body": replayed.notification.body,
        }
    )
