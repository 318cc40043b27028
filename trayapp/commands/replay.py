"""`replay`: recorded rounds through the real judge; prints what would have been told."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from trayapp.app.context import Prepared, UsageError
from trayapp.core import judge
from trayapp.core.state.memory import Memory
from trayapp.core.wording.notifications import notice
from trayapp.engine.recording import Line, RecordError, Start, lines
from trayapp.i18n.translator import Speech
from trayapp.model import Level, Limits, Notice, Round, Transition, utc


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a person would have been told."""

    at: datetime
    transition: Transition
    notice: Notice


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Print what each file's rounds tell. Every file begins with an empty memory. Raises UsageError."""
    shown = as_json if arguments.json else as_text
    level = Level(arguments.level) if arguments.level else None
    try:
        for path in arguments.files:
            silent = True
            for told in replayed(lines(path), prepared.speech, level):
                silent = False
                print(shown(prepared.speech, told), flush=True)
            if silent:
                said = prepared.speech.say("{file}: nothing would have been told", file=str(path))
                print(said, file=sys.stderr)
    except RecordError as error:
        raise UsageError(error.phrase) from error
    return 0


def replayed(recorded: Iterable[Line], speech: Speech, level: Level | None = None) -> Iterator[Told]:
    """What is told of recorded rounds, at their own level or another."""
    memory, limits = Memory(), Limits()
    for item in recorded:
        if isinstance(item, Start):
            memory = Memory(kept=memory.kept)
        if not isinstance(item, Round):
            limits = replace(item.limits, level=level or item.limits.level)
            continue
        memory, verdict, transitions = judge.step(memory, item, limits)
        for transition in transitions:
            if not transition.silent:
                yield Told(item.moment.wall, transition, notice(speech, transition, verdict))


def as_text(speech: Speech, told: Told) -> str:
    """Two lines: the local time, the change and the title; the body."""
    at = f"{speech.local(told.at):%Y-%m-%d %H:%M:%S}"
    return f"{at}  {told.transition.change:8}  {told.notice.title}\n{'':31}{told.notice.body}"


def as_json(_speech: Speech, told: Told) -> str:
    """One line for scripts."""
    transition = told.transition
    return json.dumps(
        {
            "at": utc(told.at),
            "change": transition.change,
            "products": transition.products,
            "state": transition.after,
            "confirmed": transition.confirmed,
            "title": told.notice.title,
            "body": told.notice.body,
        }
    )
